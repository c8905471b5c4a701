"""What the API takes and says about entries of the ledger, and where creators stand."""

from datetime import datetime
from typing import Any

from django.utils import timezone
from django.utils.translation import gettext as _
from rest_framework import serializers

from accounts.models import Shop
from core.models import StoredFile
from creators.models import Creator, Market
from violations.models import EntryDetails, LedgerEntry
from violations.rules.restrictions import NEVER_ENDS, Standing, Withdrawal
from violations.selectors.preview import Preview
from violations.states import EntryKind, Feature, Measure, NoticeChannel, Severity

TEXT_MAX, LINK_MAX, EVIDENCE_MAX = 2_000, 2_000, 20
EVIDENCE_HELP = "Keys of files that you uploaded to violations/evidence/ before; each proves one entry."


class LedgerFilterSerializer(serializers.Serializer):
    creator = serializers.IntegerField(required=False)
    market = serializers.PrimaryKeyRelatedField(queryset=Market.objects.all(), required=False)
    rule = serializers.CharField(required=False, max_length=40, help_text="The code of a rule.")
    severity = serializers.ChoiceField(choices=Severity.choices, required=False)
    kind = serializers.ChoiceField(choices=EntryKind.choices, required=False)
    since = serializers.DateTimeField(required=False, help_text="Recorded at this instant or later.")
    until = serializers.DateTimeField(required=False, help_text="Recorded before this instant.")


class EvidenceSerializer(serializers.Serializer):
    id = serializers.IntegerField()
    name = serializers.CharField()
    content_type = serializers.CharField(help_text="What the content is, whatever the name says.")
    size = serializers.IntegerField(help_text="Bytes.")
    sha256 = serializers.CharField()


class EvidenceInputSerializer(serializers.Serializer):
    file = serializers.FileField(max_length=255, allow_empty_file=True, help_text="Image, PDF or video, up to 50 MB.")


class LedgerEntrySerializer(serializers.Serializer):
    id = serializers.IntegerField()
    case = serializers.CharField(help_text="How people name it: V-1176.")
    creator = serializers.IntegerField(help_text="The key of the creator.")
    market = serializers.CharField()
    handle = serializers.CharField()
    sequence = serializers.IntegerField(help_text="Its place in the creator's chain, from 1.")
    kind = serializers.ChoiceField(choices=EntryKind.choices)
    rule = serializers.CharField(allow_blank=True)
    book = serializers.CharField(allow_blank=True)
    severity = serializers.CharField(allow_blank=True)
    points = serializers.IntegerField(help_text="Below 0 for a reversal.")
    strike = serializers.BooleanField()
    effective_at = serializers.DateTimeField()
    expires_at = serializers.DateTimeField(allow_null=True)
    recorded_at = serializers.DateTimeField()
    recorded_by = serializers.CharField()
    shop = serializers.IntegerField(allow_null=True)
    answers = serializers.IntegerField(allow_null=True, help_text="The entry that a reversal takes back.")
    measure = serializers.CharField(allow_blank=True)
    features = serializers.ListField(child=serializers.ChoiceField(choices=Feature.choices))
    ends_at = serializers.DateTimeField(allow_null=True, help_text="Of a measure; null is until it is lifted.")
    content_link = serializers.CharField(allow_blank=True)
    note = serializers.CharField(allow_blank=True)
    internal_note = serializers.CharField(allow_null=True, help_text="Null unless you may see it.")
    evidence_sha256 = serializers.ListField(child=serializers.CharField())
    previous_hash = serializers.CharField()
    hash = serializers.CharField()


class OwnFilesSerializer(serializers.Serializer):
    """Input with evidence: files that the caller uploaded and that nothing has taken."""

    evidence = serializers.PrimaryKeyRelatedField(
        queryset=StoredFile.objects.none(), many=True, default=list, help_text=EVIDENCE_HELP
    )

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        if "request" not in self.context:
            return
        user = self.context["request"].user
        fields: Any = self.fields
        mine = StoredFile.objects.filter(uploaded_by=user, expires_at__gt=timezone.now())
        for name in {"evidence", "notice_proof"} & set(fields):
            getattr(fields[name], "child_relation", fields[name]).queryset = mine
        if "creator" in fields:
            fields["creator"].queryset = Creator.objects.visible_to(user).select_related("market")
        if "shop" in fields:
            fields["shop"].queryset = Shop.objects.visible_to(user).active()

    def validate_evidence(self, files: list[StoredFile]) -> list[StoredFile]:
        if len(files) > EVIDENCE_MAX:
            raise serializers.ValidationError(_("Add at most 20 files."))
        return list({file.pk: file for file in files}.values())


class PreviewInputSerializer(OwnFilesSerializer):
    evidence = None  # type: ignore[assignment]
    creator = serializers.PrimaryKeyRelatedField(queryset=Creator.objects.none())
    rule = serializers.CharField(max_length=40, help_text="The code of a rule in force at that time.")
    effective_at = serializers.DateTimeField(help_text="When it happened.")
    content_link = serializers.CharField(max_length=LINK_MAX, allow_blank=True, default="")


class ViolationInputSerializer(OwnFilesSerializer):
    """A violation, and how the creator is told of it."""

    creator = serializers.PrimaryKeyRelatedField(queryset=Creator.objects.none())
    rule = serializers.CharField(max_length=40, help_text="The code of a rule in force at that time.")
    effective_at = serializers.DateTimeField(help_text="When it happened.")
    content_link = serializers.CharField(max_length=LINK_MAX, allow_blank=True, default="")
    note = serializers.CharField(max_length=TEXT_MAX, allow_blank=True, default="", help_text="To the creator.")
    internal_note = serializers.CharField(max_length=TEXT_MAX, allow_blank=True, default="")
    reason = serializers.CharField(
        max_length=TEXT_MAX, allow_blank=True, default="", help_text="Needed when it is older than 90 days."
    )
    shop = serializers.PrimaryKeyRelatedField(queryset=Shop.objects.none(), allow_null=True, default=None)
    repeat_confirmed = serializers.BooleanField(
        default=False, help_text="Without a content link: it is another incident than the one within 24 hours."
    )
    notice_channel = serializers.ChoiceField(choices=["", *NoticeChannel.values], default="")
    notice_address = serializers.EmailField(allow_blank=True, default="")
    notice_language = serializers.CharField(max_length=20, default="en")
    notice_given_at = serializers.DateTimeField(allow_null=True, default=None)
    notice_proof = serializers.PrimaryKeyRelatedField(queryset=StoredFile.objects.none(), allow_null=True, default=None)


class ReversalInputSerializer(serializers.Serializer):
    reason = serializers.CharField(max_length=TEXT_MAX)


class ReversalSerializer(serializers.Serializer):
    id = serializers.IntegerField()
    state = serializers.CharField()
    reason = serializers.CharField()


class MeasureInputSerializer(OwnFilesSerializer):
    creator = serializers.PrimaryKeyRelatedField(queryset=Creator.objects.none())
    measure = serializers.ChoiceField(choices=Measure.choices)
    features = serializers.ListField(child=serializers.ChoiceField(choices=Feature.choices), default=list)
    ends_at = serializers.DateTimeField(allow_null=True, default=None, help_text="Null is until it is lifted.")
    reason = serializers.CharField(max_length=TEXT_MAX)
    shop = serializers.PrimaryKeyRelatedField(queryset=Shop.objects.none(), allow_null=True, default=None)


class WithdrawalSerializer(serializers.Serializer):
    feature = serializers.CharField(allow_blank=True, help_text="Empty is a written warning.")
    cause = serializers.CharField()
    threshold = serializers.IntegerField(allow_null=True)
    starts_at = serializers.DateTimeField()
    ends_at = serializers.DateTimeField(allow_null=True)
    outcome = serializers.CharField(allow_blank=True)


class StandingSerializer(serializers.Serializer):
    creator = serializers.IntegerField()
    at = serializers.DateTimeField()
    balance = serializers.IntegerField()
    strikes = serializers.IntegerField(help_text="Those that count and are not spent.")
    is_restricted = serializers.BooleanField()
    restricted_until = serializers.DateTimeField(allow_null=True, help_text="Null when not, or without an end.")
    payments_frozen = serializers.BooleanField()
    withdrawals = WithdrawalSerializer(many=True, help_text="All of them, the ended and overturned too.")


class StandingInputSerializer(serializers.Serializer):
    at = serializers.DateTimeField(required=False, help_text="An instant in the past; now when left out.")


class PreviewSerializer(serializers.Serializer):
    points = serializers.IntegerField(help_text="Of the rule; an expired entry adds nothing.")
    strike = serializers.BooleanField()
    book = serializers.CharField()
    balance_before = serializers.IntegerField()
    balance_after = serializers.IntegerField()
    strikes_before = serializers.IntegerField()
    strikes_after = serializers.IntegerField()
    expires_at = serializers.DateTimeField()
    next_threshold = serializers.IntegerField(allow_null=True)
    fires = WithdrawalSerializer(many=True)
    touched = serializers.ListField(child=serializers.CharField())
    same_incident = serializers.CharField(allow_null=True, help_text="The case that refuses it.")
    possible_repeat = serializers.CharField(allow_null=True, help_text="The case that asks for `repeat_confirmed`.")


def entry_output(entry: LedgerEntry, details: EntryDetails, *, sees_internal: bool) -> dict[str, Any]:
    """An entry, read with its creator and logger, as `LedgerEntrySerializer` declares it."""
    same = ("id", "case", "sequence", "kind", "severity", "points", "strike", "effective_at", "expires_at")
    also = ("recorded_at", "measure", "features", "ends_at", "previous_hash", "hash")
    return {
        **{name: getattr(entry, name) for name in (*same, *also)},
        "creator": entry.creator_id,
        "market": entry.creator.market_id,
        "handle": entry.creator.handle,
        "rule": entry.rule_code,
        "book": entry.book_label,
        "recorded_by": str(entry.recorded_by),
        "shop": entry.shop_id,
        "answers": entry.answers_id,
        "content_link": details.content_link,
        "note": details.note,
        "internal_note": details.internal_note if sees_internal else None,
        "evidence_sha256": details.evidence_sha256,
    }


def evidence_output(file: StoredFile) -> dict[str, Any]:
    """A stored file as `EvidenceSerializer` declares it."""
    return {name: getattr(file, name) for name in ("id", "name", "content_type", "size", "sha256")}


def withdrawal_output(row: Withdrawal) -> dict[str, Any]:
    """A withdrawal or warning as `WithdrawalSerializer` declares it."""
    names = ("feature", "cause", "threshold", "starts_at", "ends_at", "outcome")
    return {name: getattr(row, name) for name in names}


def standing_output(creator_id: int, found: Standing) -> dict[str, Any]:
    """Where a creator stands, as `StandingSerializer` declares it."""
    until: datetime | None = found.restricted_until
    return {
        "creator": creator_id,
        **{name: getattr(found, name) for name in ("at", "balance", "strikes", "is_restricted", "payments_frozen")},
        "restricted_until": None if until == NEVER_ENDS else until,
        "withdrawals": [withdrawal_output(row) for row in found.withdrawals],
    }


def preview_output(preview: Preview) -> dict[str, Any]:
    """What would happen, as `PreviewSerializer` declares it."""
    return {
        "points": preview.rule.points,
        "strike": preview.rule.strike,
        "book": str(preview.rule.book),
        "balance_before": preview.before.balance,
        "balance_after": preview.after.balance,
        "strikes_before": preview.before.strikes,
        "strikes_after": preview.after.strikes,
        "expires_at": preview.expires_at,
        "next_threshold": preview.next_threshold.balance if preview.next_threshold else None,
        "fires": [withdrawal_output(row) for row in preview.fired],
        "touched": preview.touched,
        "same_incident": preview.same.case if preview.same else None,
        "possible_repeat": preview.repeat.case if preview.repeat else None,
    }
