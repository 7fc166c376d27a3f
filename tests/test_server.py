"""The one command that serves the site: what it refuses, and what it tells the server."""

import os
import platform
import signal
import socket
import subprocess
import sys
from contextlib import contextmanager, nullcontext
from itertools import pairwise
from pathlib import Path
from threading import Event, Thread
from types import SimpleNamespace
from urllib.request import urlopen

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


def test_an_address_of_ipv6_is_tried_as_one(monkeypatch):
    families = []
    monkeypatch.setattr(
        server.socket, "create_server", lambda address, *, family: families.append(family) or nullcontext()
    )
    for host in ("::1", "127.0.0.1"):
        server.refuse_a_taken_port(host, 8000)
    assert families == [socket.AF_INET6, socket.AF_INET]


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


ARENA = 64 * 1024 * 1024  # what glibc reserves for each but the first
# What hangs is killed by the main process after ten seconds, which says so; a busy machine may need longer than that to end.
SOON = 60


@contextmanager
def running(folder, static_root, **environment):
    """The command in a process group of its own, as a terminal has it; whatever it says can be read in order."""
    with socket.create_server(("127.0.0.1", 0)) as other:
        free = other.getsockname()[1]
    environment = os.environ | {"PORT": str(free), "STATIC_ROOT": str(static_root)} | environment
    environment |= {"DATABASE_URL": f"sqlite:///{folder}/site.sqlite3"}
    command = [sys.executable, "-m", "producerguide.server"]
    with subprocess.Popen(
        command,
        cwd=settings.BASE_DIR,
        env=environment,
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        text=True,
        process_group=0,
    ) as process:
        try:
            yield process, f"http://127.0.0.1:{free}"
        finally:
            if process.poll() is None:
                os.killpg(process.pid, signal.SIGKILL)


def until_it_serves(process):
    return next(line for line in process.stdout if line.startswith("Serving"))


def stop(process, *signals):
    """Send them to the whole group, as a terminal does; what was said since."""
    for number in signals:
        os.killpg(process.pid, number)
    return process.communicate(timeout=SOON)[0]


@pytest.fixture(scope="module")
def serving(tmp_path_factory, static_root):
    """One that serves and has said so. A single Ctrl-C stops it."""
    with running(tmp_path_factory.mktemp("serving"), static_root) as (process, url):
        said = until_it_serves(process)
        yield process, url, said
        assert "Killing" not in stop(process, signal.SIGINT)


def test_it_says_that_it_serves_once_it_does_and_one_ctrl_c_stops_it(serving):
    _, url, said = serving
    assert said == f"Serving on {url} (Ctrl-C stops it)\n"
    with urlopen(f"{url}/livez", timeout=20) as answer:
        assert answer.status == 200


@pytest.mark.skipif(platform.libc_ver()[0] != "glibc", reason="only glibc has an arena for each thread")
def test_all_threads_of_a_worker_share_one_arena(serving):
    process, url, _ = serving
    with urlopen(f"{url}/guide/", timeout=20) as answer:
        assert answer.status == 200
    (worker,) = Path(f"/proc/{process.pid}/task/{process.pid}/children").read_text().split()
    places = [line.split()[0] for line in Path(f"/proc/{worker}/maps").read_text().splitlines()]
    ranges = [[int(end, 16) for end in place.split("-")] for place in places]
    arenas = [first for first, second in pairwise(ranges) if first[0] % ARENA == 0 and second[1] == first[0] + ARENA]
    assert (len(ranges) > 100, arenas) == (True, [])


def test_ctrl_c_stops_it_while_a_worker_still_reads_the_application(tmp_path, static_root):
    (tmp_path / "whitenoise.py").write_text("import threading\nprint('reading', flush=True)\nthreading.Event().wait()")
    with running(tmp_path, static_root, PYTHONPATH=str(tmp_path)) as (process, _):
        assert process.stdout.readline() == "reading\n"
        assert stop(process, signal.SIGINT) == ""


@pytest.mark.parametrize("number", [signal.SIGINT, signal.SIGTERM])
def test_two_signals_at_once_stop_it_too(tmp_path, static_root, number):
    with running(tmp_path, static_root) as (process, _):
        until_it_serves(process)
        assert "Killing" not in stop(process, number, number)


@pytest.fixture
def signals(monkeypatch):
    """A signal that is there as soon as somebody waits for one, and what is set for SIGTERM; the tests keep their own."""
    handlers = {}
    monkeypatch.setattr(signal, "pthread_sigmask", lambda how, mask: None)
    monkeypatch.setattr(signal, "sigwait", lambda waited: None)
    monkeypatch.setattr(signal, "signal", handlers.__setitem__)
    monkeypatch.setattr(signal, "getsignal", handlers.__getitem__)
    return handlers


def test_a_thread_takes_the_signal(signals):
    stopped = Event()
    server.on_stop({signal.SIGTERM}, stopped.set)
    assert stopped.wait(SOON)


class AtOnce(Thread):
    """A thread that has ended before the test goes on, and so cannot fail in a later one."""

    start = Thread.run


def test_a_worker_is_reached_before_it_says_so(signals, monkeypatch, capsys):
    monkeypatch.setattr(server, "on_stop", lambda numbers, call: None)
    monkeypatch.setattr(server, "Thread", AtOnce)
    monkeypatch.setattr(server, "Finalize", lambda *given, **named: None)
    monkeypatch.setitem(sys.modules, "ours", SimpleNamespace(application="it", log=SimpleNamespace(flush=print)))
    monkeypatch.setattr(server.time, "sleep", lambda seconds: listening.listen())
    with socket.socket() as listening:
        listening.bind(("127.0.0.1", 0))
        port = listening.getsockname()[1]
        assert server.load("127.0.0.1", port, "ours:application") == "it"
    assert f"Serving on http://127.0.0.1:{port} (Ctrl-C stops it)\n" in capsys.readouterr().err


def test_a_worker_that_has_no_handler_yet_ends_at_once(signals, monkeypatch):
    ended = []
    monkeypatch.setattr(os, "_exit", ended.append)
    signals[signal.SIGTERM] = signal.SIG_DFL
    server.stop_worker()
    assert ended == [0]
    signals[signal.SIGTERM] = lambda number, frame: ended.append(number)
    server.stop_worker()
    assert ended == [0, signal.SIGTERM]


def test_the_last_requests_before_a_stop_are_in_the_log(tmp_path, static_root):
    with running(tmp_path, static_root) as (process, url):
        until_it_serves(process)
        with urlopen(f"{url}/guide/plugins/", timeout=20) as answer:
            assert answer.status == 200
        assert '"route": "plugins"' in stop(process, signal.SIGTERM)
