import pytest
from django.db import OperationalError, connection
from django.db.migrations.recorder import MigrationRecorder
from django.test import Client
from pytest_django import Settings

pytestmark = pytest.mark.django_db


def test_live_answers_without_the_database(client: Client, django_assert_num_queries) -> None:
    with django_assert_num_queries(0):
        response = client.get("/healthz")
    assert response.status_code == 200
    assert response.content == b"ok"


def test_ready_when_everything_works(client: Client) -> None:
    response = client.get("/readyz")
    assert response.status_code == 200
    assert response.json() == {"database": "ok", "migrations": "ok", "cache": "ok"}
    assert "no-cache" in response["Cache-Control"]


def test_ready_counts_migrations_that_wait(client: Client) -> None:
    MigrationRecorder(connection).record_unapplied("sessions", "0001_initial")
    response = client.get("/readyz")
    assert response.status_code == 503
    assert response.json()["migrations"] == "1 not applied"


def test_ready_says_that_the_cache_is_down(client: Client, settings, tmp_path) -> None:
    settings.CACHES = {
        "default": {
            "BACKEND": "django.core.cache.backends.redis.RedisCache",
            "LOCATION": f"unix://{tmp_path}/nobody.sock",
        }
    }
    response = client.get("/readyz")
    assert response.status_code == 503
    assert response.json() == {"database": "ok", "migrations": "ok", "cache": "does not answer"}


def test_ready_says_that_the_database_is_down(client: Client, monkeypatch) -> None:
    def refuse(*_: object) -> None:
        raise OperationalError("connection to 10.0.0.7 refused")

    monkeypatch.setattr(connection, "ensure_connection", refuse)
    response = client.get("/readyz")
    assert response.status_code == 503
    assert response.json()["database"] == "does not answer"
    assert "10.0.0.7" not in response.content.decode()


@pytest.mark.parametrize("path", ["/healthz", "/readyz"])
def test_health_takes_no_post(client: Client, path: str) -> None:
    assert client.post(path).status_code == 405


def test_counters_need_the_token(client: Client, settings: Settings) -> None:
    settings.METRICS_TOKEN = "count-me-in"
    assert client.get("/prometheus", headers={"Authorization": "Bearer wrong"}).status_code == 404
    answer = client.get("/prometheus", headers={"Authorization": "Bearer count-me-in"})
    assert (answer.status_code, b"django_http_requests_total" in answer.content) == (200, True)
