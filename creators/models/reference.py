"""Reference lists: markets, categories, exchange rates."""

import pghistory
from django.db import models
from django.db.models import Q
from django.utils.translation import get_language
from django.utils.translation import gettext_lazy as _


def by_language(name_en: str, name_zh: str) -> str:
    return name_zh if name_zh and (get_language() or "").startswith("zh") else name_en


class Market(models.Model):
    """A country in which TikTok Shop sells (ISO 3166 code)."""

    code = models.CharField(max_length=2, primary_key=True)
    name_en = models.CharField(max_length=60)
    name_zh = models.CharField(max_length=60)
    currency = models.CharField(max_length=3)
    time_zone = models.CharField(max_length=50, default="UTC")
    region_code = models.PositiveSmallIntegerField(null=True, help_text="Code in the platform's Partner Center.")
    position = models.PositiveSmallIntegerField(default=100)

    class Meta:
        ordering = ["position", "code"]

    def __str__(self) -> str:
        return by_language(self.name_en, self.name_zh)


class Category(models.Model):
    """A product category of the platform, level 1 or 2."""

    id = models.IntegerField(primary_key=True)
    parent = models.ForeignKey("self", models.CASCADE, null=True, related_name="children")
    level = models.PositiveSmallIntegerField()
    name_en = models.CharField(max_length=120)
    name_zh = models.CharField(max_length=120)

    class Meta:
        ordering = ["level", "name_en"]
        constraints = [models.CheckConstraint(condition=Q(level__in=[1, 2]), name="category_level_1_or_2")]

    def __str__(self) -> str:
        return by_language(self.name_en, self.name_zh)


@pghistory.track(pghistory.UpdateEvent(), fields=["usd"], model_name="ExchangeRateEvent")
class ExchangeRate(models.Model):
    """What one unit of a currency is worth in USD from a day on."""

    currency = models.CharField(_("Currency"), max_length=3)
    valid_from = models.DateField(_("Valid from"))
    usd = models.DecimalField(_("USD for one unit"), max_digits=18, decimal_places=10)

    class Meta:
        ordering = ["currency", "-valid_from"]
        constraints = [
            models.UniqueConstraint(fields=["currency", "valid_from"], name="exchangerate_once_a_day"),
            models.CheckConstraint(condition=Q(usd__gt=0), name="exchangerate_positive"),
        ]

    def __str__(self) -> str:
        return f"{self.currency} {self.valid_from}"
