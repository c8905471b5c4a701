"""Reads of notices: which of them nobody can be sure of, and where a creator is written to."""

from datetime import datetime, timedelta

from django.apps import apps

from accounts.models import Shop, User
from creators.models import Creator, CreatorContact
from violations.models import Notice
from violations.states import NoticeState

# A mail that has been going out for so long was cut off: nobody knows whether it went.
UNSURE_AFTER = timedelta(minutes=5)


def is_unsure(notice: Notice, *, at: datetime) -> bool:
    """Whether sending the mail began long ago and nobody knows how it ended."""
    if notice.state != NoticeState.SENDING:
        return False
    began = apps.get_model("violations", "NoticeEvent")._default_manager.filter(
        pgh_obj_id=notice.pk, state=NoticeState.SENDING
    )
    last = began.order_by("-pgh_id").values_list("pgh_created_at", flat=True).first()
    return last is None or last + UNSURE_AFTER <= at


def address_of(creator: Creator, *, shop: Shop | None, user: User) -> str:
    """The creator's mail address among the contacts of a shop that the user works for; "" when none is known."""
    if shop is None:
        return ""
    contacts = CreatorContact.objects.visible_to(user).filter(creator=creator, shop=shop)
    found = contacts.filter(kind=CreatorContact.Kind.EMAIL).order_by("-added_at", "-pk")
    return found.values_list("value", flat=True).first() or ""
