from datetime import date, timedelta
from typing import Any

from django.conf import settings
from django.core.management.base import BaseCommand, CommandError, CommandParser
from django.db import transaction

from quiz.models import Audition, Completion, DayCount, FitVote, Unfinished, today
from quiz.owner.statistics import Span

DAYS_A_MONTH = 31


class Command(BaseCommand):
    help = (
        "Remove the completions, votes, auditions and unfinished questionnaires of some days (UTC). "
        "The statistics follow at once."
    )

    def add_arguments(self, parser: CommandParser) -> None:
        days = parser.add_mutually_exclusive_group(required=True)
        days.add_argument(
            "--days", type=date.fromisoformat, nargs=2, metavar="YYYY-MM-DD", help="the first day and the last"
        )
        days.add_argument(
            "--older", action="store_true", help="all that is older than KEPT_MONTHS, as /about/ promises"
        )
        parser.add_argument("--yes", action="store_true", help="remove them; without it they are only counted")

    def handle(self, *args: Any, days: list[date] | None, yes: bool, **options: Any) -> None:
        # From the first day there is, because KEPT_MONTHS may reach back to a time before any computer.
        span = Span(*days) if days else Span(date.min, today() - timedelta(days=DAYS_A_MONTH * settings.KEPT_MONTHS))
        if span.first > span.last:
            raise CommandError(f"The first day ({span.first}) is after the last ({span.last}).")
        inside = (span.first, span.last)
        rows = {
            "completions": Completion.objects.filter(day__range=inside),
            "votes": FitVote.objects.filter(when__range=span.times),
            "auditions": Audition.objects.filter(when__range=span.times),
            "days with unfinished questionnaires": Unfinished.objects.filter(day__range=inside),
        }
        counts = ", ".join(f"{queryset.count():,} {name}" for name, queryset in rows.items())
        if not yes:
            self.stdout.write(f"There are {counts}. Back up first, then remove them with --yes.")
            return
        with transaction.atomic():
            for queryset in rows.values():
                queryset.delete()
            DayCount.objects.filter(day__range=inside).delete()
        self.stdout.write(f"Removed {counts}.")
