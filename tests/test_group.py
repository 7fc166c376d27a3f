import re
from urllib.parse import quote

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from quiz import codes
from quiz.catalogue import catalogue
from quiz.group import MOST, group
from tests.strategies import answers

CODES = st.lists(answers().map(codes.build), min_size=2, max_size=12, unique=True)


def of(given_codes):
    return group(given_codes, catalogue())


@pytest.fixture
def pair(answer):
    """The codes of two people who differ in one answer, in the order of a group."""
    one, question = answer(), answer().questionnaire.questions[0]
    return sorted([codes.build(one), codes.build(one.choose(question.id, [question.options[1].id]))])


@pytest.mark.unmeasured
@settings(max_examples=25)  # each is a group of up to twelve
@given(CODES, st.randoms())
def test_the_order_of_the_links_does_not_matter(some, random):
    shuffled = random.sample(some, len(some))
    assert of(shuffled) == of(some)
    assert set(of(some).codes) == set(some)


@pytest.mark.unmeasured
@settings(max_examples=25)
@given(CODES)
def test_a_link_given_twice_is_one_member(some):
    assert of([*some, *some]) == of(some)


@settings(max_examples=25)
@given(CODES)
def test_everybody_stands_in_the_row_of_their_role_and_in_one_team_at_most(some):
    it = of(some)
    assert sorted(m.number for mates in it.roles.values() for m in mates) == [m.number for m in it.members]
    assert all(m.role == role for role, mates in it.roles.items() for m in mates)
    placed = [m.number for team in (*it.teams, *(duo.members for duo in it.duos)) for m in team]
    assert len(placed) == len(set(placed))


@settings(max_examples=25)
@given(CODES)
def test_every_team_covers_every_role(some):
    it = of(some)
    for team in it.teams:
        assert {member.role for member in team} == set(catalogue().roles)
    for duo in it.duos:
        assert set(duo.jobs) == set(catalogue().roles)
        assert all(member in duo.members for member in duo.jobs.values())
        assert all(member in duo.jobs.values() for member in duo.members)
        assert all(role in (member.role, member.second) for role, member in duo.jobs.items())


@pytest.mark.parametrize(
    "line",
    [
        "{0}",
        "  {0}  ",
        "Ann: https://example.org/result/{0}/",
        "<https://example.org/result/{0}/>.",
        "https://example.org/RESULT/{1}/?utm_source=chat#right",
        "https%3A%2F%2Fexample.org%2Fresult%2F{0}%2F",
        "(see example.org/result/{0}/card.png)",
    ],
)
def test_a_link_is_read_however_it_was_mangled(line, answer):
    code = codes.build(answer())
    assert of([line.format(code, code.upper())]).codes == (code,)


@pytest.mark.parametrize("line", ["Ann", "https://example.org/", "/result/zzzz/", "٣", "%", "a" * 200])
def test_a_line_without_a_result_is_named_and_the_others_stay(line, answer):
    it = of([line, codes.build(answer())])
    assert [text for text, _ in it.wrong] == [line]
    assert len(it.members) == 1


class TestPage:
    def test_it_asks_for_links_first(self, client):
        page = client.get("/group/").content.decode()
        assert "one a line" in page
        assert "noindex" not in page

    def test_pasted_lines_lead_to_the_address_of_the_group(self, client, pair):
        one, other = pair
        response = client.get("/group/", {"paste": f"{other}\nnot a link\n\nhttps://x.example/result/{one.upper()}/"})
        assert response.url == f"/group/?c={one}&c={other}&c={quote('not a link').replace('%20', '+')}"
        page = client.get(response.url)
        assert page.status_code == 200
        assert "<code>not a link</code>" in page.content.decode()
        assert "2 people, one record" in page.content.decode()
        assert "public" in page.headers["Cache-Control"]

    def test_any_order_leads_to_one_address(self, client, pair):
        one, other = pair
        assert client.get(f"/group/?c={other}&c={one}").url == f"/group/?c={one}&c={other}"

    def test_one_result_is_not_a_group_yet(self, client, answer):
        page = client.get(f"/group/?c={codes.build(answer())}").content.decode()
        assert "A group starts with two results." in page

    def test_more_than_it_holds_is_said(self, client):
        page = client.get("/group/", {"c": [f"line {n}" for n in range(MOST + 1)]}).content.decode()
        assert f"That is {MOST + 1} results, and" in page
        assert f"at most {MOST}" in page

    def test_every_role_that_nobody_has_is_named_as_missing(self, client, pair):
        page = client.get("/group/", {"c": pair}).content.decode()
        named = re.search("What is missing: (.*)</p>", page)[1]
        missing = of(pair).missing
        assert missing
        assert all(catalogue().roles[role].name.lower() in named for role in missing)
