from datetime import date

from django.db import models
from django.utils import timezone

VERDICTS = [("yes", "yes"), ("partly", "partly"), ("no", "no")]
BANDS = [("high", "near"), ("middle", "part of the way"), ("low", "far off")]


def today() -> date:
    return timezone.now().date()


class Completion(models.Model):
    """A finished questionnaire. Nothing says who answered it: role, confidence and route all follow from the code."""

    code = models.CharField(max_length=64)
    role = models.CharField(max_length=16)
    confidence = models.CharField(max_length=16)
    route = models.CharField(max_length=32)
    when = models.DateTimeField(auto_now_add=True, db_index=True)
    day = models.DateField(default=today)

    class Meta:
        # A covering index for the statistics, in the order they are read.
        indexes = (models.Index("day", "role", "confidence", "route", "code", name="completion_statistics"),)

    def __str__(self) -> str:
        return f"{self.role} ({self.confidence})"


class DayCount(models.Model):
    """Cached totals for one past day (owner/daily.py). Delete the row if you change that day's completions by hand."""

    day = models.DateField(primary_key=True)
    counts = models.JSONField()

    def __str__(self) -> str:
        return str(self.day)


class FitVote(models.Model):
    """Whether a result was right. One vote a code, the last one, so that a double click counts once."""

    code = models.CharField(max_length=64, unique=True)
    given = models.CharField("the role that the result gave", max_length=16)
    verdict = models.CharField(max_length=8, choices=VERDICTS)
    role = models.CharField("the role the person really has", max_length=16, blank=True)
    when = models.DateTimeField(auto_now=True, db_index=True)

    def __str__(self) -> str:
        return f"{self.verdict} ({self.role or 'no role given'})"


class Audition(models.Model):
    """A finished audition: how it was, and the result of its taker where they came from one.

    `take` is a random number that the page makes for this one audition, so that a form sent twice counts once. `band` is how near
    somebody came where there is a right answer.
    """

    take = models.CharField(max_length=16, unique=True)
    role = models.CharField(max_length=16)
    liked = models.PositiveSmallIntegerField()
    evening = models.PositiveSmallIntegerField()
    band = models.CharField(max_length=8, choices=BANDS, blank=True)
    given = models.CharField("the role of the result", max_length=16, blank=True)
    when = models.DateTimeField(auto_now=True, db_index=True)

    def __str__(self) -> str:
        return f"{self.role}: {self.liked}, {self.evening}"


class Unfinished(models.Model):
    """How many visitors left at a question on one day. A counter, so nothing is stored about each visitor."""

    day = models.DateField(default=today)
    version = models.PositiveSmallIntegerField()
    number = models.PositiveSmallIntegerField("the question's number")
    count = models.PositiveIntegerField(default=0)

    class Meta:
        verbose_name_plural = "unfinished"
        constraints = (models.UniqueConstraint(fields=("day", "version", "number"), name="unfinished_once_a_day"),)

    def __str__(self) -> str:
        return f"question {self.number}: {self.count}"
