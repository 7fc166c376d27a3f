"""A body is read before it can hold a thread that pages need, and a client that sends half of one is in nobody's way."""

import threading
from io import BytesIO

import pytest

from producerguide.bodies import RETRY_SECONDS, Bodies


class Stuck:
    """A body that never comes whole."""

    def __init__(self):
        self.asked, self.let_go = threading.Event(), threading.Event()

    def read(self, length):
        self.asked.set()
        assert self.let_go.wait(10)
        return b"a=1"


def make(waiting=2, answering=1):
    seen = []

    def app(environ, start_response):
        seen.append(environ["wsgi.input"].read())
        start_response("200 OK", [])
        return [b"answered"]

    bodies = Bodies(app, waiting=waiting, answering=answering, most_bytes=64, busy=b"busy", headers=[("X-Ours", "1")])
    return bodies, seen


def ask(bodies, body=b"", length=None, method="POST"):
    answer = {}

    def start_response(status, headers):
        answer.update(status=status, headers=dict(headers))

    length = len(body) if length is None else length
    environ = {
        "REQUEST_METHOD": method,
        "CONTENT_LENGTH": str(length),
        "wsgi.input": BytesIO(body) if isinstance(body, bytes) else body,
    }
    answer["body"] = b"".join(bodies(environ, start_response))
    return answer


def test_the_application_gets_the_whole_body():
    bodies, seen = make()
    assert ask(bodies, b"a=1330233")["body"] == b"answered"
    assert seen == [b"a=1330233"]


@pytest.mark.parametrize("length", ["0" * 4400, "9" * 4400, "x"])
def test_a_length_that_python_would_not_read_is_left_for_the_application_to_refuse(length):
    bodies, _ = make()
    assert ask(bodies, b"a=1", length)["body"] == b"answered"


def test_a_request_without_a_body_needs_no_place(monkeypatch):
    bodies, seen = make(waiting=1)
    with bodies._waiting:
        assert ask(bodies)["body"] == b"answered"
    assert seen == [b""]


def test_a_body_that_is_too_long_is_left_for_the_application_to_refuse():
    bodies, _ = make(waiting=1)
    with bodies._waiting:
        assert ask(bodies, b"x" * 65)["body"] == b"answered"


def test_half_a_body_is_refused_when_its_client_has_gone():
    bodies, seen = make()
    assert ask(bodies, b"a=1", length=40)["status"] == "400 Bad Request"
    assert seen == []


def test_those_who_wait_for_bodies_hold_up_neither_a_page_nor_a_body_and_one_too_many_is_told_so():
    bodies, seen = make(waiting=2)
    stuck = [Stuck(), Stuck()]
    threads = [threading.Thread(target=ask, args=[bodies, body, 40]) for body in stuck]
    threads[0].start()
    assert stuck[0].asked.wait(10)
    assert ask(bodies)["body"] == b"answered"
    assert ask(bodies, b"a=13")["body"] == b"answered"
    threads[1].start()
    assert stuck[1].asked.wait(10)
    assert ask(bodies)["body"] == b"answered"
    refused = ask(bodies, b"a=13")
    assert (refused["status"], refused["body"]) == ("503 Service Unavailable", b"busy")
    assert refused["headers"] == {"X-Ours": "1", "Retry-After": str(RETRY_SECONDS)}
    for body in stuck:
        body.let_go.set()
    for thread in threads:
        thread.join()
    assert ask(bodies, b"a=13")["body"] == b"answered"
    assert seen == [b"", b"a=13", b"", b"a=13"]


def test_a_place_is_given_back_when_a_body_cannot_be_read():
    class Broken:
        def read(self, length):
            raise OSError("connection reset")

    bodies, _ = make(waiting=1)
    with pytest.raises(OSError, match="connection reset"):
        ask(bodies, Broken(), 40)
    assert ask(bodies, b"a=1")["body"] == b"answered"


def test_a_fault_of_the_application_reaches_whoever_asked_and_nobody_after_them():
    def app(environ, start_response):
        if environ["wsgi.input"].read():
            raise ZeroDivisionError
        start_response("200 OK", [])
        return [b"answered"]

    bodies = Bodies(app, waiting=1, answering=1, most_bytes=64, busy=b"", headers=[])
    with pytest.raises(ZeroDivisionError):
        ask(bodies, b"a=1")
    assert ask(bodies)["body"] == b"answered"


@pytest.mark.parametrize("streaming", [False, True])
def test_a_response_is_closed_in_the_thread_that_answered_unless_it_is_a_stream(streaming):
    seen = {}

    class Response(list):
        def close(self):
            seen["closed"] = threading.current_thread()

    Response.streaming = streaming

    def app(environ, start_response):
        seen["answered"] = threading.current_thread()
        start_response("200 OK", [])
        return Response([b"answered"])

    bodies = Bodies(app, waiting=1, answering=1, most_bytes=64, busy=b"", headers=[])
    assert ask(bodies)["body"] == b"answered"
    assert seen.get("closed") == (None if streaming else seen["answered"])


def test_those_who_wait_are_answered_in_the_order_in_which_they_came():
    begun, let_go, order = threading.Event(), threading.Event(), []

    def app(environ, start_response):
        order.append(environ["wsgi.input"].read())
        begun.set()
        assert let_go.wait(10)
        start_response("200 OK", [])
        return []

    bodies = Bodies(app, waiting=9, answering=1, most_bytes=64, busy=b"", headers=[])
    threads = []
    for place, body in enumerate([b"first", b"a", b"b", b"c"]):
        threads.append(threading.Thread(target=ask, args=[bodies, body]))
        threads[-1].start()
        assert begun.wait(10)
        while bodies._asked.qsize() < place:
            pass
    let_go.set()
    for thread in threads:
        thread.join()
    assert order == [b"first", b"a", b"b", b"c"]


def test_the_application_runs_in_its_own_threads_however_many_ask():
    threads = set()

    def app(environ, start_response):
        threads.add(threading.current_thread())
        start_response("200 OK", [])
        return []

    bodies = Bodies(app, waiting=9, answering=2, most_bytes=64, busy=b"", headers=[])
    for _ in range(9):
        asking = threading.Thread(target=ask, args=[bodies])
        asking.start()
        asking.join()
    assert 1 <= len(threads) <= 2


@pytest.mark.parametrize("method", ["GET", "HEAD"])
def test_half_a_body_that_comes_with_a_get_holds_up_nobody_who_waits_for_the_page(method):
    lengths = []

    def app(environ, start_response):
        lengths.append(environ["CONTENT_LENGTH"])
        return [b"answered"]

    bodies = Bodies(app, waiting=1, answering=1, most_bytes=64, busy=b"busy", headers=[])
    assert ask(bodies, Unread(), 40, method)["body"] == b"answered"
    assert lengths == [""]


class Unread:
    def read(self, length):
        raise AssertionError("it would wait here for the rest")
