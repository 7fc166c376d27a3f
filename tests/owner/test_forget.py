"""Completions and votes of some days can be taken out, and the statistics follow."""

from datetime import UTC, date, datetime, timedelta

import pytest
from django.core.management import CommandError, call_command

from quiz.catalogue import catalogue
from quiz.models import Audition, Completion, FitVote, Unfinished, today
from quiz.owner import statistics
from quiz.owner.management.commands.forget import DAYS_A_MONTH
from quiz.owner.statistics import Span

TEST_RUN, REAL = date(2026, 11, 3), date(2026, 11, 4)


@pytest.fixture
def recorded(db):
    for day in (TEST_RUN, TEST_RUN, REAL):
        tried = Audition.objects.create(take=f"{Audition.objects.count()}", role="mix", liked=4, evening=2)
        Audition.objects.filter(pk=tried.pk).update(when=datetime.combine(day, datetime.min.time(), UTC))
        Completion.objects.create(code="1", role="mix", confidence="clear", route="mix", day=day)
        vote = FitVote.objects.create(code=f"{FitVote.objects.count()}", given="mix", verdict="yes")
        FitVote.objects.filter(pk=vote.pk).update(when=datetime.combine(day, datetime.min.time(), UTC))
    Unfinished.objects.create(day=TEST_RUN, version=1, number=3, count=5)


def totals():
    span = Span(TEST_RUN, REAL)
    return statistics.completions(span, catalogue().questionnaires).total, statistics.votes(span, ["mix"]).n


def test_the_days_named_are_removed_and_the_statistics_follow(recorded, capsys):
    assert totals() == (3, 3)
    call_command("forget", "--days", str(TEST_RUN), str(TEST_RUN))
    assert (
        "There are 2 completions, 2 votes, 2 auditions, 1 days with unfinished questionnaires."
        in capsys.readouterr().out
    )
    assert totals() == (3, 3)
    call_command("forget", "--days", str(TEST_RUN), str(TEST_RUN), "--yes")
    assert "Removed 2 completions, 2 votes" in capsys.readouterr().out
    assert totals() == (1, 1)
    assert Audition.objects.count() == 1
    assert not Unfinished.objects.exists()


def test_what_is_older_than_promised_is_removed(recorded, settings):
    settings.KEPT_MONTHS = 1
    young = today() - timedelta(days=DAYS_A_MONTH - 1)
    Completion.objects.create(code="1", role="mix", confidence="clear", route="mix", day=young)
    Completion.objects.exclude(day=young).update(day=today() - timedelta(days=DAYS_A_MONTH))
    call_command("forget", "--older", "--yes")
    assert [row.day for row in Completion.objects.all()] == [young]


def test_a_promise_of_a_hundred_years_removes_nothing(recorded, settings, capsys):
    settings.KEPT_MONTHS = 1200
    call_command("forget", "--older", "--yes")
    assert "Removed 0 completions, 0 votes, 0 auditions" in capsys.readouterr().out
    assert totals() == (3, 3)


def test_days_in_the_wrong_order_are_refused(recorded):
    with pytest.raises(CommandError, match="is after the last"):
        call_command("forget", "--days", str(REAL), str(TEST_RUN), "--yes")
    assert Completion.objects.count() == 3
