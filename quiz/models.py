from django.db import models

from quiz.domain import ROLE_IDS

ROLES = [(role, role) for role in ROLE_IDS]
VERDICTS = [("yes", "yes"), ("partly", "partly"), ("no", "no")]


class Completion(models.Model):
    """One finished questionnaire. Nothing in it tells who answered."""

    code = models.CharField(max_length=64)
    role = models.CharField(max_length=16, choices=ROLES)
    confidence = models.CharField(max_length=16)
    when = models.DateTimeField(auto_now_add=True, db_index=True)

    def __str__(self) -> str:
        return f"{self.role} ({self.confidence})"


class FitVote(models.Model):
    """Whether a result was right, one vote a code: a later one replaces it, so that a double click counts once."""

    code = models.CharField(max_length=64, unique=True)
    verdict = models.CharField(max_length=8, choices=VERDICTS)
    role = models.CharField("the role the person really has", max_length=16, choices=ROLES, blank=True)
    when = models.DateTimeField(auto_now=True, db_index=True)

    def __str__(self) -> str:
        return f"{self.verdict} ({self.role or 'no role given'})"
