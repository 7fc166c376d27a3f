"""The auditions: pages, the way through them, and what is counted."""

import re
from html import unescape

import pytest
from hypothesis import given
from hypothesis import strategies as st
from hypothesis.extra.django import TestCase as HypothesisTestCase

from quiz import tried
from quiz.catalogue import catalogue
from quiz.domain import FIRST_ROLES
from quiz.models import Audition
from quiz.result import result
from tests.conftest import data

CODE = data("golden.toml")["links"][0]["code"]
SLUGS = [role.slug for role in catalogue().roles.values() if role.id in tried.ROOMS]
MIX = "/try/mix-mastering-engineer/"
TAPS = {"liked": "4", "evening": "2"}
TAKE = "0123456789abcdef"


@pytest.mark.parametrize("slug", SLUGS)
def test_an_audition_says_what_one_will_do_what_it_shows_and_how_to_do_without_sound(client, slug):
    page = client.get(f"/try/{slug}/").text
    assert re.search(r'<h2 id="shows">.+?can’t', page, re.DOTALL)
    assert re.search(r"Headphones (help|are nice).+?[Ww]ithout them", page, re.DOTALL)
    assert re.findall(r'name="listen" value="(\w+)"', page) == ["speaker", "headphones"]
    words = re.search(r'<section aria-labelledby="words">(.+?)</section>', page, re.DOTALL)[1]
    assert len(re.sub("<[^>]+>", "", words).split()) > 60
    assert "<noscript>" in page


@pytest.mark.parametrize("slug", SLUGS)
def test_the_two_taps_work_without_a_script(client, slug):
    form = re.search(r'<form class="form" method="post".+?</form>', client.get(f"/try/{slug}/").text, re.DOTALL)[0]
    assert f'action="/try/{slug}/done/"' in form
    assert re.findall(r'name="liked" value="(\d)"', form) == ["1", "2", "3", "4"]
    assert re.findall(r'name="evening" value="(\d)"', form) == ["2", "1", "0"]


def test_every_module_that_an_audition_imports_is_named_with_its_hash(client):
    for slug in SLUGS:
        template = re.search("<template>(.+?)</template>", client.get(f"/try/{slug}/").text, re.DOTALL)[1]
        links = re.findall(r'<link rel="modulepreload" href="/static/js/(.+?)" integrity="sha384-.+?">', template)
        assert re.fullmatch(r"try/(bedroom|studio|mix)\.\w+\.js", links[-1])
        assert len(links) == template.count("<link")


def test_there_is_none_for_another_role(client):
    assert client.get("/try/nobody/").status_code == 404
    assert client.post("/try/nobody/done/").status_code == 404


def test_before_any_is_tried_the_page_offers_all_three(client):
    page = client.get("/try/").text
    assert all(f'href="/try/{slug}/"' in page for slug in SLUGS)
    assert "You liked" not in page


def test_the_way_back_to_the_result_goes_along(client):
    page = client.get(f"/try/?r={CODE}&tried=00c").text
    assert f'href="/result/{CODE}/?tried=00c"' in page
    assert all(f"/try/{slug}/?r={CODE}&tried=00c" in unescape(page) for slug in SLUGS)
    assert "You liked mixing best so far" in page


def test_without_a_result_it_leads_to_the_quiz(client):
    page = " ".join(client.get("/try/?tried=07c").text.split())
    assert 'You liked mixing best so far. <a href="/quiz/">See what your answers say</a>.' in page


def test_the_browser_keeps_what_was_tried_from_the_page_that_names_it(client):
    page = client.get("/try/?tried=07c").text
    assert 'data-tried="07c"' in page
    assert "/js/tried." in page
    plain = client.get("/try/").text
    assert "data-tried" not in plain
    assert "/js/tried." not in plain


def test_where_nothing_was_liked_it_says_so(client):
    assert "None of it was fun yet" in client.get("/try/?tried=120").text


@pytest.mark.parametrize("path", ["/try/", MIX])
@pytest.mark.parametrize(
    ("given_", "right"),
    [
        ("r=nonsense", ""),
        ("tried=zzz", ""),
        ("tried=000", ""),
        ("tried=00C", "?tried=00c"),
        (f"r={CODE.upper()}&tried=5", f"?r={CODE}"),
        ("seed=abc&tried=z", "?seed=abc"),
    ],
)
def test_what_an_address_says_wrongly_is_left_out(client, path, given_, right):
    assert client.get(f"{path}?{given_}").headers["Location"] == path + right
    assert client.get(path + right).status_code == 200


def test_a_seed_is_the_browsers_and_makes_no_other_page(client):
    assert client.get(f"{MIX}?seed=abc").content == client.get(MIX).content


@pytest.mark.django_db
class TestDone:
    def test_without_a_result_it_goes_on_to_the_others(self, client):
        response = client.post(f"{MIX}done/", TAPS)
        assert (response.status_code, response.headers["Location"]) == (303, "/try/?tried=00c")

    def test_with_a_result_the_last_one_leads_back_to_it(self, client):
        response = client.post(f"{MIX}done/", TAPS | {"r": CODE, "tried": "150"})
        assert response.headers["Location"] == f"/result/{CODE}/?tried=15c"

    def test_the_others_come_first(self, client):
        response = client.post(f"{MIX}done/", TAPS | {"r": CODE, "tried": "100"})
        assert response.headers["Location"] == f"/try/?r={CODE}&tried=10c"

    @pytest.mark.parametrize("wrong", [{"liked": "5"}, {"liked": ""}, {"evening": "x"}, {"evening": "-1"}])
    def test_without_both_taps_it_asks_again_and_counts_nothing(self, client, wrong):
        response = client.post(f"{MIX}done/", TAPS | {"take": TAKE, "r": CODE} | wrong)
        assert response.headers["Location"] == f"{MIX}?r={CODE}#taps"
        assert not Audition.objects.exists()

    def test_a_finished_audition_is_counted_once_however_often_it_is_sent(self, client, content):
        sent = TAPS | {"take": TAKE, "band": "middle", "r": CODE}
        for _ in range(3):
            client.post(f"{MIX}done/", sent)
        row = Audition.objects.get()
        assert (row.role, row.liked, row.evening, row.band) == ("mix", 4, 2, "middle")
        assert row.given == result(CODE, content).profile.role
        assert str(row) == "mix: 4, 2"

    def test_two_people_are_two(self, client):
        for take in (TAKE, TAKE[::-1]):
            client.post(f"{MIX}done/", TAPS | {"take": take})
        assert list(Audition.objects.values_list("given", "band")) == [("", "")] * 2

    @pytest.mark.parametrize("take", ["", "xyz", TAKE.upper(), TAKE + "0", "\x00" * 16])
    def test_without_a_number_from_the_page_nothing_is_counted(self, client, take):
        assert client.post(f"{MIX}done/", TAPS | {"take": take}).status_code == 303
        assert not Audition.objects.exists()

    def test_a_band_that_there_is_not_is_left_out(self, client):
        client.post(f"{MIX}done/", TAPS | {"take": TAKE, "band": "great"})
        assert Audition.objects.get().band == ""

    def test_another_site_cannot_send_it(self, client):
        response = client.post(f"{MIX}done/", TAPS | {"take": TAKE}, headers={"Sec-Fetch-Site": "cross-site"})
        assert response.status_code == 403
        assert not Audition.objects.exists()

    def test_get_is_not_allowed(self, client):
        assert client.get(f"{MIX}done/").status_code == 405


@pytest.mark.unmeasured
class TestAnyInput(HypothesisTestCase):
    @given(st.dictionaries(st.sampled_from(["r", "tried", "seed"]), st.text()))
    def test_pages_answer_or_redirect(self, query):
        for path in ("/try/", MIX):
            assert self.client.get(path, query).status_code in (200, 302)

    @given(st.dictionaries(st.sampled_from(["r", "tried", "liked", "evening", "take", "band"]), st.text()))
    def test_the_form_goes_on(self, sent):
        assert self.client.post(f"{MIX}done/", sent).status_code == 303


class TestOnTheResult:
    def test_the_section_has_three_sentences_and_neither_talent_nor_a_percentage(self, client):
        for told in ("00c", "c00", "110", "777", "c1c"):
            page = client.get(f"/result/{CODE}/?tried={told}").text
            section = re.search(r'<section class="tried".+?</section>', page, re.DOTALL)[0]
            said = re.findall(r"<p>(.+?)</p>", section, re.DOTALL)
            assert len(said) == 3
            assert all(" ".join(one.split()).endswith(".") for one in said)
            assert "%" not in section
            assert "talent" not in section

    def test_without_it_there_is_one_link(self, client):
        page = client.get(f"/result/{CODE}/").text
        assert f'href="/try/?r={CODE}"' in page
        assert re.search("<a [^>]*data-beside-answers hidden>", page)
        assert 'class="tried"' not in page

    def test_the_fit_is_the_same(self, client):
        plain, other = (client.get(f"/result/{CODE}/{query}").context_data["fits"] for query in ("", "?tried=c00"))
        assert plain == other

    @pytest.mark.parametrize("file", ["", "result.json", "card.png", "story.png"])
    def test_a_wrong_one_leads_to_the_address_without_it(self, client, file):
        for wrong in ("", "0", "zzz", "000", "1234"):
            response = client.get(f"/result/{CODE}/{file}", {"tried": wrong})
            assert response.headers["Location"] == f"/result/{CODE}/{file}"

    def test_another_spelling_leads_to_the_canonical_one(self, client):
        response = client.get(f"/result/{CODE}/card.png?tried=0AC")
        assert response.headers["Location"] == f"/result/{CODE}/card.png?tried=0ac"

    def test_other_parameters_stay(self, client):
        response = client.get(f"/result/{CODE}/?budget=500&tried=z")
        assert response.headers["Location"] == f"/result/{CODE}/?budget=500"

    def test_it_stays_with_another_kit(self, client):
        page = client.get(f"/result/{CODE}/?tried=00c&budget=500").text
        assert '<input type="hidden" name="tried" value="00c">' in page
        assert 'name="tried"' not in client.get(f"/result/{CODE}/").text

    def test_a_badly_spelt_code_keeps_it(self, client):
        response = client.get(f"/result/{CODE.upper()}/?tried=00c")
        assert response.headers["Location"] == f"/result/{CODE}/?tried=00c"

    def test_the_shared_page_shows_its_own_picture(self, client, settings):
        page = client.get(f"/result/{CODE}/?tried=00c").text
        place = f"{settings.SITE_URL}/result/{CODE}/"
        assert f'<link rel="canonical" href="{place}?tried=00c">' in page
        assert f'<meta property="og:image" content="{place}card.png?tried=00c">' in page

    def test_json_has_it_only_where_asked(self, client):
        plain = client.get(f"/result/{CODE}/result.json").json()
        asked = client.get(f"/result/{CODE}/result.json?tried=00c").json()
        assert "tried" not in plain
        assert asked.pop("tried") == tried.as_dict(tried.parse("00c", FIRST_ROLES), FIRST_ROLES)
        assert asked == plain

    @pytest.mark.parametrize("file", ["card.png", "story.png"])
    def test_pictures_say_it_only_where_asked_and_something_was_liked(self, client, file):
        plain, one, two, none = (
            client.get(f"/result/{CODE}/{file}{query}").content
            for query in ("", "?tried=00c", "?tried=77c", "?tried=111")
        )
        assert none == plain
        assert len({plain, one, two}) == 3
