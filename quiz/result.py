"""code → Result, which every view of a result is made from."""

import re
from collections import Counter
from dataclasses import dataclass
from typing import Any

from quiz import codes, kit, plan, scoring
from quiz.catalogue import Catalogue
from quiz.domain import Accent, Answers, GearItem, RoleId, owned
from quiz.kit import Kit
from quiz.plan import Plan, Session
from quiz.scoring import Entry, Profile

# From this amount of the `experience` question on, somebody has finished music with other people.
EXPERIENCED = 3
REASONS_FOR, REASONS_AGAINST = 3, 2
# After these “you” is whom something happens to, and not who does it.
TO_YOU = "after|around|ask|at|by|follow|for|from|gets|got|holds|hurry|in|keeps?|leave|lifts|make|makes|moves|of|on|stop|suits|takes|to|turns|with"
YOU = re.compile(rf"\b(?:(?P<before>{TO_YOU}) )?(?P<word>you(?:’\w+|r|rs|rself)?)(?P<verb> (?:are|were))?\b", re.I)
FORMS = {"your": "my", "yours": "mine", "yourself": "myself", "you’re": "I’m"}


@dataclass(frozen=True)
class Result:
    """`accents` has the side of each role that the answers lean to, where they lean to one."""

    code: str
    answers: Answers
    profile: Profile
    accents: dict[RoleId, Accent]
    route: tuple[RoleId, ...]
    kit: Kit
    plan: Plan

    @property
    def accent(self) -> Accent | None:
        return self.accents.get(self.profile.role)

    @property
    def reasons_for(self) -> tuple[Entry, ...]:
        """The answers that count most for the role, strongest first."""
        role = self.profile.role
        entries = [entry for entry in self.profile.ledger if entry.points[role] > 0]
        return tuple(sorted(entries, key=lambda entry: -entry.points[role])[:REASONS_FOR])

    @property
    def reasons_against(self) -> tuple[Entry, ...]:
        role = self.profile.role
        entries = [entry for entry in self.profile.ledger if entry.points[role] < 0]
        return tuple(sorted(entries, key=lambda entry: entry.points[role])[:REASONS_AGAINST])


def result(code: str, catalogue: Catalogue) -> Result:
    """The result of a code; raises codes.CodeError."""
    return result_of(codes.parse(code, catalogue.questionnaires), catalogue)


def result_of(answers: Answers, catalogue: Catalogue) -> Result:
    profile = scoring.profile(answers)
    route = route_of(profile, answers.amount("experience"), catalogue)
    accents = accents_of(answers, catalogue)
    return Result(
        code=codes.build(answers),
        answers=answers,
        profile=profile,
        accents=accents,
        route=route,
        kit=kit.build(route[0], answers.amount("budget"), owned(answers.chosen("owned")), catalogue),
        plan=plan.build(route, accents.get(profile.role), answers.amount("hours"), catalogue),
    )


def accents_of(answers: Answers, catalogue: Catalogue) -> dict[RoleId, Accent]:
    """For each role the accent that more answers speak for; a tie is no accent."""
    chosen = (option for number in range(len(answers.picks)) for option in answers.options(number))
    votes = Counter(accent for option in chosen for accent in option.accents)
    accents = {}
    for role in answers.questionnaire.roles:
        ranked = sorted(catalogue.roles[role].accents, key=lambda accent: -votes[accent.id])
        if ranked and votes[ranked[0].id] > votes[ranked[1].id]:
            accents[role] = ranked[0]
    return accents


def route_of(profile: Profile, experience: int, catalogue: Catalogue) -> tuple[RoleId, ...]:
    """The roles to learn, in order. Beginners reach some roles by way of another. If all roles fit alike, the questionnaire's
    first one is the start: it keeps the others open."""
    way = catalogue.roles[profile.role].by_way_of if experience < EXPERIENCED else ""
    start = way or (next(iter(profile.fit)) if profile.balanced else profile.role)
    return tuple(dict.fromkeys((start, profile.role)))


def first_person(reason: str) -> str:
    """A reason as the taker would say it: “your hands go straight to levels” → “My hands go straight to levels”."""

    def mine(found: re.Match[str]) -> str:
        before, word, verb = found["before"], found["word"], found["verb"] or ""
        if word == "you" and before and not verb:
            return f"{before} me"
        said = FORMS.get(word) or word.replace("you", "I")
        return f"{before + ' ' if before else ''}{said}{verb.replace('are', 'am').replace('were', 'was')}"

    said = YOU.sub(mine, reason)
    return said[0].upper() + said[1:]


def as_dict(result: Result) -> dict[str, Any]:
    """The content of /result/<code>/result.json, a promise to programs."""
    profile = result.profile
    return {
        "code": result.code,
        "version": result.answers.questionnaire.version,
        "role": profile.role,
        "accent": result.accent.id if result.accent else None,
        "runner_up": profile.runner_up,
        "margin": profile.margin,
        "confidence": profile.confidence,
        "stability": profile.stability,
        "fit": profile.fit,
        "answers": [_answer(entry) for entry in profile.ledger],
        "changes": [{"question": c.question.id, "option": c.option.id, "role": c.role} for c in profile.changes],
        "route": list(result.route),
        "kit": {
            "budget": result.kit.budget,
            "total": result.kit.total,
            "now": [_item(item) for item in result.kit.now],
            "later": [_item(later.item) for later in result.kit.later],
        },
        "plan": {
            "hours_a_week": result.plan.hours_a_week,
            "milestones": [
                {"week": m.week, "skills": [skill.id for skill in m.skills], "steps": [step.id for step in m.steps]}
                for m in result.plan.milestones
            ],
            "sessions": [_session(session) for session in result.plan.sessions],
        },
    }


def _session(session: Session) -> dict[str, Any]:
    return {
        "week": session.week,
        "day": session.day,
        "minutes": session.minutes,
        "parts": [
            {"skill": part.skill, "step": part.step.id, "minutes": part.minutes, "part": [part.number, part.of]}
            for part in session.parts
        ],
    }


def _answer(entry: Entry) -> dict[str, Any]:
    ids = [option.id for option in entry.options]
    return {
        "question": entry.question.id,
        "axis": entry.question.axis,
        "option": ids[0] if entry.question.kind == "one" else ids,
        "text": ", ".join(option.text for option in entry.options),
        "points": entry.points,
    }


def _item(item: GearItem) -> dict[str, Any]:
    return {"id": item.id, "name": item.name, "category": item.category, "price": item.price}
