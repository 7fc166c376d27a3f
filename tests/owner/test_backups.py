import os
import sqlite3
import stat
import subprocess
import sys
from contextlib import closing
from unittest.mock import Mock
from urllib.request import urlopen

import pytest
from django.apps import apps
from django.conf import settings
from django.core.management import CommandError, call_command

from quiz import codes
from quiz.models import DayCount
from quiz.owner.backups import TABLES, BackupError, Postgres, Sqlite, engine_of, save
from quiz.owner.management.commands import backup, restore
from tests.browser.server import serve

NOTHING = dict.fromkeys(TABLES, 0)


def manage(database, *command):
    environment = os.environ | {"DATABASE_URL": f"sqlite:///{database}"}
    return subprocess.run(
        [sys.executable, "manage.py", *command], cwd=settings.BASE_DIR, env=environment, capture_output=True, text=True
    )


@pytest.fixture(scope="module")
def empty(tmp_path_factory):
    file = tmp_path_factory.mktemp("empty") / "site.sqlite3"
    assert manage(file, "migrate").returncode == 0
    return file.read_bytes()


@pytest.fixture
def database(tmp_path, empty):
    file = tmp_path / "site.sqlite3"
    file.write_bytes(empty)
    return file


def leave(file, *numbers):
    """Add rows that tell copies apart."""
    with closing(sqlite3.connect(file)) as database, database:
        rows = [(number,) for number in numbers]
        database.executemany(
            "INSERT INTO quiz_unfinished (day, version, number, count) VALUES ('2027-01-01', 1, ?, 1)", rows
        )


@pytest.mark.unmeasured
def test_the_drill(tmp_path, static_root, answer):
    """Back up, destroy and restore while the server runs: every row of the backup is there."""

    budgets = iter([option.id for option in answer().questionnaire.options("budget")])  # a person each

    def finish():
        code = codes.so_far(answer(budget=next(budgets)))
        assert urlopen(f"{site.url}/quiz/finish/", f"a={code}".encode(), timeout=20).status == 200

    def completions():
        with closing(sqlite3.connect(site.database)) as database:
            return database.execute("SELECT COUNT(*) FROM quiz_completion").fetchone()[0]

    with serve(tmp_path, static_root) as site:
        for _ in range(3):
            finish()
        folder = tmp_path / "backups"
        done = manage(site.database, "backup", "--to", str(folder))
        assert "sound, with 3 rows of quiz_completion, 0 rows of quiz_fitvote" in done.stdout, done.stderr
        (copy,) = folder.glob("*.sqlite3")
        finish()
        for file in tmp_path.glob("site.sqlite3*"):
            file.write_bytes(b"not a database, but as long as one" * 1000)
        assert urlopen(f"{site.url}/readyz", timeout=20).status == 200
        done = manage(site.database, "restore", str(copy), "--to", str(folder))
        assert "The database as it was could not be backed up." in done.stdout, done.stderr
        assert "Restored 3 rows of quiz_completion" in done.stdout
        assert completions() == 3
        finish()
        assert completions() == 4
    assert (tmp_path / "site.sqlite3.broken").read_bytes().startswith(b"not a database")


class TestSave:
    def test_a_copy_holds_what_is_committed_and_is_for_its_owner_only(self, database, tmp_path):
        leave(database, 1, 2)
        file, counts = save(Sqlite(database), tmp_path / "new" / "folder", keep=3)
        assert counts == NOTHING | {"quiz_unfinished": 2}
        assert Sqlite(file).counts() == counts
        assert stat.S_IMODE(file.stat().st_mode) == 0o600

    def test_the_newest_stay_and_strangers_are_left_alone(self, database, tmp_path):
        folder = tmp_path / "backups"
        folder.mkdir()
        (folder / "mine.sqlite3").touch()
        files = [save(Sqlite(database), folder, keep=2)[0] for _ in range(4)]
        assert sorted(folder.iterdir()) == [folder / "mine.sqlite3", *files[2:]]

    def test_what_is_older_than_a_table_has_no_rows_of_it_and_is_sound(self, database, tmp_path):
        leave(database, 1)
        with closing(sqlite3.connect(database)) as older:
            older.execute("DROP TABLE quiz_audition")
        file, counts = save(Sqlite(database), tmp_path / "backups", keep=1)
        assert counts == Sqlite(file).read(file) == NOTHING | {"quiz_unfinished": 1}

    def test_a_database_of_something_else_is_not_backed_up(self, tmp_path):
        with closing(sqlite3.connect(tmp_path / "other")) as other:
            other.execute("CREATE TABLE quiz_audition (id)")
        with pytest.raises(BackupError, match="no database of the site: it has no table quiz_completion"):
            save(Sqlite(tmp_path / "other"), tmp_path / "backups", keep=1)

    def test_a_copy_that_is_not_sound_is_not_kept(self, database, tmp_path, monkeypatch):
        monkeypatch.setattr(Sqlite, "write", lambda self, file: file.write_bytes(database.read_bytes()[:20_000]))
        with pytest.raises(BackupError, match=r"malformed|is damaged"):
            save(Sqlite(database), tmp_path / "backups", keep=1)
        assert list((tmp_path / "backups").iterdir()) == []

    def test_a_copy_that_lacks_rows_is_not_kept(self, database, tmp_path, empty, monkeypatch):
        leave(database, 1, 2)
        monkeypatch.setattr(Sqlite, "write", lambda self, file: file.write_bytes(empty))
        with pytest.raises(BackupError, match="The copy has 0 rows of quiz_unfinished, and there are 2"):
            save(Sqlite(database), tmp_path / "backups", keep=1)
        assert list((tmp_path / "backups").iterdir()) == []

    def test_a_copy_that_lacks_auditions_is_not_kept(self, database, tmp_path, empty, monkeypatch):
        with closing(sqlite3.connect(database)) as tried, tried:
            tried.execute(
                'INSERT INTO quiz_audition (take, role, liked, evening, band, given, "when") '
                "VALUES ('1', 'mix', 4, 2, '', '', '2027-01-01')"
            )
        monkeypatch.setattr(Sqlite, "write", lambda self, file: file.write_bytes(empty))
        with pytest.raises(BackupError, match="The copy has 0 rows of quiz_audition, and there are 1"):
            save(Sqlite(database), tmp_path / "backups", keep=1)

    def test_damage_inside_is_found(self, database):
        leave(database, 1, 2)
        with closing(sqlite3.connect(database)) as damaged, damaged:
            damaged.execute("PRAGMA writable_schema = ON")
            (wrong,) = damaged.execute(
                "SELECT rootpage FROM sqlite_master WHERE name LIKE 'quiz_fitvote_when%'"
            ).fetchone()
            damaged.execute(
                "UPDATE sqlite_master SET rootpage = ? WHERE name LIKE '%autoindex_quiz_unfinished%'", [wrong]
            )
            assert damaged.execute("SELECT changes()").fetchone() == (1,)
        with pytest.raises(BackupError, match="is damaged: "):
            Sqlite(database).read(database)


class TestCommands:
    @pytest.fixture
    def engine(self, database, monkeypatch):
        for command in (backup, restore):
            monkeypatch.setattr(command, "engine_of", lambda _: Sqlite(database))
        monkeypatch.setattr(restore, "call_command", lambda *args, **options: None)
        return database

    def test_a_backup_says_what_is_in_it(self, engine, tmp_path, capsys):
        leave(engine, 7)
        call_command("backup", "--to", str(tmp_path / "b"))
        assert capsys.readouterr().out.endswith(": sound, with 0 rows of quiz_completion, 0 rows of quiz_fitvote, 0 rows of quiz_audition, 1 rows of quiz_unfinished\n")  # fmt: skip

    def test_a_restored_backup_is_what_it_was_and_what_was_there_is_kept(self, engine, tmp_path, capsys):
        leave(engine, 1)
        copy, _ = save(Sqlite(engine), tmp_path / "b", keep=9)
        leave(engine, 2, 3)
        call_command("restore", str(copy), "--to", str(tmp_path / "b"))
        assert "Restored 0 rows of quiz_completion, 0 rows of quiz_fitvote, 0 rows of quiz_audition, 1 rows of quiz_unfinished" in capsys.readouterr().out  # fmt: skip
        assert Sqlite(engine).counts()["quiz_unfinished"] == 1
        (before,) = (tmp_path / "b" / "before-restore").iterdir()
        assert Sqlite(before).counts()["quiz_unfinished"] == 3

    def test_a_database_that_is_gone_is_put_back(self, engine, tmp_path):
        copy, _ = save(Sqlite(engine), tmp_path / "b", keep=9)
        engine.unlink()
        call_command("restore", str(copy), "--to", str(tmp_path / "b"))
        assert Sqlite(engine).counts() == NOTHING

    def test_a_database_that_is_spoilt_is_put_aside_for_the_copy(self, engine, tmp_path):
        leave(engine, 1)
        copy, _ = save(Sqlite(engine), tmp_path / "b", keep=9)
        engine.write_bytes(b"spoilt" * 1000)
        Sqlite(engine).load(copy)
        assert Sqlite(engine).counts()["quiz_unfinished"] == 1
        assert engine.with_name(f"{engine.name}.broken").read_bytes() == b"spoilt" * 1000

    def test_a_bad_backup_changes_nothing(self, engine, tmp_path):
        leave(engine, 1)
        bad = tmp_path / "bad.sqlite3"
        bad.write_bytes(b"bad" * 1000)
        for file, reason in ((bad, "file is not a database"), (tmp_path / "none.sqlite3", "unable to open")):
            with pytest.raises(CommandError, match=rf"Nothing was changed\. .*{reason}"):
                call_command("restore", str(file))
        assert Sqlite(engine).counts()["quiz_unfinished"] == 1

    def test_where_what_is_there_cannot_be_kept_nothing_is_changed(self, engine, tmp_path):
        copy, _ = save(Sqlite(engine), tmp_path / "b", keep=9)
        leave(engine, 1)
        (tmp_path / "file").touch()
        with pytest.raises(CommandError, match=r"Nothing was changed\. .*file"):
            call_command("restore", str(copy), "--to", str(tmp_path / "file"))
        assert Sqlite(engine).counts()["quiz_unfinished"] == 1

    def test_what_cannot_be_done_is_said(self, engine, tmp_path, monkeypatch):
        copy, _ = save(Sqlite(engine), tmp_path / "b", keep=9)
        with pytest.raises(CommandError, match="--keep must be 1 or more"):
            call_command("backup", "--keep", "0")
        (tmp_path / "file").touch()
        with pytest.raises(CommandError, match=r"No backup was made\. .*file"):
            call_command("backup", "--to", str(tmp_path / "file"))

        for error in (BackupError, OSError):
            monkeypatch.setattr(Sqlite, "load", Mock(side_effect=error("disk full")))
            with pytest.raises(CommandError, match=r"The backup was not restored\. disk full"):
                call_command("restore", str(copy), "--to", str(tmp_path / "b"))


COPY = r"""--
COPY public.quiz_completion (id, code) FROM stdin;
1	COPY of nothing
2	\\.
\.
COPY public.auth_user (id) FROM stdin;
1
\.
"""


class TestPostgres:
    """With stand-ins for its tools; test_keeping.py runs with the real ones if the suite runs on PostgreSQL."""

    @pytest.fixture
    def tools(self, tmp_path, monkeypatch):
        folder = tmp_path / "bin"
        folder.mkdir()
        (tmp_path / "copy").write_text(COPY, encoding="utf-8")
        for name, script in {
            "psql": f"cat > {tmp_path}/script; echo 'quiz_completion 2'; echo 'quiz_fitvote 0'; echo 'quiz_unfinished 0'",
            "pg_dump": 'for a in "$@"; do case $a in --file=*) echo "$PGDATABASE $PGHOST" > "${a#--file=}";; esac; done',
            "pg_restore": f'echo "$PGPASSWORD $@" >> {tmp_path}/asked; cat {tmp_path}/copy',
        }.items():
            (folder / name).write_text(f"#!/bin/sh\n{script}\n", encoding="utf-8")
            (folder / name).chmod(0o755)
        monkeypatch.setenv("PATH", str(folder), prepend=":")
        return tmp_path

    @pytest.fixture
    def engine(self):
        return engine_of(
            {
                "ENGINE": "django.db.backends.postgresql",
                "NAME": "site",
                "HOST": "db",
                "PORT": "",
                "USER": "u",
                "PASSWORD": "p",
            }
        )

    def test_a_copy_is_made_counted_and_put_back_by_its_own_tools(self, tools, engine):
        file, counts = save(engine, tools / "backups", keep=1)
        assert file.suffix == ".dump"
        assert file.read_text() == "site db\n"
        assert counts == NOTHING | {"quiz_completion": 2}
        engine.load(file)
        asked = (tools / "asked").read_text().splitlines()
        assert asked[-1] == f"p --clean --if-exists --no-owner --file=- {file}"
        script = (tools / "script").read_text()
        assert script.startswith("BEGIN;\n")
        assert script.index("DROP TABLE") < script.index(COPY)
        assert script.endswith(f"{COPY}COMMIT;\n")

    def test_a_part_of_a_copy_is_not_committed(self, tools, engine):
        (tools / "bin" / "pg_restore").write_text("#!/bin/sh\necho 'COPY a FROM stdin;'\necho broken off >&2\nexit 1\n")
        with pytest.raises(BackupError, match="pg_restore: broken off"):
            engine.load(tools / "copy")
        assert (tools / "script").read_text().endswith("COPY a FROM stdin;\n")

    def test_a_copy_of_something_else_is_not_read(self, tools, engine):
        (tools / "copy").write_text(COPY.replace("quiz_completion", "completion"))
        with pytest.raises(BackupError, match="no database of the site"):
            engine.read(tools / "copy")

    def test_what_a_tool_complains_of_is_passed_on(self, tools, engine):
        (tools / "bin" / "psql").write_text("#!/bin/sh\necho connection refused >&2\nexit 2\n")
        with pytest.raises(BackupError, match="psql: connection refused"):
            save(engine, tools / "backups", keep=1)

    def test_a_tool_that_is_missing_is_named_with_its_package(self, engine, monkeypatch):
        monkeypatch.setenv("PATH", "/nowhere")
        with pytest.raises(BackupError, match=r"psql is missing: .* apt-get install postgresql-client"):
            engine.counts()


def test_every_table_of_ours_is_counted():
    ours = {model._meta.db_table for model in apps.get_app_config("quiz").get_models()}
    assert set(TABLES) == ours - {DayCount._meta.db_table}  # which the site counts anew
    assert isinstance(engine_of({"ENGINE": "django.db.backends.postgresql"}), Postgres)
    assert isinstance(engine_of({"ENGINE": "django.db.backends.sqlite3", "NAME": "x"}), Sqlite)
