"""Anonymous counts. They are never in a visitor's way: if the database is away, the count is lost and logged, nothing else."""

import logging
import time

from django.db import DatabaseError

from quiz.models import Completion
from quiz.result import Result

logger = logging.getLogger(__name__)

# A write to a locked database holds its visitor up for the whole timeout, so after a failure the next ones are spared.
PAUSE_SECONDS = 5.0


class Recorder:
    """Records completions; `lost` counts those that could not be."""

    def __init__(self) -> None:
        self.lost = 0
        self._paused_until = 0.0

    def completion(self, result: Result) -> None:
        if time.monotonic() < self._paused_until:
            self.lost += 1
            logger.warning("Completion not recorded, %d lost so far: waiting after a failure", self.lost)
            return
        try:
            Completion.objects.create(code=result.code, role=result.profile.role, confidence=result.profile.confidence)
        except DatabaseError as error:
            self.lost += 1
            self._paused_until = time.monotonic() + PAUSE_SECONDS
            logger.warning("Completion not recorded, %d lost so far: %s", self.lost, error)


recorder = Recorder()
