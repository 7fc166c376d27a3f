"""Anonymous counts. While the database is away completions wait in memory, and the rest is lost after a moment; no visitor waits longer."""

import logging
import threading
import time
from collections import deque
from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import timedelta
from math import inf

from django.db import Error, connection, transaction
from django.db.models import Count, F, Model
from django.utils.timezone import now

from quiz.bucket import Bucket
from quiz.domain import RoleId
from quiz.models import Audition, Completion, FitVote, Unfinished, today
from quiz.result import Result

logger = logging.getLogger(__name__)

# A visitor whose write meets a locked database waits for the whole timeout, so after a failure there are no writes for a while: a moment
# after the first, because a lock is mostly soon gone, and twice as long after each that follows.
FIRST_PAUSE_SECONDS, PAUSE_SECONDS, PAUSED = 0.25, 5.0, "waiting after a failure"
RECENT_SECONDS = 60.0
MOST_WAITING = 10_000  # a few megabytes
TURN_SECONDS = 0.4
# Visitors do not finish more often than this; a flood is not counted.
WRITES_A_SECOND, MOST_AT_ONCE = 20.0, 100.0
LEAST_COMPLETIONS, LEAST_VOTES = 200, 30
REFRESH_SECONDS = 60.0
# Two people give the same answers once in millions, so the same code soon again is the same finish.
ONCE_SECONDS = 600
LOCK = 20_261_126  # PostgreSQL: any number that nothing else locks
Z = 1.96  # a 95 % interval


class Recorder:
    """Records completions, votes, auditions and unfinished questionnaires; `lost` counts what could not be recorded."""

    def __init__(self, clock: Callable[[], float] = time.monotonic) -> None:
        self.lost = 0
        self._clock = clock
        self._waiting: deque[Completion] = deque()
        self._failed, self._pause = -inf, 0.0  # when the last write failed, and the pause after it; reset by a success
        self._turn = threading.Lock()
        self._logged = -inf  # when trouble was last logged
        # Each kind has its own: a flood of votes must not cost anybody a completion.
        kinds: tuple[type[Model], ...] = (Completion, FitVote, Audition, Unfinished)
        self._buckets = {kind: Bucket(WRITES_A_SECOND, MOST_AT_ONCE, clock) for kind in kinds}

    def completion(self, result: Result) -> None:
        if why := self._flood(Completion) or ("too many wait" if self.waiting >= MOST_WAITING else ""):
            self._lose(why)
            return
        role, confidence = result.profile.role, result.profile.confidence
        self._waiting.append(
            Completion(code=result.code, role=role, confidence=confidence, route="-".join(result.route))
        )
        self.catch_up()

    def vote(self, result: Result, verdict: str, role: str) -> None:
        row = {"given": result.profile.role, "verdict": verdict, "role": role}
        self._write_or_lose(FitVote, lambda: FitVote.objects.update_or_create(code=result.code, defaults=row))

    def audition(self, take: str, **row: str | int) -> None:
        self._write_or_lose(Audition, lambda: Audition.objects.update_or_create(take=take, defaults=row))

    def unfinished(self, version: int, number: int) -> None:
        """Count a visitor who left at question `number`, from 1."""
        row = {"day": today(), "version": version, "number": number}
        one_more = {"count": F("count") + 1}
        self._write_or_lose(
            Unfinished,
            lambda: Unfinished.objects.update_or_create(**row, defaults=one_more, create_defaults={"count": 1}),
        )

    def catch_up(self) -> None:
        """Write the completions that wait: usually one, after a failure all since then, with the time of this write."""
        if self._waiting and (why := self._write(self._write_waiting)) and self._waiting:
            self._log("%d wait to be recorded: %s", self.waiting, why)

    def catch_up_for_ever(self, stopped: threading.Event) -> None:
        while not stopped.wait(FIRST_PAUSE_SECONDS):
            if self._waiting:
                self.catch_up()
                connection.close()

    def _write_waiting(self) -> None:
        rows = [self._waiting.popleft() for _ in range(len(self._waiting))]
        for row in rows:
            row.day = today()  # of this write, as its time is
        try:
            _write_once(rows)
        except Exception:
            self._waiting.extend(rows)
            raise

    def _write_or_lose(self, kind: type[Model], write: Callable[[], object]) -> None:
        if why := self._flood(kind) or self._write(write):
            self._lose(why)

    def _flood(self, kind: type[Model]) -> str:
        return "" if self._buckets[kind].take() else "too many at once"

    @property
    def waiting(self) -> int:
        return len(self._waiting)

    @property
    def _paused(self) -> bool:
        return self._clock() < self._failed + self._pause

    @property
    def failing(self) -> bool:
        return self._clock() < self._failed + RECENT_SECONDS

    def _write(self, write: Callable[[], object]) -> str:
        """Why the write failed, or "". Threads wait here for their turn, because in SQLite's own queue one may starve; but not for one
        that tries again after a failure."""
        if self._paused:
            return PAUSED
        if not self._turn.acquire(timeout=0 if self._pause else TURN_SECONDS):
            return "others are being written"
        try:
            if self._paused:  # the write before this one has just failed
                return PAUSED
            write()
            self._failed, self._pause = -inf, 0.0
        except Error as error:
            self._failed = self._clock()
            self._pause = min(PAUSE_SECONDS, max(FIRST_PAUSE_SECONDS, 2 * self._pause))
            return str(error)
        finally:
            self._turn.release()
        return ""

    def _lose(self, why: str) -> None:
        self.lost += 1
        self._log("Not recorded, %d lost so far: %s", self.lost, why)

    def _log(self, what: str, number: int, why: str) -> None:
        """Log now and then: an outage or a flood must not fill the disk with lines."""
        if self._clock() >= self._logged + PAUSE_SECONDS:
            self._logged = self._clock()
            logger.warning(what, number, why)


def _write_once(rows: list[Completion]) -> None:
    """Write completions, but none that was written lately: a second click on the last answer and a form sent twice are one finish."""
    by_code = {row.code: row for row in rows}
    with transaction.atomic():
        if connection.vendor == "postgresql":  # SQLite has one writer at a time anyway
            connection.cursor().execute("SELECT pg_advisory_xact_lock(%s)", [LOCK])
        lately = Completion.objects.filter(when__gte=now() - timedelta(seconds=ONCE_SECONDS), code__in=by_code)
        for code in lately.values_list("code", flat=True):
            by_code.pop(code, None)
        Completion.objects.bulk_create(by_code.values())


@dataclass(frozen=True)
class Counts:
    """The totals that pages show."""

    completions: dict[str, int] = field(default_factory=dict)  # by role
    votes: dict[str, int] = field(default_factory=dict)  # by verdict

    def one_in(self, role: RoleId) -> float | None:
        """N for "One in N people here got this role"; None while there are too few, or where all got it."""
        total, own = sum(self.completions.values()), self.completions.get(role, 0)
        return round(total / own, 1) if total >= LEAST_COMPLETIONS and 0 < own < total else None

    def right(self) -> tuple[int, float, float, float] | None:
        """How many voted, the share of yes in per cent, and its Wilson interval; None while there are too few."""
        n, yes = sum(self.votes.values()), self.votes.get("yes", 0)
        return (n, round(100 * yes / n, 1), *wilson(yes, n)) if n >= LEAST_VOTES else None


def wilson(yes: int, n: int) -> tuple[float, float]:
    """The 95 % Wilson score interval of a share, in per cent (E. B. Wilson, 1927)."""
    share = yes / n
    middle = share + Z * Z / (2 * n)
    spread = Z * ((share * (1 - share) + Z * Z / (4 * n)) / n) ** 0.5
    below = 1 + Z * Z / n
    return round(100 * (middle - spread) / below, 1), round(100 * (middle + spread) / below, 1)


class Shown:
    """The current totals, refreshed by a background thread so that no request waits for the database."""

    def __init__(self) -> None:
        self.counts = Counts()

    def refresh(self) -> None:
        try:
            completions = Completion.objects.values_list("role").annotate(Count("pk"))
            votes = FitVote.objects.values_list("verdict").annotate(Count("pk"))
            self.counts = Counts(dict(completions), dict(votes))
        except Error as error:
            logger.warning("Counts not refreshed: %s", error)
        finally:
            connection.close()

    def refresh_for_ever(self, stopped: threading.Event) -> None:
        self.refresh()
        while not stopped.wait(REFRESH_SECONDS):
            self.refresh()


def database_is_well() -> bool:
    """Whether the database can be read, and no write has failed lately."""
    try:
        Completion.objects.exists()
    except Error as error:
        logger.warning("The database cannot be read: %s", error)
        return False
    return not recorder.failing


recorder = Recorder()
shown = Shown()
