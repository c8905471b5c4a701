"""The steps of a content that people take on its page: which form, which service, and when they are offered."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from accounts.models import User
from campaigns.forms import contents as forms
from campaigns.models import Content
from campaigns.services import drafts, publications, results
from campaigns.states.contents import ContentState as S
from campaigns.states.contents import ResultSource
from violations.services.evidence import evidence_store

Text = str | Promise
# Who, when, and the form with what was written.
Act = Callable[[Content, User, datetime, Any], object]


@dataclass(frozen=True)
class Step:
    """A step: its heading, its button, what is said when it is done, and the states that it is offered in."""

    title: Text
    submit: Text
    done: Text
    form: Callable[..., forms.ContentForm]
    act: Act
    states: frozenset[S]
    main_in: frozenset[S] = frozenset()


def _submit(content: Content, by: User, at: datetime, form: Any) -> object:
    """Store the file; a draft that is then refused leaves it to the sweep."""
    values = form.cleaned_data
    file = evidence_store(upload=values["file"], by=by) if values["file"] else None
    return drafts.draft_submit(content=content, by=by, at=at, **values | {"file": file})


def _result(content: Content, by: User, at: datetime, form: Any) -> object:
    day, window = form.cleaned_data["day"], form.cleaned_data["window"]
    return results.result_write(
        content=content, values=form.values, source=ResultSource.HAND, by=by, at=at, day=day, window=window
    )


def _plain(service: Callable[..., object]) -> Act:
    """A service that takes what the form holds as it is."""
    return lambda content, by, at, form: service(content=content, by=by, at=at, **form.cleaned_data)


_OUT = frozenset({S.PUBLISHED, S.TAKEN_DOWN})
_BEFORE = frozenset({S.DUE, S.IN_REVIEW, S.CHANGES_ASKED, S.APPROVED})
STEPS: dict[str, Step] = {
    "draft": Step(
        _("Add a draft"), _("Send to review"), _("The draft waits for its review."), forms.DraftForm, _submit,
        frozenset({S.DUE, S.CHANGES_ASKED, S.APPROVED}), frozenset({S.DUE, S.CHANGES_ASKED}),
    ),
    "publish": Step(
        _("It is out"), _("Mark as published"), _("Published."), forms.PublishForm,
        _plain(publications.content_publish), _BEFORE | {S.TAKEN_DOWN}, frozenset({S.APPROVED, S.TAKEN_DOWN}),
    ),
    "result": Step(
        _("Write results by hand"), _("Save the results"), _("Results saved."), forms.ResultForm, _result, _OUT,
    ),
    "correct": Step(
        _("Change link, time or product"), _("Save"), _("Saved."), forms.PublishForm,
        _plain(publications.content_publication_correct), frozenset({S.PUBLISHED}),
    ),
    "down": Step(
        _("It was taken down"), _("Mark as taken down"), _("Marked as taken down."), forms.TakeDownForm,
        _plain(publications.content_take_down), frozenset({S.PUBLISHED}),
    ),
    "edit": Step(
        _("Change title, product or due date"), _("Save"), _("Saved."), forms.EditForm,
        _plain(publications.content_edit), _BEFORE,
    ),
    "cancel": Step(
        _("Not wanted any more"), _("Call it off"), _("Called off."), forms.CancelForm,
        _plain(publications.content_cancel), _BEFORE | {S.TAKEN_DOWN},
    ),
}  # fmt: skip


def steps_offered(content: Content) -> dict[str, Step]:
    """The steps that may be taken with a content, the main one first."""
    offered = {name: step for name, step in STEPS.items() if content.state in step.states}
    return dict(sorted(offered.items(), key=lambda pair: content.state not in pair[1].main_in))
