import re
from html import unescape

import pytest
from django.urls import reverse
from hypothesis import given, settings
from hypothesis import strategies as st
from hypothesis.extra.django import TestCase as HypothesisTestCase

from quiz import codes
from quiz.catalogue import catalogue
from quiz.models import FitVote
from quiz.result import result
from tests.conftest import by_id, data, leaning

LINKS = data("golden.toml")["links"]
CODE = LINKS[0]["code"]
LEANING = next(link for link in LINKS if result(link["code"], catalogue()).accent)
HTMX = {"HX-Request": "true"}


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

    def test_another_spelling_of_the_code_keeps_the_kit_that_was_asked_for(self, client):
        response = client.get(f"/result/{CODE.upper()}/", {"budget": "1,500", "own": ["keys"]}, follow=True)
        assert response.request["PATH_INFO"] == f"/result/{CODE}/"
        assert response.context_data["kit"].budget == 1500
        assert "keys" not in {item.category for item in response.context_data["kit"].now}

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
            ({"budget": "300,50"}, "whole number of US dollars"),
            ({"budget": "1,2,3"}, "whole number of US dollars"),
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

    def test_a_vote_keeps_the_auditions_and_the_kit_that_were_on_the_page(self, client):
        query = "tried=01c&budget=500&own=headphones"
        page = client.get(f"/result/{CODE}/?{query}")
        [action] = re.findall('action="([^"]+/fit/[^"]*)"', page.text)
        voted = client.post(unescape(action), {"verdict": "yes"})
        for response in (page, voted):
            assert "A starter kit for $500" in response.text
            assert "What it was like" in response.text
        assert client.post(unescape(action), {}).headers["Location"] == f"/result/{CODE}/?{query}#right"

    def test_the_address_of_a_vote_leads_everybody_else_to_the_result(self, client):
        response = client.get(f"/result/{CODE}/fit/")
        assert response.status_code == 303
        assert response.headers["Location"] == f"/result/{CODE}/#right"
        assert "Thank you." not in client.get(f"/result/{CODE}/?voted=yes").text
        assert not FitVote.objects.exists()

    def test_for_htmx_too_since_what_a_get_gets_may_be_kept(self, client):
        response = client.get(f"/result/{CODE}/fit/", headers=HTMX)
        assert response.status_code == 303
        assert response.headers["Location"] == f"/result/{CODE}/#right"

    @pytest.mark.parametrize("method", ["put", "delete", "patch"])
    def test_other_methods_are_told_what_is_allowed(self, client, method):
        response = getattr(client, method)(f"/result/{CODE}/fit/")
        assert response.status_code == 405
        assert response.headers["Allow"] == "GET, HEAD, POST"

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
