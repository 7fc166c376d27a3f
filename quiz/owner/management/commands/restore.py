from pathlib import Path
from typing import Any

from django.conf import settings
from django.core.management import call_command
from django.core.management.base import BaseCommand, CommandError, CommandParser

from quiz.owner.backups import BackupError, engine_of, save


class Command(BaseCommand):
    help = "Replace the database by a backup. The present database is backed up first, if it can be read."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("file", type=Path)
        parser.add_argument("--to", type=Path, default=settings.BASE_DIR / "var" / "backups", help="the folder")

    def handle(self, *args: Any, file: Path, to: Path, **options: Any) -> None:
        engine = engine_of(settings.DATABASES["default"])
        try:
            counts = engine.read(file)
        except BackupError as error:
            raise CommandError(f"Nothing was changed. {error}") from error
        try:
            kept, _ = save(engine, to / "before-restore", keep=14)
            self.stdout.write(f"The database as it was is in {kept}")
        except OSError as error:  # it is not the database that is at fault, but the folder
            raise CommandError(f"Nothing was changed. {error}") from error
        except BackupError as error:
            self.stdout.write(f"The database as it was could not be backed up. {error}")
        try:
            engine.load(file)
        except (BackupError, OSError) as error:
            raise CommandError(f"The backup was not restored. {error}") from error
        call_command("migrate", verbosity=0)  # the backup may be older than the code
        self.stdout.write("Restored " + ", ".join(f"{n:,} rows of {table}" for table, n in counts.items()))
