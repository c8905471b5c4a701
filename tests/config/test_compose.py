"""The deployment files: nothing here can build an image, so the files are held to their promises."""

import re
from pathlib import Path
from typing import Any

import pytest
import yaml

ROOT = Path(__file__).resolve().parent.parent.parent
COMPOSE = ROOT / "docker-compose.yml"
SERVICES = {"postgres", "valkey", "migrate", "web", "worker", "beat"}
SECRETS = ("SECRET_KEY", "POSTGRES_PASSWORD")
# Keys of the Compose specification that we use; a misspelt one would be refused at the deployment.
SERVICE_KEYS = {
    *("build", "command", "depends_on", "environment", "healthcheck", "image", "logging"),
    *("ports", "restart", "shm_size", "stop_grace_period", "volumes"),
}
HEALTH_KEYS = {"test", "interval", "timeout", "retries", "start_period"}


@pytest.fixture(scope="module")
def compose() -> dict[str, Any]:
    return dict(yaml.safe_load(COMPOSE.read_text()))


def test_services_are_complete_and_spelt_right(compose: dict[str, Any]) -> None:
    assert set(compose["services"]) == SERVICES
    for service in compose["services"].values():
        assert set(service) <= SERVICE_KEYS
        assert set(service.get("healthcheck", {})) <= HEALTH_KEYS


@pytest.mark.parametrize("name", sorted(SERVICES - {"migrate"}))
def test_running_service_restarts_and_has_a_health_check(compose: dict[str, Any], name: str) -> None:
    service = compose["services"][name]
    assert service["restart"] == "unless-stopped"
    assert service["healthcheck"]["test"][0] in {"CMD", "CMD-SHELL"}


@pytest.mark.parametrize("name", ["web", "worker", "beat"])
def test_app_waits_for_the_migration(compose: dict[str, Any], name: str) -> None:
    assert compose["services"][name]["depends_on"]["migrate"] == {"condition": "service_completed_successfully"}


def test_migration_runs_once(compose: dict[str, Any]) -> None:
    assert compose["services"]["migrate"]["restart"] == "no"
    assert "migrate" not in compose["services"]["migrate"]["depends_on"]


def test_secrets_have_no_default() -> None:
    text = COMPOSE.read_text()
    for name in SECRETS:
        uses = re.findall(rf"\$\{{{name}([^}}]*)", text)
        assert uses, name
        assert all(use.startswith(":?") for use in uses), name


def test_every_variable_is_in_the_example() -> None:
    used = set(re.findall(r"\$\{(\w+)", COMPOSE.read_text()))
    example = (ROOT / ".env.example").read_text()
    assert used <= set(re.findall(r"^#?(\w+)=", example, re.MULTILINE))


def test_example_holds_no_secret() -> None:
    lines = (ROOT / ".env.example").read_text().splitlines()
    assert not [line for line in lines if line.startswith(tuple(f"{name}=" for name in SECRETS)) and line[-1] != "="]


def test_settings_read_what_the_deployment_sets(compose: dict[str, Any]) -> None:
    source = (ROOT / "config" / "settings.py").read_text() + (ROOT / "config/embedded/addresses.py").read_text()
    for name in compose["services"]["web"]["environment"]:
        assert f'"{name}"' in source, name


def test_volumes_are_declared(compose: dict[str, Any]) -> None:
    mounts = [mount for service in compose["services"].values() for mount in service.get("volumes", [])]
    assert {mount.split(":")[0] for mount in mounts} == set(compose["volumes"]) == {"media", "pgdata", "valkey"}


def test_only_web_is_published_and_only_to_this_machine(compose: dict[str, Any]) -> None:
    published = {name: service["ports"] for name, service in compose["services"].items() if "ports" in service}
    assert published == {"web": ["${BIND:-127.0.0.1:8000}:8000"]}


def test_image_runs_as_nobody_special_with_pinned_libraries() -> None:
    lines = (ROOT / "Dockerfile").read_text().splitlines()
    users = [line for line in lines if line.startswith("USER ")]
    assert users == ["USER app"]
    assert lines.index("USER app") < next(n for n, line in enumerate(lines) if line.startswith("CMD "))
    assert any("--require-hashes" in line for line in lines)


@pytest.mark.parametrize("name", [".git", ".env", ".local", ".venv"])
def test_image_leaves_private_things_out(name: str) -> None:
    assert name in (ROOT / ".dockerignore").read_text().splitlines()
