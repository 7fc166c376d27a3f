import re

import pytest
from django.db import DatabaseError, connection
from django.urls import reverse
from hypothesis import given, settings
from hypothesis import strategies as st
from hypothesis.extra.django import TestCase as HypothesisTestCase

from quiz import codes, counting
from quiz.catalogue import catalogue
from quiz.models import Completion, Unfinished
from tests.conftest import by_id, leaning

HTMX = {"HX-Request": "true"}
QUESTIONS = catalogue().questionnaire.questions
V = codes.ALPHABET[catalogue().questionnaire.version]  # the character of the version
FIRST, SECOND, THIRD = (question.id for question in QUESTIONS[:3])
LATER = QUESTIONS[2].options[1].id
# The position after the last option of the first question.
BEYOND = codes.ALPHABET[len(QUESTIONS[0].options)]


def code_of(**chosen):
    return codes.build(by_id(**chosen))


def ask(client, query, **headers):
    return client.get(f"/quiz/?{query}", headers=headers)


class TestAsk:
    def test_the_quiz_starts_with_the_first_question(self, client, content):
        response = client.get("/quiz/")
        assert response.status_code == 200
        assert content.questionnaire.questions[0].text in response.text
        assert f"Question 1 of {len(QUESTIONS)}" in response.text

    def test_every_option_is_one_tap(self, client, content):
        page = client.get("/quiz/").text
        for option in content.questionnaire.questions[0].options:
            assert option.text in page
        assert page.count('name="pick"') == len(content.questionnaire.questions[0].options)

    def test_a_tap_leads_to_the_canonical_address_of_the_next_question(self, client):
        assert ask(client, f"a={V}&pick=2").headers["Location"] == f"/quiz/?a={V}2"

    def test_the_address_says_which_question_is_next(self, client, content):
        assert content.questionnaire.questions[3].text in ask(client, f"a={V}000").text

    def test_htmx_gets_the_question_alone_and_the_address_to_push(self, client, content):
        response = ask(client, f"a={V}&pick=2", **HTMX)
        assert response.headers["HX-Push-Url"] == f"/quiz/?a={V}2"
        assert content.questionnaire.questions[1].text in response.text
        assert "<html" not in response.text
        assert "HX-Request" in response.headers["Vary"]

    def test_back_leads_to_the_question_before_with_the_answer_it_was_given(self, client, content):
        back = f"/quiz/?a={V}02&amp;change={SECOND}"
        assert f'href="{back}"' in ask(client, f"a={V}02").text
        page = client.get(back.replace("&amp;", "&")).text
        assert re.findall(r'value="(.)" aria-current="true"', page) == ["2"]
        assert content.questionnaire.questions[1].text in page
        assert ">Back<" not in client.get("/quiz/").text

    def test_back_leads_on_to_the_first_question_and_forward_again(self, client):
        page = ask(client, f"a={V}02&change={SECOND}").text
        assert f'href="/quiz/?a={V}02&amp;change={FIRST}"' in page
        first = ask(client, f"a={V}02&change={FIRST}").text
        assert ">Back<" not in first
        assert f'<a href="/quiz/?a={V}02">Keep the answer I gave</a>' in first

    def test_an_answer_changed_half_way_is_swapped_by_htmx_and_the_later_ones_stay(self, client):
        assert "data-hx-get" in ask(client, f"a={V}02&change={FIRST}").text
        response = ask(client, f"a={V}02&change={FIRST}&pick=3", **HTMX)
        assert response.headers["HX-Push-Url"] == f"/quiz/?a={V}32"
        assert f"Question 3 of {len(QUESTIONS)}" in response.text

    def test_a_form_that_leads_to_a_result_says_as_much_of_its_code_as_is_known(self, client, answer):
        a = codes.so_far(answer(owned=["computer"]))
        code = codes.build(answer(owned=["computer"]))
        for query, outline in [
            (f"a={a[:-2]}", f"{a[:-2]}..."),
            (f"a={a}", f"{a}."),
            (f"a={a}&change={FIRST}", f"{a[0]}.{a[2:]}."),
            (f"a={a}&change=owned", f"{a[:-2]}..."),
        ]:
            assert f'data-outline="{outline}"' in ask(client, query).text
            assert re.fullmatch(outline, code)
        for query in ("", f"a={V}", f"a={a[:5]}&change={FIRST}"):
            assert "data-outline" not in ask(client, query).text

    @pytest.mark.parametrize("pick", [BEYOND, "z", "00", "-1", "", "%00"])
    def test_a_pick_that_is_no_option_gives_the_question_again_with_a_message(self, client, content, pick):
        for headers in ({}, HTMX):
            response = ask(client, f"a={V}&pick={pick}", **headers)
            assert response.status_code == 200
            assert 'class="message"' in response.text
            assert content.questionnaire.questions[0].text in response.text
            assert "HX-Push-Url" not in response.headers

    @pytest.mark.parametrize("a", ["z", "1u1", "19", "1" + "0" * 99, "é", "%00"])
    def test_answers_that_cannot_be_read_give_the_first_question_with_a_message(self, client, content, a):
        response = ask(client, f"a={a}")
        assert response.status_code == 200
        assert "So here is the first question again." in response.text
        assert content.questionnaire.questions[0].text in response.text

    def test_all_answers_can_be_reviewed_before_the_result(self, client, content, answer):
        page = ask(client, f"a={codes.so_far(answer())}").text
        assert f"All {len(QUESTIONS)} questions answered" in page
        assert "See your result" in page
        assert page.count("change=") == len(QUESTIONS)

    def test_a_pick_on_top_of_all_answers_changes_nothing(self, client, answer):
        a = codes.so_far(answer())
        assert ask(client, f"a={a}&pick=1").headers["Location"] == f"/quiz/?a={a}"

    def test_an_answer_can_be_changed_and_the_others_kept(self, client, answer):
        a = codes.so_far(answer(**{THIRD: LATER}))
        page = ask(client, f"a={a}&change={SECOND}").text
        assert 'aria-current="true"' in page
        assert "Keep the answer I gave" in page
        changed = ask(client, f"a={a}&change={SECOND}&pick=2").headers["Location"]
        assert changed == reverse("result", args=[code_of(**{THIRD: LATER, SECOND: QUESTIONS[1].options[2].id})])

    def test_an_earlier_answer_can_be_changed_half_way(self, client):
        assert ask(client, f"a={V}022&change={SECOND}&pick=1").headers["Location"] == f"/quiz/?a={V}012"

    @pytest.mark.parametrize("change", ["nothing", QUESTIONS[5].id, ""])
    def test_changing_what_was_not_answered_asks_the_next_question(self, client, content, change):
        assert content.questionnaire.questions[2].text in ask(client, f"a={V}02&change={change}").text

    def test_an_any_of_question_takes_several_or_none(self, client, answer):
        a = codes.so_far(answer())[:-2]
        assert 'type="checkbox"' in ask(client, f"a={a}").text
        assert ask(client, f"a={a}&pick=&pick=0&pick=5").headers["Location"] == f"/quiz/?a={a}11"
        assert ask(client, f"a={a}&pick=").headers["Location"] == f"/quiz/?a={a}00"

    def test_what_was_ticked_is_ticked_when_it_is_changed(self, client, answer):
        a = codes.so_far(answer(owned=["daw", "monitors"]))
        assert ask(client, f"a={a}&change=owned").text.count(" checked") == 2


@pytest.mark.django_db
class TestFinish:
    def post(self, client, a, *pick, **headers):
        return client.post("/quiz/finish/", {"a": a, "pick": list(pick)} if pick else {"a": a}, headers=headers)

    def test_the_last_answer_leads_to_the_result_and_is_counted_once(self, client, answer):
        a = codes.so_far(answer())
        response = self.post(client, a[:-2], "", "0")
        assert response.status_code == 303
        code = code_of(owned=[QUESTIONS[-1].options[0].id])
        assert response.headers["Location"] == f"/result/{code}/"
        completion = Completion.objects.get()
        assert completion.code == code
        assert str(completion) == f"{completion.role} ({completion.confidence})"

    def test_htmx_is_sent_on_to_the_result(self, client, answer):
        response = self.post(client, codes.so_far(answer()), **HTMX)
        assert response.headers["HX-Redirect"] == f"/result/{code_of()}/"

    @pytest.mark.parametrize(
        ("a", "pick", "to"),
        [
            (f"{V}02", [], f"/quiz/?a={V}02"),
            (f"{V}02", ["1"], f"/quiz/?a={V}021"),
            (f"{V}02", ["9"], f"/quiz/?a={V}02&pick=9"),
            ("", [], f"/quiz/?a={V}"),
            ("z", [], "/quiz/?a=z"),
            ("1\x001", [], "/quiz/?a=1%001"),
            (f"{V}" + "0" * 999, [], f"/quiz/?a={V}" + "0" * 63),
        ],
    )
    def test_a_missing_or_wrong_answer_leads_to_its_question_and_stores_nothing(self, client, a, pick, to):
        response = self.post(client, a, *pick)
        assert response.status_code == 303
        assert response.headers["Location"] == to
        assert client.get(to).status_code in (200, 302)
        assert not Completion.objects.exists()

    def test_it_takes_a_post_and_nothing_else(self, client):
        assert client.get("/quiz/finish/").status_code == 405

    def test_a_database_that_is_away_costs_the_visitor_nothing(self, client, answer, monkeypatch):
        def broken(*args, **kwargs):
            raise DatabaseError("database is locked")

        monkeypatch.setattr(Completion.objects, "create", broken)
        monkeypatch.setattr("quiz.views.recorder", counting.Recorder())
        assert self.post(client, codes.so_far(answer())).status_code == 303


class TestResult:
    def test_it_names_the_role_the_fits_and_the_runner_up(self, client, content):
        response = client.get(f"/result/{code_of()}/")
        result = response.context_data["result"]
        page = response.text
        assert content.roles[result.profile.role].answer in page
        for role, fit in result.profile.fit.items():
            assert content.roles[role].name in page
            assert f">{int(fit + 0.5)}</span>" in page
        assert content.roles[result.profile.runner_up].name.lower() in page

    def test_it_shows_reasons_checklist_kit_and_a_change_link_for_every_answer(self, client):
        response = client.get(f"/result/{code_of(budget='medium')}/")
        result, page = response.context_data["result"], response.text
        for entry in result.reasons_for:
            assert entry.options[0].because[result.profile.role] in page
        for milestone in result.plan.milestones[1:]:
            for skill in milestone.skills:
                assert skill.name in page
        for item in result.kit.now:
            assert item.name in page
        for question in result.answers.questionnaire.questions:
            assert f"change={question.id}" in page

    def test_it_holds_its_own_absolute_link(self, client, settings):
        code = code_of()
        assert f"{settings.SITE_URL}/result/{code}/" in client.get(f"/result/{code}/").text

    def test_beginners_see_the_route_to_the_studio(self, client):
        studio = leaning("studio")
        experienced = studio.choose("experience", [studio.questionnaire.options("experience")[-1].id])
        page = client.get(f"/result/{codes.build(studio)}/").text
        assert "rarely anyone’s first job" in page
        assert re.search("Bedroom producer</a>: learn every stage.*Studio producer</a>: by then", page, re.DOTALL)
        assert "rarely anyone’s first job" not in client.get(f"/result/{codes.build(experienced)}/").text

    def test_another_spelling_of_a_code_leads_to_the_one_address(self, client):
        code = code_of()
        response = client.get(f"/result/{code.upper().replace('0', 'O')}/")
        assert response.status_code == 301
        assert response.headers["Location"] == f"/result/{code}/"

    @pytest.mark.parametrize("code", ["1", "xx", "100000000000000000", "z" * 18, "1" * 500, "é", "a b", "%00"])
    def test_a_wrong_code_is_a_friendly_404_that_offers_the_quiz(self, client, code):
        response = client.get(f"/result/{code}/")
        assert response.status_code == 404
        assert "This link" in response.text
        assert 'href="/quiz/"' in response.text
        assert client.get(f"/result/{code}/result.json").status_code == 404

    def test_the_json_is_the_same_result(self, client):
        code = code_of()
        document = client.get(f"/result/{code}/result.json").json()
        assert document["code"] == code
        assert document["role"] == client.get(f"/result/{code}/").context_data["result"].profile.role

    def test_a_result_may_be_kept_for_a_day(self, client):
        assert "s-maxage=86400" in client.get(f"/result/{code_of()}/").headers["Cache-Control"]


def test_quiz_json_has_questions_and_options_but_no_weights(client, content):
    response = client.get("/quiz.json")
    document = response.json()
    assert document["version"] == content.questionnaire.version
    assert [q["id"] for q in document["questions"]] == [q.id for q in content.questionnaire.questions]
    assert set(document["questions"][0]) == {"id", "axis", "kind", "text", "hint", "options"}
    assert "weights" not in response.text


@pytest.mark.unmeasured
class TestAnyRequest(HypothesisTestCase):
    """No request causes a server error, and a GET never touches the database."""

    @settings(max_examples=150)
    @given(code=st.text(max_size=30), a=st.text(max_size=30), pick=st.lists(st.text(max_size=3), max_size=4))
    def test_never_a_server_error(self, code, a, pick):
        with connection.execute_wrapper(self.refuse):
            for path, data in [
                ("/quiz/", {"a": a, "pick": pick}),
                ("/quiz/", {"a": a, "change": code}),
                (reverse("result", args=[code.replace("/", "") or "x"]), {}),
            ]:
                assert self.client.get(path, data).status_code < 500
        assert self.client.post("/quiz/finish/", {"a": a, "pick": pick}).status_code == 303

    @staticmethod
    def refuse(*args):
        raise AssertionError("a public GET must not query the database")


class TestLeft:
    def left(self, client, body, **headers):
        return client.post("/quiz/left/", body, content_type="text/plain;charset=UTF-8", headers=headers)

    def test_a_question_shown_says_its_number_and_an_answered_one_does_not(self, client, answer):
        sheet = answer()
        assert 'data-left="1"' in client.get("/quiz/").text
        so_far = codes.so_far(sheet.so_far(2))
        assert 'data-left="3"' in client.get(f"/quiz/?a={so_far}").text
        assert 'data-left="1"' in client.get(f"/quiz/?a={so_far}&change={FIRST}").text
        for query in (f"a={codes.so_far(sheet)}", f"a={codes.so_far(sheet)}&change=budget"):
            assert "data-left" not in client.get(f"/quiz/?{query}").text
        assert "data-left" not in client.get("/").text

    def test_leaving_is_counted_by_the_number_alone_and_sets_no_cookie(self, client, db):
        response = self.left(client, "7")
        assert (response.status_code, response.content, response.cookies) == (204, b"", {})
        row = Unfinished.objects.get()
        assert (row.version, row.number, row.count) == (catalogue().questionnaire.version, 7, 1)

    @pytest.mark.parametrize("body", ["", "0", "16", "-1", "1.5", "one", "7 ", "٣", "7" * 1000, '{"number": 7}'])
    def test_what_is_the_number_of_no_question_is_refused(self, client, db, body):
        assert self.left(client, body).status_code == 400
        assert not Unfinished.objects.exists()

    def test_another_site_cannot_count(self, client, db):
        assert self.left(client, "7", **{"Sec-Fetch-Site": "cross-site"}).status_code == 403
        assert client.get("/quiz/left/").status_code == 405

    def test_a_setting_turns_it_off(self, client, db, settings):
        settings.COUNT_UNFINISHED = False
        assert "data-left" not in client.get("/quiz/").text
        assert self.left(client, "7").status_code == 204
        assert not Unfinished.objects.exists()
