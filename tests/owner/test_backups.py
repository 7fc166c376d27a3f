import os
import sqlite3
import stat
import subprocess
import sys
from contextlib import closing
from urllib.request import urlopen

import pytest
from django.conf import settings
from django.core.management import CommandError, call_command

from quiz import codes
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
        assert capsys.readouterr().out.endswith(": sound, with 0 rows of quiz_completion, 0 rows of quiz_fitvote, 1 rows of quiz_unfinished\n")  # fmt: skip

    def test_a_restored_backup_is_what_it_was_and_what_was_there_is_kept(self, engine, tmp_path, capsys):
        leave(engine, 1)
        copy, _ = save(Sqlite(engine), tmp_path / "b", keep=9)
        leave(engine, 2, 3)
        call_command("restore", str(copy), "--to", str(tmp_path / "b"))
        assert "Restored 0 rows of quiz_completion, 0 rows of quiz_fitvote, 1 rows of quiz_unfinished" in capsys.readouterr().out  # fmt: skip
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

    def test_what_cannot_be_done_is_said(self, engine, tmp_path, monkeypatch):
        copy, _ = save(Sqlite(engine), tmp_path / "b", keep=9)
        with pytest.raises(CommandError, match="--keep must be 1 or more"):
            call_command("backup", "--keep", "0")
        (tmp_path / "file").touch()
        with pytest.raises(CommandError, match=r"No backup was made\. .*file"):
            call_command("backup", "--to", str(tmp_path / "file"))

        def fail(self, file):
            raise BackupError("disk full")

        monkeypatch.setattr(Sqlite, "load", fail)
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
            "psql": "echo 'quiz_completion 2'; echo 'quiz_fitvote 0'; echo 'quiz_unfinished 0'",
            "pg_dump": 'for a in "$@"; do case $a in --file=*) echo "$PGDATABASE $PGHOST" > "${a#--file=}";; esac; done',
            "pg_restore": f'echo "$PGPASSWORD $@" >> {tmp_path}/asked; case "$*" in *--data-only*) cat {tmp_path}/copy;; esac',
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
        assert (
            asked[-1] == f"p --clean --if-exists --no-owner --single-transaction --exit-on-error --dbname=site {file}"
        )

    def test_what_a_tool_complains_of_is_passed_on(self, tools, engine):
        (tools / "bin" / "psql").write_text("#!/bin/sh\necho connection refused >&2\nexit 2\n")
        with pytest.raises(BackupError, match="psql: connection refused"):
            save(engine, tools / "backups", keep=1)

    def test_a_tool_that_is_missing_is_named_with_its_package(self, engine, monkeypatch):
        monkeypatch.setenv("PATH", "/nowhere")
        with pytest.raises(BackupError, match=r"psql is missing: .* apt-get install postgresql-client"):
            engine.counts()


def test_every_table_of_ours_is_counted():
    assert set(TABLES) == {"quiz_completion", "quiz_fitvote", "quiz_unfinished"}
    assert isinstance(engine_of({"ENGINE": "django.db.backends.postgresql"}), Postgres)
    assert isinstance(engine_of({"ENGINE": "django.db.backends.sqlite3", "NAME": "x"}), Sqlite)
