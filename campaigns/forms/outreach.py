"""Forms of outreach: a message, a reply, reminders, templates, limits, and who wants no contact."""

from typing import Any

from django import forms
from django.utils.translation import get_language_info
from django.utils.translation import gettext_lazy as _

from accounts.models import Shop, User
from campaigns.models import QuotaTier
from campaigns.rules.variables import LANGUAGES, VARIABLES, unknown_variables
from campaigns.states.outreach import Channel, TemplateStage
from creators.selectors.shortlists import shops_of
from violations.forms.appeals import EvidenceForm
from violations.forms.blacklist import day_field, text_field

BODY_MAX = 10_000
OWN, PLAN, NAMED = "own", "plan", "name:"


def language_name(code: str) -> str:
    """A language in its own words, such as Tiếng Việt."""
    try:
        return str(get_language_info(code)["name_local"])
    except KeyError:
        return {"fil": "Filipino", "ms": "Bahasa Melayu"}.get(code, code)


def _body(label: Any, *, required: bool = True, help_text: Any = "", rows: int = 6) -> forms.CharField:
    widget = forms.Textarea(attrs={"rows": rows})
    return forms.CharField(label=label, max_length=BODY_MAX, required=required, widget=widget, help_text=help_text)


def _known() -> str:
    return " ".join(f"{{{name}}}" for name in VARIABLES)


class MessageForm(EvidenceForm):
    """One message to the creator of a conversation."""

    channel = forms.ChoiceField(
        label=_("Through"),
        choices=[(Channel.MAIL, _("E-mail, sent from here")), (Channel.CHAT, _("TikTok chat, sent by you")),
                 (Channel.OTHER, _("Another way, sent by you"))],
    )  # fmt: skip
    address = forms.EmailField(label=_("E-mail address"), required=False, max_length=254)
    subject = forms.CharField(label=_("Subject"), required=False, max_length=200, help_text=_("For an e-mail."))
    body = _body(_("Text"))
    field_order = ("channel", "address", "subject", "body", "evidence")

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["evidence"].label = _("Files")


class ReplyForm(EvidenceForm):
    """What the creator wrote somewhere else."""

    body = _body(_("What the creator wrote"), required=False, rows=3)
    channel = forms.ChoiceField(label=_("Through"), choices=Channel, initial=Channel.CHAT)
    received_at = forms.DateTimeField(
        label=_("When"), widget=forms.DateTimeInput(format="%Y-%m-%dT%H:%M", attrs={"type": "datetime-local"})
    )
    field_order = ("body", "channel", "received_at", "evidence")

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["evidence"].label = _("Files")


class ReminderForm(forms.Form):
    due_on = day_field(_("Remind me on"), "")
    note = forms.CharField(label=_("Note"), required=False, max_length=300)

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["due_on"].required = True


class EscalationForm(forms.Form):
    note = forms.CharField(
        label=_("What to tell them"), required=False, max_length=300, widget=forms.Textarea(attrs={"rows": 2})
    )


class ComposeForm(forms.Form):
    """A text for one or many creators: a template, the plan's invitation, or one's own words."""

    text = forms.ChoiceField(label=_("Text"))
    stage = forms.ChoiceField(label=_("Purpose"), choices=TemplateStage)
    channel = forms.ChoiceField(
        label=_("Through"), choices=[(Channel.MAIL, _("E-mail")), (Channel.CHAT, _("TikTok chat: copy and mark sent"))]
    )
    subject = forms.CharField(label=_("Subject"), required=False, max_length=200)
    body = _body(_("Your text"), required=False)

    def __init__(self, *args: Any, texts: list[tuple[str, Any]], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        choice: Any = self.fields["text"]
        choice.choices = texts
        self.fields["body"].help_text = _("Filled for each creator: %(names)s") % {"names": _known()}

    def clean_body(self) -> str:
        body: str = self.cleaned_data["body"]
        if unknown := unknown_variables(body):
            raise forms.ValidationError(_("Nothing fills {%(name)s}.") % {"name": unknown[0]})
        return body


class TemplateForm(forms.Form):
    """A text in one language; the same name in another language is its translation."""

    shop = forms.ModelChoiceField(label=_("Shop"), queryset=Shop.objects.none(), empty_label=None)
    name = forms.CharField(
        label=_("Name"), max_length=120, help_text=_("The same name in another language is its translation.")
    )
    stage = forms.ChoiceField(label=_("For"), choices=TemplateStage)
    language = forms.ChoiceField(label=_("Language"))
    subject = forms.CharField(label=_("Subject"), required=False, max_length=200, help_text=_("For an e-mail."))
    body = _body(_("Text"), rows=10)

    def __init__(self, *args: Any, user: User, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        shop: Any = self.fields["shop"]
        shop.queryset = shops_of(user)
        language: Any = self.fields["language"]
        language.choices = [(code, language_name(code)) for code in LANGUAGES]
        self.fields["body"].help_text = _("Filled for each creator: %(names)s") % {"names": _known()}


class LimitsForm(forms.Form):
    """Tier and days of a shop."""

    tier = forms.ModelChoiceField(
        label=_("Quota tier"), queryset=QuotaTier.objects.all(), required=False, empty_label=_("none: unmetered"),
        help_text=_("As Seller Center shows it for the shop."),
    )  # fmt: skip
    cool_down_days = forms.IntegerField(
        label=_("Cool-down in days"), min_value=0, max_value=365,
        help_text=_("After a contact by any shop without a reply."),
    )  # fmt: skip
    reply_days = forms.IntegerField(
        label=_("Days to reply"), min_value=1, max_value=90, help_text=_("An invitation without an answer expires.")
    )
    remind_days = forms.IntegerField(
        label=_("Remind after days"), min_value=1, max_value=90,
        help_text=_("After twice as many, the account managers of the shop are told."),
    )  # fmt: skip


class TierForm(forms.Form):
    """A tier of the platform's weekly quota."""

    name = forms.CharField(label=_("Name"), max_length=60)
    weekly_limit = forms.IntegerField(
        label=_("New creators a week"), required=False, min_value=0, max_value=1_000_000,
        help_text=_("Empty: unmetered."),
    )  # fmt: skip
    max_followers = forms.IntegerField(
        label=_("Followers below"), required=False, min_value=1, max_value=2_000_000_000, help_text=_("Empty: any.")
    )
    gmv_from_usd = forms.DecimalField(
        label=_("GMV from, in US dollars"), required=False, min_value=0, max_digits=18, decimal_places=2,
        help_text=_("Of the past 30 days; only to recognise the tier by."),
    )  # fmt: skip


class UnwantedForm(forms.Form):
    """Whose list, and why."""

    creator = forms.CharField(
        label=_("Handle"), max_length=200, help_text=_("Other accounts of the same person are covered too.")
    )
    shop = forms.ChoiceField(label=_("Who writes no more"))
    reason = text_field(_("Reason"))

    def __init__(self, *args: Any, user: User, for_all: bool, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.shops = {str(shop.pk): shop for shop in shops_of(user)}
        shared = [("all", _("The whole organisation"))] if for_all else []
        shop: Any = self.fields["shop"]
        shop.choices = [*((key, one.name) for key, one in self.shops.items()), *shared]

    def clean_shop(self) -> Shop | None:
        """The shop whose entry it is; None is the organisation's."""
        return self.shops.get(self.cleaned_data["shop"])


class UnwantedRemovalForm(forms.Form):
    reason = text_field(_("Why it may be written to again"))
