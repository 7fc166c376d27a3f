import random
import re
from html import unescape
from itertools import count
from urllib.parse import unquote

import pytest
from django.urls import reverse
from hypothesis import given, settings
from hypothesis import strategies as st
from hypothesis.extra.django import TestCase as HypothesisTestCase

from quiz import codes, counting, scoring
from quiz.catalogue import catalogue
from quiz.counting import Counts
from quiz.domain import Answers
from quiz.models import FitVote
from quiz.result import result
from tests.conftest import by_id, data, leaning

LINKS = data("golden.toml")["links"]
CODE = LINKS[0]["code"]
SECOND = [link for link in LINKS if link["code"].startswith("2")]
LEANING = next(link for link in SECOND if result(link["code"], catalogue()).accent)
SURE = {
    word: next(one for one in LINKS if result(one["code"], catalogue()).profile.confidence == word)
    for word in ("clear", "close call")
}
HTMX = {"HX-Request": "true"}


@pytest.mark.unmeasured
def test_the_ledger_sums_to_the_points_behind_the_fit_on_two_thousand_sheets():
    questionnaire, draw = catalogue().questionnaire, random.Random(7)
    scale = scoring.scale_of(questionnaire)
    for _ in range(2_000):
        picks = tuple(
            draw.randrange(len(q.options) if q.kind == "one" else 1 << len(q.options)) for q in questionnaire.questions
        )
        profile = scoring.profile(Answers(questionnaire, picks))
        for role, ranks in zip(scale.roles, scale.ranks, strict=True):
            total = sum(entry.points[role] for entry in profile.ledger)
            assert profile.fit[role] == round(100 * ranks[total] / scale.top, 1)


@pytest.mark.unmeasured
@pytest.mark.parametrize("link", LINKS[::5], ids=lambda link: link["code"])
def test_every_change_leads_to_the_role_it_names_and_no_other_single_change_turns_the_result(client, link):
    context = client.get(f"/result/{link['code']}/").context_data
    answers, named = context["result"].answers, {}
    for change, role, address in context["changes"]:
        assert client.get(address).context_data["role"] is role
        named[change.question.id, change.option.id] = role.id
    for question in answers.questionnaire.questions:
        for option in question.options if question.axis != "setup" else ():
            other = scoring.profile(answers.choose(question.id, [option.id])).role
            expected = named.get((question.id, option.id), context["role"].id)
            assert other == expected


def test_the_ledger_shows_every_weighted_answer_and_its_total(client):
    response = client.get(f"/result/{CODE}/")
    weighted = [q for q in response.context_data["result"].answers.questionnaire.questions if q.axis != "setup"]
    assert len(response.context_data["ledger"]) == len(weighted)
    for number, role in enumerate(response.context_data["ranking"]):
        column = [points[number] for *_, points in response.context_data["ledger"]]
        assert sum(column) == response.context_data["totals"][number]
        assert role.name in response.text


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


@pytest.mark.unmeasured
@pytest.mark.parametrize("link", LINKS[::7], ids=lambda link: link["code"])
def test_a_result_says_in_one_sentence_how_sure_it_is(client, link):
    response = client.get(f"/result/{link['code']}/")
    profile, role = response.context_data["result"].profile, response.context_data["role"]
    word = {"clear": "Clear", "likely": "Likely", "close call": "A close call"}[profile.confidence]
    sentence = f"Change any two answers, and {profile.stability} times in 100 it is still {role.name.lower()}."
    assert f"<strong>{word}.</strong> {sentence}" in " ".join(response.text.split())


@pytest.mark.unmeasured
@pytest.mark.parametrize("link", LINKS[::7], ids=lambda link: link["code"])
def test_fits_are_shown_as_whole_numbers(client, link):
    page = client.get(f"/result/{link['code']}/").text
    assert re.findall(r'<span class="meter-value">(.+?)</span>', page) == [
        str(int(fit + 0.5)) for fit in sorted(link["fit"].values(), reverse=True)
    ]
    assert "How many of 100 possible answer sheets fit the role less" in page


def test_method_has_the_figures_of_every_questionnaire(client, content):
    page = client.get("/method/").text
    for version, figures in content.figures.items():
        assert f"The figures of questionnaire {version}" in page
        for share in (*figures.shares.values(), *figures.confidence.values(), *figures.influence.values()):
            assert f"{share} %" in page


class TestKit:
    def test_other_money_and_other_things_give_another_kit_and_leave_the_link_as_it_was(self, client):
        response = client.get(f"/result/{CODE}/", {"budget": "much", "own": ["headphones", "keys"]})
        kit = response.context_data["kit"]
        assert kit.budget == 1500
        assert not {"headphones", "keys"} & {item.category for item in kit.now}
        assert f'value="http://127.0.0.1:8000/result/{CODE}/"' in response.text

    def test_keeping_it_leads_to_a_result_with_this_kit(self, client):
        response = client.get(f"/result/{CODE}/", {"budget": "much", "own": ["keys"]})
        kept = client.get(response.context_data["keep"])
        assert kept.context_data["kit"].budget == 1500
        assert kept.context_data["result"].answers.chosen("owned")[0].id == "keys"

    def test_a_budget_that_is_no_answer_has_a_kit_and_nothing_to_keep(self, client):
        response = client.get(f"/result/{CODE}/", {"budget": "777"})
        assert response.context_data["kit"].budget == 777
        assert "The link to your result is the same as before." in response.text
        assert response.context_data["keep"] == ""

    def test_htmx_gets_the_kit_alone(self, client):
        response = client.get(f"/result/{CODE}/", {"budget": "some"}, headers=HTMX)
        assert response.text.lstrip().startswith('<div id="kit-shown">')
        assert "<form" not in response.text
        assert "HX-Request" in response.headers["Vary"]

    def test_the_choice_that_was_answered_offers_nothing_to_keep(self, client):
        answered = client.get(f"/result/{CODE}/").context_data["result"].answers
        query = {"budget": answered.chosen("budget")[0].id, "own": [option.id for option in answered.chosen("owned")]}
        assert client.get(f"/result/{CODE}/", query).context_data["keep"] == ""

    @pytest.mark.parametrize(
        ("query", "message"),
        [
            ({"budget": "lots"}, "whole number of US dollars"),
            ({"budget": ""}, "whole number of US dollars"),
            ({"budget": "some", "own": ["piano"]}, "don’t recognise one of those items"),
        ],
    )
    def test_an_unknown_choice_gives_the_form_again_with_a_message(self, client, query, message):
        response = client.get(f"/result/{CODE}/", query)
        assert response.status_code == 200
        assert message in response.text


def test_the_card_is_named_where_shared_links_are_shown(client):
    page = client.get(f"/result/{CODE}/").text
    assert f'<meta property="og:image" content="http://127.0.0.1:8000/result/{CODE}/card.png">' in page
    assert '<meta name="twitter:card" content="summary_large_image">' in page
    assert '<meta name="robots" content="noindex">' in page


@pytest.mark.unmeasured
@pytest.mark.parametrize("link", LINKS, ids=lambda link: link["code"])
def test_what_is_sent_speaks_for_the_taker_and_ends_with_a_question(client, link):
    response = client.get(f"/result/{link['code']}/")
    text = response.context_data["share_text"]
    assert text.endswith(f"I’m a {response.context_data['role'].name.lower()}. Which are you?")
    sent = [unquote(href) for href in re.findall(r'<li><a href="([^"]+)"', response.text) if "result" in href]
    assert len([href for href in sent if text in href and link["code"] in href]) == 5


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


class TestPlan:
    def test_every_session_of_four_weeks_says_how_long_it_is_what_to_do_and_what_one_can_show(self, client):
        response = client.get(f"/result/{LEANING['code']}/plan/")
        text = unescape(response.text)
        for session in response.context_data["result"].plan.sessions:
            assert f"</span>, {session.minutes} minutes" in text
            assert all(part.step.do in text for part in session.parts)
            assert session.end in text

    def test_the_first_week_ends_as_the_side_asks(self, client):
        response = client.get(f"/result/{LEANING['code']}/plan/")
        assert response.context_data["result"].accent.finish.do in unescape(response.text)

    def test_the_result_says_what_to_do_tonight_and_how_the_first_week_ends(self, client):
        response = client.get(f"/result/{LEANING['code']}/")
        first, *_, last = response.context_data["result"].plan.first_week
        assert first.start in unescape(response.text)
        assert last.end in unescape(response.text)
        assert f'href="/result/{LEANING["code"]}/plan/"' in response.text

    def test_where_a_step_is_done_is_a_link(self, client):
        page = client.get(f"/result/{codes.build(by_id(hours='twenty'))}/plan/").text
        assert '<a href="/learn/daw/">DAW: the lab</a>' in page
        assert '<a href="/guide/plugins/">Plugins</a>' in page
        assert '<a href="https://reaper.fm/videos.php">REAPER videos</a>' in page

    @pytest.mark.unmeasured
    @pytest.mark.parametrize("hours", ["two", "five", "ten", "twenty"])
    def test_no_milestone_is_left_without_words(self, client, hours):
        for role in ("bedroom", "studio", "mix"):
            address = f"/result/{codes.build(leaning(role).choose('hours', [hours]))}/"
            short, whole = (
                re.findall(r"By week \d+<span[^>]*></span></h3>\s*<p>(.*?)</p>", client.get(path).text)
                for path in (address, f"{address}plan/")
            )
            assert len(short) == 4
            assert all(short)
            assert len(whole) == 3
            assert all(len(text) > 20 for text in whole)

    def test_another_spelling_leads_to_the_one_address(self, client):
        assert client.get(f"/result/{CODE.upper()}/plan/").headers["Location"] == f"/result/{CODE}/plan/"

    def test_a_wrong_code_is_a_404(self, client):
        assert client.get("/result/xx/plan/").status_code == 404


class TestCompare:
    def test_both_songs_and_the_two_together_can_be_heard(self, client):
        first, second = LINKS[0], LINKS[8]
        page = client.get(f"/compare/{first['code']}/{second['code']}/").text
        heard = re.findall(r'data-hear="([^"]+)"', page)
        one, other = (f"{link['code']} {link['role']}" for link in (first, second))
        assert heard == [one, other, f"{one} {second['code']}"]

    def test_two_results_stand_side_by_side(self, client, content):
        first, second = LINKS[0], LINKS[8]
        response = client.get(f"/compare/{first['code']}/{second['code']}/")
        pair = response.context_data["comparison"].pair
        for text in (*pair.parts.values(), pair.project, pair.gap):
            assert text in response.text
        for link in (first, second):
            assert f'href="/result/{link["code"]}/"' in response.text
            assert all(f">{int(fit + 0.5)}</span>" in response.text for fit in link["fit"].values())

    def test_a_result_compared_with_itself_differs_nowhere(self, client):
        page = client.get(f"/compare/{CODE}/{CODE}/").text
        assert "Where you differ" not in page
        assert "Where you agree" in page

    def test_opposite_answers_agree_nowhere(self, client):
        questions = catalogue().questionnaire.questions
        last = {q.id: q.options[-1].id for q in questions if q.kind == "one"}
        other = codes.build(by_id(**last, owned=["keys"]))
        assert "Where you agree" not in client.get(f"/compare/{codes.build(by_id())}/{other}/").text

    def test_another_spelling_leads_to_the_one_address(self, client):
        assert client.get(f"/compare/{CODE.upper()}/{CODE}/").headers["Location"] == f"/compare/{CODE}/{CODE}/"

    def test_two_versions_compare_by_role_and_fit_and_the_page_says_so(self, client):
        page = client.get(f"/compare/{CODE}/{LEANING['code']}/").text
        assert "different versions of the questionnaire" in page
        assert "The side you lean to" not in page

    def test_sides_are_compared_where_both_lean_to_one(self, client, content):
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

    def test_the_same_result_twice_leans_to_the_same_sides(self, client):
        assert "both of you" in client.get(f"/compare/{LEANING['code']}/{LEANING['code']}/").text

    @pytest.mark.parametrize("codes", [("xx", CODE), (CODE, "xx")])
    def test_a_wrong_code_on_either_side_is_a_404(self, client, codes):
        assert client.get("/compare/{}/{}/".format(*codes)).status_code == 404


@pytest.mark.django_db
class TestFit:
    def vote(self, client, **given):
        return client.post(f"/result/{CODE}/fit/", given)

    def test_a_vote_is_kept_and_thanked_for(self, client):
        response = self.vote(client, verdict="partly", role="mix")
        assert response.status_code == 200
        assert "Thank you." in response.text
        assert f'<link rel="canonical" href="http://127.0.0.1:8000/result/{CODE}/">' in response.text
        vote = FitVote.objects.get()
        assert (vote.code, vote.verdict, vote.role) == (CODE, "partly", "mix")

    def test_the_address_of_a_vote_leads_everybody_else_to_the_result(self, client):
        response = client.get(f"/result/{CODE}/fit/")
        assert response.status_code == 303
        assert response.headers["Location"] == f"/result/{CODE}/#right"
        assert "Thank you." not in client.get(f"/result/{CODE}/?voted=yes").text
        assert not FitVote.objects.exists()

    def test_a_double_click_is_one_vote(self, client):
        for _ in range(2):
            self.vote(client, verdict="yes")
        assert FitVote.objects.count() == 1

    @pytest.mark.parametrize("given", [{}, {"verdict": "maybe"}, {"verdict": "yes", "role": "drummer"}])
    def test_what_is_no_vote_is_not_stored(self, client, given):
        response = self.vote(client, **given)
        assert response.headers["Location"] == f"/result/{CODE}/#right"
        assert not FitVote.objects.exists()

    def test_a_wrong_code_cannot_be_voted_on(self, client):
        assert client.post("/result/xx/fit/", {"verdict": "yes"}).status_code == 404


def test_the_share_of_people_is_said_when_enough_have_finished(client, monkeypatch):
    page = f"/result/{CODE}/"
    assert "people here got this role" not in client.get(page).text
    monkeypatch.setattr(counting.shown, "counts", Counts({"bedroom": 100, "studio": 100, "mix": 100}))
    assert "One in 3.0 people here got this role" in client.get(page).text


def test_method_says_how_many_found_their_result_right_when_enough_have_voted(client, monkeypatch):
    assert "people who told us" not in client.get("/method/").text
    monkeypatch.setattr(counting.shown, "counts", Counts(votes={"yes": 90, "no": 10}))
    assert re.search(r"Of 100 people who told us, 90.0 % .+95 % interval: 82.6 to 94.5 %", client.get("/method/").text)


@pytest.mark.unmeasured
class TestAnyRequest(HypothesisTestCase):
    @settings(max_examples=100)
    @given(text=st.text(max_size=20), other=st.text(max_size=20), own=st.lists(st.text(max_size=5), max_size=3))
    def test_never_a_server_error(self, text, other, own):
        segment = text.replace("/", "") or "x"
        for path, query in [
            (f"/result/{CODE}/", {"budget": text, "own": own}),
            (f"/result/{CODE}/plan.ics", {"start": text}),
            (reverse("compare", args=[segment, CODE]), {}),
            (reverse("card", args=[segment]), {}),
            ("/resources/", {"role": text, "level": other}),
            ("/roles/bedroom-producer/gear/", {"budget": text, "own": own}),
        ]:
            assert self.client.get(path, query).status_code < 500
        assert self.client.post(f"/result/{CODE}/fit/", {"verdict": text, "role": other}).status_code == 303
