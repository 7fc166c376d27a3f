"""Anonymous counts. Recording never blocks a request: while the database is away, completions wait in memory."""

import logging
import threading
import time
from collections import deque
from collections.abc import Callable
from dataclasses import dataclass, field
from math import inf

from django.db import DatabaseError, connection
from django.db.models import Count, F

from quiz.bucket import Bucket
from quiz.domain import RoleId
from quiz.models import Completion, FitVote, Unfinished, today
from quiz.result import Result

logger = logging.getLogger(__name__)

# A write to a locked database holds its visitor up for the whole timeout, so after a failure the next ones are spared.
PAUSE_SECONDS, PAUSED = 5.0, "waiting after a failure"
RECENT_SECONDS = 60.0
MOST_WAITING = 10_000  # a few megabytes
TURN_SECONDS = 0.4
# Nobody finishes a questionnaire this often; what does is not counted.
WRITES_A_SECOND, MOST_AT_ONCE = 20.0, 100.0
LEAST_COMPLETIONS, LEAST_VOTES = 200, 30
REFRESH_SECONDS = 60.0
Z = 1.96  # a 95 % interval


class Recorder:
    """Records what visitors finish and say; `lost` counts what could not be recorded."""

    def __init__(self, clock: Callable[[], float] = time.monotonic) -> None:
        self.lost = 0
        self._clock = clock
        self._waiting: deque[Completion] = deque()
        self._failed = -inf  # when the last write failed, unless one has succeeded since
        self._turn = threading.Lock()
        self._said = -inf  # when a loss was last logged
        self._bucket = Bucket(WRITES_A_SECOND, MOST_AT_ONCE, clock)

    def completion(self, result: Result) -> None:
        profile = result.profile
        if why := self._refusal() or ("too many wait" if self.waiting >= MOST_WAITING else ""):
            self._lose(why)
            return
        row = {"role": profile.role, "confidence": profile.confidence, "route": "-".join(result.route)}
        self._waiting.append(Completion(code=result.code, **row))
        self.catch_up()

    def vote(self, result: Result, verdict: str, role: str) -> None:
        row = {"given": result.profile.role, "verdict": verdict, "role": role}
        self._now_or_never(lambda: FitVote.objects.update_or_create(code=result.code, defaults=row))

    def unfinished(self, version: int, number: int) -> None:
        """Somebody left at question `number` (counted from 1)."""

        def count() -> None:
            row, _ = Unfinished.objects.get_or_create(day=today(), version=version, number=number)
            Unfinished.objects.filter(pk=row.pk).update(count=F("count") + 1)

        self._now_or_never(count)

    def catch_up(self) -> None:
        """Record what waits: one completion, as a rule; after a failure all that came meanwhile, with the time of this write."""
        if self._waiting and (why := self._write(self._write_waiting)):
            self._say("%d wait to be recorded: %s", self.waiting, why)

    def catch_up_for_ever(self, stopped: threading.Event) -> None:
        while not stopped.wait(PAUSE_SECONDS):
            self.catch_up()
            connection.close()

    def _write_waiting(self) -> None:
        rows = [self._waiting.popleft() for _ in range(len(self._waiting))]
        try:
            Completion.objects.bulk_create(rows)
        except DatabaseError:
            self._waiting.extend(rows)
            raise

    def _now_or_never(self, write: Callable[[], object]) -> None:
        if why := self._refusal() or self._write(write):
            self._lose(why)

    @property
    def waiting(self) -> int:
        return len(self._waiting)

    @property
    def _paused(self) -> bool:
        return self._clock() < self._failed + PAUSE_SECONDS

    @property
    def failing(self) -> bool:
        return self._clock() < self._failed + RECENT_SECONDS

    def _write(self, write: Callable[[], object]) -> str:
        """Why it could not be written. One write at a time: threads that wait here take turns, while those that wait in SQLite
        may starve one another."""
        if self._paused:
            return PAUSED
        if not self._turn.acquire(timeout=TURN_SECONDS):
            return "others are being written"
        try:
            if self._paused:  # whoever had the turn before has just failed
                return PAUSED
            write()
            self._failed = -inf
        except DatabaseError as error:
            self._failed = self._clock()
            return str(error)
        finally:
            self._turn.release()
        return ""

    def _refusal(self) -> str:
        return "" if self._bucket.take() else "too many at once"

    def _lose(self, why: str) -> None:
        self.lost += 1
        self._say("Not recorded, %d lost so far: %s", self.lost, why)

    def _say(self, what: str, number: int, why: str) -> None:
        """Now and then, not each time: whatever takes the database away, or a flood, must not fill the disk with lines."""
        if self._clock() >= self._said + PAUSE_SECONDS:
            self._said = self._clock()
            logger.warning(what, number, why)


@dataclass(frozen=True)
class Counts:
    """What was recorded, as pages show it."""

    completions: dict[str, int] = field(default_factory=dict)  # by role
    votes: dict[str, int] = field(default_factory=dict)  # by verdict

    def one_in(self, role: RoleId) -> float | None:
        """ "One in N people here got this role"; None while there are too few to say."""
        total, own = sum(self.completions.values()), self.completions.get(role, 0)
        return round(total / own, 1) if total >= LEAST_COMPLETIONS and own else None

    def right(self) -> tuple[int, float, float, float] | None:
        """How many voted, and the share in per cent that said yes with its Wilson interval; None while there are too few."""
        n, yes = sum(self.votes.values()), self.votes.get("yes", 0)
        if n < LEAST_VOTES:
            return None
        low, high = wilson(yes, n)
        return n, round(100 * yes / n, 1), low, high


def wilson(yes: int, n: int) -> tuple[float, float]:
    """The 95 % Wilson score interval of a share, in per cent (E. B. Wilson, 1927)."""
    share = yes / n
    middle = share + Z * Z / (2 * n)
    spread = Z * ((share * (1 - share) + Z * Z / (4 * n)) / n) ** 0.5
    below = 1 + Z * Z / n
    return round(100 * (middle - spread) / below, 1), round(100 * (middle + spread) / below, 1)


class Shown:
    """The counts that pages show, fetched now and then by a thread of its own: no request ever waits for them."""

    def __init__(self) -> None:
        self.counts = Counts()

    def refresh(self) -> None:
        try:
            completions = Completion.objects.values_list("role").annotate(Count("pk"))
            votes = FitVote.objects.values_list("verdict").annotate(Count("pk"))
            self.counts = Counts(dict(completions), dict(votes))
        except DatabaseError as error:
            logger.warning("Counts not refreshed: %s", error)
        finally:
            connection.close()

    def refresh_for_ever(self, stopped: threading.Event) -> None:
        self.refresh()
        while not stopped.wait(REFRESH_SECONDS):
            self.refresh()


def database_is_well() -> bool:
    """Whether the counts can be read, and the last one to be written was."""
    try:
        Completion.objects.exists()
    except DatabaseError as error:
        logger.warning("The database cannot be read: %s", error)
        return False
    return not recorder.failing


recorder = Recorder()
shown = Shown()
