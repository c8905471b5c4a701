"""Addresses of people and shops, and the pages of django-allauth without sign-up."""

from allauth.account import views as allauth_views
from django.urls import URLPattern, URLResolver, include, path, re_path

from accounts.views import people, profile, shops

account_urls: list[URLPattern | URLResolver] = [
    path("login/", allauth_views.login, name="account_login"),
    path("logout/", allauth_views.logout, name="account_logout"),
    path("inactive/", allauth_views.account_inactive, name="account_inactive"),
    path("reauthenticate/", allauth_views.reauthenticate, name="account_reauthenticate"),
    path("password/change/", allauth_views.password_change, name="account_change_password"),
    path("password/set/", allauth_views.password_set, name="account_set_password"),
    path("password/reset/", allauth_views.password_reset, name="account_reset_password"),
    path("password/reset/done/", allauth_views.password_reset_done, name="account_reset_password_done"),
    re_path(
        r"^password/reset/key/(?P<uidb36>[0-9A-Za-z]+)-(?P<key>.+)/$",
        allauth_views.password_reset_from_key,
        name="account_reset_password_from_key",
    ),
    path(
        "password/reset/key/done/",
        allauth_views.password_reset_from_key_done,
        name="account_reset_password_from_key_done",
    ),
    path("two-factor/", include("allauth.mfa.urls")),
]

urlpatterns: list[URLPattern | URLResolver] = [
    path("account/", include(account_urls)),
    path("people/", people.people_list, name="people_list"),
    path("people/<int:pk>/", people.person_edit, name="person_edit"),
    path("people/invite/", people.invitation_create, name="invitation_create"),
    path("people/invitations/<int:pk>/revoke/", people.invitation_revoke, name="invitation_revoke"),
    path("invitation/<str:secret>/", people.invitation_accept, name="invitation_accept"),
    path("shops/", shops.shop_list, name="shop_list"),
    path("shops/new/", shops.shop_create, name="shop_create"),
    path("shops/<int:pk>/", shops.shop_edit, name="shop_edit"),
    path("shops/<int:pk>/members/", shops.membership_add, name="membership_add"),
    path("shops/<int:pk>/members/<int:user_pk>/remove/", shops.membership_remove, name="membership_remove"),
    path("profile/", profile.profile, name="profile"),
    path("profile/tokens/new/", profile.token_create, name="token_create"),
    path("profile/tokens/<int:pk>/revoke/", profile.token_revoke, name="token_revoke"),
    path("language/", profile.language_set, name="language_set"),
]
