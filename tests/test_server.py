"""The one command that serves the site: what it refuses, and what it tells the server."""

import socket

import pytest

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
