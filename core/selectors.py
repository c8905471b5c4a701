"""Reads that belong to no model: whether the parts that the product stands on work."""

from django.core.cache import cache
from django.db import DatabaseError, connection
from django.db.migrations.executor import MigrationExecutor
from redis import RedisError


def readiness() -> dict[str, str]:
    """The state of database, migrations and cache by name: "ok", or what is wrong. Names no host and no secret."""
    return {**_database_state(), "cache": _cache_state()}


def _database_state() -> dict[str, str]:
    try:
        connection.ensure_connection()
        executor = MigrationExecutor(connection)
        waiting = executor.migration_plan(executor.loader.graph.leaf_nodes())
    except DatabaseError:
        return {"database": "does not answer", "migrations": "unknown"}
    return {"database": "ok", "migrations": f"{len(waiting)} not applied" if waiting else "ok"}


def _cache_state() -> str:
    try:
        cache.set("readyz", 1, 10)
    except (RedisError, OSError):
        return "does not answer"
    return "ok"
