"""A body is read before it can hold a thread that pages need, and a client that sends half of one is in nobody's way."""

import threading
from io import BytesIO

import pytest

from producerguide.bodies import RETRY_SECONDS, Bodies, Turns


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


def ask(bodies, body=b"", length=None):
    answer = {}

    def start_response(status, headers):
        answer.update(status=status, headers=dict(headers))

    length = len(body) if length is None else length
    environ = {"CONTENT_LENGTH": str(length), "wsgi.input": BytesIO(body) if isinstance(body, bytes) else body}
    answer["body"] = b"".join(bodies(environ, start_response))
    return answer


def test_the_application_gets_the_whole_body():
    bodies, seen = make()
    assert ask(bodies, b"a=1330233")["body"] == b"answered"
    assert seen == [b"a=1330233"]


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


def test_those_who_wait_are_answered_in_the_order_in_which_they_came():
    turns, order, threads = Turns(1), [], []

    def go(name):
        with turns:
            order.append(name)

    with turns:
        for name in "abc":
            threads.append(threading.Thread(target=go, args=[name]))
            threads[-1].start()
            while len(turns._waiting) < len(threads):
                pass
    go("late")
    for thread in threads:
        thread.join()
    assert order == ["a", "b", "c", "late"]
    go("alone")
    assert order[-1] == "alone"
