"""How writes of violations read in a list: what was done, to what, and where that is shown."""

from typing import Any, NamedTuple

from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from core.states import Look
from creators.models import Creator
from violations.models import Appeal, BlacklistEntry, CreatorLink, LedgerEntry, Notice, ReversalRequest, RuleBook
from violations.selectors.blacklist import first_state, first_words
from violations.selectors.rulebook_words import CHANGES
from violations.states import (
    APPEAL_LOOKS,
    BLACKLIST_LOOKS,
    NOTICE_LOOKS,
    REQUEST_LOOKS,
    EntryKind,
)


class Words(NamedTuple):
    """What was done; the name and the address of what it was done to."""

    what: str
    about: str
    url: str


def entry_written(entry: LedgerEntry) -> Words:
    return _about_entry(_entry_what(entry), entry)


def _entry_what(entry: LedgerEntry) -> str:
    if entry.kind == EntryKind.VIOLATION:
        what = ngettext("Logged %(points)s point: %(rule)s", "Logged %(points)s points: %(rule)s", entry.points)
        return what % {"points": entry.points, "rule": entry.rule.title if entry.rule else entry.rule_code}
    if entry.kind == EntryKind.REVERSAL and entry.answers:
        reason = entry.get_reversal_kind_display()
        return _("Reversed %(case)s: %(reason)s") % {"case": entry.answers.case, "reason": reason}
    if entry.kind == EntryKind.LIFT:
        return _("Lifted a restriction")
    return entry.get_measure_display()


def notice_written(notice: Notice) -> Words:
    what = _("Notice made: %(channel)s") % {"channel": notice.get_channel_display()}
    return _about_entry(what, notice.entry)


def notice_changed(event: Any) -> Words:
    return _about_entry(_("Notice: %(state)s") % _state(NOTICE_LOOKS, event), event.pgh_obj.entry)


def request_written(request: ReversalRequest) -> Words:
    return _about_entry(_("Reversal proposed"), request.entry)


def request_changed(event: Any) -> Words:
    return _about_entry(_("Reversal: %(state)s") % _state(REQUEST_LOOKS, event), event.pgh_obj.entry)


def appeal_written(appeal: Appeal) -> Words:
    return Words(_("Appeal filed"), _case_of(appeal.entry), appeal.get_absolute_url())


def appeal_changed(event: Any) -> Words:
    appeal = event.pgh_obj
    what = _("Appeal: %(state)s") % _state(APPEAL_LOOKS, event)
    return Words(what, _case_of(appeal.entry), appeal.get_absolute_url())


def blacklist_changed(event: Any) -> Words:
    entry: BlacklistEntry = event.pgh_obj
    is_begun = event.is_first and event.state == first_state(entry)
    what = first_words(entry) if is_begun else _("Blacklist: %(state)s") % _state(BLACKLIST_LOOKS, event)
    return Words(what, str(entry.creator), reverse("blacklist_detail", args=[entry.pk]))


def link_written(link: CreatorLink) -> Words:
    return _about_creator(_("Sent the creator's link"), link.creator)


def link_changed(event: Any) -> Words:
    return _about_creator(_("Revoked the creator's link"), event.pgh_obj.creator)


def book_changed(event: Any) -> Words:
    told = event.pgh_context.metadata if event.pgh_context else {}
    change = told.get("change", "")
    what = str(CHANGES.get(change) or _("Changed in the database")) % {"what": told.get("what", "")}
    # A draft that was discarded is not there any more, and its name with it.
    book = RuleBook.objects.filter(pk=event.pgh_obj_id).first()
    if change == "discarded" or book is None:
        return Words(_("Discarded the draft") if change == "discarded" else what, _("a rule book"), "")
    return Words(what, str(book), book.get_absolute_url())


def _state(looks: dict[str, Look], event: Any) -> dict[str, str]:
    return {"state": str(looks[event.state].label)}


def _case_of(entry: LedgerEntry) -> str:
    return f"{entry.case} · {entry.creator}"


def _about_entry(what: str, entry: LedgerEntry) -> Words:
    return Words(what, _case_of(entry), entry.get_absolute_url())


def _about_creator(what: str, creator: Creator) -> Words:
    return Words(what, str(creator), creator.get_absolute_url())
