from pathlib import Path
from typing import Any

from django.conf import settings
from django.core.management.base import BaseCommand, CommandError, CommandParser

from quiz.owner.backups import BackupError, engine_of, save


class Command(BaseCommand):
    help = "Copy the whole database to a folder while the site runs, read the copy through, and keep the newest copies."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("--to", type=Path, default=settings.BASE_DIR / "var" / "backups", help="the folder")
        parser.add_argument("--keep", type=int, default=14, help="how many copies stay in the folder (14)")

    def handle(self, *args: Any, to: Path, keep: int, **options: Any) -> None:
        if keep < 1:
            raise CommandError("--keep must be 1 or more: a backup that is removed at once is none.")
        try:
            file, counts = save(engine_of(settings.DATABASES["default"]), to, keep)
        except (BackupError, OSError) as error:
            raise CommandError(f"No backup was made. {error}") from error
        self.stdout.write(f"{file}: sound, with " + ", ".join(f"{n:,} rows of {table}" for table, n in counts.items()))
