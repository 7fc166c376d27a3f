import re

import pytest
from django.core.management import CommandError, call_command
from django.db import OperationalError, connection
from django.db.migrations.recorder import MigrationRecorder
from django.http import HttpResponse
from django.test import Client

from quiz import catalogue


@pytest.fixture
def quiet(monkeypatch):
    """Django's own checks, left out where they are not what is tested: they take a second."""
    monkeypatch.setattr("quiz.owner.management.commands.preflight.call_command", lambda *args, **options: None)


@pytest.mark.unmeasured
@pytest.mark.django_db
def test_a_sound_release_may_take_over(settings, capsys):
    settings.SILENCED_SYSTEM_CHECKS = ["templates.E002"]  # the tests see every unknown variable of a template
    call_command("preflight")
    said = capsys.readouterr().out
    assert "The database is ready; to be migrated: nothing." in said
    assert int(said.split(" pages answer")[0].split()[-1]) > 20


@pytest.fixture
def answers(quiet, monkeypatch):
    """What a page answers that is not made: 200 where a test says nothing else."""
    get, statuses = Client.get, {}

    def answer(self, path, **how):
        return get(self, path, **how) if path == "/sitemap.xml" else HttpResponse(status=statuses.get(path, 200))

    monkeypatch.setattr(Client, "get", answer)
    return statuses


@pytest.mark.django_db
def test_migrations_that_are_to_come_are_named(answers, capsys):
    MigrationRecorder(connection).record_unapplied("sessions", "0001_initial")
    call_command("preflight")
    assert "to be migrated: sessions 0001_initial" in capsys.readouterr().out


@pytest.mark.django_db
def test_a_fault_in_the_content_is_refused(tmp_path, monkeypatch):
    monkeypatch.setattr(catalogue, "CONTENT", tmp_path)
    with pytest.raises((CommandError, SystemExit)):
        call_command("preflight")


@pytest.mark.django_db
def test_a_public_site_must_pass_the_checks_of_its_security(settings):
    settings.SILENCED_SYSTEM_CHECKS = ["templates.E002"]  # as above
    settings.SITE_HTTPS, settings.SECRET_KEY = True, "short"
    with pytest.raises((CommandError, SystemExit)):
        call_command("preflight")


@pytest.mark.django_db
def test_a_page_that_cannot_be_made_is_named(answers):
    answers["/glossary/"] = 500
    with pytest.raises(CommandError, match="/glossary/ answers 500"):
        call_command("preflight")


@pytest.mark.django_db
def test_without_a_sitemap_nothing_is_taken_for_sound(quiet, monkeypatch):
    monkeypatch.setattr("quiz.owner.management.commands.preflight.ADDRESS", re.compile("nothing like it"))
    with pytest.raises(CommandError, match="sitemap"):
        call_command("preflight")


def test_a_database_that_is_away_is_said(answers, monkeypatch):
    def away(*args):
        raise OperationalError("connection refused")

    monkeypatch.setattr("quiz.owner.management.commands.preflight.MigrationExecutor", away)
    with pytest.raises(CommandError, match="The database cannot be used: connection refused"):
        call_command("preflight")
