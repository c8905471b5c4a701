"""Work in processes of its own; nothing here imports a model, because a new process has no Django yet."""

import os
from concurrent.futures import ProcessPoolExecutor
from multiprocessing import get_context

import django
from django.conf import settings


def process_pool(count: int) -> ProcessPoolExecutor:
    """A pool of processes with Django set up, spawned: a fork would share this process's threads and connection."""
    start = (settings.SETTINGS_MODULE,)
    return ProcessPoolExecutor(count, mp_context=get_context("spawn"), initializer=django_start, initargs=start)


def django_start(settings_module: str) -> None:
    """Set Django up in a new process with the settings of its parent."""
    os.environ["DJANGO_SETTINGS_MODULE"] = settings_module
    django.setup()
