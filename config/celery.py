"""The Celery app; its settings are the CELERY_ ones of config/settings.py."""

import os

from celery import Celery
from celery.signals import beat_init, worker_init, worker_ready

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "config.settings")

app = Celery("config")
app.config_from_object("django.conf:settings", namespace="CELERY")
app.autodiscover_tasks()


@worker_init.connect
@beat_init.connect
def servers_ensure(**_: object) -> None:
    """A worker or beat started by hand finds the embedded servers running."""
    from config import embedded

    embedded.ensure()


@worker_ready.connect
def standings_sweep(**_: object) -> None:
    """What ended while no worker ran is published at once, not at the next turn."""
    app.send_task("violations.tasks.standings_sweep_task", expires=290)
