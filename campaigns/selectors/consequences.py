"""What a restriction touches here: collaborations whose plans need what is withdrawn."""

from collections.abc import Collection, Iterable
from datetime import datetime

from django.db.models import Exists, OuterRef, QuerySet
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from campaigns.models import Collaboration
from campaigns.states.plans import FEATURES
from creators.models import Creator
from violations.models import LedgerEntry
from violations.selectors.standings import standings_of
from violations.states import Feature


def touched(creator_id: int, features: Collection[str]) -> QuerySet[Collaboration]:
    """The creator's collaborations under way in plans that ask for one of the features."""
    forms = [form for form, needed in FEATURES.items() if set(needed) & set(features)]
    return Collaboration.objects.active().filter(creator=creator_id, plan__content_form__in=forms)


def hold_lines(creator: Creator, features: Collection[str], at: datetime) -> list[str]:
    """3 open collaborations in 2 plans go on hold; nothing when none does."""
    plans = list(touched(creator.pk, features).values_list("plan", flat=True))
    if not plans:
        return []
    different = len(set(plans))
    in_plans = ngettext("%(count)s plan", "%(count)s plans", different) % {"count": different}
    text = ngettext(
        "%(count)s open collaboration in %(plans)s goes on hold.",
        "%(count)s open collaborations in %(plans)s go on hold.",
        len(plans),
    )
    return [text % {"count": len(plans), "plans": in_plans}]


def held_by_a_restriction() -> QuerySet[Collaboration]:
    """Those that went on hold at the very instant at which an entry about their creator was recorded.

    What a person put on hold stays there until a person brings it back.
    """
    entry = LedgerEntry.objects.filter(creator=OuterRef("creator"), recorded_at=OuterRef("state_at"))
    return Collaboration.objects.on_hold().filter(Exists(entry))


def still_withdrawn(held: Iterable[Collaboration], *, at: datetime) -> dict[int, set[str]]:
    """By collaboration the features that its plan asks for and that are withdrawn at the instant, exact."""
    found = list(held)
    standings = standings_of({one.creator_id for one in found}, at=at)
    return {one.pk: set(FEATURES[one.plan.content_form]) & set(standings[one.creator_id].withdrawn) for one in found}


def restriction_text(features: Collection[str]) -> str:
    """The reason that a hold carries."""
    names = ", ".join(str(feature.label) for feature in Feature if feature in features)
    return _("Restricted: %(features)s withdrawn") % {"features": names}
