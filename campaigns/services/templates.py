"""Templates of messages: a text of a shop in one language for one stage."""

from datetime import datetime

import pghistory
from django.db import IntegrityError, transaction
from django.utils.translation import gettext as _

from accounts.models import Shop, User
from campaigns.models import MessageTemplate
from campaigns.rules.variables import LANGUAGES, VARIABLES, unknown_variables
from campaigns.services.conversations import check_member
from campaigns.states.outreach import TemplateStage
from core.errors import DomainError


@transaction.atomic
def template_save(
    *,
    shop: Shop,
    name: str,
    stage: str,
    language: str,
    body: str,
    by: User,
    at: datetime,
    subject: str = "",
    template: MessageTemplate | None = None,
) -> MessageTemplate:
    """Write a new template, or change `template`. The same name in several languages is one text in translations.

    Raises DomainError `stage_unknown`, `language_unknown`, `body_missing`, `variable_unknown`, `template_name_taken`,
    `template_archived` (409), `not_member` (403).
    """
    check_member(shop=shop, by=by)
    _check(stage, language, subject, body)
    held = MessageTemplate(shop=shop, created_by=by, created_at=at)
    if template is not None:
        held = _held(template)
    held.name, held.stage, held.language = " ".join(name.split()), stage, language
    held.subject, held.body = " ".join(subject.split()), body.strip()
    try:
        with transaction.atomic(), pghistory.context(user=by.pk):
            held.save()
    except IntegrityError as error:
        text = _("The shop has a template of this name in this language.")
        raise DomainError("template_name_taken", text, fields={"name": text}) from error
    return held


@transaction.atomic
def template_archive(*, template: MessageTemplate, by: User, at: datetime) -> MessageTemplate:
    """Take a template out of use; messages written with it stay. Raises DomainError `template_archived` (409)."""
    check_member(shop=template.shop, by=by)
    held = _held(template)
    held.archived_at = at
    with pghistory.context(user=by.pk):
        held.save(update_fields=["archived_at"])
    return held


def _held(template: MessageTemplate) -> MessageTemplate:
    held = MessageTemplate.objects.select_for_update().get(pk=template.pk)
    if held.archived_at is not None:
        raise DomainError("template_archived", _("This template was taken out of use. Write a new one."), status=409)
    return held


def _check(stage: str, language: str, subject: str, body: str) -> None:
    if stage not in TemplateStage.values:
        raise _refusal("stage_unknown", "stage", _("Choose a stage of the list."))
    if language not in LANGUAGES:
        raise _refusal("language_unknown", "language", _("Choose a language of the list."))
    if not body.strip():
        raise _refusal("body_missing", "body", _("Write a text."))
    for field, text in (("subject", subject), ("body", body)):
        if unknown := unknown_variables(text):
            known = ", ".join(f"{{{name}}}" for name in VARIABLES)
            message = _("Nothing fills {%(name)s}. These are known: %(known)s.")
            raise _refusal("variable_unknown", field, message % {"name": unknown[0], "known": known})


def _refusal(code: str, field: str, text: str) -> DomainError:
    return DomainError(code, text, fields={field: text})
