"""Tasks by noun; Celery finds them here."""

from campaigns.tasks import contents as contents
from campaigns.tasks import products as products
from campaigns.tasks import samples as samples
from campaigns.tasks.outreach import message_deliver_task, messages_wake_task, reminders_escalate_task
