"""Forms of people, shops and tokens: shape only, the services decide."""

import zoneinfo
from typing import Any

from django import forms
from django.conf import settings
from django.core.validators import RegexValidator
from django.utils.translation import gettext_lazy as _

from accounts.models import Shop, User
from accounts.states import RoleCode

TOKEN_DAYS = (("30", _("30 days")), ("90", _("90 days")), ("365", _("1 year")), ("", _("Never")))


def time_zone_choices() -> list[tuple[str, str]]:
    """UTC and the zones that are named by a place."""
    zones = sorted(zone for zone in zoneinfo.available_timezones() if "/" in zone and not zone.startswith("Etc/"))
    return [("UTC", "UTC"), *((zone, zone.replace("_", " ")) for zone in zones)]


class PersonForm(forms.Form):
    name = forms.CharField(label=_("Name"), max_length=120)
    role = forms.ChoiceField(label=_("Role"), choices=RoleCode.choices)
    is_active = forms.BooleanField(label=_("May sign in"), required=False)


class InvitationForm(forms.Form):
    email = forms.EmailField(label=_("E-mail"), max_length=254)
    role = forms.ChoiceField(label=_("Role"), choices=RoleCode.choices, initial=RoleCode.SELLER)
    shops = forms.ModelMultipleChoiceField(
        Shop.objects.none(),
        label=_("Shops"),
        required=False,
        widget=forms.SelectMultiple(attrs={"data-tom-select": ""}),
        help_text=_("The shops that the person works for. An admin sees every shop."),
    )
    language = forms.ChoiceField(label=_("Language of the mail"), choices=settings.LANGUAGES)

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        shops: forms.ModelMultipleChoiceField[Shop] = self.fields["shops"]  # type: ignore[assignment]
        shops.queryset = Shop.objects.active().order_by("name")


class InvitationAcceptForm(forms.Form):
    name = forms.CharField(label=_("Name"), max_length=120, widget=forms.TextInput(attrs={"autocomplete": "name"}))
    password = forms.CharField(
        label=_("Password"),
        strip=False,
        widget=forms.PasswordInput(attrs={"autocomplete": "new-password"}),
        help_text=_("At least 10 characters, not only digits, and no common password."),
    )


class ShopForm(forms.Form):
    name = forms.CharField(label=_("Name"), max_length=120)
    market_code = forms.CharField(
        label=_("Market"),
        max_length=2,
        validators=[RegexValidator(r"^[A-Z]{2}$", _("Write the two letters of the country, such as US."))],
        help_text=_("The country that the shop sells in, in two letters: US, GB, VN."),
    )
    time_zone = forms.ChoiceField(
        label=_("Time zone"),
        choices=time_zone_choices,
        initial="UTC",
        widget=forms.Select(attrs={"data-tom-select": ""}),
    )

    def __init__(self, data: Any = None, **kwargs: Any) -> None:
        if data is not None:
            data = data.copy()
            data["market_code"] = data.get("market_code", "").strip().upper()
        super().__init__(data, **kwargs)


class ShopEditForm(ShopForm):
    is_active = forms.BooleanField(label=_("Active"), required=False)


class MemberForm(forms.Form):
    user = forms.ModelChoiceField(User.objects.none(), label=_("Person"), empty_label=_("Choose a person"))

    def __init__(self, *args: Any, shop: Shop, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        person: forms.ModelChoiceField[User] = self.fields["user"]  # type: ignore[assignment]
        person.queryset = User.objects.active().exclude(memberships__shop=shop).order_by("name", "email")


class ProfileForm(forms.Form):
    name = forms.CharField(label=_("Name"), max_length=120)


class TokenForm(forms.Form):
    name = forms.CharField(
        label=_("Name"), max_length=80, help_text=_("What it is for, so that it can be told from others.")
    )
    expires_days = forms.TypedChoiceField(
        label=_("Expires after"), choices=TOKEN_DAYS, coerce=int, empty_value=None, required=False, initial="90"
    )
