"""How often something may be tried, counted in the cache."""

from django.core.cache import cache


def attempt_count(*, key: str, most: int, seconds: int) -> bool:
    """Count one attempt; True while no more than `most` were made since the first one, `seconds` ago at most."""
    name = f"attempts:{key}"
    cache.add(name, 0, seconds)
    try:
        return cache.incr(name) <= most
    except ValueError:
        # The window ended between the two calls: this attempt is the first of the next one.
        cache.add(name, 1, seconds)
        return True
