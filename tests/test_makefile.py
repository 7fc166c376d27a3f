"""The Makefile on other people's machines: what it sets up again, what it leaves alone, and what it says."""

import os
import re
import shutil
import subprocess
import tempfile
from pathlib import Path

import pytest
from django.conf import settings

# Stands for a Python: it answers what it is asked for with VERSION, and tells pip.txt what it would install.
PYTHON = """#!/bin/sh
case "$1 $2" in
  "-m venv") mkdir -p "$3/bin" && cp "$0" "$3/bin/python" ;;
  "-m pip") echo "$@" >> pip.txt; echo "$PIP_SAYS" >&2; exit ${PIP_ENDS:-0} ;;
  "-c import ensurepip") exit ${NO_VENV:-0} ;;
  "-c import sys;"*) exit ${TOO_OLD:-0} ;;
  "-c "*) echo "${VERSION:-3.11} $PWD" ;;
esac
"""
SERVE = [".venv/.serve"]


@pytest.fixture
def checkout(tmp_path):
    folder = tmp_path / "a site's folder"
    folder.mkdir()
    shutil.copy(settings.BASE_DIR / "Makefile", folder)
    for name in ("requirements.txt", "requirements-dev.txt"):
        (folder / name).touch()
    python = folder.parent / "bin" / "python3"
    python.parent.mkdir()
    python.write_text(PYTHON)
    python.chmod(0o755)
    return folder


def make(folder, *words, user=None, **environment):
    """Run make there, as from a terminal and not from within another make."""
    inherited = {name: value for name, value in os.environ.items() if not name.startswith(("MAKE", "MFLAGS", "PYTHON"))}
    path = f"{folder.parent / 'bin'}{os.pathsep}{os.environ['PATH']}"
    environment = inherited | {"PATH": path} | environment
    return subprocess.run(["make", *words], cwd=folder, env=environment, user=user, capture_output=True, text=True)


def installs(folder):
    """How often pip was asked to install something."""
    return len((folder / "pip.txt").read_text().splitlines())


def test_what_is_there_is_not_installed_again(checkout):
    assert make(checkout, ".venv/.dev").returncode == 0
    again = make(checkout, ".venv/.dev")
    assert (again.returncode, again.stdout, again.stderr) == (0, "", "")
    assert installs(checkout) == 2


def test_a_change_of_the_requirements_is_installed(checkout):
    make(checkout, *SERVE)
    later = (checkout / ".venv/.serve").stat().st_mtime + 10
    os.utime(checkout / "requirements.txt", (later, later))
    make(checkout, *SERVE)
    assert installs(checkout) == 2


def test_an_environment_of_another_python_is_made_again(checkout):
    make(checkout, *SERVE)
    (checkout / ".venv/left over").touch()
    assert make(checkout, *SERVE, VERSION="3.12").returncode == 0
    assert not (checkout / ".venv/left over").exists()
    assert installs(checkout) == 2


def test_an_environment_whose_python_is_gone_is_made_again(checkout):
    make(checkout, *SERVE)
    (checkout / ".venv/bin/python").unlink()
    assert make(checkout, *SERVE).returncode == 0
    assert installs(checkout) == 2


def test_an_environment_in_a_checkout_that_moved_is_made_again(checkout):
    make(checkout, *SERVE)
    moved = checkout.rename(checkout.parent / "elsewhere")
    assert make(moved, *SERVE).returncode == 0
    assert installs(moved) == 2


def test_an_environment_made_with_a_named_python_stays_without_its_name(checkout):
    other = checkout.parent / "another python"
    shutil.copy(checkout.parent / "bin" / "python3", other)
    make(checkout, *SERVE, f"PYTHON={other}")
    assert make(checkout, *SERVE, TOO_OLD="1").returncode == 0
    assert installs(checkout) == 1


def test_an_environment_that_was_broken_off_is_made_again(checkout):
    (checkout / ".venv/bin").mkdir(parents=True)
    shutil.copy(checkout.parent / "bin" / "python3", checkout / ".venv/bin/python")
    assert make(checkout, *SERVE).returncode == 0
    assert (checkout / ".venv/.python").read_text() == f"3.11 {checkout}\n"


@pytest.mark.parametrize(
    ("environment", "line"),
    [
        (
            {"TOO_OLD": "1"},
            "ProducerGuide needs Python 3.11 or newer, called python3. Install it, or name another: make",
        ),
        ({"NO_VENV": "1"}, "On Debian or Ubuntu, as root: apt-get install -y python3-venv"),
        ({"PIP_ENDS": "1", "PIP_SAYS": "connection broken by"}, "The package index cannot be reached. Connect"),
        ({"PIP_ENDS": "1", "PIP_SAYS": "No hash was given"}, "No hash was given"),
    ],
    ids=["old Python", "no venv", "no network", "another fault of pip"],
)
def test_what_is_missing_is_said_in_one_line(checkout, environment, line):
    done = make(checkout, *SERVE, **environment)
    said = [words for words in done.stderr.splitlines() if not words.startswith("make: ***")]
    assert done.returncode
    assert len(said) == 1
    assert line in said[0]


def test_the_figures_are_computed_again_only_after_a_change(checkout):
    content = checkout / "quiz" / "content" / "figures"
    content.mkdir(parents=True)
    (content / "1.toml").touch()

    def computed():
        return "quiz_report" in make(checkout, "var/.figures").stdout

    assert computed()
    assert not computed()
    later = (checkout / "var/.figures").stat().st_mtime + 10
    os.utime(content / "1.toml", (later, later))
    assert computed()
    os.utime(checkout / "var/.figures", (later, later))
    assert not computed()
    (content / "1.toml").unlink()
    os.utime(content, (later + 10, later + 10))
    assert computed()


def test_figures_that_are_not_as_stored_are_computed_again(checkout):
    make(checkout, ".venv/.dev")
    python = checkout / ".venv/bin/python"
    python.write_text(python.read_text().replace("case", '[ "$2" != quiz_report ] || exit 1\ncase', 1))
    for _ in ("first", "again"):
        assert make(checkout, "var/.figures").returncode
    assert not (checkout / "var/.figures").exists()


def test_a_checkout_that_one_may_not_write_to_is_named(checkout):
    with tempfile.TemporaryDirectory() as name:  # of pytest's own folders another user sees nothing
        foreign = Path(shutil.copytree(checkout.parent, name, dirs_exist_ok=True)) / checkout.name
        for folder in (foreign.parent, foreign):
            folder.chmod(0o555)
        done = make(foreign, *SERVE, user=None if os.geteuid() else "nobody")
        foreign.parent.chmod(0o755)
        foreign.chmod(0o755)
    assert f"may not write to {foreign}. Work in a copy: cp -R '{foreign}' ~/producerguide; or" in done.stderr


def test_cleaning_keeps_the_local_database_and_its_backups(checkout):
    kept = [checkout / "var/producerguide.sqlite3", checkout / "var/backups/one.sqlite3"]
    gone = [checkout / "var/static/a.css", checkout / ".venv/bin/python"]
    for path in [*kept, *gone]:
        path.parent.mkdir(parents=True, exist_ok=True)
        path.touch()
    make(checkout, "clean")
    assert [path for path in [*kept, *gone] if path.exists()] == kept
    make(checkout, "clean-database")
    assert [path for path in kept if path.exists()] == kept[1:]


@pytest.mark.parametrize(("features", "expected"), [("output-sync", True), ("archives jobserver", False)])
def test_a_make_that_cannot_keep_lines_together_is_not_asked_to(checkout, features, expected):
    steps = make(checkout, "--dry-run", "--assume-old=.venv/.dev", f".FEATURES={features}", "MAKE=echo", "test")
    assert ("--output-sync" in steps.stdout) == expected
    assert "journeys pages unit check postgres" in steps.stdout


@pytest.mark.parametrize(("goals", "jobs"), [(["unit", "check"], True), (["check"], True), (["clean", "check"], False)])
def test_tests_and_checks_run_side_by_side_and_nothing_else_does(checkout, goals, jobs):
    done = make(checkout, "--dry-run", "--print-data-base", "--assume-old=.venv/.dev", *goals)
    assert ("-j" in re.search("(?m)^MAKEFLAGS = (.*)$", done.stdout)[1]) == jobs
