import re

import pytest

from quiz import codes
from quiz.catalogue import catalogue
from quiz.result import result
from tests.conftest import by_id, data

LINKS = data("golden.toml")["links"]
CODE = LINKS[0]["code"]
SECOND = [link for link in LINKS if link["code"].startswith("2")]
LEANING = next(link for link in SECOND if result(link["code"], catalogue()).accent)


def test_both_songs_and_the_two_together_can_be_heard(client):
    first, second = LINKS[0], LINKS[8]
    page = client.get(f"/compare/{first['code']}/{second['code']}/").text
    heard = re.findall(r'data-hear="([^"]+)"', page)
    one, other = (f"{link['code']} {link['role']}" for link in (first, second))
    assert heard == [one, other, f"{one} {second['code']}"]


def test_two_results_stand_side_by_side(client, content):
    first, second = LINKS[0], LINKS[8]
    response = client.get(f"/compare/{first['code']}/{second['code']}/")
    pair = response.context_data["comparison"].pair
    for text in (*pair.parts.values(), pair.project, pair.gap):
        assert text in response.text
    for link in (first, second):
        assert f'href="/result/{link["code"]}/"' in response.text
        assert all(f">{int(fit + 0.5)}</span>" in response.text for fit in link["fit"].values())


def test_a_result_compared_with_itself_differs_nowhere(client):
    page = client.get(f"/compare/{CODE}/{CODE}/").text
    assert "Where you differ" not in page
    assert "Where you agree" in page


def test_opposite_answers_agree_nowhere(client):
    questions = catalogue().questionnaire.questions
    last = {q.id: q.options[-1].id for q in questions if q.kind == "one"}
    other = codes.build(by_id(**last, owned=["keys"]))
    assert "Where you agree" not in client.get(f"/compare/{codes.build(by_id())}/{other}/").text


def test_another_spelling_leads_to_the_one_address(client):
    assert client.get(f"/compare/{CODE.upper()}/{CODE}/").headers["Location"] == f"/compare/{CODE}/{CODE}/"


def test_two_versions_compare_by_role_and_fit_and_the_page_says_so(client):
    page = client.get(f"/compare/{CODE}/{LEANING['code']}/").text
    assert "different versions of the questionnaire" in page
    assert "The side you lean to" not in page


def test_sides_are_compared_where_both_lean_to_one(client, content):
    first = result(LEANING["code"], content)
    others = (result(link["code"], content) for link in SECOND if link is not LEANING)
    second = next(other for other in others if first.accents.keys() & other.accents.keys())
    both = first.accents.keys() & second.accents.keys()
    page = client.get(f"/compare/{first.code}/{second.code}/").text
    for role in both:
        name = content.roles[role].name.lower()
        one, other = first.accents[role].name, second.accents[role].name
        sides = f"both of you {one}" if one == other else f"the first {one}, the second {other}"
        assert f"As a {name}: {sides}." in page


def test_the_same_result_twice_leans_to_the_same_sides(client):
    assert "both of you" in client.get(f"/compare/{LEANING['code']}/{LEANING['code']}/").text


@pytest.mark.parametrize("codes", [("xx", CODE), (CODE, "xx")])
def test_a_wrong_code_on_either_side_is_a_404(client, codes):
    assert client.get("/compare/{}/{}/".format(*codes)).status_code == 404
