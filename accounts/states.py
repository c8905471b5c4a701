"""What a person may do, and the roles that people are given."""

from enum import StrEnum

from django.db import models
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _


class Permission(StrEnum):
    """One thing that a page, an API call or a job does; checked by `User.can`."""

    CREATOR_VIEW = "creator.view"
    CREATOR_EDIT = "creator.edit"
    CREATOR_EXPORT = "creator.export"
    CONTACT_EXPORT = "contact.export"
    IMPORT_VIEW = "import.view"
    IMPORT_RUN = "import.run"
    IMPORT_UNDO = "import.undo"
    CONFLICT_RESOLVE = "conflict.resolve"
    SHORTLIST_VIEW = "shortlist.view"
    SHORTLIST_EDIT = "shortlist.edit"
    REFERENCE_EDIT = "reference.edit"
    PLAN_VIEW = "plan.view"
    PLAN_EDIT = "plan.edit"
    PRODUCT_EDIT = "product.edit"
    COLLABORATION_EDIT = "collaboration.edit"
    OUTREACH_SEND = "outreach.send"
    OUTREACH_SETTINGS = "outreach.settings"
    SAMPLE_DECIDE = "sample.decide"
    CONTENT_REVIEW = "content.review"
    SETTLEMENT_VIEW = "settlement.view"
    SETTLEMENT_EDIT = "settlement.edit"
    SETTLEMENT_APPROVE = "settlement.approve"
    CAMPAIGN_EXPORT = "campaign.export"
    VIOLATION_VIEW = "violation.view"
    VIOLATION_LOG = "violation.log"
    VIOLATION_EXPORT = "violation.export"
    VIOLATION_ERASE = "violation.erase"
    RESTRICTION_LIFT = "restriction.lift"
    RULEBOOK_DRAFT = "rulebook.draft"
    RULEBOOK_PUBLISH = "rulebook.publish"
    APPEAL_FILE = "appeal.file"
    APPEAL_DECIDE = "appeal.decide"
    CREATOR_LINK_SEND = "creator_link.send"
    BLACKLIST_PROPOSE = "blacklist.propose"
    BLACKLIST_DECIDE = "blacklist.decide"
    HEALTH_RECORD = "health.record"
    USER_MANAGE = "user.manage"
    SHOP_MANAGE = "shop.manage"
    PROFILE_EDIT = "profile.edit"
    TOKEN_MANAGE = "token.manage"  # noqa: S105 - a permission, not a secret


PERMISSION_LABELS: dict[Permission, str | Promise] = {
    Permission.CREATOR_VIEW: _("see creators"),
    Permission.CREATOR_EDIT: _("correct the facts of creators"),
    Permission.CREATOR_EXPORT: _("export creators"),
    Permission.CONTACT_EXPORT: _("export contacts"),
    Permission.IMPORT_VIEW: _("see imports"),
    Permission.IMPORT_RUN: _("import lists"),
    Permission.IMPORT_UNDO: _("undo imports"),
    Permission.CONFLICT_RESOLVE: _("resolve conflicts of an import"),
    Permission.SHORTLIST_VIEW: _("see shortlists"),
    Permission.SHORTLIST_EDIT: _("change shortlists"),
    Permission.REFERENCE_EDIT: _("change reference lists"),
    Permission.PLAN_VIEW: _("see plans and collaborations"),
    Permission.PLAN_EDIT: _("change plans, campaigns and their creators"),
    Permission.PRODUCT_EDIT: _("change products"),
    Permission.COLLABORATION_EDIT: _("work on collaborations"),
    Permission.OUTREACH_SEND: _("write to creators"),
    Permission.OUTREACH_SETTINGS: _("change limits of outreach"),
    Permission.SAMPLE_DECIDE: _("decide on samples"),
    Permission.CONTENT_REVIEW: _("review content"),
    Permission.SETTLEMENT_VIEW: _("see settlements"),
    Permission.SETTLEMENT_EDIT: _("change settlements"),
    Permission.SETTLEMENT_APPROVE: _("approve payments"),
    Permission.CAMPAIGN_EXPORT: _("export plans and settlements"),
    Permission.VIOLATION_VIEW: _("see violations"),
    Permission.VIOLATION_LOG: _("log violations and measures"),
    Permission.VIOLATION_EXPORT: _("export violations"),
    Permission.VIOLATION_ERASE: _("erase the texts of entries"),
    Permission.RESTRICTION_LIFT: _("lift restrictions"),
    Permission.RULEBOOK_DRAFT: _("draft rule books"),
    Permission.RULEBOOK_PUBLISH: _("publish rule books"),
    Permission.APPEAL_FILE: _("file appeals"),
    Permission.APPEAL_DECIDE: _("decide appeals"),
    Permission.CREATOR_LINK_SEND: _("send creators their link"),
    Permission.BLACKLIST_PROPOSE: _("propose creators for the blacklist"),
    Permission.BLACKLIST_DECIDE: _("confirm and remove entries of the shared blacklist"),
    Permission.HEALTH_RECORD: _("record Creator Health Ratings"),
    Permission.USER_MANAGE: _("manage people"),
    Permission.SHOP_MANAGE: _("manage shops"),
    Permission.PROFILE_EDIT: _("change their own profile"),
    Permission.TOKEN_MANAGE: _("manage their own API tokens"),
}


class RoleCode(models.TextChoices):
    ADMIN = "admin", _("Admin")
    ACCOUNT_MANAGER = "account_manager", _("Account manager")
    OPS = "ops", _("Ops")
    SELLER = "seller", _("Seller")
    VIEWER = "viewer", _("Read only")
