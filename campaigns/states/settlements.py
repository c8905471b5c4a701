"""Quotes, terms, and lines of settlement."""

from django.db import models
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from core.states import Look


class Basis(models.TextChoices):
    """What a collaboration is paid by."""

    COMMISSION = "commission", pgettext_lazy("payment", "Commission")
    FIXED = "fixed", _("Fixed fee")
    PER_VIEWS = "per_views", _("Per 1,000 views")
    GUARANTEE = "guarantee", _("Guarantee and share")
    BUY_OUT = "buy_out", _("Buy-out")


class QuoteForm(models.TextChoices):
    """What a quoted price is for."""

    VIDEO = "video", _("One video")
    LIVE = "live", _("One LIVE")
    VIEWS = "views", _("1,000 views")
    PACKAGE = "package", _("Package")


class QuoteSource(models.TextChoices):
    CREATOR = "creator", _("Creator")
    AGENCY = "agency", _("Agency")
    LIST = "list", _("Imported list")


class Payer(models.TextChoices):
    """Who pays: the platform pays affiliate commission itself, which we only reconcile."""

    PLATFORM = "platform", _("Paid by the platform")
    US = "us", _("Payable by us")


class LineKind(models.TextChoices):
    COMMISSION = "commission", pgettext_lazy("payment", "Commission")
    ADS_COMMISSION = "ads_commission", _("Ads commission")
    FIXED_FEE = "fixed_fee", _("Fixed fee")
    VIEWS_FEE = "views_fee", _("Fee per 1,000 views")
    GUARANTEE = "guarantee", _("Guarantee")
    SHARE = "share", _("Share")
    BUY_OUT = "buy_out", _("Buy-out")
    COMPENSATION = "compensation", _("Compensation")
    REFUND = "refund", _("Refund after payment")


class LineState(models.TextChoices):
    """The platform's lines are expected and reconciled; ours are approved and paid."""

    EXPECTED = "expected", _("Expected")
    MATCHED = "matched", _("Matches the report")
    DIFFERS = "differs", _("Differs from the report")
    PENDING = "pending", _("Pending")
    DUE = "due", _("Due")
    APPROVED = "approved", _("Approved")
    PAID = "paid", _("Paid")
    DISPUTED = "disputed", _("Disputed")
    CANCELLED = "cancelled", _("Cancelled")


L = LineState
LINE_LOOKS: dict[str, Look] = {
    L.EXPECTED: Look(L.EXPECTED.label, "idle"),
    L.MATCHED: Look(L.MATCHED.label, "ok"),
    L.DIFFERS: Look(L.DIFFERS.label, "bad"),
    L.PENDING: Look(L.PENDING.label, "idle"),
    L.DUE: Look(L.DUE.label, "warn"),
    L.APPROVED: Look(L.APPROVED.label, "info"),
    L.PAID: Look(L.PAID.label, "ok"),
    L.DISPUTED: Look(L.DISPUTED.label, "bad"),
    L.CANCELLED: Look(L.CANCELLED.label, "idle"),
}
LINE_TRANSITIONS: dict[str, frozenset[LineState]] = {
    L.EXPECTED: frozenset({L.MATCHED, L.DIFFERS, L.CANCELLED}),
    L.MATCHED: frozenset({L.EXPECTED, L.DIFFERS}),
    L.DIFFERS: frozenset({L.EXPECTED, L.MATCHED}),
    L.PENDING: frozenset({L.DUE, L.DISPUTED, L.CANCELLED}),
    L.DUE: frozenset({L.APPROVED, L.DISPUTED, L.CANCELLED}),
    L.APPROVED: frozenset({L.PAID, L.DUE, L.DISPUTED}),
    L.PAID: frozenset(),
    L.DISPUTED: frozenset({L.DUE, L.CANCELLED}),
    L.CANCELLED: frozenset(),
}
PLATFORM_STATES = frozenset({L.EXPECTED, L.MATCHED, L.DIFFERS, L.CANCELLED})
PAYABLE_STATES = frozenset({L.PENDING, L.DUE, L.APPROVED, L.PAID, L.DISPUTED, L.CANCELLED})
# A second look is recorded with these.
LINE_APPROVED = frozenset({L.APPROVED, L.PAID})
