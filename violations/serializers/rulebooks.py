"""What the API says about rule books."""

from typing import Any

from rest_framework import serializers

from violations.models import HealthBand, Milestone, Rule, RuleBook


class RuleBookSerializer(serializers.ModelSerializer):
    """A version of a rule book; instants in UTC, days in calendar days, `decision_days` in working days."""

    market = serializers.CharField(
        source="market_id", allow_null=True, read_only=True, help_text="Null: every market without a book of its own."
    )
    in_force = serializers.SerializerMethodField(help_text="Whether it applies to some market now.")

    class Meta:
        model = RuleBook
        fields = (
            "id",
            "code",
            "version",
            "market",
            "is_computed",
            "name_en",
            "name_zh",
            "effective_from",
            "state",
            "in_force",
            "strike_count",
            "strike_days",
            "strike_features",
            "appeal_days",
            "decision_days",
            "repeat_count",
            "repeat_days",
            "published_at",
        )
        read_only_fields = fields

    def get_in_force(self, book: RuleBook) -> bool:
        return book.pk in self.context.get("in_force", ())


class RuleSerializer(serializers.ModelSerializer):
    class Meta:
        model = Rule
        fields = ("code", "severity", "points", "strike", "clause", "title_en", "title_zh", "text_en", "text_zh")
        read_only_fields = fields


class MilestoneSerializer(serializers.ModelSerializer):
    """`days` null: until a reversal or a lift; without features it is a written warning."""

    class Meta:
        model = Milestone
        fields = ("threshold", "features", "days", "blocks_seats", "text_en", "text_zh")
        read_only_fields = fields


class HealthBandSerializer(serializers.ModelSerializer):
    """From `floor` (included) up to the next band."""

    class Meta:
        model = HealthBand
        fields = ("floor", "label_en", "label_zh", "colour")
        read_only_fields = fields


class RuleBookDetailSerializer(RuleBookSerializer):
    """A version with all that it says."""

    rules = RuleSerializer(many=True, read_only=True)
    milestones = MilestoneSerializer(many=True, read_only=True)
    bands = HealthBandSerializer(many=True, read_only=True)

    class Meta(RuleBookSerializer.Meta):
        fields: Any = (*RuleBookSerializer.Meta.fields, "rules", "milestones", "bands")
        read_only_fields = fields
