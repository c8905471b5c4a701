"""What the API takes and says about the blacklist."""

from typing import Any

from django.utils import timezone
from django.utils.translation import gettext as _
from rest_framework import serializers

from accounts.models import Shop
from core.models import StoredFile
from creators.models import Creator
from violations.models import BlacklistEntry
from violations.states import BlacklistState

TEXT_MAX = 2_000
EVIDENCE_MAX = 20


class BlacklistSerializer(serializers.Serializer):
    id = serializers.IntegerField()
    creator = serializers.IntegerField(
        help_text="The key of the creator; other accounts of the person are covered too."
    )
    market = serializers.CharField()
    handle = serializers.CharField()
    shop = serializers.IntegerField(allow_null=True, help_text="The key of the shop; null is the whole organisation.")
    state = serializers.ChoiceField(choices=BlacklistState.choices)
    reason = serializers.CharField()
    until = serializers.DateField(allow_null=True, help_text="Past this day the entry stays and asks for a review.")
    review_on = serializers.DateField(allow_null=True)
    proposed_by = serializers.CharField()
    proposed_at = serializers.DateTimeField()
    decided_by = serializers.CharField(allow_null=True)
    decided_at = serializers.DateTimeField(allow_null=True)
    decision_note = serializers.CharField(allow_blank=True)
    removed_by = serializers.CharField(allow_null=True)
    removed_at = serializers.DateTimeField(allow_null=True)
    removal_reason = serializers.CharField(allow_blank=True)


class BlacklistInputSerializer(serializers.Serializer):
    """A proposal for the whole organisation, or an entry of one of your shops."""

    creator = serializers.PrimaryKeyRelatedField(queryset=Creator.objects.none())
    shop = serializers.PrimaryKeyRelatedField(queryset=Shop.objects.none(), allow_null=True, default=None)
    reason = serializers.CharField(max_length=TEXT_MAX)
    until = serializers.DateField(allow_null=True, default=None)
    review_on = serializers.DateField(
        allow_null=True, default=None, help_text="None: on the day of `until`, else in 90 days."
    )
    evidence = serializers.PrimaryKeyRelatedField(
        queryset=StoredFile.objects.none(), many=True, default=list, help_text="Keys of files that you uploaded before."
    )

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        if "request" not in self.context:
            return
        user = self.context["request"].user
        fields: Any = self.fields
        fields["creator"].queryset = Creator.objects.visible_to(user).select_related("person")
        fields["shop"].queryset = Shop.objects.visible_to(user).active()
        mine = StoredFile.objects.filter(uploaded_by=user, expires_at__gt=timezone.now())
        fields["evidence"].child_relation.queryset = mine

    def validate_evidence(self, files: list[StoredFile]) -> list[StoredFile]:
        if len(files) > EVIDENCE_MAX:
            raise serializers.ValidationError(_("Add at most 20 files."))
        return files


class DecisionSerializer(serializers.Serializer):
    confirm = serializers.BooleanField(help_text="False refuses the proposal, with a note.")
    note = serializers.CharField(max_length=TEXT_MAX, allow_blank=True, default="")


class RemovalSerializer(serializers.Serializer):
    reason = serializers.CharField(max_length=TEXT_MAX)


def blacklist_output(entry: BlacklistEntry) -> dict[str, Any]:
    """An entry, read with its creator and people, as `BlacklistSerializer` declares it."""
    plain = ("state", "reason", "until", "review_on", "proposed_at", "decided_at", "decision_note")
    return {
        "id": entry.pk,
        "creator": entry.creator_id,
        "market": entry.creator.market_id,
        "handle": entry.creator.handle,
        "shop": entry.shop_id,
        "proposed_by": str(entry.proposed_by),
        "decided_by": str(entry.decided_by) if entry.decided_by else None,
        "removed_by": str(entry.removed_by) if entry.removed_by else None,
        **{name: getattr(entry, name) for name in (*plain, "removed_at", "removal_reason")},
    }
