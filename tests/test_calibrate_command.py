import shutil
import sys

import pytest
from django.core.management import CommandError, call_command

from quiz import calibration, catalogue, codes
from quiz.calibration import Proposal, Separation
from quiz.catalogue import CONTENT, load
from quiz.models import FitVote
from tests.test_calibration import QUESTIONNAIRE, other_weights, simulate

pytestmark = pytest.mark.django_db
OTHER = calibration._with_weights(QUESTIONNAIRE, other_weights(1, 2.5))


def cast(votes, real=True):
    FitVote.objects.bulk_create(
        [
            FitVote(code=codes.build(vote.answers), given="mix", verdict="no", role=vote.real if real else "")
            for vote in votes
        ],
        ignore_conflicts=True,
    )


@pytest.fixture
def site(tmp_path, monkeypatch, settings):
    folder = shutil.copytree(CONTENT, tmp_path / "content")
    settings.BASE_DIR = tmp_path
    monkeypatch.setattr(catalogue, "CONTENT", folder)
    monkeypatch.setattr(catalogue, "catalogue", lambda: load(folder))
    return folder


@pytest.fixture
def proposed(monkeypatch):
    """What calibration itself says is in test_calibration.py."""

    def propose(certain):
        found = Proposal(votes=250, present=150, proposed=190 if certain else 155, spread=0.05, questionnaire=OTHER)
        monkeypatch.setattr(calibration, "propose", lambda questionnaire, votes: found)
        monkeypatch.setattr(
            calibration, "separations", lambda *_: [Separation("proud", 0.31, True), Separation("gift", 0.04, False)]
        )
        cast(simulate(other_weights(1, 2.5), 250, 2))

    return propose


def test_few_votes_are_refused_with_a_plain_line():
    cast(simulate(other_weights(1, 2.5), 150, 2))
    cast(simulate(other_weights(1, 2.5), 150, 3), real=False)
    FitVote.objects.create(
        code=f"{codes.ALPHABET[QUESTIONNAIRE.version]}nonsense", verdict="yes", role="mix", given="mix"
    )
    with pytest.raises(
        CommandError, match=r"^150 votes on this questionnaire name a real role\. Fewer than 200 say nothing"
    ):
        call_command("calibrate")


def test_a_role_that_hardly_anybody_has_is_named():
    votes = [vote for vote in simulate(other_weights(1, 2.5), 500, 2) if vote.real != "studio"]
    cast(votes)
    with pytest.raises(CommandError, match="Only 0 of them are by people whose role is studio; 20 are needed"):
        call_command("calibrate")


def test_without_the_library_it_says_how_to_get_it(monkeypatch):
    import quiz

    monkeypatch.delattr(quiz, "calibration")
    monkeypatch.setitem(sys.modules, "quiz.calibration", None)
    with pytest.raises(CommandError, match=r"calibrate needs scikit-learn .* python -m pip install scikit-learn"):
        call_command("calibrate")


def test_it_says_how_good_the_weights_are_and_what_would_be_better(site, proposed, capsys):
    proposed(certain=True)
    call_command("calibrate")
    out = capsys.readouterr().out
    assert "  proud        0.31  \n  gift         0.04  no more than chance would\n" in out
    assert "As it is now: right for 150 of 250 who named their role, 60.0 % (95 %: 53.8 to 65.9 %)" in out
    assert "on votes they were not fitted to: right for 190 of 250 who named their role, 76.0 %" in out
    assert "The gain is +16.0 points (± 5.0)." in out
    assert "Proposed weights (bedroom, studio, mix), where they differ\n" in out
    assert "calibrate --write makes this the draft of the next questionnaire." in out
    assert not (site / "drafts").exists()


def test_a_gain_that_may_be_chance_is_said_to_be_and_nothing_is_written(site, proposed, capsys):
    proposed(certain=False)
    call_command("calibrate", "--write")
    out = capsys.readouterr().out
    assert "The gain is +2.0 points (± 5.0).\nThat is no more than chance could bring" in out
    assert "Proposed weights" not in out
    assert not (site / "drafts").exists()


def test_the_draft_of_the_next_questionnaire_is_written_and_the_released_one_is_not_touched(site, proposed, capsys):
    proposed(certain=True)
    version = QUESTIONNAIRE.version
    released = site / "questionnaires" / f"{version}.toml"
    before = released.read_bytes()
    call_command("calibrate", "--write")
    draft = site / "drafts" / f"{version + 1}.toml"
    assert released.read_bytes() == before
    assert f"Then: manage.py quiz_report --compare {version} {version + 1}" in capsys.readouterr().out
    text = draft.read_text(encoding="utf-8")
    assert text.startswith(f"# Questionnaire {version + 1}, a draft")
    try:
        found = catalogue.draft(version + 1, load(site).categories)
    except catalogue.ContentError as error:
        faults = str(error).splitlines()
    else:
        faults = []
        assert [o.weights for q in found.questions for o in q.options] == [
            o.weights for q in OTHER.questions for o in q.options
        ]
    # All that is left to do is to write sentences, and each place is named.
    assert all("'because' must have a sentence" in fault for fault in faults)
    with pytest.raises(CommandError, match="is there already"):
        call_command("calibrate", "--write")


def test_it_works_as_a_whole(site, monkeypatch, capsys):
    monkeypatch.setattr(calibration, "STRENGTHS", (0.1,))
    cast(simulate(other_weights(1, 2.5), 400, 2))
    call_command("calibrate")
    out = capsys.readouterr().out
    assert out.count("who named their role") == 2
    assert "Proposed weights" in out
