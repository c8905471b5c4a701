"""What the API takes and says about contents, their drafts and their results."""

from typing import Any, cast

from django.utils.translation import gettext as _
from rest_framework import serializers

from campaigns.models import Collaboration, Content, ContentResult, ContentRound, Product
from campaigns.rules.result_columns import COUNTS, MONEY
from campaigns.states.contents import ContentKind, ContentState, ResultSource, ResultWindow, Verdict

TEXT_MAX = 2_000
SCRIPT_MAX = 20_000
COUNT_MAX = 10**12


class DraftSerializer(serializers.Serializer):
    id = serializers.IntegerField()
    number = serializers.IntegerField(help_text="The round, from 1.")
    draft_url = serializers.CharField(allow_blank=True)
    file = serializers.CharField(allow_null=True, help_text="The name of the file.")
    script = serializers.CharField(allow_blank=True)
    note = serializers.CharField(allow_blank=True)
    submitted_by = serializers.CharField()
    submitted_at = serializers.DateTimeField()
    checklist = serializers.ListField(
        child=serializers.DictField(),
        help_text="Items in order: code, text, passed (null: could not be read) and found words.",
    )
    verdict = serializers.ChoiceField(choices=Verdict.choices, allow_blank=True)
    comments = serializers.CharField(allow_blank=True)
    reviewed_by = serializers.CharField(allow_null=True)
    reviewed_at = serializers.DateTimeField(allow_null=True)


class ContentSerializer(serializers.Serializer):
    id = serializers.IntegerField()
    collaboration = serializers.IntegerField()
    shop = serializers.IntegerField()
    creator = serializers.IntegerField()
    handle = serializers.CharField()
    number = serializers.IntegerField()
    kind = serializers.ChoiceField(choices=ContentKind.choices)
    title = serializers.CharField(allow_blank=True)
    product = serializers.IntegerField(allow_null=True, help_text="The tagged product.")
    state = serializers.ChoiceField(choices=ContentState.choices)
    state_at = serializers.DateTimeField()
    due_at = serializers.DateTimeField(allow_null=True)
    rounds = serializers.IntegerField(help_text="How often a draft came in.")
    published_url = serializers.CharField(allow_blank=True)
    platform_id = serializers.CharField(allow_blank=True)
    published_at = serializers.DateTimeField(allow_null=True)
    taken_down_at = serializers.DateTimeField(allow_null=True)
    live_minutes = serializers.IntegerField(allow_null=True)


class ContentInputSerializer(serializers.Serializer):
    """One more content than agreed."""

    collaboration = serializers.PrimaryKeyRelatedField(queryset=Collaboration.objects.none())
    kind = serializers.ChoiceField(choices=ContentKind.choices, default=ContentKind.VIDEO)
    title = serializers.CharField(max_length=200, allow_blank=True, default="")
    due_at = serializers.DateTimeField(allow_null=True, default=None)

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        if "request" in self.context:
            fields = cast("Any", self.fields)
            fields["collaboration"].queryset = Collaboration.objects.visible_to(self.context["request"].user)


class DraftInputSerializer(serializers.Serializer):
    """A draft: at least one of a link, a file (as multipart) and the script."""

    draft_url = serializers.CharField(max_length=500, allow_blank=True, default="")
    file = serializers.FileField(allow_null=True, default=None)
    script = serializers.CharField(max_length=SCRIPT_MAX, allow_blank=True, default="")
    note = serializers.CharField(max_length=TEXT_MAX, allow_blank=True, default="")


class VerdictSerializer(serializers.Serializer):
    """What the review of the newest draft found."""

    verdict = serializers.ChoiceField(choices=Verdict.choices)
    confirmed = serializers.ListField(
        child=serializers.IntegerField(min_value=0), default=list, max_length=500,
        help_text="Places of the checklist, from 0, that a person found right; an approval needs all.",
    )  # fmt: skip
    comments = serializers.CharField(max_length=TEXT_MAX, allow_blank=True, default="")


class PublicationSerializer(serializers.Serializer):
    url = serializers.CharField(max_length=500, allow_blank=True, default="", help_text="A LIVE may have none.")
    published_at = serializers.DateTimeField()
    product = serializers.PrimaryKeyRelatedField(queryset=Product.objects.none(), allow_null=True, default=None)
    live_minutes = serializers.IntegerField(min_value=0, max_value=10_000, allow_null=True, default=None)

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        if "request" in self.context:
            fields = cast("Any", self.fields)
            fields["product"].queryset = Product.objects.visible_to(self.context["request"].user)


class TakeDownSerializer(serializers.Serializer):
    taken_down_at = serializers.DateTimeField(allow_null=True, default=None, help_text="None: now.")
    reason = serializers.CharField(max_length=TEXT_MAX)


class ContentReasonSerializer(serializers.Serializer):
    reason = serializers.CharField(max_length=TEXT_MAX)


class ResultSerializer(serializers.Serializer):
    """Figures of a day in the market, or of the first 24 hours; null is not known, which is not 0.

    What is left out when it is sent keeps what was said before.
    """

    window = serializers.ChoiceField(choices=ResultWindow.choices, default=ResultWindow.DAY)
    day = serializers.DateField(allow_null=True, default=None, help_text="Not needed for the first 24 hours.")
    views = serializers.IntegerField(min_value=0, max_value=COUNT_MAX, allow_null=True, required=False)
    likes = serializers.IntegerField(min_value=0, max_value=COUNT_MAX, allow_null=True, required=False)
    comments = serializers.IntegerField(min_value=0, max_value=COUNT_MAX, allow_null=True, required=False)
    shares = serializers.IntegerField(min_value=0, max_value=COUNT_MAX, allow_null=True, required=False)
    product_clicks = serializers.IntegerField(min_value=0, max_value=COUNT_MAX, allow_null=True, required=False)
    orders = serializers.IntegerField(min_value=0, max_value=COUNT_MAX, allow_null=True, required=False)
    gmv = serializers.DecimalField(
        max_digits=15, decimal_places=2, min_value=0, allow_null=True, required=False,
        help_text="In the plan's currency, before refunds.",
    )  # fmt: skip
    refunds = serializers.DecimalField(max_digits=15, decimal_places=2, min_value=0, allow_null=True, required=False)
    source = serializers.ChoiceField(choices=ResultSource.choices, read_only=True)  # type: ignore[assignment]

    def validate(self, attrs: dict[str, Any]) -> dict[str, Any]:
        """Window, day and the figures apart."""
        values = {name: attrs[name] for name in (*COUNTS, *MONEY) if name in attrs}
        if not values:
            raise serializers.ValidationError(_("Write at least one number."))
        return {"window": attrs["window"], "day": attrs["day"], "values": values}


def content_output(content: Content) -> dict[str, Any]:
    """A content, read with its collaboration, as `ContentSerializer` declares it."""
    plain = (
        "number", "kind", "title", "state", "state_at", "due_at", "rounds", "published_url", "platform_id",
        "published_at", "taken_down_at", "live_minutes",
    )  # fmt: skip
    collaboration = content.collaboration
    return {
        "id": content.pk,
        "collaboration": collaboration.pk,
        "shop": collaboration.shop_id,
        "creator": collaboration.creator_id,
        "handle": collaboration.creator.handle,
        "product": content.product_id,
        **{name: getattr(content, name) for name in plain},
    }


def draft_output(draft: ContentRound) -> dict[str, Any]:
    """A draft, read with its file and people, as `DraftSerializer` declares it."""
    plain = (
        "number", "draft_url", "script", "note", "submitted_at", "checklist", "verdict", "comments", "reviewed_at"
    )  # fmt: skip
    return {
        "id": draft.pk,
        "file": draft.file.name if draft.file else None,
        "submitted_by": str(draft.submitted_by),
        "reviewed_by": str(draft.reviewed_by) if draft.reviewed_by else None,
        **{name: getattr(draft, name) for name in plain},
    }


def result_output(row: ContentResult) -> dict[str, Any]:
    """A row of results as `ResultSerializer` declares it."""
    money = {name: getattr(row, name) for name in MONEY}
    texts = {name: None if amount is None else f"{amount:.2f}" for name, amount in money.items()}
    return {name: getattr(row, name) for name in ("window", "day", *COUNTS, "source")} | texts
