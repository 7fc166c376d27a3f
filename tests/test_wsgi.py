"""The WSGI application with its layers: page cache, static files, Django."""

import gzip
import runpy
import threading
from io import BytesIO
from wsgiref.util import setup_testing_defaults

import brotli
import pytest
from django.core.wsgi import get_wsgi_application
from django.templatetags.static import static

from producerguide.security import HEADERS
from quiz import catalogue
from tests.conftest import data

CODE = data("golden.toml")["links"][0]["code"]
RESULTS = [f"/result/{CODE}/{file}" for file in ("", "result.json", "card.png", "qr.svg", "plan.ics?start=2027-01-04")]
QUIZ = ["/quiz/?a=1", f"/quiz/?a={CODE[:6]}", f"/quiz/?a={CODE[:-1]}", "/quiz/?a=nonsense", "/quiz.json"]
OTHERS = [f"/compare/{CODE}/{CODE}/", f"/result/{CODE}/?budget=0", "/resources/?level=1", "/robots.txt", "/sitemap.xml"]
PAGES = list(catalogue.catalogue().pages)
DECODE = {"": bytes, "gzip": gzip.decompress, "br": brotli.decompress}


@pytest.fixture(scope="module")
def imported():
    """The module as a server imports it, but with no other threads than those that answer."""
    start = threading.Thread.start
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(threading.Thread, "start", lambda thread: "answer" in thread.name and start(thread))
        return runpy.run_module("producerguide.wsgi")


@pytest.fixture
def module(imported, db):
    """With nothing kept yet. Closing a response also closes the database."""
    kept = imported["cache"]
    kept.pages.clear()
    kept.size = kept.hits = kept.misses = 0
    return imported


@pytest.fixture
def application(module):
    return module["cache"]


def get(application, address, **headers):
    path, _, query = address.partition("?")
    environ = {"PATH_INFO": path, "QUERY_STRING": query, "wsgi.input": BytesIO(), **headers}
    setup_testing_defaults(environ)
    seen = {}

    def start_response(status, headers, exc_info=None):
        seen.update(status=status, headers=dict(headers))

    body = application(environ, start_response)
    seen["body"] = b"".join(body)
    if hasattr(body, "close"):
        body.close()
    return seen


@pytest.mark.unmeasured
@pytest.mark.parametrize("address", [*PAGES, *QUIZ, *RESULTS, *OTHERS])
def test_a_kept_page_is_byte_for_byte_what_django_renders(application, address):
    rendered = get(get_wsgi_application(), address)
    for encoding, decode in DECODE.items():
        for _ in ("first", "again"):
            response = get(application, address, HTTP_ACCEPT_ENCODING=encoding)
            assert response["status"] == rendered["status"] == "200 OK"
            body = decode(response["body"]) if "Content-Encoding" in response["headers"] else response["body"]
            assert body == rendered["body"]
            assert HEADERS.items() - response["headers"].items() == HEADERS.items() - rendered["headers"].items()
    assert application.misses == 1


@pytest.mark.parametrize("address", ["/quiz/?a=1", f"/result/{CODE}/"])
def test_htmx_gets_from_the_cache_what_django_renders_for_htmx(application, address):
    rendered = get(get_wsgi_application(), address, HTTP_HX_REQUEST="true")
    for _ in ("first", "again"):
        assert get(application, address, HTTP_HX_REQUEST="true")["body"] == rendered["body"]
        assert get(application, address)["body"] != rendered["body"]


@pytest.mark.unmeasured
@pytest.mark.parametrize("address", [*PAGES, *RESULTS[:4], "/quiz.json"])
def test_unknown_parameters_change_nothing_and_keep_no_other_page(application, address):
    assert get(application, address) == get(application, f"{address}?utm_source=elsewhere&fbclid=1")
    assert len(application.pages) == 1


@pytest.mark.parametrize(
    ("path", "reads"),
    [
        ("/quiz/", {"a", "pick", "change"}),
        (f"/result/{CODE}/", {"budget", "own", "tried"}),
        (f"/result/{CODE}/fit/", {"budget", "own", "tried"}),
        (f"/result/{CODE}/plan.ics", {"start", "at", "made"}),
        ("/roles/bedroom-producer/gear/", {"budget", "own"}),
        ("/resources/", {"role", "level"}),
        ("/guide/", set()),
        ("/admin/login/", None),
        ("/readyz", None),
        ("/nowhere/", None),
    ],
)
def test_pages_name_the_parameters_they_read(module, path, reads):
    assert module["parameters"](path) == reads


def test_who_opens_the_address_of_a_vote_gets_the_result_with_its_kit_and_auditions(application):
    query = "budget=500&own=headphones&tried=01c"
    answer = get(application, f"/result/{CODE}/fit/?{query}")
    assert answer["status"] == "303 See Other"
    assert answer["headers"]["Location"] == f"/result/{CODE}/?{query}#right"


def test_files_are_served_for_a_year_with_the_same_headers_as_pages(application):
    page = get(application, "/")
    path = page["body"].decode().split('rel="stylesheet" href="')[1].split('"')[0]
    response = get(application, path)
    assert response["status"] == "200 OK"
    assert response["headers"]["Cache-Control"] == "public, max-age=31536000, immutable"
    for name, value in HEADERS.items():
        assert response["headers"][name] == page["headers"][name] == value
    assert get(application, "/static/staticfiles.json")["status"] == "404 Not Found"


def test_of_all_files_other_sites_may_show_the_card_alone(application, static_root):
    policies = {
        name: get(application, static(f"img/{name}"))["headers"]["Cross-Origin-Resource-Policy"]
        for name in ("card.png", "icon.svg", "icon-192.png")
    }
    assert policies == {"card.png": "cross-origin", "icon.svg": "same-origin", "icon-192.png": "same-origin"}


def test_readyz_reports_on_the_page_cache_and_is_never_kept(application):
    for hits in range(3):
        get(application, "/")
        ready = get(application, "/readyz")
        assert f'"hits": {hits}, "misses": 1'.encode() in ready["body"]
        assert ready["headers"]["Cache-Control"] == "no-store"


def test_pages_are_made_again_until_the_server_stops(module, application, monkeypatch):
    monkeypatch.setattr("gc.freeze", lambda: None)
    monkeypatch.setattr("gc.set_threshold", lambda first: None)
    warmed = []
    monkeypatch.setattr(application, "warm", lambda paths, host: warmed.append((paths, host)))
    stopped = threading.Event()
    stopped.wait = lambda seconds: stopped.is_set() or stopped.set()
    module["warm_for_ever"](stopped)
    assert warmed == [([*PAGES, "/quiz.json"], "127.0.0.1")] * 2


@pytest.mark.unmeasured
def test_the_pages_of_the_sitemap_are_kept_before_anybody_asks(module, application, monkeypatch):
    monkeypatch.setattr("gc.freeze", lambda: None)
    monkeypatch.setattr("gc.set_threshold", lambda first: None)
    stopped = threading.Event()
    stopped.wait = lambda seconds: stopped.is_set() or stopped.set()  # stop after a second round
    module["warm_for_ever"](stopped)
    for page in PAGES:
        get(application, page, HTTP_ACCEPT_ENCODING="br")
    assert (application.hits, application.misses) == (len(PAGES), 0)


def test_a_fault_in_the_content_stops_the_start_with_a_message(monkeypatch):
    def broken():
        raise catalogue.ContentError("skills.toml: daw.hours: Input should be a valid integer")

    monkeypatch.setattr(catalogue, "catalogue", broken)
    with pytest.raises(SystemExit, match=r"The content has faults:\nskills.toml: daw.hours"):
        runpy.run_module("producerguide.wsgi")


def test_the_page_cache_keeps_the_empty_search_and_nothing_that_is_looked_for(application):
    for query in ("", "?q=mic", "?q=secret", "?q=" + "x" * 5000):
        assert get(application, f"/search/{query}")["status"] == "200 OK"
    assert [(path, query) for path, query, _ in application.pages] == [("/search/", "")]
