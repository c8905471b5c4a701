from uuid import uuid4

from django.core.cache import cache

from violations.services.limits import attempt_count


def test_attempts_are_counted_up_to_the_limit():
    key = uuid4().hex

    assert [attempt_count(key=key, most=2, seconds=60) for _ in range(4)] == [True, True, False, False]


def test_other_keys_count_for_themselves():
    first, second = uuid4().hex, uuid4().hex
    attempt_count(key=first, most=1, seconds=60)

    assert attempt_count(key=second, most=1, seconds=60)


def test_a_window_that_is_over_begins_anew():
    key = uuid4().hex
    attempt_count(key=key, most=1, seconds=60)
    cache.delete(f"attempts:{key}")

    assert attempt_count(key=key, most=1, seconds=60)


def test_a_window_that_ends_between_two_steps_counts_the_attempt(monkeypatch):
    key = uuid4().hex
    # The entry is gone before it is counted up.
    with monkeypatch.context() as patch:
        patch.setattr(cache, "add", lambda *arguments: False)
        assert attempt_count(key=key, most=1, seconds=60)


def test_the_window_has_an_end():
    key = uuid4().hex
    attempt_count(key=key, most=1, seconds=60)

    name = cache.make_key(f"attempts:{key}")
    assert 0 < cache._cache.get_client().ttl(name) <= 60
