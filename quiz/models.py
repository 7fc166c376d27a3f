from django.db import models

from quiz.domain import ROLE_IDS


class Completion(models.Model):
    """One finished questionnaire. Nothing in it tells who answered."""

    code = models.CharField(max_length=64)
    role = models.CharField(max_length=16, choices=[(role, role) for role in ROLE_IDS])
    confidence = models.CharField(max_length=16)
    when = models.DateTimeField(auto_now_add=True, db_index=True)

    def __str__(self) -> str:
        return f"{self.role} ({self.confidence})"
