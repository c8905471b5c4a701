"""The sections of a collaboration's page; each part brings its module with `section_of` and its template."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from accounts.models import User
from campaigns.models import Collaboration
from campaigns.selectors.sections import agreement, contents, messages, problems, samples, settlement

Context = Callable[[Collaboration, User, datetime], dict[str, Any]]


@dataclass(frozen=True)
class Section:
    """A section: its anchor, its heading, its template and what that template is given for a reader at an instant.

    The template is included with that context, `collaboration` and `request`; hidden from who lacks `permission`.
    """

    key: str
    label: str | Promise
    template: str
    context: Context
    permission: str = ""


# In the order of the page: agreement, samples, contents, settlement, messages, problems. A part adds its own here.
SECTIONS: tuple[Section, ...] = (
    Section("agreement", _("Agreement"), "campaigns/section_agreement.html", agreement.section_of),
    Section("samples", _("Samples"), "campaigns/section_samples.html", samples.section_of),
    Section("contents", _("Content"), "campaigns/section_contents.html", contents.section_of),
    Section(
        "settlement", _("Settlement"), "campaigns/section_settlement.html", settlement.section_of, "settlement.view"
    ),
    Section("messages", _("Messages"), "campaigns/section_messages.html", messages.section_of),
    Section("problems", _("Problems"), "campaigns/section_problems.html", problems.section_of),
)
