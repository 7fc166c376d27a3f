"""Backups of the whole database: made while the site runs, checked by reading them through, and restored."""

import os
import sqlite3
import subprocess
from collections.abc import Iterable, Iterator
from contextlib import closing, contextmanager, suppress
from datetime import UTC, datetime
from pathlib import Path
from typing import IO, Any, cast

from quiz.models import Audition, Completion, FitVote, Unfinished

NAME = "producerguide-{:%Y%m%dT%H%M%S.%fZ}{}"
TABLES = tuple(model._meta.db_table for model in (Completion, FitVote, Audition, Unfinished))
LOCKED_SECONDS = 30

Counts = dict[str, int]


class BackupError(Exception):
    """The message tells the owner what is wrong."""


def save(engine: "Sqlite | Postgres", folder: Path, keep: int) -> tuple[Path, Counts]:
    """Make a backup and remove all but the `keep` newest. Only a sound one gets its final name."""
    folder.mkdir(parents=True, exist_ok=True)
    file = folder / NAME.format(datetime.now(UTC), engine.suffix)
    part = file.with_suffix(".part")
    try:
        before = engine.counts()
        part.touch(mode=0o600)  # it holds the owner's password hash
        engine.write(part)
        counts, after = engine.read(part), engine.counts()
        for table in TABLES:
            if not before[table] <= counts[table] <= after[table]:
                raise BackupError(f"The copy has {counts[table]} rows of {table}, and there are {after[table]}.")
        part.rename(file)
    finally:
        part.unlink(missing_ok=True)
    for old in sorted(folder.glob(f"producerguide-*{engine.suffix}"))[:-keep]:
        old.unlink()
    return file, counts


def engine_of(database: dict[str, Any]) -> "Sqlite | Postgres":
    return Postgres(database) if database["ENGINE"].endswith("postgresql") else Sqlite(Path(database["NAME"]))


class Sqlite:
    suffix = ".sqlite3"

    def __init__(self, path: Path) -> None:
        self.path = path

    def counts(self) -> Counts:
        with self._open(self.path) as database:
            return _count(database)

    def write(self, file: Path) -> None:
        with self._open(self.path) as database:
            database.execute("VACUUM INTO ?", [str(file)])

    def read(self, file: Path) -> Counts:
        """Read a backup through and count its rows."""
        with self._open(file) as database:
            if (fault := database.execute("PRAGMA integrity_check(1)").fetchone()[0]) != "ok":
                raise BackupError(f"{file} is damaged: {fault}")
            return _count(database)

    def load(self, file: Path) -> None:
        try:
            self.read(self.path)
        except BackupError:  # keep the broken database for a look at it
            for part in ("", "-wal", "-shm"):
                with suppress(FileNotFoundError):
                    Path(f"{self.path}{part}").rename(f"{self.path}.broken{part}")
        self.path.parent.mkdir(parents=True, exist_ok=True)
        # It copies page by page under SQLite's own locks, so a running site simply goes on with the restored data.
        with self._open(file) as source, closing(sqlite3.connect(self.path, timeout=LOCKED_SECONDS)) as target:
            source.backup(target)

    @contextmanager
    def _open(self, file: Path) -> Iterator[sqlite3.Connection]:
        try:
            address = f"{file.resolve().as_uri()}?mode=rw"  # does not create a missing file
            with closing(sqlite3.connect(address, uri=True, timeout=LOCKED_SECONDS)) as database:
                yield database
        except sqlite3.Error as error:
            raise BackupError(f"{file}: {error}") from error


def _count(database: sqlite3.Connection) -> Counts:
    there = {name for (name,) in database.execute("SELECT name FROM sqlite_master WHERE type = 'table'")}
    return _ours(
        {table: database.execute(f'SELECT COUNT(*) FROM "{table}"').fetchone()[0] for table in there & set(TABLES)}
    )


def _ours(counts: Counts) -> Counts:
    """The rows of each of our tables. One that a later migration adds had none yet when an older backup was made."""
    if TABLES[0] not in counts:  # the first migration makes it
        raise BackupError(f"This is no database of the site: it has no table {TABLES[0]}.")
    return {table: counts.get(table, 0) for table in TABLES}


class Postgres:
    """PostgreSQL's own tools: a dump is a consistent snapshot and can be restored to any later version."""

    suffix = ".dump"

    # `\gexec` runs what the query gives.
    COUNT = (
        "SELECT format('SELECT %L, COUNT(*) FROM %I', name, name) "
        f"FROM unnest(ARRAY{list(TABLES)}) AS name WHERE to_regclass(name) IS NOT NULL \\gexec\n"
    )
    DROP = (
        "SELECT format('DROP TABLE IF EXISTS %I.%I CASCADE', schemaname, tablename) "
        "FROM pg_tables WHERE schemaname = current_schema() \\gexec\n"
    )

    def __init__(self, database: dict[str, Any]) -> None:
        names = {"PGHOST": "HOST", "PGPORT": "PORT", "PGUSER": "USER", "PGPASSWORD": "PASSWORD", "PGDATABASE": "NAME"}
        self.environment = {name: str(database[key]) for name, key in names.items() if database.get(key)}

    def counts(self) -> Counts:
        return _ours({table: int(count) for table, count in map(str.split, self._psql([self.COUNT]))})

    def write(self, file: Path) -> None:
        list(self._run("pg_dump", "--format=custom", "--no-owner", f"--file={file}"))

    def read(self, file: Path) -> Counts:
        return _count_copied(self._run("pg_restore", "--data-only", "--file=-", str(file)))

    def load(self, file: Path) -> None:
        list(self._psql(self._replacement(file)))

    def _replacement(self, file: Path) -> Iterator[str]:
        """The script that puts a backup in the place of what is there: one transaction, all or nothing.

        It first drops every table, because `--clean` drops only those of the backup, and a migration that is newer than
        the backup would find its table there already. It ends with COMMIT only if `pg_restore` came to its end, because
        `psql` takes half a script for a whole one.
        """
        yield f"BEGIN;\nSET LOCAL client_min_messages = warning;\n{self.DROP}"
        yield from self._run("pg_restore", "--clean", "--if-exists", "--no-owner", "--file=-", str(file))
        yield "COMMIT;\n"

    def _psql(self, script: Iterable[str]) -> Iterator[str]:
        options = ("--no-psqlrc", "--quiet", "--tuples-only", "--no-align", "--field-separator= ")
        return self._run("psql", *options, "--set=ON_ERROR_STOP=1", given=script)

    def _run(self, *command: str, given: Iterable[str] = ()) -> Iterator[str]:
        """The lines that a program prints. It gets the password in its environment, which process lists do not show."""
        environment, pipe = os.environ | self.environment, subprocess.PIPE
        try:
            process = subprocess.Popen(command, env=environment, text=True, stdin=pipe, stdout=pipe, stderr=pipe)
        except FileNotFoundError:
            advice = "on Debian or Ubuntu, apt-get install postgresql-client"
            raise BackupError(f"{command[0]} is missing: {advice}") from None
        with process:
            with suppress(BrokenPipeError), cast(IO[str], process.stdin) as stdin:  # it says below why it ended early
                stdin.writelines(given)
            yield from process.stdout or ()
            error = process.stderr.read() if process.stderr else ""
            if process.wait():
                raise BackupError(f"{command[0]}: {error.strip()}")


def _count_copied(lines: Iterable[str]) -> Counts:
    """Rows between `COPY public.table (…) FROM stdin;` and `\\.`, table by table."""
    counts, table = Counts(), ""
    for line in lines:
        if line.startswith("COPY ") and not table:
            table = line.split()[1].rpartition(".")[2]
            counts[table] = 0
        elif line == "\\.\n":
            table = ""
        elif table:
            counts[table] += 1
    return _ours(counts)
