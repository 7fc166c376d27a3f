import gc
import gzip
import random
import re

import pytest
from django.conf import settings
from django.db import DatabaseError

from quiz import codes
from quiz.counting import Recorder, recorder
from quiz.models import Completion
from quiz.templatetags.guide import Once
from tests.bench.codes import code
from tests.conftest import by_id

PAGES = ["/", "/quiz/", "/quiz/?a=1021", "/method/", "/quiz.json"]
PAGES += [f"/roles/{slug}/" for slug in ("bedroom-producer", "studio-producer", "mix-mastering-engineer")]
RESULT = f"/result/{codes.build(by_id())}/"
PAGES += [RESULT, f"{RESULT}result.json"]


@pytest.mark.parametrize("path", PAGES)
def test_a_page_is_public_sets_no_cookie_and_makes_no_query(client, path, django_assert_num_queries, db):
    with django_assert_num_queries(0):
        response = client.get(path)
    assert response.status_code == 200
    assert "public" in response.headers["Cache-Control"]
    assert "s-maxage" in response.headers["Cache-Control"]
    assert not response.cookies
    assert "Cookie" not in response.headers.get("Vary", "")


@pytest.mark.parametrize("path", PAGES)
def test_a_page_is_the_same_for_two_visitors(client, path):
    first = client.get(path, headers={"User-Agent": "one", "Accept-Language": "de"})
    second = client.get(path, headers={"User-Agent": "two", "Cookie": "sessionid=abc"})
    assert first.content == second.content


@pytest.mark.parametrize("path", ["/", "/quiz/?a=1021", "/quiz/?a=10000000000000", RESULT])
def test_a_page_fits_in_one_round_trip(client, path):
    assert len(gzip.compress(client.get(path).content)) <= 14 * 1024


def test_home_shows_the_three_roles_and_the_first_question_ready_to_answer(client, content):
    page = client.get("/").text
    for role in content.roles.values():
        assert role.answer in page
    assert content.questionnaire.questions[0].text in page
    assert '<form method="get" action="/quiz/"' in page


def test_a_role_guide_has_its_answer_and_its_pay_with_year_and_source(client, content):
    for role in content.roles.values():
        page = client.get(f"/roles/{role.slug}/").text
        assert role.answer in page
        for pay in role.pay:
            assert pay.year in page
            assert all(content.sources[id_].title in page for id_ in pay.sources)


def test_a_checklist_has_the_skills_of_the_role_and_no_others(client, content):
    for role in content.roles.values():
        page = client.get(f"/roles/{role.slug}/checklist/").text
        for skill in content.skills.values():
            assert (skill.done in page) == (role.id in skill.depth)


def test_method_shows_the_exact_figures(client, content):
    page = client.get("/method/").text
    figures = content.figures[content.questionnaire.version]
    for share in (*figures.shares.values(), *figures.confidence.values(), *figures.influence.values()):
        assert f"{share} %" in page


@pytest.mark.parametrize("path", ["/nope/", "/roles/nobody/", "/result/"])
def test_a_wrong_address_is_a_friendly_404(client, path):
    response = client.get(path)
    assert response.status_code == 404
    assert 'href="/quiz/"' in response.text


def test_a_server_error_has_its_own_page(client, monkeypatch):
    def broken():
        raise RuntimeError

    monkeypatch.setattr("producerguide.pages.catalogue", broken)
    client.raise_request_exception = False
    response = client.get("/")
    assert response.status_code == 500
    assert "Something went wrong here" in response.text


def test_the_service_worker_is_a_script_at_the_root_of_at_most_2_kb(client):
    response = client.get("/sw.js")
    assert response.headers["Content-Type"] == "text/javascript; charset=utf-8"
    assert "worker-src 'self'" in response.headers["Content-Security-Policy"]
    assert 0 < len(gzip.compress(response.content)) <= 2 * 1024
    assert "The service worker" not in response.text  # comments stay here


def test_the_site_can_be_installed(client):
    manifest = client.get("/site.webmanifest").json()
    assert client.get(manifest["start_url"]).status_code == 200
    assert manifest["scope"] == manifest["id"] == "/"
    assert {"192x192", "512x512"} <= {icon["sizes"] for icon in manifest["icons"]}


class TestProbes:
    def test_livez_needs_no_database(self, client):
        response = client.get("/livez")
        assert (response.status_code, response.content) == (200, b"ok\n")
        assert response.headers["Cache-Control"] == "no-store"

    def test_readyz_says_that_all_is_well(self, client, db):
        assert client.get("/readyz").json() == {"db": "ok", "waiting": 0, "lost": recorder.lost}

    def test_readyz_reports_a_database_that_cannot_be_read_and_is_still_200(self, client, monkeypatch):
        def unreadable():
            raise DatabaseError("no such table")

        monkeypatch.setattr(Completion.objects, "exists", unreadable)
        response = client.get("/readyz")
        assert response.status_code == 200
        assert response.json()["db"] == "degraded"

    def test_readyz_reports_that_counts_are_being_lost(self, client, db, monkeypatch):
        monkeypatch.setattr(Recorder, "failing", True)
        assert client.get("/readyz").json()["db"] == "degraded"


@pytest.mark.unmeasured
def test_a_page_is_the_same_whatever_was_rendered_before_it(client, content):
    """A `{% once %}` with a missing key would show a part of another page."""
    draw = random.Random(11)
    addresses = [f"/result/{code(draw)}/" for _ in range(60)] + [f"/quiz/?a={code(draw)[:n]}" for n in range(1, 17)]
    first = content.questionnaire.questions[0].id
    addresses += [f"{address}&change={first}" for address in addresses if "?" in address]
    before = {address: client.get(address).content for address in addresses}
    parts = [node for node in gc.get_objects() if type(node) is Once]
    assert parts
    for address in draw.sample(addresses, len(addresses)):
        for part in parts:
            part.texts.clear()
        assert client.get(address).content == before[address]


def test_once_stands_around_a_whole_partial_and_nothing_else():
    whole = re.compile(r"""{% once[^%]*%}{% include "([a-z]+/)*_[a-z_]+.html"[^%]*%}{% endonce %}""")
    for template in (settings.BASE_DIR / "templates").rglob("*.html"):
        assert not re.search("{% (end)?once", whole.sub("", template.read_text(encoding="utf-8"))), template
