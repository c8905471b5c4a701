import pytest
from django.utils import translation

from accounts.rules import ROLES, refusal, secret_digest
from accounts.states import PERMISSION_LABELS, Permission, RoleCode

P = Permission


def test_every_role_has_a_class_and_every_permission_words():
    assert set(ROLES) == set(RoleCode.values)
    assert set(PERMISSION_LABELS) == set(Permission)


def test_everybody_reads_and_keeps_a_profile():
    for role in ROLES.values():
        assert {P.CREATOR_VIEW, P.IMPORT_VIEW, P.SHORTLIST_VIEW, P.PROFILE_EDIT, P.TOKEN_MANAGE} <= role.permissions


@pytest.mark.parametrize(
    ("permission", "roles"),
    [
        (P.CREATOR_EDIT, {"admin", "account_manager", "ops", "seller"}),
        (P.CREATOR_EXPORT, {"admin", "account_manager", "ops", "seller"}),
        (P.IMPORT_RUN, {"admin", "account_manager", "ops", "seller"}),
        (P.IMPORT_UNDO, {"admin", "account_manager", "ops", "seller"}),
        (P.CONTACT_EXPORT, {"admin", "account_manager", "seller"}),
        (P.SHORTLIST_EDIT, {"admin", "account_manager", "seller"}),
        (P.CONFLICT_RESOLVE, {"admin", "account_manager", "ops"}),
        (P.REFERENCE_EDIT, {"admin"}),
        (P.USER_MANAGE, {"admin"}),
        (P.SHOP_MANAGE, {"admin"}),
    ],
)
def test_who_holds_a_permission(permission, roles):
    assert {code for code, role in ROLES.items() if permission in role.permissions} == roles


def test_only_an_admin_sees_every_shop():
    assert [code for code, role in ROLES.items() if role.all_shops] == ["admin"]


def test_refusal_names_what_and_who():
    with translation.override("en"):
        text = refusal(P.CONFLICT_RESOLVE)
    assert text.startswith("Only these roles can resolve conflicts of an import: Ops, Account manager, Admin.")


def test_secret_digest_is_sha256():
    assert secret_digest("abc") == "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad"
