from collections import Counter
from itertools import product
from types import SimpleNamespace

import pytest
from django.core.management import CommandError, call_command
from hypothesis import given, settings

from quiz import scoring
from quiz.catalogue import CONTENT
from quiz.domain import Answers, Figures, Option, Question, Questionnaire
from quiz.owner import figures as reports
from quiz.owner.figures import Report, report
from quiz.owner.management.commands import quiz_report
from tests.strategies import small_questionnaires

# `make check` runs the command on the real one; here the newest questionnaire is a small one.
SMALL = Questionnaire(
    1,
    tuple(
        Question(f"q{i}", "goals", "?", tuple(Option(f"o{n}", "!", dict(w)) for n, w in enumerate(weights)))
        for i, weights in enumerate(
            [
                ({"bedroom": 3, "mix": -1}, {"studio": 2, "bedroom": -3}, {"mix": 1, "studio": -2}),
                ({"bedroom": 1, "studio": -2}, {"studio": 3, "mix": -3}, {"mix": 3, "bedroom": -1, "studio": -1}),
            ]
        )
    ),
)


@settings(max_examples=30)
@given(small_questionnaires())
def test_the_figures_equal_a_count_by_hand(questionnaire):
    every = product(*(range(len(question.options)) for question in questionnaire.questions))
    profiles = [scoring.profile(Answers(questionnaire, picks)) for picks in every]
    outcome = report(questionnaire)
    figures, idle = outcome.figures, outcome.idle

    def per_cent(count, alternatives=1):
        return round(100 * count / (len(profiles) * alternatives), 1)

    assert figures.sheets == len(profiles)
    assert figures.shares == {r: per_cent(sum(p.role == r for p in profiles)) for r in ("bedroom", "studio", "mix")}
    for question in questionnaire.questions:
        turned = sum(c.question is question for p in profiles for c in p.changes)
        assert figures.influence[question.id] == per_cent(turned, len(question.options) - 1)
    used = {c.question.id for p in profiles for c in p.changes}
    assert set(idle) == {question.id for question in questionnaire.questions} - used


@pytest.mark.unmeasured
def test_confidence_is_that_of_random_sheets(monkeypatch):
    monkeypatch.setattr(reports, "SAMPLE", 5_000)
    words = Counter(scoring.profile(Answers(SMALL, picks)).confidence for picks in product(range(3), repeat=2))
    for word, share in report(SMALL).figures.confidence.items():
        assert share == pytest.approx(100 * words[word] / 9, abs=1.5)


def test_ties_are_counted_before_the_rule_that_settles_them():
    option_pairs = tuple(Option(f"o{n}", "!", {"mix": n, "studio": n, "bedroom": -n}) for n in (1, -1))
    tied = report(Questionnaire(1, (Question("q", "temperament", "?", option_pairs),)))
    assert tied.figures.ties == 50.0
    assert tied.figures.shares == {"bedroom": 50.0, "studio": 50.0, "mix": 0.0}


def test_the_limits_are_named_when_they_are_broken():
    figures = Figures(1, 10, {"bedroom": 29.9, "studio": 37.1, "mix": 33.0}, 3.1, {}, {})
    faults = list(Report(figures, ("summer",)).faults())
    assert [fault.partition(":")[0] for fault in faults] == ["bedroom", "studio", "ties", "summer"]
    assert not list(Report(Figures(1, 10, {"mix": 33.0}, 3.0, {}, {}), ()).faults())


@pytest.fixture(autouse=True)
def few_sheets(monkeypatch):
    monkeypatch.setattr(reports, "SAMPLE", 20)


@pytest.fixture
def small(monkeypatch, tmp_path):
    """A catalogue whose newest questionnaire is SMALL, without stored figures."""

    stand_in = SimpleNamespace(questionnaire=SMALL, figures={})
    (tmp_path / "quiz" / "content" / "figures").mkdir(parents=True)
    monkeypatch.setattr(quiz_report, "catalogue", lambda: stand_in)
    monkeypatch.setattr(quiz_report, "CONTENT", tmp_path / "quiz" / "content")
    monkeypatch.setattr(reports, "LEAST_SHARE", 0.0)
    monkeypatch.setattr(reports, "MOST_SHARE", 100.0)
    monkeypatch.setattr(reports, "MOST_TIES", 100.0)
    return stand_in


def test_the_command_fails_until_the_figures_are_stored(small, tmp_path, capsys):
    with pytest.raises(CommandError, match="not these figures"):
        call_command("quiz_report")
    call_command("quiz_report", "--write")
    assert "Stored in quiz/content/figures/1.toml" in capsys.readouterr().out
    stored = quiz_report.toml(report(SMALL).figures)
    assert (tmp_path / "quiz/content/figures/1.toml").read_text() == stored
    small.figures = {1: report(SMALL).figures}
    call_command("quiz_report")
    assert "9 answer sheets" in capsys.readouterr().out


def test_the_stored_figures_are_written_as_the_command_writes_them(content):
    version = content.questionnaire.version
    file = CONTENT / "figures" / f"{version}.toml"
    assert file.read_text(encoding="utf-8") == quiz_report.toml(content.figures[version])
