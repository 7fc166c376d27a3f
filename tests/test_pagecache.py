"""Which responses are kept, for whom and for how long; and that a kept page equals a rendered one."""

import gzip
import json
import threading
from collections import Counter
from wsgiref.util import setup_testing_defaults
from wsgiref.validate import validator

import brotli
import pytest

from producerguide import caching, pagecache
from producerguide.pagecache import PageCache

PUBLIC = ("Cache-Control", "public, max-age=60, s-maxage=100")
HTML = ("Content-Type", "text/html; charset=utf-8")
ENCODINGS = {"identity": bytes, "gzip": gzip.decompress, "br": brotli.decompress}


class Site:
    """An application that counts its renders. `responses` has status, headers and body for a path; all others get `other`."""

    def __init__(self):
        self.renders, self.responses, self.now, self.logged = Counter(), {}, 0.0, []
        self.other = ("200 OK", [HTML, PUBLIC, ("Vary", "HX-Request")])

    def __call__(self, environ, start_response):
        address = (environ["PATH_INFO"], environ["QUERY_STRING"], environ.get("HTTP_HX_REQUEST"))
        self.renders[address] += 1
        environ["producerguide.route"] = "page"
        status, headers, *body = self.responses.get(address[0], self.other)
        start_response(status, list(headers))
        return list(body) or [f"{address} {[number**3 for number in range(300)]}".encode()]

    def log(self, end, started, id_=""):
        line = json.loads(f'{{"id": "{id_}{end}0}}')
        self.logged.append((line["route"], line["status"], line["cache"]))


@pytest.fixture
def site():
    return Site()


@pytest.fixture
def pages(site):
    return make(site)


def make(site, **options):
    defaults = {"parameters": lambda path: {"a", "own"}, "most_bytes": 10**6, "clock": lambda: site.now}
    return PageCache(site, log=site.log, **defaults | options)


def get(application, path="/", query="", method="GET", **headers):
    environ = {"PATH_INFO": path, "QUERY_STRING": query, "REQUEST_METHOD": method, "SCRIPT_NAME": ""}
    environ |= {f"HTTP_{name.upper()}": value for name, value in headers.items()}
    setup_testing_defaults(environ)
    seen = {}

    def start_response(status, headers, exc_info=None):
        seen.update(status=int(status[:3]), headers={name.lower(): value for name, value in headers})
        return seen.setdefault("written", []).append

    chunks = validator(application)(environ, start_response)
    seen["body"] = b"".join(chunks)
    chunks.close()
    return seen


def test_a_page_is_rendered_once_and_served_again_and_again(site, pages):
    first, second = get(pages), get(pages)
    assert first == second
    assert site.renders.total() == 1
    assert site.logged == [("page", 200, "miss"), ("page", 200, "hit")]


def test_the_log_line_of_a_rendered_page_has_the_id_of_its_messages(site):
    ids = []

    def app(environ, start_response):
        environ["producerguide.id"] = "a-7"
        return site(environ, start_response)

    pages = PageCache(
        app, parameters=lambda path: set(), log=lambda end, started, id_="": ids.append(id_), most_bytes=10**6
    )
    get(pages)
    get(pages)
    assert ids == ["a-7", ""]


def test_a_page_is_kept_as_long_as_its_s_maxage_says(site, pages):
    get(pages)
    site.now = 99
    get(pages)
    assert site.renders.total() == 1
    site.now = 101
    get(pages)
    assert site.renders.total() == 2


@pytest.mark.parametrize(
    "response",
    [
        ("404 Not Found", [HTML, PUBLIC]),
        ("500 Internal Server Error", [HTML, PUBLIC]),
        ("301 Moved Permanently", [HTML, PUBLIC, ("Location", "/guide/")]),
        ("200 OK", [HTML, PUBLIC, ("Set-Cookie", "mine=1")]),
        ("200 OK", [HTML, PUBLIC, ("Vary", "Cookie")]),
        ("200 OK", [HTML, ("Cache-Control", "private, s-maxage=100")]),
        ("200 OK", [HTML, ("Cache-Control", "public, max-age=60")]),
        ("200 OK", [HTML]),
    ],
    ids=str,
)
def test_a_response_that_is_not_for_everybody_is_not_kept(site, pages, response):
    site.responses["/"] = response
    first, second = get(pages), get(pages)
    assert first["status"] == int(response[0][:3])
    assert (first, site.renders.total()) == (second, 2)
    assert get(pages, method="HEAD")["body"] == b""


@pytest.mark.parametrize(("method", "kept"), [("GET", PUBLIC), ("HEAD", ("Cache-Control", "private"))])
def test_what_the_application_opened_is_closed_though_it_is_not_sent(site, method, kept):
    class Opened(list):
        closed = False

        def close(self):
            self.closed = True

    opened = Opened([b"a page"])

    def app(environ, start_response):
        start_response("200 OK", [HTML, kept])
        return opened

    get(PageCache(app, parameters=lambda path: set(), log=site.log, most_bytes=10**6), method=method)
    assert opened.closed


def test_posts_are_passed_on(site, pages):
    get(pages)
    get(pages, method="POST")
    assert site.renders.total() == 2


def test_credentials_change_nothing_about_a_public_page(site, pages):
    first = get(pages, authorization="Basic x")
    assert first["headers"]["etag"]
    assert get(pages) == first
    assert site.renders.total() == 1


def test_the_address_of_a_page_counts_in_its_bytes_and_a_very_long_one_is_not_kept(site, pages):
    get(pages, "/short/")
    short = pages.size
    get(pages, "/" + "x" * 1000, "a=" + "y" * 500)
    assert pages.size - short >= short + 1400
    kept = pages.size
    for _ in range(2):
        get(pages, "/" + "x" * 2000, "a=" + "y" * 500)
    assert pages.size == kept
    assert site.renders.total() == 4


def test_what_the_page_does_not_read_makes_no_address_too_long(site, pages):
    for number in range(3):
        get(pages, "/", f"{number}=" + "y" * 8000)
    assert site.renders.total() == 1


def test_an_error_after_the_headers_is_passed_on_with_its_cause(site):
    def broken(environ, start_response):
        start_response("200 OK", [HTML])
        try:
            raise OSError
        except OSError as error:
            start_response("500 Internal Server Error", [HTML], (type(error), error, None))
        return [b"broken"]

    pages = PageCache(broken, parameters=lambda path: None, log=site.log, most_bytes=1000)
    environ, statuses = {}, []
    setup_testing_defaults(environ)
    assert b"".join(pages(environ, lambda status, headers, exc_info=None: statuses.append(status))) == b"broken"
    assert statuses[-1].startswith("500")


def test_the_query_is_unchanged_where_no_page_may_be_kept(site):
    pages = make(site, parameters=lambda path: None)
    get(pages, "/admin/", "q=1&utm=2")
    assert site.renders == {("/admin/", "q=1&utm=2", None): 1}


def test_unknown_parameters_make_no_new_page(site, pages):
    responses = [
        get(pages, query=query) for query in ("a=1", "a=1&utm_source=x", "fbclid=y&a=1", "%61=1", "a=1&\xe9=2")
    ]
    assert all(response == responses[0] for response in responses)
    assert site.renders == {("/", "a=1", None): 1}
    assert get(pages, query="own=1&a=1&own=2") == get(pages, query="a=1&own=1&own=2") != responses[0]


def test_htmx_gets_its_own_version_of_a_page_that_varies_by_it(site, pages):
    page, part = get(pages), get(pages, hx_request="true")
    assert page["body"] != part["body"]
    assert (get(pages), get(pages, hx_request="true")) == (page, part)
    assert site.renders.total() == 2


def test_htmx_shares_a_page_that_does_not_vary(site, pages):
    site.other = ("200 OK", [HTML, PUBLIC])
    assert get(pages, hx_request="true") == get(pages) == get(pages, hx_request="true")
    assert site.renders.total() == 1


@pytest.mark.parametrize(
    ("accept", "encoding"),
    [
        ("", "identity"),
        ("gzip, deflate, br, zstd", "br"),
        ("gzip", "gzip"),
        ("br;q=0, gzip;q=0.5", "gzip"),
        ("GZIP;q=1.0,br; q=0.0", "gzip"),
        ("deflate", "identity"),
    ],
)
@pytest.mark.parametrize("again", [False, True])
def test_a_page_comes_in_the_smallest_encoding_that_is_accepted(pages, accept, encoding, again):
    plain = get(pages)["body"]
    if again:
        get(pages, accept_encoding=accept)
    response = get(pages, accept_encoding=accept)
    assert ENCODINGS[encoding](response["body"]) == plain
    assert response["headers"].get("content-encoding", "identity") == encoding
    assert response["headers"]["content-length"] == str(len(response["body"]))
    assert response["headers"]["vary"] == "Accept-Encoding, HX-Request"


def test_a_picture_is_not_compressed_again(site, pages):
    site.other = ("200 OK", [("Content-Type", "image/png"), PUBLIC])
    response = get(pages, accept_encoding="gzip, br")
    assert response == get(pages)
    assert "vary" not in response["headers"]


def test_each_encoding_has_its_own_etag_and_answers_304_to_it(pages):
    tags = {encoding: get(pages, accept_encoding=encoding)["headers"]["etag"] for encoding in ENCODINGS}
    assert len(set(tags.values())) == len(tags)
    for encoding, tag in tags.items():
        for given in (tag, f'"other", {tag}', f"W/{tag}", "*"):
            response = get(pages, accept_encoding=encoding, if_none_match=given)
            assert (response["status"], response["body"]) == (304, b"")
            assert response["headers"]["etag"] == tag
            assert response["headers"]["cache-control"] == PUBLIC[1]
            assert "content-length" not in response["headers"]
    assert get(pages, if_none_match='"other"')["status"] == 200


def test_head_is_get_without_the_body_and_fills_the_cache(site, pages):
    head, whole = get(pages, method="HEAD"), get(pages)
    assert head["body"] == b""
    assert head["headers"] == whole["headers"]
    assert site.renders.total() == 1


def test_simultaneous_requests_cost_one_render(site):
    entered, go_on = threading.Event(), threading.Event()

    def slow(environ, start_response):
        entered.set()
        assert go_on.wait(5)
        return site(environ, start_response)

    pages, responses = PageCache(slow, parameters=lambda path: set(), log=site.log, most_bytes=10**6), []
    threads = [threading.Thread(target=lambda: responses.append(get(pages))) for _ in range(8)]
    threads[0].start()
    assert entered.wait(5)
    for thread in threads[1:]:
        thread.start()
    go_on.set()
    for thread in threads:
        thread.join(5)
    assert site.renders.total() == 1
    assert len(responses) == 8
    assert all(response == responses[0] for response in responses)


def test_simultaneous_requests_for_what_is_not_kept_are_all_answered(site, monkeypatch):
    site.other = ("404 Not Found", [HTML])
    pages = make(site)
    pages._rendering["/", "", False] = threading.Event()  # another thread is rendering it and takes too long
    monkeypatch.setattr(pagecache, "PATIENCE_SECONDS", 0.001)
    assert get(pages)["status"] == 404


def test_pages_that_nobody_asked_for_again_are_dropped_at_the_limit(site):
    pages = make(site, most_bytes=10 * (caching.OVERHEAD_BYTES + 3000))
    for number in range(50):
        get(pages, "/always/")
        get(pages, f"/{number}/", accept_encoding="br" if number % 2 else "")
        assert pages.size == sum(page.size for page in pages.pages.values()) <= pages.most_bytes
    assert site.renders["/always/", "", None] == 1
    assert len(pages.pages) < 20


def test_a_page_larger_than_the_limit_is_served_and_not_kept(site):
    pages = make(site, most_bytes=100)
    assert get(pages, accept_encoding="br") == get(pages, accept_encoding="br")
    assert (len(pages.pages), pages.size) == (0, 0)


def test_a_small_page_is_compressed_fast_and_a_large_one_well(site):
    bodies = {"/small/": b"%d " * 10 + bytes(range(256)) * 9, "/large/": bytes(range(256)) * 200}
    for path, body in bodies.items():
        site.responses[path] = ("200 OK", [HTML, PUBLIC], body)
    pages = make(site)
    sent = {path: get(pages, path, accept_encoding="br")["body"] for path in bodies}
    assert {path: brotli.decompress(body) for path, body in sent.items()} == bodies
    for path, quality in {"/small/": 1, "/large/": 3}.items():
        assert len(sent[path]) == len(brotli.compress(bodies[path], quality=quality, lgwin=16))


def test_warmed_pages_are_kept_with_the_best_compression_before_anybody_asks(site, pages):
    site.responses |= {
        "/card.png": ("200 OK", [("Content-Type", "image/png"), PUBLIC]),
        "/gone/": ("404 Not Found", []),
    }
    pages.warm(["/", "/card.png", "/gone/"], "example.org")
    warmed = get(pages, accept_encoding="br")
    assert site.renders["/", "", None] == 1
    assert len(warmed["body"]) <= len(get(make(site), accept_encoding="br")["body"])
    assert {page.key[0] for page in pages.pages.values()} == {"/card.png", "/"}


def test_warming_again_extends_an_unchanged_page_and_replaces_a_changed_one(site, pages):
    pages.warm(["/"], "example.org")
    before = pages.pages["/", "", False]
    site.now = 90
    pages.warm(["/"], "example.org")
    assert pages.pages["/", "", False] is before
    assert before.expires == 190
    site.other = (*site.other, b"another text")
    pages.warm(["/"], "example.org")
    assert get(pages)["body"] == b"another text"
    assert pages.size == sum(page.size for page in pages.pages.values())


def test_a_public_site_serves_kept_pages_over_https_only(site):
    pages = make(site, https=True)
    get(pages, x_forwarded_proto="https")
    get(pages, x_forwarded_proto="https")
    get(pages)
    assert site.renders.total() == 2
    pages.warm(["/other/"], "example.org")
    get(pages, "/other/", x_forwarded_proto="https")
    assert site.renders.total() == 3


def test_a_page_that_is_dropped_while_it_is_being_sent_is_still_sent(pages):
    get(pages)
    page = pages.pages["/", "", False]
    pages._make_room()
    pages.pages.clear()
    pages.pages["/", "", False] = page
    page.key = ("/gone/", "", False)
    assert get(pages)["status"] == 200
