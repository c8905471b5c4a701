"""What the API says about creators and metrics."""

from decimal import Decimal
from typing import Any

from rest_framework import serializers

from creators.metrics import METRICS, Metric
from creators.selectors.directory import Row, high_end
from creators.selectors.values import Value

UNITS = {"count": "count", "money": "usd", "rate": "percent", "score": "score"}


class MetricValueSerializer(serializers.Serializer):
    """A number with where it came from; the lower end when it is a range."""

    value = serializers.FloatField(help_text="In the metric's unit; the lower end of a range.")
    high = serializers.FloatField(allow_null=True, help_text="The upper end of a range; null when it is open or none.")
    is_range = serializers.BooleanField()
    quality = serializers.ChoiceField(choices=["edited", "exact", "range", "estimate"], allow_null=True)
    source = serializers.CharField(allow_null=True)  # type: ignore[assignment]
    as_of = serializers.DateField(allow_null=True)
    window_days = serializers.IntegerField(allow_null=True)
    unit = serializers.ChoiceField(choices=list(UNITS.values()))


class CategorySerializer(serializers.Serializer):
    id = serializers.IntegerField()
    name = serializers.CharField()


class CreatorSerializer(serializers.Serializer):
    id = serializers.IntegerField()
    market = serializers.CharField()
    handle = serializers.CharField()
    nickname = serializers.CharField()
    external_id = serializers.CharField(allow_null=True)
    language = serializers.CharField()
    agency = serializers.CharField()
    categories = CategorySerializer(many=True, help_text="The top three by sales, best first.")
    tier = serializers.CharField(allow_null=True)
    as_of = serializers.DateField()
    metrics = serializers.DictField(child=MetricValueSerializer(), help_text="The known metrics by key.")


class CreatorPageSerializer(serializers.Serializer):
    count = serializers.IntegerField(help_text="Counted up to 10,000.")
    count_is_capped = serializers.BooleanField(help_text="True when there are more than `count`.")
    next = serializers.URLField(allow_null=True)
    previous = serializers.URLField(allow_null=True)
    results = CreatorSerializer(many=True)


class MetricSerializer(serializers.Serializer):
    key = serializers.CharField(help_text="Filters are `<key>_min` and `<key>_max`; order by `key` or `-key`.")
    label = serializers.CharField()  # type: ignore[assignment]
    definition = serializers.CharField()
    unit = serializers.ChoiceField(choices=list(UNITS.values()))
    group = serializers.CharField()
    window_days = serializers.IntegerField(allow_null=True)
    derived = serializers.BooleanField(help_text="Calculated from other values, never imported.")


class ErrorSerializer(serializers.Serializer):
    """The one shape of every error."""

    code = serializers.CharField()
    message = serializers.CharField()
    fields = serializers.DictField(child=serializers.CharField())  # type: ignore[assignment]


def creator_output(row: Row) -> dict[str, Any]:
    """A creator as `CreatorSerializer` declares it, written straight: a page holds a thousand numbers."""
    creator, facts = row.creator, row.facts
    return {
        "id": creator.pk,
        "market": creator.market_id,
        "handle": creator.handle,
        "nickname": creator.nickname,
        "external_id": creator.external_id,
        "language": facts.language,
        "agency": facts.agency,
        "categories": [{"id": category.pk, "name": str(category)} for category in row.categories],
        "tier": facts.tier,
        "as_of": facts.as_of,
        "metrics": {
            metric.key: _metric_output(metric, number, row.values.get(metric.key))
            for metric in METRICS
            if (number := metric.of(facts)) is not None
        },
    }


def metric_output(metric: Metric) -> dict[str, Any]:
    """A metric as `MetricSerializer` declares it, in the language of the request."""
    return {
        "key": metric.key,
        "label": str(metric.label),
        "definition": str(metric.definition),
        "unit": UNITS[metric.kind],
        "group": metric.group,
        "window_days": metric.window_days,
        "derived": metric.derived,
    }


def _metric_output(metric: Metric, fact: Decimal | int, value: Value | None) -> dict[str, Any]:
    high = high_end(metric, value) if value else None
    return {
        "value": _number(metric, fact),
        "high": None if high is None else _number(metric, high),
        "is_range": value is not None and value.is_range,
        "quality": value.quality.name.lower() if value else None,
        "source": value.source if value else None,
        "as_of": value.as_of if value else None,
        "window_days": value.window_days if value else metric.window_days,
        "unit": UNITS[metric.kind],
    }


def _number(metric: Metric, value: Decimal | int) -> float | int:
    if metric.kind == "count":
        return int(value)
    return float(value * 100 if metric.kind == "rate" else value)
