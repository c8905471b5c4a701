"""Quotes of creators, and the terms of a collaboration."""

import pghistory
from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from accounts.models import Shop
from campaigns.models.collaborations import Collaboration
from campaigns.querysets import QuoteQuerySet
from campaigns.states.settlements import Basis, QuoteForm, QuoteSource
from creators.models import Creator
from violations.models import CreatorLink


class Quote(models.Model):
    """What a creator asks for, as told to a shop. Quotes of imported lists are the metric `price_quote`."""

    creator = models.ForeignKey(Creator, models.PROTECT, related_name="quotes")
    shop = models.ForeignKey(Shop, models.PROTECT, related_name="+")
    form = models.CharField(_("For"), max_length=10, choices=QuoteForm)
    price = models.DecimalField(_("Price"), max_digits=18, decimal_places=2)
    currency = models.CharField(_("Currency"), max_length=3)
    valid_until = models.DateField(_("Valid until"), null=True, blank=True)
    source = models.CharField(_("Source"), max_length=10, choices=QuoteSource, default=QuoteSource.CREATOR)
    note = models.CharField(_("Note"), max_length=300, blank=True)
    recorded_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+")
    recorded_at = models.DateTimeField()

    objects = QuoteQuerySet.as_manager()

    class Meta:
        ordering = ["-pk"]
        constraints = [models.CheckConstraint(condition=Q(price__gte=0), name="quote_price_not_negative")]

    def __str__(self) -> str:
        return f"{self.creator_id} {self.price} {self.currency}"


TRACKED = [
    "basis", "fixed_fee", "per_views_fee", "per_views_cap", "guarantee", "share_rate", "contents",
    "due_on", "usage_rights", "usage_until", "exclusivity", "exclusive_until", "frozen_at", "acknowledged_at",
]  # fmt: skip


@pghistory.track(pghistory.UpdateEvent(), fields=TRACKED, model_name="AgreementEvent")
class Agreement(models.Model):
    """The terms of a collaboration. At acceptance they freeze into `terms`; the database refuses changes after that.

    Money is in `currency`, rates are percent, `per_views_fee` is for 1,000 views and never over `per_views_cap`.
    """

    collaboration = models.OneToOneField(Collaboration, models.PROTECT, related_name="agreement")
    basis = models.CharField(_("Basis"), max_length=12, choices=Basis, default=Basis.COMMISSION)
    currency = models.CharField(_("Currency"), max_length=3)
    fixed_fee = models.DecimalField(_("Fee"), max_digits=18, decimal_places=2, null=True, blank=True)
    per_views_fee = models.DecimalField(_("For 1,000 views"), max_digits=18, decimal_places=2, null=True, blank=True)
    per_views_cap = models.DecimalField(_("At most"), max_digits=18, decimal_places=2, null=True, blank=True)
    guarantee = models.DecimalField(_("Guarantee"), max_digits=18, decimal_places=2, null=True, blank=True)
    share_rate = models.DecimalField(_("Share of the net sales"), max_digits=5, decimal_places=2, null=True, blank=True)
    contents = models.PositiveSmallIntegerField(_("Contents"), default=1)
    due_on = models.DateField(_("Due on"), null=True, blank=True)
    usage_rights = models.TextField(_("Usage rights"), blank=True)
    usage_until = models.DateField(_("Usage until"), null=True, blank=True)
    exclusivity = models.TextField(_("Exclusivity"), blank=True)
    exclusive_until = models.DateField(_("Exclusive until"), null=True, blank=True)
    # All of it, the products and their commissions as they were at that moment.
    terms = models.JSONField(null=True)
    frozen_at = models.DateTimeField(null=True)
    # By the creator, through the signed link.
    acknowledged_at = models.DateTimeField(null=True)
    acknowledged_through = models.ForeignKey(CreatorLink, models.PROTECT, null=True, related_name="+")
    quote = models.ForeignKey(Quote, models.SET_NULL, null=True, blank=True, related_name="+")
    written_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+")
    written_at = models.DateTimeField()

    class Meta:
        constraints = [
            models.CheckConstraint(condition=Q(basis__in=Basis.values), name="agreement_basis_known"),
            models.CheckConstraint(
                condition=(~Q(basis="fixed") & ~Q(basis="buy_out")) | Q(fixed_fee__isnull=False),
                name="agreement_fee_where_fixed",
            ),
            models.CheckConstraint(
                condition=~Q(basis="per_views") | Q(per_views_fee__isnull=False), name="agreement_fee_where_per_views"
            ),
            models.CheckConstraint(
                condition=~Q(basis="guarantee") | Q(guarantee__isnull=False, share_rate__isnull=False),
                name="agreement_guarantee_has_share",
            ),
            models.CheckConstraint(
                condition=Q(frozen_at__isnull=True, terms__isnull=True)
                | Q(frozen_at__isnull=False, terms__isnull=False),
                name="agreement_frozen_with_terms",
            ),
            models.CheckConstraint(
                condition=Q(acknowledged_at__isnull=True) | Q(frozen_at__isnull=False),
                name="agreement_acknowledged_frozen",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.collaboration_id} {self.basis}"
