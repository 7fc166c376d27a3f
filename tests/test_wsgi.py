import runpy
from io import BytesIO
from wsgiref.util import setup_testing_defaults

import pytest

from producerguide.security import HEADERS
from quiz import catalogue, stats


@pytest.fixture
def application(monkeypatch):
    monkeypatch.setenv("SERVING", "true")
    monkeypatch.setattr(stats.Shown, "refresh_for_ever", lambda shown, stopped: None)
    return runpy.run_module("producerguide.wsgi")["application"]


def get(application, path):
    environ, seen = {"PATH_INFO": path, "wsgi.input": BytesIO()}, {}
    setup_testing_defaults(environ)

    def start_response(status, headers, exc_info=None):
        seen.update(status=status, headers=dict(headers))

    body = application(environ, start_response)
    seen["body"] = b"".join(body)
    if hasattr(body, "close"):
        body.close()
    return seen


@pytest.mark.django_db
def test_files_are_served_for_ever_with_the_same_headers_as_pages(application):
    page = get(application, "/")
    path = page["body"].decode().split('rel="stylesheet" href="')[1].split('"')[0]
    found = get(application, path)
    assert found["status"] == "200 OK"
    assert "immutable" in found["headers"]["Cache-Control"]
    for name, value in HEADERS.items():
        assert found["headers"][name] == page["headers"][name] == value


def test_a_fault_in_the_content_stops_the_start_and_is_named(monkeypatch):
    def broken():
        raise catalogue.ContentError("skills.toml: daw.hours: Input should be a valid integer")

    monkeypatch.setattr(catalogue, "catalogue", broken)
    with pytest.raises(SystemExit, match=r"The content has faults:\nskills.toml: daw.hours"):
        runpy.run_module("producerguide.wsgi")
