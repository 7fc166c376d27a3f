"""Route, accent and hours a week → the checklist, and the Plan: four weeks of sessions, then what one can do by weeks 12, 26 and 52."""

from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from functools import cache
from itertools import accumulate, islice, pairwise

from quiz.catalogue import Catalogue
from quiz.domain import Accent, RoleId, Skill, Stage, Step

WEEKS = (4, 12, 26, 52)
# Hours a week: two sittings of one hour, and five days of four. More is no longer practice.
LEAST, MOST = 2, 20
# How many sittings a week has → the days they are on, from the day it starts. There are two days of rest in any week.
DAYS = {2: (0, 3), 3: (0, 2, 5), 4: (0, 1, 3, 5), 5: (0, 1, 3, 4, 6)}


@dataclass(frozen=True)
class Chapter:
    """The skills of one stage for one role, in learning order; `role` is None for the foundations."""

    role: RoleId | None
    stage: Stage
    skills: tuple[Skill, ...]

    @property
    def hours(self) -> int:
        return sum(skill.hours for skill in self.skills)


@dataclass(frozen=True)
class Part:
    """A step in a session, or the part of it that fits: `number` of `of`. `skill` is an id, empty for the first assignment of a role.
    `ends` says whether the step, or one of its times, is done with it."""

    skill: str
    step: Step
    minutes: int
    ends: bool = True
    number: int = 1
    of: int = 1


@dataclass(frozen=True)
class Session:
    """A sitting. `day` counts from 0, the first day of its week."""

    week: int
    day: int
    parts: tuple[Part, ...]

    @property
    def minutes(self) -> int:
        return sum(part.minutes for part in self.parts)

    @property
    def after(self) -> int:
        """How many days after the start of the plan it is."""
        return 7 * (self.week - 1) + self.day

    @property
    def start(self) -> str:
        return self.parts[0].step.do

    @property
    def end(self) -> str:
        """What one can show afterwards; empty where a step goes on in the next session."""
        return next((part.step.done for part in reversed(self.parts) if part.ends), "")


@dataclass(frozen=True)
class Milestone:
    """The skills to finish by the end of this week, after those of the milestone before. `steps` are those worked through meanwhile on
    the way to a skill that comes later. Without either, the whole checklist was done before."""

    week: int
    skills: tuple[Skill, ...]
    steps: tuple[Step, ...]


# Compared by identity: build makes each once in a process, and parts of pages are kept by it.
@dataclass(frozen=True, eq=False)
class Plan:
    """`beyond` are the skills for which a year is too short; `weeks` is how long the whole checklist takes."""

    hours_a_week: int
    sessions: tuple[Session, ...]
    milestones: tuple[Milestone, ...]
    beyond: tuple[Skill, ...]
    weeks: int

    @property
    def first_week(self) -> tuple[Session, ...]:
        return tuple(session for session in self.sessions if session.week == 1)


@cache
def build(route: tuple[RoleId, ...], accent: Accent | None, hours_a_week: int, catalogue: Catalogue) -> Plan:
    """The plan for the roles of a route, in order; the last of them is the role that the answers chose, and has the accent."""
    hours = min(max(hours_a_week, LEAST), MOST)
    start, finish = catalogue.roles[route[-1]].week
    finish = accent.finish if accent else finish
    skills = [skill for chapter in checklist(route, catalogue) for skill in chapter.skills]
    # A step that is done several times is several pieces.
    pieces = [Part(skill.id, step, step.minutes) for skill in skills for step in skill.steps for _ in range(step.times)]
    spent = accumulate((piece.minutes for piece in pieces), initial=start.total + finish.total)
    weeks = [-(-minutes // (60 * hours)) for minutes in islice(spent, 1, None)]
    finished = {piece.skill: week for piece, week in zip(pieces, weeks, strict=True)}  # its last piece counts
    milestones = []
    for after, end in pairwise((0, *WEEKS)):
        here = [piece for piece, week in zip(pieces, weeks, strict=True) if after < week <= end]
        on_the_way = {(piece.skill, piece.step.id): piece.step for piece in here if finished[piece.skill] > end}
        done = tuple(skill for skill in skills if after < finished[skill.id] <= end)
        milestones.append(Milestone(end, done, tuple(on_the_way.values())))
    beyond = tuple(skill for skill in skills if finished[skill.id] > WEEKS[-1])
    return Plan(hours, _sessions(hours, start, finish, pieces), tuple(milestones), beyond, weeks[-1])


def _sessions(hours: int, start: Step, finish: Step, pieces: Sequence[Part]) -> tuple[Session, ...]:
    """The sessions of the first four weeks."""
    taken: list[Session] = []
    for session in _sittings(hours, start, finish, pieces):
        if session.week > WEEKS[0] and session.parts[0].step is not taken[-1].parts[-1].step:
            break  # a step that goes on after the four weeks is counted to its end
        taken.append(session)
    of = Counter((part.skill, part.step.id) for session in taken for part in session.parts)
    number = Counter[tuple[str, str]]()
    sessions = []
    for session in taken:
        parts = []
        for part in session.parts:
            key = (part.skill, part.step.id)
            number[key] += 1
            parts.append(replace(part, number=number[key], of=of[key]))
        sessions.append(replace(session, parts=tuple(parts)))
    return tuple(session for session in sessions if session.week <= WEEKS[0])


def _sittings(hours: int, start: Step, finish: Step, pieces: Sequence[Part]) -> Iterator[Session]:
    """The pieces in sittings as equal as whole hours allow, until none is left. The first week begins and ends with its assignment."""
    waiting = list(reversed(pieces))
    days = DAYS[min(hours, max(DAYS))]
    week = 0
    while True:
        week += 1
        for number, day in enumerate(days):
            before = [Part("", start, start.total)] if (week, number) == (1, 0) else []
            after = [Part("", finish, finish.total)] if (week, number) == (1, len(days) - 1) else []
            length = 60 * (hours // len(days) + (number < hours % len(days)))
            room = length - sum(part.minutes for part in before + after)
            if not (parts := [*before, *_fill(room, waiting), *after]):
                return
            yield Session(week, day, tuple(parts))


def _fill(room: int, waiting: list[Part]) -> list[Part]:
    """Take as many minutes from the end of `waiting` as there is room for; a piece that does not fit goes on next time."""
    taken: list[Part] = []
    while room and waiting:
        piece = waiting.pop()
        if piece.minutes > room:
            waiting.append(replace(piece, minutes=piece.minutes - room))
            piece = replace(piece, minutes=room, ends=False)
        room -= piece.minutes
        if taken and taken[-1].step is piece.step:
            before = taken.pop()
            piece = replace(before, minutes=before.minutes + piece.minutes, ends=before.ends or piece.ends)
        taken.append(piece)
    return taken


def checklist(route: Sequence[RoleId], catalogue: Catalogue) -> tuple[Chapter, ...]:
    """The skills of a route: the foundations, light ones last, then role by role and stage by stage."""
    first, *others = catalogue.stages.values()
    skills = catalogue.skills.values()
    foundations = [skill for skill in skills if skill.stage == first.id]
    chapters = [Chapter(None, first, tuple(sorted(foundations, key=lambda skill: is_light(skill, route))))]
    for role in route:
        for stage in others:
            own = tuple(skill for skill in skills if skill.stage == stage.id and role in skill.depth)
            chapters.append(Chapter(role, stage, own))
    return tuple(chapters)


def is_light(skill: Skill, route: Sequence[RoleId]) -> bool:
    """Whether the basics of this skill are enough for every role of the route."""
    return all(skill.depth.get(role, "light") == "light" for role in route)
