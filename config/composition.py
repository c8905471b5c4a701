"""What each app adds to the pages of lower ones, in the order in which it is shown."""

from django.utils.translation import gettext_lazy as _

from accounts.states import Permission
from core.ui import NavEntry

NAV: tuple[NavEntry, ...] = (
    NavEntry(_("Creators"), "creator_list", Permission.CREATOR_VIEW, icon="users", key="c"),
    NavEntry(_("Shortlists"), "shortlist_list", Permission.SHORTLIST_VIEW, icon="list-check"),
    NavEntry(
        _("Plans"),
        "plan_list",
        Permission.PLAN_VIEW,
        icon="target-arrow",
        key="p",
        also=("/campaigns/", "/matrices/", "/products/"),
    ),
    NavEntry(
        _("Collaborations"),
        "collaboration_list",
        Permission.PLAN_VIEW,
        icon="truck",
        key="l",
        also=("/my-day/", "/samples/", "/contents/", "/problems/"),
    ),
    NavEntry(_("Outreach"), "conversation_list", Permission.PLAN_VIEW, icon="message", also=("/outreach/",)),
    NavEntry(_("Settlement"), "settlement_list", Permission.SETTLEMENT_VIEW, icon="coin"),
    NavEntry(_("Imports"), "import_list", Permission.IMPORT_VIEW, icon="file-upload"),
    NavEntry(
        _("Violations"),
        "violation_desk",
        Permission.VIOLATION_VIEW,
        icon="flag",
        key="v",
        count="violations.selectors.desk.open_appeals",
    ),
    NavEntry(_("Profile"), "profile", Permission.PROFILE_EDIT, "account", icon="user"),
    NavEntry(_("People"), "people_list", Permission.USER_MANAGE, "account", icon="users"),
    NavEntry(_("Shops"), "shop_list", Permission.SHOP_MANAGE, "account", icon="building-store"),
    NavEntry(_("Exchange rates"), "rate_list", Permission.REFERENCE_EDIT, "account", icon="coin"),
    NavEntry(_("Column headers"), "alias_list", Permission.REFERENCE_EDIT, "account", icon="table"),
)

# Filters of the directory: paths to tuples of creators.filters.Facet.
FACETS: tuple[str, ...] = ("creators.filters.facets.DIRECTORY",)

# Tabs of a creator's profile: paths to creators.selectors.panels.Panel.
PANELS: tuple[str, ...] = (
    "creators.selectors.panels.OVERVIEW",
    "campaigns.selectors.panels.COLLABORATIONS",
    "violations.selectors.panels.VIOLATIONS",
    "creators.selectors.panels.HISTORY",
)

# Who may refuse a seat, and what marks a creator in every list: paths to creators.selectors.guards.Guard.
GUARDS: tuple[str, ...] = ("violations.selectors.guards.RESTRICTIONS", "violations.selectors.guards.BLACKLIST")

# What a restriction touches: paths to violations.selectors.consequences.Consequence.
CONSEQUENCES: tuple[str, ...] = ("campaigns.services.holds.HOLDS",)

# Pages behind the creator's link: paths to violations.selectors.creator_page.CreatorPageLink.
CREATOR_PAGES: tuple[str, ...] = ("campaigns.selectors.agreements.CREATOR_TERMS",)
