"""Route and hours a week → checklist in stages, and the Plan: which skills to finish by week 4, 12, 26 and 52."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from functools import cache

from quiz.catalogue import Catalogue
from quiz.domain import RoleId, Skill, Stage

WEEKS = (4, 12, 26, 52)


@dataclass(frozen=True)
class Chapter:
    """The skills of one stage, in the order to learn them. `role` is whose stage it is: None for the foundations."""

    role: RoleId | None
    stage: Stage
    skills: tuple[Skill, ...]

    @property
    def hours(self) -> int:
        return sum(skill.hours for skill in self.skills)


@dataclass(frozen=True)
class Milestone:
    """The skills to finish between the milestone before and the end of this week."""

    week: int
    skills: tuple[Skill, ...]


@dataclass(frozen=True)
class Plan:
    """`beyond` is what a year leaves open; `weeks` is how long the whole checklist takes at this pace."""

    hours_a_week: int
    milestones: tuple[Milestone, ...]
    beyond: tuple[Skill, ...]
    weeks: int


@cache
def build(route: tuple[RoleId, ...], hours_a_week: int, catalogue: Catalogue) -> Plan:
    """The plan of a route (its roles in order) at `hours_a_week`, at least 1."""
    spent = 0
    finished: list[tuple[int, Skill]] = []  # with the week in which each is done
    for chapter in checklist(route, catalogue):
        for skill in chapter.skills:
            spent += skill.hours
            finished.append((-(-spent // hours_a_week), skill))
    milestones = tuple(
        Milestone(end, tuple(skill for week, skill in finished if start < week <= end))
        for start, end in zip((0, *WEEKS), WEEKS, strict=False)
    )
    beyond = tuple(skill for week, skill in finished if week > WEEKS[-1])
    return Plan(hours_a_week, milestones, beyond, finished[-1][0])


def checklist(route: Sequence[RoleId], catalogue: Catalogue) -> tuple[Chapter, ...]:
    """Every skill of a route once: the foundations, the light ones last, then role by role and stage by stage."""
    return tuple(_chapters(route, catalogue))


def _chapters(route: Sequence[RoleId], catalogue: Catalogue) -> Iterator[Chapter]:
    first, *others = catalogue.stages.values()
    foundations = [skill for skill in catalogue.skills.values() if skill.stage == first.id]
    yield Chapter(None, first, tuple(sorted(foundations, key=lambda skill: is_light(skill, route))))
    for role in route:
        for stage in others:
            own = (skill for skill in catalogue.skills.values() if skill.stage == stage.id and role in skill.depth)
            yield Chapter(role, stage, tuple(own))


def is_light(skill: Skill, route: Sequence[RoleId]) -> bool:
    """Whether every role of the route gets by with the basics of this skill."""
    return all(skill.depth.get(role, "light") == "light" for role in route)
