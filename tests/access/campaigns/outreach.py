"""Addresses of outreach; `world()` makes the rows that they need."""

from typing import Any

from django.utils import timezone

from campaigns.models import MessageFile, QuotaTier
from campaigns.services.do_not_contact import do_not_contact_add
from campaigns.services.messages import message_send
from campaigns.services.templates import template_save
from tests.access.people import LISTING, STRANGE, Row, everybody, only, signed_in
from tests.factories import make_creator, make_file

SENDING = ("seller", "account_manager", "admin")
SETTING = ("account_manager", "admin")
SEEN = signed_in(200) | STRANGE
# A stranger holds the role and works for another shop.
ACT = only(*SENDING, status=422) | STRANGE
ASK = only(*SENDING) | STRANGE
API = signed_in(200, anonymous=401)

ROWS: list[Row] = [
    Row("conversation_list", get=signed_in(200), post=everybody(405)),
    Row("conversation_detail", ("conversation",), get=SEEN, post=everybody(405)),
    # Nobody is named.
    Row("conversation_open", get=everybody(405), post=only(*LISTING, status=404)),
    Row("message_create", ("conversation",), get=everybody(405), post=ACT),
    Row("reply_log", ("conversation",), get=everybody(405), post=ACT),
    Row("reminder_create", ("conversation",), get=everybody(405), post=ACT),
    Row("conversation_escalate", ("conversation",), get=everybody(405), post=only(*SENDING, status=302) | STRANGE),
    Row("reminder_finish", ("reminder",), get=everybody(405), post=only(*SENDING, status=302) | STRANGE),
    # The message was sent long ago.
    Row("message_confirm", ("message",), get=everybody(405), post=only(*SENDING, status=409) | STRANGE),
    Row("message_resend", ("message",), get=everybody(405), post=only(*SENDING, status=409) | STRANGE),
    Row("message_file", ("message_file",), get=SEEN),
    # Nobody is chosen.
    Row("message_compose", get=only(*LISTING, status=400), post=only(*LISTING, status=400)),
    Row("template_list", get=signed_in(200), post=everybody(405)),
    Row("template_create", get=only(*LISTING), post=only(*LISTING, status=422)),
    Row("template_edit", ("template",), get=ASK, post=ACT),
    Row("template_archive", ("template",), get=ASK, post=only(*SENDING, status=302) | STRANGE),
    Row("outreach_limits", get=signed_in(200), post=everybody(405)),
    Row("outreach_limits_edit", ("shop",), get=only(*SETTING), post=only(*SETTING, status=422)),
    Row("tier_create", get=only(*SETTING), post=only(*SETTING, status=422)),
    Row("tier_edit", ("tier",), get=only(*SETTING), post=only(*SETTING, status=422)),
    Row("tier_remove", ("tier",), get=only(*SETTING), post=only(*SETTING, status=302)),
    Row("do_not_contact_list", get=signed_in(200), post=everybody(405)),
    Row("do_not_contact_create", get=only(*LISTING), post=only(*LISTING, status=422)),
    Row("do_not_contact_remove", ("unwanted",), get=ASK, post=ACT),
    Row("api_conversation-list", get=API),
    Row("api_conversation-detail", ("conversation",), get=API | STRANGE),
    Row("api_conversation-messages", ("conversation",), get=API | STRANGE),
    Row("api_conversation-replies", ("conversation",), post=only(*LISTING, status=400, anonymous=401)),
    Row("api_message-list", post=only(*LISTING, status=400, anonymous=401)),
    Row("api_template-list", get=API, post=only(*LISTING, status=400, anonymous=401)),
    Row("api_template-detail", ("template",), delete=only(*SENDING, status=204, anonymous=401) | STRANGE),
    Row("api_do_not_contact-list", get=API, post=only(*LISTING, status=400, anonymous=401)),
    Row("api_do_not_contact-removal", ("unwanted",), post=only(*SENDING, status=400, anonymous=401) | STRANGE),
]


def world(**known: Any) -> dict[str, Any]:
    """`known`: people, shop, creator, product, plan, collaboration (accepted) of the world."""
    seller, shop, now = known["people"]["seller"], known["shop"], timezone.now()
    common = {"by": seller, "at": now}
    message = message_send(shop=shop, creator=known["creator"], channel="chat", body="Hello", **common)
    file = MessageFile.objects.create(message=message, file=make_file(seller))
    template = template_save(
        shop=shop, name="First contact", stage="invitation", language="en", body="Hi {creator}", **common
    )
    return {
        "conversation": message.conversation,
        "message": message,
        "message_file": file,
        "reminder": message.reminders.get(),
        "template": template,
        "tier": QuotaTier.objects.create(name="Tier 1", weekly_limit=50),
        "unwanted": do_not_contact_add(creator=make_creator("dew_point"), shop=shop, reason="Asked us.", **common),
    }
