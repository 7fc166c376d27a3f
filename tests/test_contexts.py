import random
import re
from itertools import count
from urllib.parse import unquote

import pytest

from quiz import codes, counting, scoring
from quiz.catalogue import catalogue
from quiz.counting import Counts
from quiz.domain import Answers
from quiz.result import result
from tests.conftest import data, leaning

LINKS = data("golden.toml")["links"]
CODE = LINKS[0]["code"]
LEANING = next(link for link in LINKS if result(link["code"], catalogue()).accent)
SURE = {
    word: next(one for one in LINKS if result(one["code"], catalogue()).profile.confidence == word)
    for word in ("clear", "close call")
}


def test_the_ledger_shows_every_weighted_answer_and_its_total(client):
    response = client.get(f"/result/{CODE}/")
    weighted = [q for q in response.context_data["result"].answers.questionnaire.questions if q.axis != "setup"]
    assert len(response.context_data["ledger"]) == len(weighted)
    for number, role in enumerate(response.context_data["ranking"]):
        column = [points[number] for *_, points in response.context_data["ledger"]]
        assert sum(column) == response.context_data["totals"][number]
        assert role.name in response.text


@pytest.mark.unmeasured
@pytest.mark.parametrize("link", LINKS[::5], ids=lambda link: link["code"])
def test_every_change_leads_to_the_role_it_names_and_no_other_single_change_turns_the_result(client, link):
    context = client.get(f"/result/{link['code']}/").context_data
    answers, named = context["result"].answers, {}
    for (change, role), address in context["changes"]:
        assert client.get(address).context_data["role"] is role
        named[change.question.id, change.option.id] = role.id
    for question in answers.questionnaire.questions:
        for option in question.options if question.axis != "setup" else ():
            other = scoring.profile(answers.choose(question.id, [option.id])).role
            expected = named.get((question.id, option.id), context["role"].id)
            assert other == expected


def test_where_all_fit_alike_the_page_says_so_and_names_what_to_think_over(client, content):
    draw, questionnaire = random.Random(3), content.questionnaire
    sheets = (
        Answers(questionnaire, tuple(draw.randrange(len(q.options)) for q in questionnaire.questions)) for _ in count()
    )
    sheet = next(sheet for sheet in sheets if scoring.profile(sheet).balanced)
    response = client.get(f"/result/{codes.build(sheet)}/")
    assert "All roles fit about equally well" in response.text
    assert response.context_data["route"][0].id == "bedroom"
    assert all(question.text in response.text for question in response.context_data["think_over"])


def test_a_result_names_its_side_with_a_first_project_and_what_to_take_first(client, content):
    response = client.get(f"/result/{LEANING['code']}/")
    accent, role = response.context_data["accent"], response.context_data["role"]
    assert f'<p class="accent">{accent.name}</p>' in response.text
    assert accent.text in response.text
    assert accent.project in response.text
    for skill in accent.skills:
        assert (
            f'<a href="/roles/{role.slug}/checklist/#skill-{skill}">{content.skills[skill].name}</a>' in response.text
        )
    for category in accent.gear:
        assert f'href="/roles/{role.slug}/gear/#{category}"' in response.text
    assert all(content.resources[resource].name in response.text for resource in accent.resources)


def test_a_result_of_the_first_questionnaire_has_no_side(client):
    response = client.get(f"/result/{CODE}/")
    assert '<p class="accent">' not in response.text
    assert "What to take first" not in response.text


class TestSong:
    def test_in_a_close_call_the_answers_that_would_tip_it_can_be_heard(self, client, content):
        link = SURE["close call"]
        page = client.get(f"/result/{link['code']}/").text
        others = re.findall(r'data-other="(\w+)" data-role="(\w+)"', page)
        assert others
        for code, role in others:
            assert result(code, catalogue()).profile.role == role != link["role"]

    def test_in_a_clear_result_no_clip_is_framed(self, client):
        link = SURE["clear"]
        page = client.get(f"/result/{link['code']}/").text
        assert "data-other" not in page
        assert 'class="clip tips' not in page

    @pytest.mark.parametrize("role", catalogue().roles)
    def test_each_role_has_a_first_session_with_it(self, client, role):
        page = client.get(f"/result/{codes.build(leaning(role))}/").text
        assert page.count("Your first session") == 1


@pytest.mark.unmeasured
@pytest.mark.parametrize("link", LINKS, ids=lambda link: link["code"])
def test_what_is_sent_speaks_for_the_taker_and_ends_with_a_question(client, link):
    response = client.get(f"/result/{link['code']}/")
    text = response.context_data["share_text"]
    assert text.endswith(f"I’m a {response.context_data['role'].name.lower()}. Which are you?")
    sent = [unquote(href) for href in re.findall(r'<li><a href="([^"]+)"', response.text) if "result" in href]
    assert len([href for href in sent if text in href and link["code"] in href]) == 5


def test_the_share_of_people_is_said_when_enough_have_finished(client, monkeypatch):
    page = f"/result/{CODE}/"
    assert "people here got this role" not in client.get(page).text
    monkeypatch.setattr(counting.shown, "counts", Counts({"bedroom": 100, "studio": 100, "mix": 100}))
    assert "One in 3 people here got this role" in client.get(page).text
