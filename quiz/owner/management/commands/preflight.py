import re
from typing import Any

from django.conf import settings
from django.core.management import call_command
from django.core.management.base import BaseCommand, CommandError
from django.db import DatabaseError, connection
from django.db.migrations.executor import MigrationExecutor
from django.test import Client

ADDRESS = re.compile(r"<loc>\w+://[^/]+(/[^<]*)</loc>")


class Command(BaseCommand):
    help = (
        "Check whether this release can take over: settings, content, every page, and the database with its migrations."
    )

    def handle(self, *args: Any, **options: Any) -> None:
        call_command("check", "--fail-level", "ERROR", databases=["default"])
        if settings.SITE_HTTPS:
            call_command("check", "--deploy", "--tag", "security", "--fail-level", "WARNING")
        pages = self.pages()
        self.stdout.write(f"{len(pages)} pages answer. {self.database()}")

    def pages(self) -> list[str]:
        """The addresses in the sitemap, each of which answers 200."""
        visitor = Client(raise_request_exception=False, headers={"host": settings.SITE_HOST})
        secure = settings.SITE_HTTPS
        pages = ADDRESS.findall(visitor.get("/sitemap.xml", secure=secure).content.decode())
        answers = {page: visitor.get(page, secure=secure).status_code for page in pages}
        if faults := [f"{page} answers {status}" for page, status in answers.items() if status != 200]:
            raise CommandError("\n".join(faults))
        if not pages:
            raise CommandError("The sitemap cannot be made: have the static files been collected?")
        return pages

    def database(self) -> str:
        try:
            executor = MigrationExecutor(connection)
            plan = executor.migration_plan(executor.loader.graph.leaf_nodes())
        except DatabaseError as error:
            raise CommandError(f"The database cannot be used: {str(error).strip()}") from error
        names = ", ".join(f"{migration.app_label} {migration.name}" for migration, _ in plan)
        return f"The database is ready; to be migrated: {names or 'nothing'}."
