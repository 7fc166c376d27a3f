from pathlib import Path
from typing import Any

from django.conf import settings
from django.core.management.base import BaseCommand, CommandError, CommandParser

from quiz.owner.backups import BackupError, engine_of, save


class Command(BaseCommand):
    help = "Back up the whole database while the site runs, check the backup, and keep only the newest ones."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("--to", type=Path, default=settings.BASE_DIR / "var" / "backups", help="the folder")
        parser.add_argument("--keep", type=int, default=14, help="how many backups to keep (14)")

    def handle(self, *args: Any, to: Path, keep: int, **options: Any) -> None:
        if keep < 1:
            raise CommandError("--keep must be 1 or more, or the new backup would be removed too.")
        try:
            file, counts = save(engine_of(settings.DATABASES["default"]), to, keep)
        except (BackupError, OSError) as error:
            raise CommandError(f"No backup was made. {error}") from error
        self.stdout.write(f"{file}: sound, with " + ", ".join(f"{n:,} rows of {table}" for table, n in counts.items()))
