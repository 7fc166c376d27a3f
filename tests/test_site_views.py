import gzip

import pytest

from quiz import codes
from tests.conftest import by_id

PAGES = ["/", "/quiz/", "/quiz/?a=1021", "/method/", "/quiz.json"]
PAGES += [f"/roles/{slug}/" for slug in ("bedroom-producer", "studio-producer", "mix-mastering-engineer")]
RESULT = f"/result/{codes.build(by_id())}/"
PAGES += [RESULT, f"{RESULT}result.json"]


@pytest.mark.parametrize("path", PAGES)
def test_a_page_is_public_sets_no_cookie_and_asks_no_query(client, path, django_assert_num_queries, db):
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
            assert content.sources[pay.source].title in page


def test_a_checklist_has_every_skill_of_the_role_and_no_other(client, content):
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


def test_an_error_of_ours_has_a_page_of_its_own(client, monkeypatch):
    def broken():
        raise RuntimeError

    monkeypatch.setattr("producerguide.views.catalogue", broken)
    client.raise_request_exception = False
    response = client.get("/")
    assert response.status_code == 500
    assert "Something went wrong here" in response.text
