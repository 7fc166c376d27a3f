"""One JSON line for each request, with nothing about its visitor, and one for each message."""

import json
import logging
import re
import sys
from io import BytesIO
from threading import Event, Thread
from time import perf_counter

import pytest
from django.test import Client, RequestFactory

from producerguide import logs
from producerguide.environ import REQUEST_ID, ROUTE
from producerguide.logs import JsonFormatter, RequestLog, ending
from producerguide.middleware import identify

HIT = ending("guide", 200, "hit")


class Stream(BytesIO):
    flushes = 0

    def flush(self):
        self.flushes += 1
        self.on_flush()

    def on_flush(self):
        pass


def test_a_request_is_logged_with_time_id_route_status_milliseconds_and_hit_or_miss():
    stream = Stream()
    log = RequestLog(stream)
    log.add(ending("result", 404, "none"), perf_counter() - 0.25, "a-1")
    log.add(HIT, perf_counter())
    log.flush()
    first, second = map(json.loads, stream.getvalue().decode().splitlines())
    assert re.fullmatch(r"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\dZ", first["time"])
    assert first["ms"] >= 250
    assert {key: first[key] for key in ("id", "route", "status", "cache")} == {
        "id": "a-1",
        "route": "result",
        "status": 404,
        "cache": "none",
    }
    assert (second["route"], second["status"], second["cache"]) == ("guide", 200, "hit")
    assert second["id"] not in ("", "a-1")


def test_the_time_of_a_line_is_exact_to_the_second(monkeypatch):
    stream, now = Stream(), [1000.0]
    monkeypatch.setattr(logs, "perf_counter", lambda: now[0])
    monkeypatch.setattr(logs, "time", lambda: 1_800_000_000 + now[0])
    log = RequestLog(stream)
    for now[0] in (1000.0, 1000.9, 1001.1):
        log.add(HIT, now[0])
    log.flush()
    seconds = [json.loads(line)["time"][-3:] for line in stream.getvalue().decode().splitlines()]
    assert seconds == ["40Z", "40Z", "41Z"]


def test_lines_are_written_together_after_a_while(monkeypatch):
    monkeypatch.setattr(logs, "FLUSH_SECONDS", 0)
    stream = Stream()
    log, stopped = RequestLog(stream), Event()
    log.add(HIT, 0.0)
    log.add(HIT, 0.0)
    stream.on_flush = stopped.set
    log.flush_for_ever(stopped)
    assert (stream.getvalue().count(b"\n"), stream.flushes) == (2, 1)


def test_a_batch_of_lines_is_written_at_once(monkeypatch):
    monkeypatch.setattr(logs, "FLUSH_SECONDS", 600)
    stream = Stream()
    log, stopped = RequestLog(stream), Event()
    stream.on_flush = stopped.set
    writer = Thread(target=log.flush_for_ever, args=[stopped], daemon=True)
    writer.start()
    for _ in range(logs.FLUSH_LINES):
        log.add(HIT, 0.0)
    writer.join(60)
    assert stopped.is_set()
    assert stream.getvalue()


def test_django_leaves_id_and_route_for_the_log_line():
    request = RequestFactory().get("/guide/")

    def view(request):
        request.resolver_match = type("Match", (), {"view_name": "guide"})
        return "response"

    assert identify(view)(request) == "response"
    assert request.META[ROUTE] == "guide"
    assert request.META[REQUEST_ID] == logs.request_id.get()


def test_a_request_that_matches_no_url_has_no_route():
    request = RequestFactory().get("/nowhere/")
    identify(lambda request: None)(request)
    assert ROUTE not in request.META


@pytest.mark.parametrize("method", ["get", "post"])
def test_a_404_or_a_refused_post_logs_no_address(method, caplog):
    client = Client(enforce_csrf_checks=True)
    assert getattr(client, method)("/result/not-a-code/").status_code in (403, 404)
    assert caplog.text == ""


@pytest.mark.parametrize("fault", [False, True])
def test_any_message_is_one_json_line(fault):
    try:
        raise ValueError("out of order")
    except ValueError:
        info = sys.exc_info() if fault else None
    record = logging.LogRecord("quiz", logging.ERROR, "x.py", 1, 'a "b"\n%s\x1b[31m', ("ü",), info)
    logs.request_id.set("a-2")
    text = JsonFormatter().format(record)
    line = json.loads(text)
    assert len(text.splitlines()) == 1
    assert text.isprintable()
    assert (line["id"], line["level"], line["logger"]) == ("a-2", "ERROR", "quiz")
    assert line["message"] == 'a "b"\nü\x1b[31m'
    assert ("ValueError: out of order" in line.get("trace", "")) == fault


@pytest.fixture
def faults():
    """The lines of the faults of views."""
    lines = []

    class Kept(logging.Handler):
        def emit(self, record):
            lines.append(self.format(record))

    handler, logger = Kept(), logging.getLogger("django.request")
    handler.setFormatter(JsonFormatter())
    logger.addHandler(handler)
    yield lines
    logger.removeHandler(handler)


def test_a_fault_is_logged_without_the_address_that_holds_the_answers(faults, monkeypatch):
    code = "10112311221321150t"

    def broken(*args):
        raise KeyError(code)

    monkeypatch.setattr("quiz.results.result_from", broken)
    Client(raise_request_exception=False).get(f"/result/{code}/", {"start": "a-day-of-theirs"})
    (line,) = faults
    assert "KeyError" in line
    assert code not in line
    assert "a-day-of-theirs" not in line


@pytest.mark.parametrize("host", ["elsewhere.example", "10112311221321150t.example"])
def test_a_foreign_host_is_a_400_and_no_traceback(client, caplog, settings, host):
    settings.ALLOWED_HOSTS = ["ours.example"]
    with caplog.at_level(logging.CRITICAL, logger="django.security.DisallowedHost"):
        assert client.get("/quiz/", headers={"host": host}).status_code == 400
    assert "Traceback" not in caplog.text
    assert host not in caplog.text


def test_after_lines_that_could_not_be_written_the_next_ones_are(monkeypatch):
    monkeypatch.setattr(logs, "FLUSH_SECONDS", 0)
    stream, stopped = Stream(), Event()
    log = RequestLog(stream)
    faults = [OSError("No space left on device")]

    def flush():
        log.add(HIT, 0.0)
        if faults:
            raise faults.pop()
        stopped.set()

    stream.on_flush = flush
    log.flush_for_ever(stopped)
    assert stream.getvalue()


def test_lines_that_cannot_be_written_take_only_so_much_memory(monkeypatch):
    monkeypatch.setattr(logs, "MOST_LINES", 10)
    stream = Stream()
    log = RequestLog(stream)
    for _ in range(12):
        log.add(HIT, 0.0)
    log.flush()
    assert stream.getvalue().count(b"\n") == 10


@pytest.mark.parametrize("method", ["get", "post"])
def test_a_fault_is_logged_without_what_was_typed_in_its_form(method, faults, monkeypatch, db):
    def broken(*args):
        raise KeyError("my secret words")

    monkeypatch.setattr("quiz.views.codes.parse_so_far", broken)
    address = {"get": "/quiz/", "post": "/quiz/finish/"}[method]
    getattr(Client(raise_request_exception=False), method)(address, {"a": "my secret words"})
    (line,) = faults
    assert "KeyError" in line
    assert "my secret words" not in line
