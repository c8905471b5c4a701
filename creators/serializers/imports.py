"""What the API takes and says about imports."""

from typing import Any

from rest_framework import serializers

from accounts.models import Shop
from creators.models import Import, Market
from creators.selectors.imports import Standing, standing_of
from creators.states import ImportState, Quality

COUNTS = ("rows", "created", "updated", "unchanged", "conflicts", "repeats", "failed")
SHOP_HELP = "The shop that gets the contacts of the list."
QUALITIES = {quality.name.lower(): quality for quality in Quality if quality != Quality.EDITED}


class ImportInputSerializer(serializers.Serializer):
    """A list as multipart upload; what is not given is guessed or taken from the list's defaults."""

    file = serializers.FileField(max_length=255)
    as_of = serializers.DateField(required=False, help_text="The day on which the numbers were true.")
    market = serializers.PrimaryKeyRelatedField(queryset=Market.objects.all(), required=False)
    source = serializers.CharField(max_length=40, required=False)  # type: ignore[assignment]
    currency = serializers.RegexField(r"^[A-Z]{3}$", required=False)
    window_days = serializers.IntegerField(min_value=1, max_value=365, required=False)
    quality = serializers.ChoiceField(choices=list(QUALITIES), required=False)
    sheet = serializers.CharField(max_length=120, required=False)
    shop = serializers.PrimaryKeyRelatedField(queryset=Shop.objects.none(), required=False, help_text=SHOP_HELP)
    start = serializers.BooleanField(default=False, help_text="Start at once; else call start/ after a look.")

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        if "request" in self.context:
            shops = Shop.objects.visible_to(self.context["request"].user).active()
            self.fields["shop"] = serializers.PrimaryKeyRelatedField(
                queryset=shops, required=False, help_text=SHOP_HELP
            )


class ImportColumnSerializer(serializers.Serializer):
    index = serializers.IntegerField()
    header = serializers.CharField(allow_blank=True)
    field = serializers.CharField(allow_null=True, help_text="Null when the column is left out.")
    window_days = serializers.IntegerField(allow_null=True)
    currency = serializers.CharField(allow_null=True)
    reason = serializers.CharField(allow_blank=True, help_text="Why the column is left out.")


class ImportProgressSerializer(serializers.Serializer):
    step = serializers.CharField(allow_blank=True)
    done = serializers.IntegerField()
    percent = serializers.IntegerField(allow_null=True, help_text="Null while the end is not known.")


class ImportSerializer(serializers.Serializer):
    id = serializers.IntegerField()
    file = serializers.CharField()
    state = serializers.ChoiceField(choices=ImportState.values)
    source = serializers.CharField()  # type: ignore[assignment]
    as_of = serializers.DateField(allow_null=True)
    market = serializers.CharField(allow_null=True)
    currency = serializers.CharField()
    window_days = serializers.IntegerField()
    quality = serializers.ChoiceField(choices=list(QUALITIES))
    sheet = serializers.CharField(allow_blank=True)
    shop = serializers.IntegerField(allow_null=True)
    created_at = serializers.DateTimeField()
    rows = serializers.IntegerField()
    created = serializers.IntegerField()
    updated = serializers.IntegerField()
    unchanged = serializers.IntegerField()
    conflicts = serializers.IntegerField()
    repeats = serializers.IntegerField()
    failed = serializers.IntegerField()
    mapping = ImportColumnSerializer(many=True)
    progress = ImportProgressSerializer()
    error = serializers.CharField(allow_blank=True, help_text="Why the import failed.")


class ImportFailureSerializer(serializers.Serializer):
    row = serializers.IntegerField(source="row_number")
    cells = serializers.ListField(child=serializers.CharField(allow_blank=True))
    problems = serializers.ListField(child=serializers.DictField(child=serializers.CharField(allow_blank=True)))


def import_output(source_import: Import) -> dict[str, Any]:
    """An import as `ImportSerializer` declares it."""
    standing: Standing = standing_of(source_import)
    keys = ("index", "header", "field", "window_days", "currency", "reason")
    return {
        "id": source_import.pk,
        "file": source_import.file.name,
        "state": standing.state.value,
        "source": source_import.source,
        "as_of": source_import.as_of,
        "market": source_import.market_id,
        "currency": source_import.currency,
        "window_days": source_import.window_days,
        "quality": Quality(source_import.quality).name.lower(),
        "sheet": source_import.sheet,
        "shop": source_import.shop_id,
        "created_at": source_import.created_at,
        **{name: getattr(source_import, name) for name in COUNTS},
        "mapping": [
            {key: column.get(key, "" if key == "reason" else None) for key in keys} for column in source_import.mapping
        ],
        "progress": {"step": str(standing.step), "done": standing.done, "percent": standing.percent},
        "error": standing.job.error_message if standing.job else "",
    }


def configuration(data: dict[str, Any]) -> dict[str, Any]:
    """The arguments of `import_configure` among the validated input."""
    given: dict[str, Any] = {
        key: data[key] for key in ("as_of", "market", "source", "currency", "window_days") if key in data
    }
    if "quality" in data:
        given["quality"] = QUALITIES[data["quality"]]
    return given
