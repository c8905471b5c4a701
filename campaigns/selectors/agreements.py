"""The terms of collaborations as people read them: at the shop, and the creator behind the link."""

from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.db.models import QuerySet
from django.utils.translation import get_language, gettext_lazy
from django.utils.translation import gettext as _

from campaigns.models import Agreement, Collaboration
from campaigns.rules.terms_document import TermsDocument, terms_document
from campaigns.services.agreements import agreement_unwritten, terms_of
from campaigns.states.collaborations import ENDED
from creators.models import Creator
from violations.selectors.creator_page import CreatorPageLink

RELATED = ("collaboration__creator__market", "collaboration__shop", "collaboration__plan__campaign")


@dataclass(frozen=True)
class Terms:
    """Terms with their state. `agreement` is unsaved when nobody has written any: commission alone would hold."""

    agreement: Agreement
    document: TermsDocument
    values: dict[str, Any]

    @property
    def is_written(self) -> bool:
        return self.agreement.pk is not None

    @property
    def is_frozen(self) -> bool:
        return self.agreement.frozen_at is not None

    @property
    def label(self) -> str:
        if self.agreement.acknowledged_at:
            return _("Acknowledged by the creator")
        if self.is_frozen:
            return _("Frozen, not acknowledged yet")
        return _("Draft") if self.is_written else _("Not written yet")

    @property
    def colour(self) -> str:
        if self.agreement.acknowledged_at:
            return "ok"
        return "warn" if self.is_frozen else "idle"


def terms_read(collaboration: Collaboration, *, language: str = "") -> Terms:
    """The frozen terms, else those that acceptance would freeze now."""
    agreement = Agreement.objects.filter(collaboration=collaboration).select_related("written_by", "quote").first()
    return terms_shown(agreement or agreement_unwritten(collaboration), language=language)


def terms_shown(agreement: Agreement, *, language: str = "") -> Terms:
    """The terms of one agreement; `language` writes amounts, words are in the language that is active."""
    values = agreement.terms or terms_of(agreement)
    return Terms(agreement, terms_document(values, language=language or get_language() or "en"), values)


def agreements_of(creator: Creator) -> QuerySet[Agreement]:
    """The creator's frozen terms, the newest first; those that were dropped before anybody agreed are left out."""
    frozen = Agreement.objects.filter(collaboration__creator=creator, frozen_at__isnull=False)
    gone = frozen.filter(collaboration__state__in=ENDED - {"closed"}, acknowledged_at__isnull=True)
    return frozen.exclude(pk__in=gone.values("pk")).select_related(*RELATED).order_by("-frozen_at", "-pk")


def agreements_waiting(creator: Creator) -> QuerySet[Agreement]:
    """Those that the creator can still agree to."""
    return agreements_of(creator).filter(acknowledged_at__isnull=True).exclude(collaboration__state__in=ENDED)


def terms_summary(creator: Creator, at: datetime) -> str:
    """The sentence of the creator's page about terms; "" when there are none."""
    count = agreements_of(creator).count()
    if not count:
        return ""
    if waiting := agreements_waiting(creator).count():
        return _("waiting for your answer: %(waiting)s of %(count)s") % {"waiting": waiting, "count": count}
    return _("%(count)s, none waits for your answer") % {"count": count}


# Listed in `config.composition.CREATOR_PAGES`.
CREATOR_TERMS = CreatorPageLink(gettext_lazy("Terms of your collaborations"), "creator_terms", terms_summary)
