"""The Celery app as it is configured: what the safety of jobs rests on."""

import subprocess

from django.conf import settings
from django.utils.module_loading import import_string

from config.celery import app


def test_worker_finds_the_tasks_of_every_app(celery_worker_process: subprocess.Popen[bytes]) -> None:
    registered = app.control.inspect(timeout=20, limit=1).registered()
    tasks = {task for names in registered.values() for task in names}
    assert {"core.tasks.jobs_wake", "core.tasks.files_sweep"} <= tasks


def test_messages_survive_the_death_of_their_worker() -> None:
    assert app.conf.task_acks_late
    assert app.conf.task_reject_on_worker_lost
    assert app.conf.worker_prefetch_multiplier == 1
    assert app.conf.broker_transport_options["visibility_timeout"] >= 3600


def test_scheduled_tasks_exist_and_expire_before_their_next_turn() -> None:
    for name, entry in settings.CELERY_BEAT_SCHEDULE.items():
        assert callable(import_string(entry["task"])), name
        assert entry["options"]["expires"] < entry["schedule"], name
