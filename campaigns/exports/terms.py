"""The terms of a collaboration as a PDF."""

from datetime import datetime

from django.utils import timezone, translation
from django.utils.translation import gettext as _

from campaigns.exports.pdf import Grid, Pairs, Part, pdf_of
from campaigns.models import Agreement, Collaboration
from campaigns.rules.terms_document import terms_fingerprint
from campaigns.selectors.agreements import Terms, terms_read
from core.ui import UNKNOWN
from creators.models import Creator

CONTENT_TYPE = "application/pdf"


def terms_pdf(collaboration: Collaboration, *, language: str, compress: bool = True) -> bytes:
    """The frozen terms, or the draft of them, in the language; the same terms give the same bytes."""
    with translation.override(language):
        terms = terms_read(collaboration, language=language)
        creator = collaboration.creator
        return pdf_of(
            title=_("Terms of the collaboration"),
            subtitle=f"{collaboration.shop} · @{creator.handle} · {collaboration.plan.code}",
            parts=[_parties(collaboration), *_agreed(terms), _state(terms.agreement, creator)],
            foot=_foot(collaboration, terms),
            compress=compress,
        )


def terms_file_name(collaboration: Collaboration) -> str:
    return f"terms-{collaboration.plan.code}-{collaboration.creator.handle}.pdf"


def _parties(collaboration: Collaboration) -> Part:
    creator, plan = collaboration.creator, collaboration.plan
    name = f"@{creator.handle} · {creator.market}"
    rows = [(_("Shop"), str(collaboration.shop)), (_("Creator"), f"{creator.nickname} {name}".strip())]
    contact = " · ".join(filter(None, (plan.contact_name, plan.contact_email)))
    return Pairs(_("Parties"), [*rows, (_("Contact"), contact or UNKNOWN)])


def _agreed(terms: Terms) -> list[Part]:
    document = terms.document
    heads = (_("Product"), _("SKU"), _("Commission"))
    rows = [(one.title, one.sku or UNKNOWN, one.commission) for one in document.products]
    return [
        Grid(_("Products"), heads, rows, widths=(6, 2, 1.6), numbers=frozenset({2})),
        Pairs(_("What is paid"), document.paid),
        Pairs(_("What is delivered"), document.work),
    ]


def _state(agreement: Agreement, creator: Creator) -> Part:
    zone = creator.market.time_zone
    with timezone.override(zone):
        frozen = _moment(agreement.frozen_at) or _("Draft: it changes until the collaboration is accepted.")
        agreed = _moment(agreement.acknowledged_at)
    said = _("%(moment)s, through the personal link") % {"moment": agreed} if agreed else _("Not yet")
    return Pairs(
        _("Agreement"),
        [(_("Frozen at"), frozen), (_("Acknowledged by the creator"), said), (_("Time zone"), zone)],
    )


def _moment(at: datetime | None) -> str:
    return timezone.localtime(at).strftime("%Y-%m-%d %H:%M") if at else ""


def _foot(collaboration: Collaboration, terms: Terms) -> str:
    if not terms.is_frozen:
        return _("Draft of the terms, not agreed on.")
    print_of = terms_fingerprint(terms.values)
    return _("Fingerprint of the terms: %(sha)s") % {"sha": f"sha256 {print_of[:32]}"}
