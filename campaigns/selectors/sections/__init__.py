"""The sections of a collaboration's page; each part brings its module with `section_of` and its template."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.utils.functional import Promise

from accounts.models import User
from campaigns.models import Collaboration

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


# In the order of the page. A part adds its line here when its template is ready, such as
# Section("samples", _("Samples"), "campaigns/section_samples.html", samples.section_of)
SECTIONS: tuple[Section, ...] = ()
