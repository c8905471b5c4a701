from __future__ import annotations

from typing import TYPE_CHECKING

from django.db import models

from accounts.models import Shop
from campaigns.states.settlements import LineState, Payer

if TYPE_CHECKING:
    from accounts.models import User
    from campaigns.models import OrderImport, OrderLine, Payout, Quote, SettlementLine, Statement


class QuoteQuerySet(models.QuerySet["Quote"]):
    def visible_to(self, user: User) -> QuoteQuerySet:
        """Those of the user's shops."""
        return self.filter(shop__in=Shop.objects.visible_to(user))


class OrderImportQuerySet(models.QuerySet["OrderImport"]):
    def visible_to(self, user: User) -> OrderImportQuerySet:
        """Those of the user's shops."""
        return self.filter(shop__in=Shop.objects.visible_to(user))


class OrderLineQuerySet(models.QuerySet["OrderLine"]):
    def visible_to(self, user: User) -> OrderLineQuerySet:
        """Those of the user's shops."""
        return self.filter(shop__in=Shop.objects.visible_to(user))


class SettlementLineQuerySet(models.QuerySet["SettlementLine"]):
    def visible_to(self, user: User) -> SettlementLineQuerySet:
        """Those of the user's shops."""
        return self.filter(shop__in=Shop.objects.visible_to(user))

    def payable(self) -> SettlementLineQuerySet:
        """Ours to pay, whatever their state."""
        return self.filter(payer=Payer.US)

    def by_platform(self) -> SettlementLineQuerySet:
        return self.filter(payer=Payer.PLATFORM)

    def to_approve(self) -> SettlementLineQuerySet:
        return self.filter(payer=Payer.US, state=LineState.DUE)


class StatementQuerySet(models.QuerySet["Statement"]):
    def visible_to(self, user: User) -> StatementQuerySet:
        """Those of the user's shops."""
        return self.filter(shop__in=Shop.objects.visible_to(user))


class PayoutQuerySet(models.QuerySet["Payout"]):
    def visible_to(self, user: User) -> PayoutQuerySet:
        """Those of the user's shops."""
        return self.filter(shop__in=Shop.objects.visible_to(user))
