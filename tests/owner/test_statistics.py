"""The statistics equal a count by hand."""

import csv
import gc
from collections import Counter
from datetime import UTC, date, datetime, timedelta

import pytest
from django.db import DatabaseError
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from quiz import codes
from quiz.catalogue import catalogue
from quiz.counting import wilson
from quiz.models import Audition, Completion, DayCount, FitVote, Unfinished
from quiz.owner import daily, statistics
from quiz.owner.statistics import Span
from quiz.result import result
from tests.strategies import answers

FIRST = date(2026, 11, 1)
SPAN = Span(date(2026, 11, 3), date(2026, 11, 7))
DAYS = st.integers(0, 9).map(lambda days: FIRST + timedelta(days=days))
ROLES = ("bedroom", "studio", "mix")

# The test itself empties the tables for each example.
many = settings(max_examples=25, suppress_health_check=[HealthCheck.function_scoped_fixture])


def complete(sheet, day):
    outcome = result(codes.build(sheet), catalogue())
    route = "-".join(outcome.route)
    row = {"role": outcome.profile.role, "confidence": outcome.profile.confidence, "route": route, "day": day}
    return Completion(code=outcome.code, **row), outcome


@many
@given(st.lists(st.tuples(answers(), DAYS), max_size=25))
def test_completions_equal_a_count_by_hand(db, given_):
    Completion.objects.all().delete()
    DayCount.objects.all().delete()
    made = [complete(sheet, day) for sheet, day in given_]
    Completion.objects.bulk_create(row for row, _ in made)
    first = min((row.day for row, _ in made), default=SPAN.last)
    inside = [(row.day, outcome) for row, outcome in made if SPAN.first <= row.day <= SPAN.last]
    for _ in ("counted", "kept"):
        check(statistics.completions(SPAN, catalogue().questionnaires), inside)
    assert DayCount.objects.count() == max(0, (SPAN.last - max(first, SPAN.first)).days + 1)


def check(totals, inside):
    assert totals.total == len(inside)
    assert totals.roles == Counter(result.profile.role for _, result in inside)
    assert totals.confidence == Counter(result.profile.confidence for _, result in inside)
    assert totals.routes == Counter("-".join(result.route) for _, result in inside)
    assert list(totals.days) == SPAN.days
    for day, roles in totals.days.items():
        assert roles == Counter(result.profile.role for when, result in inside if when == day)
    *older, newest = totals.sheets
    assert sum(other.total for other in older) == 0
    assert newest.total == len(inside)
    for number, question in enumerate(newest.questionnaire.questions):
        chosen = Counter(option.id for _, result in inside for option in result.answers.options(number))
        assert newest.chosen[number] == [chosen[option.id] for option in question.options]


def test_a_day_that_is_over_is_counted_once_and_the_last_two_every_time(db, answer):
    today = datetime.now(UTC).date()
    span = Span(today - timedelta(days=5), today)
    for _ in range(2):
        Completion.objects.bulk_create(complete(answer(), day)[0] for day in span.days)
        totals = statistics.completions(span, catalogue().questionnaires)
    assert [roles.total() for roles in totals.days.values()] == [1, 1, 1, 1, 2, 2]
    assert totals.sheets[-1].total == totals.total == 8


def test_a_database_that_cannot_be_written_is_only_slower(db, answer, monkeypatch):
    def fail(*args, **kwargs):
        raise DatabaseError("attempt to write a readonly database")

    monkeypatch.setattr(DayCount.objects, "bulk_create", fail)
    complete(answer(), SPAN.first)[0].save()
    assert statistics.completions(SPAN, catalogue().questionnaires).total == 1
    assert str(DayCount(day=SPAN.first)) == str(SPAN.first)


def test_what_is_no_code_of_a_questionnaire_is_counted_and_not_decoded(db, answer):
    row, _ = complete(answer(), SPAN.first)
    row.save()
    for code in ("1000", "z" + row.code[1:]):
        Completion.objects.create(code=code, role="mix", confidence="clear", day=SPAN.first)
    totals = statistics.completions(SPAN, catalogue().questionnaires)
    assert totals.total == 3
    assert sum(sheet.total for sheet in totals.sheets) == 1


def test_old_and_new_questionnaires_are_told_apart(db, content, answer):
    from dataclasses import replace

    versions = {version: replace(content.questionnaire, version=version) for version in (1, 2)}
    for version, hours in ((1, "ten"), (2, "two")):
        row, _ = complete(answer(hours=hours), SPAN.first)
        row.code = codes.ALPHABET[version] + row.code[1:]
        row.save()
    one, two = statistics.completions(SPAN, versions).sheets
    assert (one.total, one.chosen[-2]) == (1, [0, 0, 1, 0])
    assert (two.total, two.chosen[-2]) == (1, [1, 0, 0, 0])


votes = st.tuples(st.sampled_from(ROLES), st.sampled_from(["yes", "partly", "no"]), st.sampled_from(["", *ROLES]), DAYS)


@many
@given(st.lists(votes, max_size=30))
def test_votes_equal_a_count_by_hand(db, given_):
    FitVote.objects.all().delete()
    for number, (role, verdict, real, day) in enumerate(given_):
        vote = FitVote.objects.create(code=f"c{number}", given=role, verdict=verdict, role=real)
        FitVote.objects.filter(pk=vote.pk).update(when=datetime(day.year, day.month, day.day, 23, 59, tzinfo=UTC))
    inside = [vote for vote in given_ if SPAN.first <= vote[3] <= SPAN.last]
    totals = statistics.votes(SPAN, ROLES)
    assert totals.n == len(inside)
    for role, counts in totals.verdicts.items():
        assert counts == Counter(verdict for given, verdict, *_ in inside if given == role)
    assert totals.real == Counter((given, real) for given, _, real, _ in inside if real)
    assert totals.right == sum(given == real for given, _, real, _ in inside)


def test_a_vote_without_a_role_given_counts_for_none(db):
    FitVote.objects.create(code="1", given="", verdict="yes")
    now = datetime.now(UTC).date()
    assert statistics.votes(Span(now, now), ROLES).n == 0


auditions = st.tuples(
    st.sampled_from(ROLES),
    st.sampled_from(["", *ROLES]),
    st.sampled_from(["", "high", "middle", "low"]),
    st.integers(1, 4),
    st.integers(0, 2),
    DAYS,
)


@many
@given(st.lists(auditions, max_size=30))
def test_auditions_equal_a_count_by_hand(db, given_):
    Audition.objects.all().delete()
    for number, (role, named, band, liked, evening, day) in enumerate(given_):
        row = {"role": role, "given": named, "band": band, "liked": liked, "evening": evening}
        tried = Audition.objects.create(take=str(number), **row)
        Audition.objects.filter(pk=tried.pk).update(when=datetime(day.year, day.month, day.day, 23, 59, tzinfo=UTC))
    inside = [one for one in given_ if SPAN.first <= one[5] <= SPAN.last]
    totals = statistics.auditions(SPAN, ROLES)
    for role in ROLES:
        own = [one for one in inside if one[0] == role]
        expected = {
            "all": own,
            "result": [one for one in own if one[1] == role],
            "another": [one for one in own if one[1] not in ("", role)],
            "no result": [one for one in own if not one[1]],
            **{band: [one for one in own if one[2] == band] for band in ("high", "middle", "low")},
        }
        assert totals[role] == {
            name: statistics.Group(len(all_), sum(one[3] > 2 for one in all_), sum(one[4] == 2 for one in all_))
            for name, all_ in expected.items()
            if all_
        }


def test_an_audition_for_a_role_that_is_gone_counts_nowhere(db):
    Audition.objects.create(take="1", role="gone", liked=4, evening=2)
    now = datetime.now(UTC).date()
    assert statistics.auditions(Span(now, now), ROLES) == {role: {} for role in ROLES}


def test_those_who_left_are_counted_at_their_question(db, content):
    version = content.questionnaire.version
    for day, number, count in ((3, 1, 5), (4, 1, 2), (4, 15, 1), (9, 2, 7)):
        Unfinished.objects.create(day=date(2026, 11, day), version=version, number=number, count=count)
    Unfinished.objects.create(day=SPAN.first, version=version + 1, number=1, count=9)
    assert statistics.unfinished(SPAN, content.questionnaire) == [7, *[0] * 13, 1]


def test_a_questionnaire_that_was_taken_back_is_counted_and_not_broken_down(db, answer, content):
    complete(answer(), SPAN.first)[0].save()
    assert statistics.completions(SPAN, content.questionnaires).total == 1  # and keeps the day
    later = statistics.completions(SPAN, {})
    assert (later.total, later.sheets) == (1, [])


class TestFiles:
    @pytest.fixture
    def now(self):
        today = datetime.now(UTC).date()
        return Span(today, today)

    def test_completions_are_decoded_line_by_line(self, db, answer, content, now):
        row, _ = complete(answer(hours="ten", owned=["computer", "mic"]), now.first)
        row.save()
        Completion.objects.create(code="1000", role="mix", confidence="clear", day=now.first)
        Completion.objects.create(code="nonsense", role="mix", confidence="clear", day=now.first)
        heading, line, strange, stranger = statistics.completion_rows(now, content.questionnaires)
        assert stranger[4:6] == ["http://127.0.0.1:8000/result/nonsense/", ""]
        cells = dict(zip(heading, line, strict=True))
        assert cells["when"] == f"{row.when:%Y-%m-%dT%H:%M:%SZ}"
        version = str(content.questionnaire.version)
        assert (cells["result"], cells["version"], cells["role"]) == (
            f"http://127.0.0.1:8000/result/{row.code}/",
            version,
            row.role,
        )
        first = content.questionnaire.questions[0]
        assert (cells["hours"], cells["owned"], cells[first.id]) == ("ten", "computer+mic", first.options[0].id)
        assert dict(zip(heading, strange, strict=True)) | {"when": ""} == dict.fromkeys(heading, "") | {
            "role": "mix",
            "confidence": "clear",
            "result": "http://127.0.0.1:8000/result/1000/",
        }

    def test_votes_are_listed(self, db, now):
        FitVote.objects.create(code="1", given="mix", verdict="no", role="studio")
        heading, line = statistics.vote_rows(now)
        assert dict(zip(heading, line, strict=True)) | {"when": ""} == {
            "when": "", "given": "mix", "verdict": "no", "real role": "studio", "result": "http://127.0.0.1:8000/result/1/",
        }  # fmt: skip


class TestPage:
    PAGE = "/admin/statistics/"

    @pytest.fixture
    def owner(self, admin_client):
        return admin_client

    @pytest.mark.parametrize("path", [PAGE, f"{PAGE}completions.csv", f"{PAGE}votes.csv"])
    def test_it_is_for_staff_only(self, client, django_user_model, path):
        assert client.get(path).headers["Location"].startswith("/admin/login/")
        client.force_login(django_user_model.objects.create_user("visitor"))
        assert client.get(path).status_code == 302

    def test_it_shows_how_enjoyment_and_result_go_together(self, owner):
        assert "Nobody finished an audition" in owner.get(self.PAGE).text
        for take, named, liked in (("1", "mix", 4), ("2", "mix", 2), ("3", "studio", 1)):
            Audition.objects.create(take=take, role="mix", given=named, liked=liked, evening=2, band="high")
        page = " ".join(owner.get(self.PAGE).text.split())
        low, high = wilson(1, 2)
        assert f'scope="row">Their result is this role</th> <td>2</td> <td>50.0 % ({low} to {high} %)</td>' in page
        assert 'scope="row">Their result is another role</th> <td>1</td> <td>0.0 %' in page
        assert 'scope="row">Score: near</th> <td>3</td>' in page

    def test_it_shows_what_was_counted(self, owner, answer, content):
        for hours in ("ten", "ten", "two"):
            complete(answer(hours=hours), datetime.now(UTC).date())[0].save()
        FitVote.objects.create(code="1", given="mix", verdict="no", role="studio")
        FitVote.objects.create(code="2", given="mix", verdict="yes")
        Unfinished.objects.create(version=content.questionnaire.version, number=3, count=2)
        page = owner.get(self.PAGE)
        assert "3 completions" in page.text
        ((role, verdicts),) = page.context["verdicts"]
        assert role.id == "mix"
        assert verdicts == {"n": 2, "counts": {"yes": 1, "no": 1}, "share": 50.0, "interval": wilson(1, 2)}
        assert "0 of 1 who named their role had it as their result" in page.text
        assert "5 began as far as we know, and 2 left before the end" in page.text
        hours = next(options for question, options in page.context["versions"][0]["answers"] if question.id == "hours")
        assert [(option.id, n, share) for option, n, share in hours] == [
            ("two", 1, 33.3), ("five", 0, 0.0), ("ten", 2, 66.7), ("twenty", 0, 0.0),
        ]  # fmt: skip
        reached = page.context["versions"][0]["reached"]
        assert [came for _, came, _, _ in reached] == [5, 5, 5, *[3] * 12]

    def test_an_empty_site_says_so(self, owner, settings):
        page = owner.get(self.PAGE)
        assert "Nobody finished the questionnaire in these days." in page.text
        assert "Nobody voted in these days." in page.text
        assert "Nobody left it half-way" in page.text
        settings.COUNT_UNFINISHED = False
        assert "<code>COUNT_UNFINISHED</code> is off" in owner.get(self.PAGE).text

    @pytest.mark.parametrize(
        ("query", "message"),
        [
            ("from=2026-11-05&to=2026-11-04", "The first day (2026-11-05) is after the last (2026-11-04)"),
            ("from=yesterday", "A day looks like 2027-01-31."),
            ("from=2026-11-31", "A day looks like 2027-01-31."),
            ("from=0001-01-01", "longer than 20 years"),
            ("from=9999-12-30&to=9999-12-31", "longer than 20 years"),
        ],
    )
    def test_an_invalid_span_gets_a_plain_message(self, owner, query, message):
        page = owner.get(f"{self.PAGE}?{query}")
        assert page.status_code == 200
        assert message in page.text
        assert "Here are the last 28 days instead." in page.text
        refused = owner.get(f"{self.PAGE}completions.csv?{query}")
        assert (refused.status_code, message in refused.text) == (400, True)

    def test_everything_goes_back_to_the_first_day(self, owner, answer):
        complete(answer(), date(2026, 1, 31))[0].save()
        assert "?from=2026-01-31" in owner.get(self.PAGE).text

    def test_files_are_streamed_and_one_that_is_not_read_to_its_end_harms_nothing(self, owner, answer):
        row, _ = complete(answer(), datetime.now(UTC).date())
        Completion.objects.bulk_create(
            Completion(code=row.code, role=row.role, confidence=row.confidence, route=row.route) for _ in range(1500)
        )
        response = owner.get(f"{self.PAGE}completions.csv")
        assert response.headers["Content-Disposition"].startswith('attachment; filename="completions-2')
        assert next(iter(response)).count(b"\r\n") == 500
        # In the client of the tests a stream refers to itself. Left to the collector, it might be closed in the midst of another
        # query, and on PostgreSQL wait for ever for the connection.
        del response
        gc.collect()
        assert len(list(csv.reader(owner.get(f"{self.PAGE}completions.csv").getvalue().decode().splitlines()))) == 1501
        assert "1,500 completions" in owner.get(self.PAGE).text
        assert owner.get(f"{self.PAGE}votes.csv").getvalue() == b"when,given,verdict,real role,result\r\n"


@given(st.lists(answers(), max_size=20))
def test_a_tally_of_codes_counts_what_decoding_each_counts(sheets):
    questionnaire = catalogue().questionnaire
    counts = daily.tally(list(map(codes.build, sheets)), questionnaire)
    for number, (question, chosen) in enumerate(zip(questionnaire.questions, counts, strict=True)):
        assert chosen == [sum(option in sheet.options(number) for sheet in sheets) for option in question.options]


def test_a_tally_skips_what_is_no_answer_to_its_question(content):
    length = codes.length(content.questionnaire)
    counts = daily.tally(["1" + "u" * (length - 1), "1" + "z" * (length - 3) + "uu"], content.questionnaire)
    assert not any(map(any, counts))
