import itertools
import logging
import random
import threading
from datetime import date, timedelta
from types import SimpleNamespace

import pytest
from django.db import DatabaseError, InterfaceError
from django.utils.timezone import now

from quiz import codes, counting
from quiz.counting import Counts, Recorder, Shown, wilson
from quiz.domain import Answers
from quiz.models import Audition, Completion, FitVote, Unfinished
from quiz.result import result, result_of


class Clock:
    now = 100.0

    def __call__(self):
        return self.now


@pytest.fixture
def finished(answer, content):
    return result(codes.build(answer()), content)


@pytest.fixture
def finishes(content):
    """Results of people who all answered differently."""
    questionnaire, draw = content.questionnaire, random.Random(1)
    return (
        result_of(
            Answers(questionnaire, tuple(draw.randrange(question.picks) for question in questionnaire.questions)),
            content,
        )
        for _ in itertools.count()
    )


@pytest.fixture
def broken(monkeypatch):
    def fail(*args, **kwargs):
        raise DatabaseError("database is locked")

    monkeypatch.setattr(Completion.objects, "bulk_create", fail)
    return monkeypatch


@pytest.mark.django_db
class TestRecorder:
    def test_after_a_failure_the_next_writes_are_spared_and_then_all_are_made(self, finishes, broken, caplog):
        clock = Clock()
        recorder = Recorder(clock)
        with caplog.at_level(logging.WARNING):
            recorder.completion(next(finishes))
            recorder.completion(next(finishes))
        assert (recorder.waiting, recorder.lost) == (2, 0)
        assert "1 wait to be recorded: database is locked" in caplog.text
        broken.undo()
        recorder.completion(next(finishes))
        assert Completion.objects.count() == 0
        clock.now += counting.FIRST_PAUSE_SECONDS
        recorder.completion(next(finishes))
        assert (recorder.waiting, Completion.objects.count()) == (0, 4)

    def test_the_longer_the_database_stays_away_the_fewer_visitors_wait_for_it(self, finishes, broken, monkeypatch):
        clock = Clock()
        recorder = Recorder(clock)
        tries, fail = [], Completion.objects.bulk_create
        monkeypatch.setattr(Completion.objects, "bulk_create", lambda rows: tries.append(clock.now) or fail())
        for quarter in range(80):
            clock.now = 100 + quarter / 4
            recorder.completion(next(finishes))
        assert [time - 100 for time in tries] == [0, 0.25, 0.75, 1.75, 3.75, 7.75, 12.75, 17.75]

    def test_a_database_that_stays_away_is_logged_now_and_then(self, finishes, broken, caplog):
        clock = Clock()
        recorder = Recorder(clock)
        with caplog.at_level(logging.WARNING):
            for clock.now in range(1000, 1012):
                recorder.completion(next(finishes))
        assert (recorder.waiting, recorder.lost) == (12, 0)
        assert [record.args[0] for record in caplog.records] == [1, 6, 11]

    def test_no_more_wait_than_memory_is_meant_to_hold(self, finishes, broken, monkeypatch):
        monkeypatch.setattr(counting, "MOST_WAITING", 3)
        recorder = Recorder(Clock())
        for _ in range(5):
            recorder.completion(next(finishes))
        assert (recorder.waiting, recorder.lost) == (3, 2)

    def test_what_waits_is_written_without_another_completion(self, finishes, broken, monkeypatch):
        clock = Clock()
        recorder = Recorder(clock)
        recorder.completion(next(finishes))
        broken.undo()
        clock.now += counting.PAUSE_SECONDS
        monkeypatch.setattr(counting.connection, "close", lambda: None)  # the test has it open
        waits = iter([False, True])
        stopped = threading.Event()
        monkeypatch.setattr(stopped, "wait", lambda seconds: next(waits))
        recorder.catch_up_for_ever(stopped)
        assert (recorder.waiting, Completion.objects.count()) == (0, 1)

    def test_a_thread_that_has_nothing_to_write_leaves_the_database_alone(self, monkeypatch):
        asked = []
        monkeypatch.setattr(counting.connection, "close", lambda: asked.append("closed"))
        waits = iter([False, False, True])
        Recorder(Clock()).catch_up_for_ever(SimpleNamespace(wait=lambda seconds: next(waits)))
        assert (asked, next(waits, "stopped")) == ([], "stopped")

    def test_a_vote_waits_for_nothing(self, finishes, monkeypatch, broken):
        recorder = Recorder(Clock())
        monkeypatch.setattr(FitVote.objects, "update_or_create", Completion.objects.bulk_create)
        recorder.vote(next(finishes), "yes", "")
        recorder.vote(next(finishes), "yes", "")
        assert (recorder.waiting, recorder.lost) == (0, 2)

    def test_a_success_ends_the_failure(self, finishes, broken):
        clock = Clock()
        recorder = Recorder(clock)
        recorder.completion(next(finishes))
        assert recorder.failing
        clock.now += counting.PAUSE_SECONDS
        broken.undo()
        recorder.completion(next(finishes))
        assert not recorder.failing

    def test_a_completion_that_waits_too_long_for_its_turn_is_written_with_the_next(self, finishes, monkeypatch):
        monkeypatch.setattr(counting, "TURN_SECONDS", 0.001)
        recorder = Recorder(Clock())
        with recorder._turn:
            recorder.completion(next(finishes))
        assert (recorder.waiting, Completion.objects.count()) == (1, 0)
        recorder.completion(next(finishes))
        assert (recorder.waiting, Completion.objects.count()) == (0, 2)

    def test_nobody_waits_for_a_write_that_is_tried_again_after_a_failure(self, finishes, broken):
        clock = Clock()
        recorder = Recorder(clock)
        recorder.completion(next(finishes))
        clock.now += counting.PAUSE_SECONDS
        waited = []
        recorder._turn = SimpleNamespace(acquire=lambda timeout: waited.append(timeout))
        recorder.completion(next(finishes))
        assert (waited, recorder.waiting) == ([0], 2)

    def test_a_write_that_waited_while_the_database_failed_is_not_tried(self, finishes):
        recorder = Recorder(Clock())

        class Turn:
            def acquire(self, timeout):
                recorder._failed, recorder._pause = recorder._clock(), counting.PAUSE_SECONDS
                return True

            def release(self):
                recorder.released = True

        recorder._turn = Turn()
        recorder.completion(next(finishes))
        assert (recorder.waiting, recorder.released, Completion.objects.count()) == (1, True, 0)

    def test_a_flood_is_not_counted_and_a_trickle_is(self, finishes):
        clock = Clock()
        recorder = Recorder(clock)
        for _ in range(int(counting.MOST_AT_ONCE) + 5):
            recorder.completion(next(finishes))
        assert Completion.objects.count() == counting.MOST_AT_ONCE
        assert recorder.lost == 5
        clock.now += 1
        recorder.completion(next(finishes))
        assert Completion.objects.count() == counting.MOST_AT_ONCE + 1

    def test_a_form_that_is_sent_twice_is_one_finish(self, finished, finishes):
        recorder, other = Recorder(Clock()), next(finishes)
        for sent in (finished, finished, other, finished):
            recorder.completion(sent)
        assert sorted(Completion.objects.values_list("code", flat=True)) == sorted([finished.code, other.code])

    def test_a_form_that_is_sent_twice_while_the_database_is_away_is_one_finish(self, finished, broken):
        clock = Clock()
        recorder = Recorder(clock)
        recorder.completion(finished)
        broken.undo()
        clock.now += counting.PAUSE_SECONDS
        recorder.completion(finished)
        assert (recorder.waiting, Completion.objects.count()) == (0, 1)

    def test_on_postgresql_two_machines_take_turns(self, finished, monkeypatch):
        executed = []
        cursor = SimpleNamespace(execute=lambda *query: executed.append(query))
        monkeypatch.setattr(counting, "connection", SimpleNamespace(vendor="postgresql", cursor=lambda: cursor))
        Recorder(Clock()).completion(finished)
        assert executed == [("SELECT pg_advisory_xact_lock(%s)", [counting.LOCK])]
        assert Completion.objects.count() == 1

    def test_the_same_answers_much_later_are_another_finish(self, finished):
        recorder = Recorder(Clock())
        recorder.completion(finished)
        Completion.objects.update(when=now() - timedelta(seconds=counting.ONCE_SECONDS + 1))
        recorder.completion(finished)
        assert Completion.objects.count() == 2

    def test_a_flood_of_those_who_leave_costs_nobody_a_completion(self, finished):
        recorder = Recorder(Clock())
        for _ in range(int(counting.MOST_AT_ONCE) + 5):
            recorder.unfinished(1, 3)
        recorder.completion(finished)
        assert Unfinished.objects.get().count == counting.MOST_AT_ONCE
        assert Completion.objects.count() == 1

    def test_a_vote_counts_once_a_code_and_the_last_one_stands(self, finished):
        recorder = Recorder()
        for verdict, role in (("yes", ""), ("yes", ""), ("no", "mix")):
            recorder.vote(finished, verdict, role)
        vote = FitVote.objects.get()
        assert (vote.code, vote.given, vote.verdict, vote.role) == (finished.code, finished.profile.role, "no", "mix")
        assert str(vote) == "no (mix)"

    def test_an_audition_counts_once_and_its_last_taps_stand(self):
        recorder = Recorder()
        for liked in (2, 4):
            recorder.audition("1", role="mix", liked=liked, evening=1, band="", given="")
        assert Audition.objects.get().liked == 4

    def test_a_flood_of_auditions_costs_nobody_a_completion(self, finished):
        recorder = Recorder(Clock())
        for number in range(int(counting.MOST_AT_ONCE) + 5):
            recorder.audition(str(number), role="mix", liked=1, evening=0, band="", given="")
        recorder.completion(finished)
        assert (Audition.objects.count(), Completion.objects.count()) == (counting.MOST_AT_ONCE, 1)

    def test_a_flood_of_votes_costs_nobody_a_completion(self, finished):
        recorder = Recorder(Clock())
        for _ in range(int(counting.MOST_AT_ONCE) + 5):
            recorder.vote(finished, "yes", "")
        recorder.completion(finished)
        assert (FitVote.objects.count(), Completion.objects.count()) == (1, 1)

    def test_a_connection_that_is_gone_is_a_failure_like_any_other(self, finished, monkeypatch):
        def gone(*args, **kwargs):
            raise InterfaceError("connection already closed")

        recorder = Recorder(Clock())
        monkeypatch.setattr(Completion.objects, "bulk_create", gone)
        recorder.completion(finished)
        assert (recorder.waiting, recorder.lost, recorder.failing) == (1, 0, True)

    def test_what_waited_over_midnight_counts_on_the_day_of_its_write(self, finished, broken):
        clock = Clock()
        recorder = Recorder(clock)
        recorder.completion(finished)
        broken.undo()
        broken.setattr(counting, "today", lambda: date(2027, 1, 1))
        clock.now += counting.PAUSE_SECONDS
        recorder.catch_up()
        assert Completion.objects.get().day == date(2027, 1, 1)

    def test_those_who_leave_are_counted_by_day_and_question(self):
        recorder = Recorder()
        for number in (3, 3, 5):
            recorder.unfinished(1, number)
        assert list(Unfinished.objects.values_list("version", "number", "count")) == [(1, 3, 2), (1, 5, 1)]
        assert str(Unfinished.objects.get(number=3)) == "question 3: 2"


class TestCounts:
    def test_shares_are_said_from_200_completions_on(self):
        assert Counts({"mix": 99, "studio": 100}).one_in("mix") is None
        assert Counts({"mix": 50, "studio": 150}).one_in("mix") == 4.0
        assert Counts({"studio": 200}).one_in("mix") is None
        assert Counts({"studio": 200}).one_in("studio") is None  # "one in 1 people" says nothing

    def test_votes_are_said_from_30_on_with_their_interval(self):
        assert Counts(votes={"yes": 29}).right() is None
        n, share, low, high = Counts(votes={"yes": 24, "no": 6}).right()
        assert (n, share) == (30, 80.0)
        assert low < share < high

    def test_the_wilson_interval_is_that_of_the_textbook(self):
        # Newcombe 1998, Statistics in Medicine 17:857, table I: 81 of 263 and 0 of 20.
        assert wilson(81, 263) == (25.5, 36.6)
        assert wilson(0, 20)[0] == 0.0
        assert wilson(0, 20)[1] == 16.1


@pytest.mark.django_db
class TestShown:
    @pytest.fixture(autouse=True)
    def stay_connected(self, monkeypatch):
        monkeypatch.setattr(counting.connection, "close", lambda: None)  # the test's own transaction lives on it

    def test_counts_are_those_of_the_database(self):
        for role in ("mix", "mix", "studio"):
            Completion.objects.create(code="1", role=role, confidence="clear")
        FitVote.objects.create(code="1", verdict="yes")
        shown = Shown()
        assert shown.counts == Counts()
        shown.refresh()
        assert shown.counts == Counts({"mix": 2, "studio": 1}, {"yes": 1})

    def test_a_database_that_is_away_leaves_the_counts_as_they_were(self, monkeypatch, caplog):
        shown = Shown()
        shown.counts = before = Counts({"mix": 300})

        def fail(*args):
            raise DatabaseError("unable to open database file")

        monkeypatch.setattr(Completion.objects, "values_list", fail)
        with caplog.at_level(logging.WARNING):
            shown.refresh()
        assert shown.counts is before
        assert "Counts not refreshed" in caplog.text

    def test_they_are_refreshed_until_they_are_stopped(self, monkeypatch):
        stopped, refreshed = threading.Event(), []
        monkeypatch.setattr(counting, "REFRESH_SECONDS", 0.001)
        shown = Shown()

        def refresh():
            refreshed.append(1)
            if len(refreshed) == 3:
                stopped.set()

        monkeypatch.setattr(shown, "refresh", refresh)
        shown.refresh_for_ever(stopped)
        assert len(refreshed) == 3
