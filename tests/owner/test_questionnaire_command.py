"""Drafting the next questionnaire, comparing it, and releasing it."""

import hashlib
import shutil
import tomllib
from functools import cache, partial
from types import SimpleNamespace

import pytest
from django.core.management import CommandError, call_command

from quiz import catalogue, checks
from quiz.catalogue import CONTENT, load
from quiz.domain import Figures
from quiz.owner.difference import difference
from quiz.owner.figures import Report
from quiz.owner.management.commands import questionnaire, quiz_report
from quiz.result import result

FIGURES = Figures(2, 9, {"bedroom": 33.0, "studio": 33.0, "mix": 34.0}, 0.0, {"clear": 100.0}, {"proud": 50.0})


@pytest.fixture
def site(tmp_path, monkeypatch, settings):
    """A copy of the files that a release touches. The exact figures are left to `make check`."""
    folder = shutil.copytree(CONTENT, tmp_path / "quiz" / "content", ignore=shutil.ignore_patterns("drafts"))
    for file in [*folder.glob("questionnaires/*.toml"), *folder.glob("figures/*.toml")]:
        if file.stem != "1":
            file.unlink()
    (tmp_path / "tests").mkdir()
    shutil.copy(settings.BASE_DIR / "tests" / "personas-1.toml", tmp_path / "tests")
    (tmp_path / "tests" / "golden.toml").write_text('[[releases]]\nversion = 1\nsha256 = "1"\n', encoding="utf-8")
    settings.BASE_DIR = tmp_path
    monkeypatch.setattr(catalogue, "CONTENT", folder)
    monkeypatch.setattr(catalogue, "catalogue", present(folder))
    monkeypatch.setattr(quiz_report, "catalogue", present(folder))
    monkeypatch.setattr(quiz_report, "difference", partial(difference, sheets=200))
    monkeypatch.setattr(questionnaire, "report", lambda draft: Report(FIGURES, ()))
    monkeypatch.setattr(quiz_report, "report", lambda draft: SimpleNamespace(figures=FIGURES))
    return tmp_path


@cache
def read(folder, *files):
    return load(folder)


def present(folder):
    """What the site would read there now; it is read again where a file is another one than before."""
    return lambda: read(folder, *((path, path.read_bytes()) for path in sorted(folder.rglob("*.toml"))))


def edit(file, *changes):
    text = file.read_text(encoding="utf-8")
    for old, new in changes:
        assert old in text
        text = text.replace(old, new, 1)
    file.write_text(text, encoding="utf-8")


@pytest.fixture
def draft(site, capsys):
    call_command("questionnaire", "new")
    assert capsys.readouterr().out.startswith("Wrote quiz/content/drafts/2.toml.")
    return site / "quiz" / "content" / "drafts" / "2.toml"


class TestNew:
    def test_a_draft_is_the_newest_with_the_next_number_and_the_site_does_not_know_it(self, site, draft):
        old = (site / "quiz/content/questionnaires/1.toml").read_text(encoding="utf-8")
        new = draft.read_text(encoding="utf-8")
        assert new.startswith("# Questionnaire 2, a draft that the site does not use yet.")
        assert new.partition("\nversion = 2\n")[2] == old.partition("\nversion = 1\n")[2]
        assert catalogue.catalogue().questionnaire.version == 1

    def test_a_draft_that_is_there_is_left_alone(self, draft):
        draft.write_text("my work", encoding="utf-8")
        with pytest.raises(CommandError, match=r"drafts/2\.toml exists already"):
            call_command("questionnaire", "new")
        assert draft.read_text(encoding="utf-8") == "my work"

    def test_there_is_a_last_number(self, monkeypatch):
        last = SimpleNamespace(questionnaire=SimpleNamespace(version=31))
        monkeypatch.setattr(catalogue, "catalogue", lambda: last)
        with pytest.raises(CommandError, match="Questionnaire 31 is the last"):
            call_command("questionnaire", "new")


class TestFaults:
    def test_faults_of_a_draft_are_warnings_with_file_and_key(self, draft, content):
        edit(draft, ("bedroom = 3, studio = -2", "bedroom = 2, studio = -2"))
        (draft.parent / "next.toml").write_text("", encoding="utf-8")
        (draft.parent / "3.toml").write_text("", encoding="utf-8")
        faults = list(checks.draft_faults(content))
        assert any(fault.startswith("drafts/2.toml: proud: the weights of bedroom must sum to 0") for fault in faults)
        assert "drafts/next.toml: its name must be the number of the next questionnaire" in faults
        assert any(fault.startswith("drafts/3.toml: ") and "version" in fault for fault in faults)

    def test_a_draft_with_faults_is_neither_compared_nor_released(self, draft):
        edit(draft, ('axis = "goals"', 'axis = "goal"'))
        for command in (("questionnaire", "release"), ("quiz_report", "--compare", "1", "2")):
            with pytest.raises(CommandError, match=r"drafts/2\.toml: proud\.axis: Input should be"):
                call_command(*command)

    def test_a_broken_file_is_named(self, draft):
        draft.write_text("version = ", encoding="utf-8")
        with pytest.raises(CommandError, match=r"drafts/2\.toml: Invalid value"):
            call_command("questionnaire", "release")


class TestCompare:
    def test_what_differs_is_laid_side_by_side(self, draft, capsys):
        edit(
            draft,
            ("weights = { bedroom = 3, studio = -2, mix = -1 }", "weights = { bedroom = 3, studio = -1, mix = -1 }"),
            ("weights = { bedroom = -1, studio = 3, mix = -1 }", "weights = { bedroom = -1, studio = 2, mix = -1 }"),
            ('id = "friend"', 'id = "stranger"'),
        )
        call_command("quiz_report", "--compare", "1", "2")
        out = capsys.readouterr().out
        assert "questionnaire 1   questionnaire 2" in out
        assert "  proud                           28.1 %            50.0 %\n" in out
        assert "  friend                          22.5 %         not asked\n" in out
        assert "Personas on the role they were written for: 24 of 24 before, 0 of 0 after\n" in out
        assert "  bed-night-nurse: has no answer to stranger; please add it\n" in out
        assert "random sheets.\nOnly one of them has: friend, stranger.\n" in out

    def test_a_draft_that_nobody_edited_changes_nothing(self, draft, capsys):
        call_command("quiz_report", "--compare", "1", "2")
        out = capsys.readouterr().out
        assert "Personas on the role they were written for: 24 of 24 before, 24 of 24 after\n\n" in out
        assert "The same answers give another role on 0.0 % (± 0.0) of 200 random sheets." in out

    def test_personas_that_change_role_are_named(self, draft, capsys):
        text = draft.read_text(encoding="utf-8")
        for number, role in enumerate(("bedroom", "studio", "mix")):
            text = text.replace(f"{role} =", f"@{number} =").replace(f"because.{role} ", f"because.@{number} ")
        for number, role in enumerate(("mix", "bedroom", "studio")):
            text = text.replace(f"@{number}", role)
        draft.write_text(text, encoding="utf-8")
        call_command("quiz_report", "--compare", "1", "2")
        out = capsys.readouterr().out
        assert "Personas on the role they were written for: 24 of 24 before, 0 of 24 after\n" in out
        assert "  bed-night-nurse: bedroom before, mix after; written for bedroom\n" in out
        assert "Only one of them has" not in out

    def test_an_unknown_number_is_refused(self, site):
        with pytest.raises(CommandError, match="Questionnaire 7 is not released, and its draft has faults"):
            call_command("quiz_report", "--compare", "1", "7")


class TestRelease:
    def test_it_is_frozen_with_figures_and_golden_links(self, site, draft, capsys):
        edit(draft, ("A year from now", "Two years from now"))
        call_command("questionnaire", "release")
        assert "Released questionnaire 2" in capsys.readouterr().out
        assert not draft.exists()
        content = catalogue.catalogue()
        assert content.questionnaire.version == 2
        assert content.figures[2] == FIGURES
        file = site / "quiz/content/questionnaires/2.toml"
        assert file.read_text(encoding="utf-8").startswith("# Questionnaire 2, released. Never edit it")
        golden = tomllib.loads((site / "tests/golden.toml").read_text(encoding="utf-8"))
        release = {"version": 2, "sha256": hashlib.sha256(file.read_bytes()).hexdigest()}
        assert [entry["version"] for entry in golden["releases"]] == [1, 2]
        assert golden["releases"][-1] == release
        assert len(golden["links"]) == questionnaire.LINKS
        for link in golden["links"]:
            profile = result(link["code"], content).profile
            assert {"code": link["code"], "role": profile.role, "fit": profile.fit} == link

    def test_the_next_draft_is_made_of_it(self, site, draft):
        call_command("questionnaire", "release")
        call_command("questionnaire", "new")
        text = (site / "quiz/content/drafts/3.toml").read_text(encoding="utf-8")
        assert text.startswith("# Questionnaire 3, a draft")
        assert "Questionnaire 2" not in text

    def test_without_a_draft_there_is_nothing_to_release(self, site):
        with pytest.raises(CommandError, match=r"There is no quiz/content/drafts/2\.toml"):
            call_command("questionnaire", "release")

    def test_one_outside_the_limits_is_not_released(self, site, draft, monkeypatch):
        monkeypatch.setattr(questionnaire, "report", lambda draft: Report(FIGURES, ("proud",)))
        with pytest.raises(CommandError, match=r"Nothing was released:\nproud: its answers never change"):
            call_command("questionnaire", "release")
        assert draft.exists()
        assert catalogue.catalogue().questionnaire.version == 1
