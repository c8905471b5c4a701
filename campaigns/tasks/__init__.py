"""Tasks by noun; Celery finds them here."""

from campaigns.tasks import collaborations as collaborations
from campaigns.tasks import contents as contents
from campaigns.tasks import outreach as outreach
from campaigns.tasks import products as products
from campaigns.tasks import samples as samples
from campaigns.tasks import settlements as settlements
