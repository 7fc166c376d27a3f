"""Backups of the whole database: made while the site runs, checked by reading them through, and restored."""

import os
import sqlite3
import subprocess
from collections.abc import Iterable, Iterator
from contextlib import closing, contextmanager, suppress
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from quiz.models import Completion, FitVote, Unfinished

NAME = "producerguide-{:%Y%m%dT%H%M%S.%fZ}{}"
TABLES = tuple(model._meta.db_table for model in (Completion, FitVote, Unfinished))
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
    return {table: database.execute(f'SELECT COUNT(*) FROM "{table}"').fetchone()[0] for table in TABLES}


class Postgres:
    """PostgreSQL's own tools: a dump is a consistent snapshot and can be restored to any later version."""

    suffix = ".dump"

    def __init__(self, database: dict[str, Any]) -> None:
        names = {"PGHOST": "HOST", "PGPORT": "PORT", "PGUSER": "USER", "PGPASSWORD": "PASSWORD", "PGDATABASE": "NAME"}
        self.environment = {name: str(database[key]) for name, key in names.items() if database.get(key)}

    def counts(self) -> Counts:
        query = " UNION ALL ".join(f"SELECT '{table}', COUNT(*) FROM {table}" for table in TABLES)
        options = ("--no-psqlrc", "--tuples-only", "--no-align", "--field-separator= ")
        rows = self._run("psql", *options, f"--command={query}")
        return {table: int(count) for table, count in (row.split() for row in rows if row.strip())}

    def write(self, file: Path) -> None:
        list(self._run("pg_dump", "--format=custom", "--no-owner", f"--file={file}"))

    def read(self, file: Path) -> Counts:
        return _count_copied(self._run("pg_restore", "--data-only", "--file=-", str(file)))

    def load(self, file: Path) -> None:
        options = ("--clean", "--if-exists", "--no-owner", "--single-transaction", "--exit-on-error")
        list(self._run("pg_restore", *options, f"--dbname={self.environment['PGDATABASE']}", str(file)))

    def _run(self, *command: str) -> Iterator[str]:
        """The lines that a program prints. It gets the password in its environment, which process lists do not show."""
        environment, pipe = os.environ | self.environment, subprocess.PIPE
        try:
            process = subprocess.Popen(command, env=environment, text=True, stdout=pipe, stderr=pipe)
        except FileNotFoundError:
            advice = "on Debian or Ubuntu, apt-get install postgresql-client"
            raise BackupError(f"{command[0]} is missing: {advice}") from None
        with process:
            yield from process.stdout or ()
            error = process.stderr.read() if process.stderr else ""
            if process.wait():
                raise BackupError(f"{command[0]}: {error.strip()}")


def _count_copied(lines: Iterable[str]) -> Counts:
    """Rows between `COPY public.table (…) FROM stdin;` and `\\.`, table by table."""
    counts, table = dict.fromkeys(TABLES, 0), ""
    for line in lines:
        if line.startswith("COPY ") and not table:
            table = line.split()[1].rpartition(".")[2]
        elif line == "\\.\n":
            table = ""
        elif table in counts:
            counts[table] += 1
    return counts
