"""Addresses of core and accounts."""

from tests.access.people import (
    OWNED,
    OWNERS,
    Row,
    everybody,
    only,
    signed_in,
)

CORE = [
    Row("home", get=everybody(302)),
    Row("help_page", get=everybody(200)),
    Row("preference_set", post=everybody(302)),
    Row("health_live", get=everybody(200)),
    Row("health_ready", get=everybody(200)),
    # The job is the seller's, and so is its file.
    Row("job_detail", ("job",), get=signed_in(404) | OWNERS),
    Row("job_cancel", ("job",), post=signed_in(404) | OWNED),
    Row("file_download", ("file",), get=signed_in(404) | OWNERS),
    # For debug only.
    Row("gallery", get=everybody(404)),
    # Only with the token of the deployment.
    Row("prometheus_metrics", get=everybody(404)),
]
ACCOUNT = [
    Row("account_login", get=signed_in(302, anonymous=200), post=signed_in(302, anonymous=200)),
    Row("account_logout", get=signed_in(200), post=everybody(302)),
    Row("account_inactive", get=everybody(200)),
    Row("account_reauthenticate", get=signed_in(200), post=signed_in(200)),
    Row("account_change_password", get=signed_in(200)),
    # Only for those without a password.
    Row("account_set_password", get=signed_in(302)),
    Row("account_reset_password", get=everybody(200), post=everybody(200)),
    Row("account_reset_password_done", get=everybody(200)),
    Row("account_reset_password_from_key", ("uid", "secret"), get=everybody(200)),
    Row("account_reset_password_from_key_done", get=everybody(200)),
    Row("mfa_index", get=signed_in(200)),
    Row("mfa_authenticate", get=everybody(302)),
    Row("mfa_reauthenticate", get=signed_in(302)),
    Row("mfa_activate_totp", get=signed_in(302)),
    Row("mfa_deactivate_totp", get=signed_in(404)),
    Row("mfa_view_recovery_codes", get=signed_in(404)),
    Row("mfa_generate_recovery_codes", get=signed_in(302)),
    Row("mfa_download_recovery_codes", get=signed_in(404)),
    Row("mfa_list_webauthn", get=signed_in(200)),
    Row("mfa_add_webauthn", get=signed_in(302)),
    Row("mfa_reauthenticate_webauthn", get=signed_in(302)),
    Row("mfa_remove_webauthn", ("user",), get=signed_in(302)),
    Row("mfa_edit_webauthn", ("user",), get=signed_in(302)),
    Row("mfa_login_webauthn", get=everybody(302)),
]
PEOPLE = [
    Row("people_list", get=only("admin")),
    Row("person_edit", ("user",), get=only("admin"), post=only("admin")),
    Row("invitation_create", get=only("admin"), post=only("admin")),
    Row("invitation_revoke", ("invitation",), get=only("admin"), post=only("admin", status=302)),
    Row("invitation_accept", ("secret",), get=everybody(200), post=everybody(200)),
    Row("shop_list", get=only("admin")),
    Row("shop_create", get=only("admin"), post=only("admin")),
    Row("shop_edit", ("shop",), get=only("admin"), post=only("admin")),
    Row("membership_add", ("shop",), post=only("admin", status=302)),
    Row("membership_remove", ("shop", "user"), post=only("admin", status=302)),
    Row("profile", get=signed_in(200), post=signed_in(200)),
    Row("token_create", get=signed_in(200), post=signed_in(200)),
    # The token is the seller's.
    Row("token_revoke", ("token",), get=signed_in(404) | {"seller": 200}, post=signed_in(404) | {"seller": 302}),
    Row("language_set", post=everybody(302)),
]

ROWS = [*CORE, *ACCOUNT, *PEOPLE]
