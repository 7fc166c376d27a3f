"""The one command that serves the site: what it refuses, and what it tells the server."""

import os
import socket
import subprocess
import sys

import pytest
from django.conf import settings

from producerguide import server


@pytest.fixture
def port(monkeypatch):
    with socket.create_server(("127.0.0.1", 0)) as taken:
        yield taken.getsockname()[1]


def test_it_serves_where_the_environment_says(monkeypatch, port):
    with socket.create_server(("127.0.0.1", 0)) as other:
        free = other.getsockname()[1]
    monkeypatch.setenv("PORT", str(free))
    monkeypatch.setenv("WORKERS", "2")
    found = server.server()
    assert (found.bind_addr, found.bind_port, found.workers) == ("127.0.0.1", free, 2)
    assert found.target == "producerguide.wsgi:application"


def test_a_port_that_is_taken_is_refused_with_a_way_out(monkeypatch, port):
    monkeypatch.setenv("PORT", str(port))
    with pytest.raises(SystemExit, match=rf"127.0.0.1:{port} cannot be used .* PORT=8001 names another"):
        server.server()


@pytest.mark.parametrize(("name", "value"), [("PORT", "http"), ("PORT", "70000"), ("WORKERS", "many")])
def test_what_is_no_number_is_refused(monkeypatch, name, value):
    monkeypatch.setenv(name, value)
    with pytest.raises(SystemExit, match=f"ProducerGuide cannot start. Bad environment: .*{name}"):
        server.server()


def test_in_the_server_a_write_waits_a_quarter_of_a_second_at_most():
    script = "import producerguide.wsgi; from django.conf import settings; print(settings.DATABASES['default']['OPTIONS']['timeout'])"
    environment = os.environ | {"DJANGO_SETTINGS_MODULE": "producerguide.settings"}
    environment |= {"STATIC_ROOT": settings.STATIC_ROOT, "DATABASE_URL": "sqlite:///nowhere.sqlite3"}
    done = subprocess.run([sys.executable, "-c", script], env=environment, capture_output=True, text=True, check=True)
    assert done.stdout.splitlines()[-1] == "0.25"
