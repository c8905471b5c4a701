"""What the API takes and says about problems."""

from typing import Any, cast

from django.utils import timezone
from django.utils.translation import gettext as _
from rest_framework import serializers

from accounts.models import User
from campaigns.models import Collaboration, Problem
from campaigns.selectors.problems import step_text
from campaigns.services.problems import STEP_MAX, SUMMARY_MAX
from campaigns.states.problems import ProblemKind, ProblemOutcome, ProblemState
from core.models import StoredFile

TEXT_MAX = 2_000
EVIDENCE_MAX = 20


class StepSerializer(serializers.Serializer):
    position = serializers.IntegerField()
    text = serializers.CharField()
    done_at = serializers.DateTimeField(allow_null=True)
    done_by = serializers.CharField(allow_null=True)


class FileSerializer(serializers.Serializer):
    id = serializers.IntegerField()
    name = serializers.CharField()
    sha256 = serializers.CharField()
    size = serializers.IntegerField(help_text="Bytes.")


class ProblemSerializer(serializers.Serializer):
    id = serializers.IntegerField()
    collaboration = serializers.IntegerField()
    creator = serializers.IntegerField()
    shop = serializers.IntegerField()
    kind = serializers.ChoiceField(choices=ProblemKind.choices)
    summary = serializers.CharField()
    details = serializers.CharField(allow_blank=True)
    owner = serializers.IntegerField()
    due_on = serializers.DateField()
    state = serializers.ChoiceField(choices=ProblemState.choices)
    outcome = serializers.ChoiceField(choices=ProblemOutcome.choices, allow_blank=True)
    outcome_note = serializers.CharField(allow_blank=True)
    raised_by = serializers.CharField()
    raised_at = serializers.DateTimeField()
    resolved_by = serializers.CharField(allow_null=True)
    resolved_at = serializers.DateTimeField(allow_null=True)
    handed_at = serializers.DateTimeField(allow_null=True, help_text="Handed to ops as a breach.")
    entry = serializers.IntegerField(allow_null=True, help_text="The violation that ops logged; see violations/{id}/.")
    steps = StepSerializer(many=True)
    files = FileSerializer(many=True)


class ProblemInputSerializer(serializers.Serializer):
    """A new problem; the files are uploads of yours that nothing has taken yet."""

    collaboration = serializers.PrimaryKeyRelatedField(queryset=Collaboration.objects.none())
    kind = serializers.ChoiceField(choices=ProblemKind.choices)
    summary = serializers.CharField(max_length=SUMMARY_MAX)
    details = serializers.CharField(max_length=TEXT_MAX, allow_blank=True, default="")
    owner = serializers.PrimaryKeyRelatedField(
        queryset=User.objects.filter(is_active=True), default=None, help_text="Left out: you."
    )
    due_on = serializers.DateField()
    evidence = serializers.PrimaryKeyRelatedField(
        queryset=StoredFile.objects.none(), many=True, default=list, help_text="Keys of files that you uploaded before."
    )

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        if "request" in self.context:
            user, fields = self.context["request"].user, cast("Any", self.fields)
            fields["collaboration"].queryset = Collaboration.objects.visible_to(user)
            unused = StoredFile.objects.filter(uploaded_by=user, expires_at__gt=timezone.now())
            fields["evidence"].child_relation.queryset = unused

    def validate_evidence(self, files: list[StoredFile]) -> list[StoredFile]:
        if len(files) > EVIDENCE_MAX:
            raise serializers.ValidationError(_("Add at most 20 files."))
        return files


class ProblemChangeSerializer(serializers.Serializer):
    """What changes of an open problem; what is left out stays."""

    summary = serializers.CharField(max_length=SUMMARY_MAX, required=False)
    details = serializers.CharField(max_length=TEXT_MAX, allow_blank=True, required=False)
    owner = serializers.PrimaryKeyRelatedField(queryset=User.objects.filter(is_active=True), required=False)
    due_on = serializers.DateField(required=False)


class StepInputSerializer(serializers.Serializer):
    """A new step with `text`, or `position` of one to tick off (`done` false takes the tick back)."""

    text = serializers.CharField(max_length=STEP_MAX, required=False)
    position = serializers.IntegerField(required=False)
    done = serializers.BooleanField(default=True)

    def validate(self, values: dict[str, Any]) -> dict[str, Any]:
        if ("text" in values) == ("position" in values):
            raise serializers.ValidationError(_("Send either a text or a position."))
        return values


class ResolutionSerializer(serializers.Serializer):
    outcome = serializers.ChoiceField(choices=ProblemOutcome.choices)
    note = serializers.CharField(max_length=TEXT_MAX)
    drop = serializers.BooleanField(default=False, help_text="Drop the collaboration too: terminated or dropped only.")
    compensation = serializers.DecimalField(
        max_digits=18, decimal_places=2, allow_null=True, default=None,
        help_text="Becomes a payable line in the plan's currency: compensated only.",
    )  # fmt: skip


class ReopeningSerializer(serializers.Serializer):
    reason = serializers.CharField(max_length=TEXT_MAX)
    due_on = serializers.DateField()


def problem_output(problem: Problem) -> dict[str, Any]:
    """A problem as `ProblemSerializer` declares it; steps and files are read with it."""
    names = ("kind", "summary", "details", "due_on", "state", "outcome", "outcome_note")
    moments = ("raised_at", "resolved_at", "handed_at")
    return {name: getattr(problem, name) for name in (*names, *moments)} | {
        "id": problem.pk,
        "collaboration": problem.collaboration_id,
        "creator": problem.collaboration.creator_id,
        "shop": problem.collaboration.shop_id,
        "owner": problem.owner_id,
        "raised_by": str(problem.raised_by),
        "resolved_by": str(problem.resolved_by) if problem.resolved_by else None,
        "entry": problem.entry_id,
        "steps": [
            {
                "position": step.position,
                "text": str(step_text(step)),
                "done_at": step.done_at,
                "done_by": str(step.done_by) if step.done_by else None,
            }
            for step in problem.steps.all()
        ],
        "files": [
            {"id": one.file_id, "name": one.file.name, "sha256": one.file.sha256, "size": one.file.size}
            for one in problem.files.all()
        ],
    }
