"""Route and hours a week → the checklist, and the Plan: which skills to finish by week 4, 12, 26 and 52."""

from collections.abc import Sequence
from dataclasses import dataclass
from functools import cache

from quiz.catalogue import Catalogue
from quiz.domain import RoleId, Skill, Stage

WEEKS = (4, 12, 26, 52)


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
class Milestone:
    """The skills to finish by the end of this week, after those of the milestone before."""

    week: int
    skills: tuple[Skill, ...]


@dataclass(frozen=True)
class Plan:
    """`beyond` are the skills for which a year is too short; `weeks` is how long the whole checklist takes."""

    hours_a_week: int
    milestones: tuple[Milestone, ...]
    beyond: tuple[Skill, ...]
    weeks: int


@cache
def build(route: tuple[RoleId, ...], hours_a_week: int, catalogue: Catalogue) -> Plan:
    """The plan for the roles of a route, in order; `hours_a_week` is at least 1."""
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
