"""The test session itself: each test process talks to servers of its own."""

import os
from urllib.parse import parse_qs, urlsplit

import pytest
from django.conf import settings
from django.db import connection

from config import embedded


def test_settings_use_the_databases_of_this_process() -> None:
    number = int(parse_qs(urlsplit(os.environ["REDIS_URL"]).query)["db"][0])
    assert os.environ["REDIS_URL"] == settings.REDIS_URL
    assert settings.CELERY_BROKER_URL.endswith(f"virtual_host={number + 1}")


@pytest.mark.django_db
def test_database_is_a_test_database_of_the_test_cluster() -> None:
    assert connection.settings_dict["NAME"].startswith("test_creator_desk_")
    assert connection.settings_dict["HOST"] == str(embedded.socket_dir())
    assert embedded.local_dir().name == "test"
