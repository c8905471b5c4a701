"""What each app adds to the pages of lower ones, in the order in which it is shown."""

from django.utils.translation import gettext_lazy as _

from accounts.states import Permission
from core.ui import NavEntry

NAV: tuple[NavEntry, ...] = (NavEntry(_("Creators"), "creator_list", Permission.CREATOR_VIEW, icon="users"),)
