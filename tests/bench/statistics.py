"""How long the statistics page takes with a million completions: .venv/bin/python -m tests.bench.statistics [rows]

In SQLite, or where DATABASE_URL says: `python -m tests.postgresql` before it makes a PostgreSQL for it.
"""

import os
import random
import sys
import tempfile
import time
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

ROWS = int(sys.argv[1]) if len(sys.argv) > 1 else 1_000_000
SHEETS, DAYS, BATCH = 5_000, 365, 20_000
MADE = min(ROWS, 1_000_000)  # more are copies of these
MOST_SECONDS = 1.0


def main() -> int:
    with tempfile.TemporaryDirectory() as folder:
        os.environ |= {
            "DATABASE_URL": os.environ.get("DATABASE_URL") or f"sqlite:///{Path(folder) / 'bench.sqlite3'}",
            "DJANGO_SETTINGS_MODULE": "producerguide.settings",
            "STATIC_ROOT": str(Path(folder) / "static"),
        }
        import django
        from django.core.management import call_command

        django.setup()
        call_command("migrate", verbosity=0)
        call_command("collectstatic", "--no-input", verbosity=0)
        fill()
        return measure()


def fill() -> None:
    """Random completions over a year, of 5,000 different answer sheets, and a vote for one in fifty."""
    from django.db import connection

    from quiz import codes
    from quiz.catalogue import catalogue
    from quiz.domain import Answers
    from quiz.models import Completion, FitVote, Unfinished
    from quiz.result import result

    made = random.Random(1)
    questionnaire = catalogue().questionnaire
    sizes = [len(q.options) if q.kind == "one" else 1 << len(q.options) for q in questionnaire.questions]
    sheets = [Answers(questionnaire, tuple(made.randrange(size) for size in sizes)) for _ in range(SHEETS)]
    pool = [result(codes.build(sheet), catalogue()) for sheet in sheets]
    now = datetime.now(UTC)
    for start in range(0, MADE, BATCH):
        batch = []
        for i in range(start, min(start + BATCH, MADE)):
            finished, when = made.choice(pool), now - timedelta(days=DAYS) * (1 - i / MADE)
            batch.append(
                Completion(
                    code=finished.code,
                    role=finished.profile.role,
                    confidence=finished.profile.confidence,
                    route="-".join(finished.route),
                    day=when.date(),
                )
            )
        Completion.objects.bulk_create(batch)
    columns = ", ".join(f'"{field.column}"' for field in Completion._meta.fields if not field.primary_key)
    table, copies = Completion._meta.db_table, ROWS // MADE - 1
    with connection.cursor() as cursor:
        for _ in range(copies):
            cursor.execute(f"INSERT INTO {table} ({columns}) SELECT {columns} FROM {table} ORDER BY id LIMIT {MADE}")
    verdicts, roles = ("yes", "partly", "no"), ("", "bedroom", "studio", "mix")
    FitVote.objects.bulk_create(
        FitVote(
            code=f"x{i}", given=pool[i % SHEETS].profile.role, verdict=made.choice(verdicts), role=made.choice(roles)
        )
        for i in range(MADE // 50)
    )
    Unfinished.objects.bulk_create(
        Unfinished(day=(now - timedelta(days=day)).date(), version=questionnaire.version, number=number, count=9)
        for day in range(DAYS)
        for number in range(1, len(sizes) + 1)
    )
    connection.close()


def measure() -> int:
    from django.contrib.auth.models import User
    from django.test import Client

    client = Client(headers={"host": "127.0.0.1"})
    client.force_login(User.objects.create_superuser("owner"))
    today = datetime.now(UTC).date()
    year = f"?from={today - timedelta(days=DAYS)}&to={today}"
    worst = 0.0
    for name, path in (("last 28 days", ""), ("a whole year", year)):
        first, *again = (seconds(client, path) for _ in range(4))
        print(f"{name}: {first:.2f} s the first time, then {sorted(again)[1]:.2f} s")
        worst = max(worst, sorted(again)[1])
    if ROWS == MADE:
        export(client, year)
    print(f"{ROWS:,} completions; the page takes {worst:.2f} s (at most {MOST_SECONDS})")
    return int(worst > MOST_SECONDS)


def export(client: Any, year: str) -> None:
    started, size = time.perf_counter(), 0
    for chunk in client.get(f"/admin/statistics/completions.csv{year}"):
        size += len(chunk)
    print(f"CSV of {ROWS:,} rows: {time.perf_counter() - started:.0f} s, {size / 1024 / 1024:.0f} MB")


def seconds(client: Any, query: str) -> float:
    started = time.perf_counter()
    assert client.get(f"/admin/statistics/{query}").status_code == 200
    return time.perf_counter() - started


if __name__ == "__main__":
    sys.exit(main())
