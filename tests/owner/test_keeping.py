"""Moving between SQLite and PostgreSQL: the same dump loads into either and comes out of it unchanged."""

from contextlib import contextmanager

import pytest
from django.conf import settings
from django.contrib.auth.models import User
from django.core.management import call_command
from django.db import connection

from quiz.models import Audition, Completion, FitVote, Unfinished
from quiz.owner.backups import BackupError, Sqlite, engine_of, save

DUMP = settings.BASE_DIR / "tests" / "dump.jsonl"


@pytest.mark.django_db
def test_a_dump_loads_and_comes_out_unchanged(tmp_path):
    call_command("loaddata", str(DUMP), verbosity=0)
    assert (Completion.objects.count(), FitVote.objects.count(), Unfinished.objects.count()) == (3, 2, 1)
    assert User.objects.get().username == "owner"
    out = tmp_path / "again.jsonl"
    call_command("dumpdata", "quiz", "auth.user", format="jsonl", output=str(out), verbosity=0)
    assert out.read_bytes() == DUMP.read_bytes()


@pytest.mark.django_db
def test_what_is_recorded_after_a_load_follows_on(answer):
    call_command("loaddata", str(DUMP), verbosity=0)
    row = Completion.objects.create(code="1", role="mix", confidence="clear", route="mix")
    assert row.pk > max(Completion.objects.exclude(pk=row.pk).values_list("pk", flat=True))


@pytest.mark.django_db(transaction=True)
def test_the_database_of_this_run_is_backed_up_and_put_back_by_its_own_engine(tmp_path):
    call_command("loaddata", str(DUMP), verbosity=0)
    database = settings.DATABASES["default"]
    if database["ENGINE"].endswith("sqlite3"):
        # The tests keep SQLite in memory, where no other process can read it.
        with pytest.raises(BackupError, match="unable to open"):
            save(engine_of(database | {"NAME": tmp_path / "none.sqlite3"}), tmp_path, keep=1)
        assert isinstance(engine_of(database), Sqlite)
        return
    engine = engine_of(database)
    Audition.objects.create(take="1", role="mix", liked=4, evening=2)
    file, counts = save(engine, tmp_path, keep=1)
    assert counts == {"quiz_completion": 3, "quiz_fitvote": 2, "quiz_audition": 1, "quiz_unfinished": 1}
    Completion.objects.all().delete()
    engine.load(file)
    assert engine.counts() == counts


@pytest.fixture
def engine(transactional_db):
    """With something to lose. What only PostgreSQL has to prove: SQLite's backup takes the place of the whole file."""
    if connection.vendor != "postgresql":
        pytest.skip("needs PostgreSQL")
    call_command("loaddata", str(DUMP), verbosity=0)
    return engine_of(settings.DATABASES["default"])


@contextmanager
def later_table():
    """One that a migration adds after a backup, and that refers to what is in it."""
    try:
        with connection.cursor() as cursor:
            cursor.execute("CREATE TABLE quiz_later (completion bigint REFERENCES quiz_completion)")
        yield
    finally:
        with connection.cursor() as cursor:
            cursor.execute("DROP TABLE IF EXISTS quiz_later")


def test_a_restored_database_has_no_table_that_is_newer_than_its_backup(engine, tmp_path):
    file, counts = save(engine, tmp_path, keep=1)
    before = connection.introspection.table_names()
    with later_table():
        engine.load(file)
        assert connection.introspection.table_names() == before
    assert engine.counts() == counts


def test_what_is_older_than_a_table_has_no_rows_of_it_and_is_sound_on_postgresql(engine, tmp_path):
    whole, _ = save(engine, tmp_path / "whole", keep=1)
    try:
        with connection.cursor() as cursor:
            cursor.execute("DROP TABLE quiz_audition")
        file, counts = save(engine, tmp_path, keep=1)
        assert counts == engine.read(file) == engine.counts()
        assert (counts["quiz_completion"], counts["quiz_audition"]) == (3, 0)
    finally:
        engine.load(whole)


@pytest.mark.parametrize(
    ("damage", "tool"),
    [
        # Both in or after the rows, which come last: by then the tables have been dropped and made anew.
        (lambda dump: dump[:-9], "pg_restore"),
        (lambda dump: dump.replace(b"ADD CONSTRAINT", b"ADD CONSTRAINS"), "psql"),
    ],
)
def test_a_backup_that_breaks_off_or_fails_leaves_what_is_there(engine, tmp_path, damage, tool):
    file, _ = save(engine, tmp_path, keep=1)
    file.write_bytes(damage(file.read_bytes()))
    Completion.objects.first().delete()
    before = engine.counts(), connection.introspection.table_names()
    with pytest.raises(BackupError, match=f"^{tool}: "):
        engine.load(file)
    assert (engine.counts(), connection.introspection.table_names()) == before
