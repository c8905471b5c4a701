"""Input and output of batches."""

from typing import Any

from rest_framework import serializers

from accounts.models import Shop
from violations.models import Batch
from violations.selectors.batches import counts_of, problem_text
from violations.states import BatchKind

SHOWN_PROBLEMS = 200


class BatchInputSerializer(serializers.Serializer[Any]):
    """A file of violations or ratings."""

    kind = serializers.ChoiceField(choices=BatchKind.choices)
    file = serializers.FileField()
    shop = serializers.PrimaryKeyRelatedField(queryset=Shop.objects.none(), required=False, allow_null=True)

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        request = self.context.get("request")
        if request is not None:
            self.fields["shop"].queryset = Shop.objects.visible_to(request.user)  # type: ignore[attr-defined]


class BatchStartSerializer(serializers.Serializer[Any]):
    repeats_confirmed = serializers.BooleanField(default=False)


class BatchProblemSerializer(serializers.Serializer[Any]):
    row = serializers.IntegerField()
    problem = serializers.CharField()


class BatchSerializer(serializers.Serializer[Any]):
    """A batch with its counts and the first 200 problems."""

    id = serializers.IntegerField()
    kind = serializers.ChoiceField(choices=BatchKind.choices)
    state = serializers.CharField(help_text="draft until it is started, then the state of its job.")
    rows = serializers.IntegerField()
    refused = serializers.IntegerField()
    written = serializers.IntegerField()
    problems = BatchProblemSerializer(many=True)


def batch_output(batch: Batch) -> dict[str, Any]:
    """The batch as `BatchSerializer` describes it."""
    counts = counts_of(batch)
    refused = batch.rows.exclude(problems=[]).order_by("number")[:SHOWN_PROBLEMS]
    return {
        "id": batch.pk,
        "kind": batch.kind,
        "state": batch.job.state if batch.job else "draft",
        "rows": counts.total,
        "refused": counts.refused,
        "written": counts.written,
        "problems": [{"row": row.number, "problem": problem_text(row)} for row in refused],
    }
