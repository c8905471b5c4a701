from wsgiref.util import setup_testing_defaults

import pytest


@pytest.mark.django_db
def test_application_answers() -> None:
    from config.wsgi import application

    environ: dict[str, object] = {}
    setup_testing_defaults(environ)
    environ |= {"PATH_INFO": "/healthz", "HTTP_HOST": "127.0.0.1"}
    statuses: list[str] = []
    body = application(environ, lambda status, _headers: statuses.append(status))
    assert statuses == ["200 OK"]
    assert b"".join(body) == b"ok"
