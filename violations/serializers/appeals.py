"""What the API takes and says about appeals."""

from typing import Any, cast

from django.utils import timezone
from django.utils.translation import gettext as _
from rest_framework import serializers

from core.models import StoredFile
from violations.models import Appeal, LedgerEntry
from violations.states import AppealState

TEXT_MAX = 2_000
EVIDENCE_MAX = 20


class AppealFileSerializer(serializers.Serializer):
    id = serializers.IntegerField()
    name = serializers.CharField()
    sha256 = serializers.CharField()
    size = serializers.IntegerField(help_text="Bytes.")


class AppealSerializer(serializers.Serializer):
    id = serializers.IntegerField()
    entry = serializers.IntegerField(help_text="The key of the entry; see violations/{id}/.")
    case = serializers.CharField()
    creator = serializers.IntegerField(help_text="The key of the creator; see creators/{id}/.")
    market = serializers.CharField()
    handle = serializers.CharField()
    rule = serializers.CharField(help_text="The code of the rule.")
    points = serializers.IntegerField()
    number = serializers.IntegerField(help_text="1, or 2 on new evidence.")
    state = serializers.ChoiceField(choices=AppealState.choices)
    statement = serializers.CharField()
    filed_by = serializers.CharField(allow_null=True, help_text="Empty: the creator, through the link.")
    filed_at = serializers.DateTimeField()
    due_at = serializers.DateTimeField(help_text="From then on only an admin decides.")
    escalated_at = serializers.DateTimeField(allow_null=True)
    assigned_to = serializers.CharField(allow_null=True)
    decided_by = serializers.CharField(allow_null=True)
    decided_at = serializers.DateTimeField(allow_null=True)
    decision = serializers.CharField(allow_blank=True, help_text="The reason of the decision.")
    evidence = AppealFileSerializer(many=True)


class AppealInputSerializer(serializers.Serializer):
    """A new appeal; the files are uploads of yours that nothing has taken yet."""

    entry = serializers.PrimaryKeyRelatedField(queryset=LedgerEntry.objects.none())
    statement = serializers.CharField(max_length=TEXT_MAX)
    evidence = serializers.PrimaryKeyRelatedField(
        queryset=StoredFile.objects.none(), many=True, default=list, help_text="Keys of files that you uploaded before."
    )

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        if "request" not in self.context:
            return
        user, fields = self.context["request"].user, cast("Any", self.fields)
        related = ("creator__market", "rule__book", "judged_by", "details")
        fields["entry"].queryset = LedgerEntry.objects.visible_to(user).select_related(*related)
        unused = StoredFile.objects.filter(uploaded_by=user, expires_at__gt=timezone.now())
        fields["evidence"].child_relation.queryset = unused

    def validate_evidence(self, files: list[StoredFile]) -> list[StoredFile]:
        if len(files) > EVIDENCE_MAX:
            raise serializers.ValidationError(_("Add at most 20 files."))
        return files


class DecisionInputSerializer(serializers.Serializer):
    overturn = serializers.BooleanField(help_text="True takes the entry back, false keeps it.")
    reason = serializers.CharField(max_length=TEXT_MAX, help_text="Told to the creator.")


class WithdrawalInputSerializer(serializers.Serializer):
    reason = serializers.CharField(max_length=TEXT_MAX, allow_blank=True, default="")


def appeal_output(appeal: Appeal) -> dict[str, Any]:
    """An appeal, read with what pages show of it, as `AppealSerializer` declares it."""
    entry = appeal.entry
    return {
        "id": appeal.pk,
        "entry": entry.pk,
        "case": entry.case,
        "creator": entry.creator_id,
        "market": entry.creator.market_id,
        "handle": entry.creator.handle,
        "rule": entry.rule_code,
        "points": entry.points,
        "number": appeal.number,
        "state": appeal.state,
        "statement": appeal.statement,
        "filed_by": _name(appeal.filed_by),
        "filed_at": appeal.filed_at,
        "due_at": appeal.due_at,
        "escalated_at": appeal.escalated_at,
        "assigned_to": _name(appeal.assigned_to),
        "decided_by": _name(appeal.decided_by),
        "decided_at": appeal.decided_at,
        "decision": appeal.decision,
        "evidence": [_file(one.file) for one in appeal.evidence.all()],
    }


def _name(user: Any) -> str | None:
    return str(user) if user else None


def _file(file: StoredFile) -> dict[str, Any]:
    return {"id": file.pk, "name": file.name, "sha256": file.sha256, "size": file.size}
