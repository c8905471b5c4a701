from datetime import timedelta

import pytest
from django.db import connection
from django.utils import timezone

from accounts import services
from accounts.models import ApiToken, Invitation, Membership, User
from accounts.selectors import shop_changes, user_changes
from core.errors import DomainError
from tests.factories import PASSWORD, make_shop, make_user

pytestmark = pytest.mark.django_db


def link(secret):
    return f"http://testserver/invitation/{secret}/"


def invited(by, **changes):
    values = {"email": "new@example.com", "role": "seller", "shops": [], "language": "en"} | changes
    return services.invitation_create(by=by, link=link, **values)


def secret_of(created):
    return created.link.split("/")[-2]


def code_of(call, **values):
    with pytest.raises(DomainError) as caught:
        call(**values)
    assert str(caught.value)
    return caught.value.code


def test_user_create_lowers_the_address_and_joins_shops():
    admin, shop = make_user("admin"), make_shop()
    user = services.user_create(
        email=" Nova@Example.com ", name=" Nova ", role="ops", by=admin, password=PASSWORD, shops=[shop]
    )
    assert (user.email, user.name, user.check_password(PASSWORD)) == ("nova@example.com", "Nova", True)
    assert Membership.objects.get(user=user, shop=shop).added_by == admin


def test_user_create_hashes_with_argon2():
    user = services.user_create(email="a@example.com", name="A", role="ops", by=None, password=PASSWORD)
    assert user.password.startswith("argon2$")


def test_user_create_without_password_lets_nobody_in():
    assert not services.user_create(email="a@example.com", name="A", role="ops", by=None).has_usable_password()


def test_user_create_refuses_a_taken_address():
    make_user(email="a@example.com")
    assert code_of(services.user_create, email="A@example.com", name="A", role="ops", by=None) == "email_taken"


def test_user_create_refuses_an_unknown_role():
    assert code_of(services.user_create, email="a@example.com", name="A", role="king", by=None) == "role_unknown"


def test_user_create_refuses_a_weak_password():
    values = {"email": "a@example.com", "name": "A", "role": "ops", "by": None, "password": "short"}
    assert code_of(services.user_create, **values) == "password_weak"
    assert not User.objects.exists()


@pytest.mark.parametrize("change", [{"role": "ops"}, {"is_active": False}])
def test_user_update_keeps_the_last_admin(change):
    admin = make_user("admin")
    make_user("admin", is_active=False)
    values = {"user": admin, "name": "A", "role": "admin", "is_active": True, "by": admin} | change
    assert code_of(services.user_update, **values) == "last_admin"
    admin.refresh_from_db()
    assert (admin.role, admin.is_active) == ("admin", True)


def test_user_update_lets_one_of_two_admins_go():
    first, second = make_user("admin"), make_user("admin")
    services.user_update(user=first, name="A", role="viewer", is_active=True, by=second)
    assert list(User.objects.admins()) == [second]


def test_user_update_locks_the_admins():
    admin, person = make_user("admin"), make_user()
    with connection.execute_wrapper(_spy(seen := [])):
        services.user_update(user=person, name="A", role="ops", is_active=True, by=admin)
    assert any("FOR UPDATE" in sql for sql in seen)


def _spy(seen):
    def wrapper(execute, sql, params, many, context):
        seen.append(sql)
        return execute(sql, params, many, context)

    return wrapper


def test_user_update_refuses_an_unknown_role():
    admin = make_user("admin")
    values = {"user": make_user(), "name": "A", "role": "king", "is_active": True, "by": admin}
    assert code_of(services.user_update, **values) == "role_unknown"


def test_user_update_is_remembered_with_its_actor():
    admin, person = make_user("admin"), make_user("viewer")
    services.user_update(user=person, name="Bo", role="ops", is_active=False, by=admin)
    [change] = user_changes(person)
    assert (change.by, change.is_active) == (admin, False)
    assert change.shown == f"Bo, Ops, {person.email}"


def test_changes_from_the_shell_have_no_actor():
    person = make_user("viewer")
    User.objects.filter(pk=person.pk).update(role="ops")
    assert user_changes(person)[0].by is None


def test_profile_update_changes_only_the_name():
    user = make_user("viewer")
    services.profile_update(user=user, name=" Bo ", by=user)
    user.refresh_from_db()
    assert (user.name, user.role) == ("Bo", "viewer")


def test_user_language_set_refuses_what_we_do_not_speak():
    user = make_user()
    assert code_of(services.user_language_set, user=user, language="fr", by=user) == "language_unknown"


def test_shop_create_refuses_an_unknown_time_zone():
    values = {"name": "Lumi", "market_code": "US", "time_zone": "Moon/Base", "by": None}
    assert code_of(services.shop_create, **values) == "time_zone_unknown"


def test_shop_update_is_remembered_and_refuses_a_taken_name():
    admin, shop = make_user("admin"), make_shop()
    make_shop(name="Taken")
    values = {"shop": shop, "market_code": "GB", "time_zone": "UTC", "is_active": True, "by": admin}
    services.shop_update(name="Lumi UK", **values)
    assert [(change.shown, change.by) for change in shop_changes(shop)] == [("Lumi UK, GB", admin)]
    assert code_of(services.shop_update, name="Taken", **values) == "shop_name_taken"


def test_membership_add_once():
    shop, user, admin = make_shop(), make_user(), make_user("admin")
    services.membership_add(shop=shop, user=user, by=admin)
    assert code_of(services.membership_add, shop=shop, user=user, by=admin) == "member_already"


def test_membership_add_refuses_a_closed_account():
    shop, user = make_shop(), make_user(is_active=False)
    assert code_of(services.membership_add, shop=shop, user=user, by=None) == "user_inactive"


def test_membership_remove_needs_a_member():
    user = make_user()
    assert code_of(services.membership_remove, shop=make_shop(), user=user, by=user) == "member_missing"


def test_invitation_keeps_no_secret_and_lasts_seven_days():
    created = invited(make_user("admin"))
    row = Invitation.objects.get()
    assert secret_of(created) not in (row.digest, str(row.__dict__))
    assert row.expires_at - row.created_at == timedelta(days=7)


def test_invitation_mail_is_in_the_language_of_the_invited(mailoutbox, django_capture_on_commit_callbacks):
    with django_capture_on_commit_callbacks(execute=True):
        created = invited(make_user("admin", name="Mei"))
    [mail] = mailoutbox
    assert mail.to == ["new@example.com"]
    assert "Mei invites you to Creator Desk." in mail.body
    assert created.link in mail.body
    assert "for 7 days" in mail.body


@pytest.mark.parametrize(
    ("first", "code"), [(lambda a: make_user(email="new@example.com"), "email_taken"), (invited, "invitation_open")]
)
def test_invitation_create_refuses(first, code):
    admin = make_user("admin")
    first(admin)
    values = {"email": "New@example.com", "role": "seller", "shops": [], "language": "en", "by": admin, "link": link}
    assert code_of(services.invitation_create, **values) == code


def test_invitation_create_refuses_an_unknown_role():
    values = {"email": "n@example.com", "role": "king", "shops": [], "language": "en", "link": link}
    assert code_of(services.invitation_create, by=make_user("admin"), **values) == "role_unknown"


def test_invitation_accept_once():
    admin = make_user("admin")
    created = invited(admin, shops=[make_shop()])
    user = services.invitation_accept(secret=secret_of(created), name="Nova", password=PASSWORD)
    assert user.memberships.get().added_by == admin
    again = {"secret": secret_of(created), "name": "Nova", "password": PASSWORD}
    assert code_of(services.invitation_accept, **again) == "invitation_unusable"


def test_invitation_accept_refuses_an_expired_one():
    created = invited(make_user("admin"))
    Invitation.objects.update(expires_at=timezone.now())
    values = {"secret": secret_of(created), "name": "Nova", "password": PASSWORD}
    assert code_of(services.invitation_accept, **values) == "invitation_unusable"


def test_invitation_accept_refuses_an_address_taken_meanwhile():
    created = invited(make_user("admin"))
    make_user(email="new@example.com")
    values = {"secret": secret_of(created), "name": "Nova", "password": PASSWORD}
    assert code_of(services.invitation_accept, **values) == "email_taken"


def test_invitation_revoke_once_and_for_all():
    admin = make_user("admin")
    created = invited(admin)
    services.invitation_revoke(invitation=created.invitation, by=admin)
    assert code_of(services.invitation_revoke, invitation=created.invitation, by=admin) == "invitation_closed"
    invited(admin)


def test_token_create_stores_only_a_digest():
    user = make_user()
    created = services.token_create(user=user, name="Sheet", by=user, expires_days=30)
    assert created.secret.startswith("cd_")
    assert len(created.secret) == 43
    assert created.secret.startswith(created.token.prefix)
    assert created.secret not in str(ApiToken.objects.get().__dict__)
    assert (created.token.expires_at - created.token.created_at).days == 30


def test_token_create_refuses_no_days_and_closed_accounts():
    user = make_user()
    assert code_of(services.token_create, user=user, name="Sheet", by=user, expires_days=0) == "token_days"
    closed = make_user(is_active=False)
    assert code_of(services.token_create, user=closed, name="Sheet", by=None) == "user_inactive"


def test_token_revoke_twice_keeps_the_first_instant():
    user = make_user()
    token = services.token_create(user=user, name="Sheet", by=user).token
    first = services.token_revoke(token=token, by=user).revoked_at
    assert services.token_revoke(token=token, by=user).revoked_at == first


def test_token_used_is_written_once_a_minute():
    user = make_user()
    token = services.token_create(user=user, name="Sheet", by=user).token
    services.token_used(token=token)
    first = ApiToken.objects.get().last_used_at
    services.token_used(token=token)
    assert ApiToken.objects.get().last_used_at == first
    ApiToken.objects.update(last_used_at=first - timedelta(seconds=61))
    services.token_used(token=token)
    assert ApiToken.objects.get().last_used_at > first
