"""Takes in one mail of a creator, as the pipe of a mail server gives it.

For Postfix, in /etc/aliases: `reply: "|/path/to/python manage.py receive_mail"`. Exit codes are those of sysexits.h:
0 filed (or an automatic answer, which is dropped), 65 no mail, 67 nobody's conversation, so that the server tells the
sender.
"""

import sys
from typing import Any

from django.core.management.base import BaseCommand
from django.utils import timezone

from campaigns.services.inbound import mail_receive
from core.errors import DomainError

CODES = {"mail_automatic": 0, "mail_unreadable": 65, "mail_unknown": 67, "mail_ambiguous": 67}
MAX_BYTES = 60 * 1024 * 1024
TOO_LARGE = 65


class Command(BaseCommand):
    help = "Read one mail (RFC 822) from standard input and file it into the conversation that it answers."

    def handle(self, *args: Any, **options: Any) -> None:
        raw = sys.stdin.buffer.read(MAX_BYTES + 1)
        if len(raw) > MAX_BYTES:
            self.stderr.write("The mail is larger than 60 MB.")
            sys.exit(TOO_LARGE)
        try:
            message = mail_receive(raw=raw, at=timezone.now())
        except DomainError as error:
            self.stderr.write(str(error.message))
            sys.exit(CODES.get(error.code, 70))
        self.stdout.write(f"Filed as message {message.pk} of conversation {message.conversation_id}.")
