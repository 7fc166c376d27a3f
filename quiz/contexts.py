"""A result as the templates take it: a context for each."""

from collections.abc import Sequence
from functools import cache
from itertools import groupby, islice
from math import floor
from operator import attrgetter
from typing import Any, NamedTuple
from urllib.parse import quote

from django.utils.safestring import SafeString

from quiz import codes, kit, plan
from quiz import tried as tries
from quiz.asked import asked_for
from quiz.catalogue import catalogue
from quiz.counting import shown
from quiz.domain import Answers, Option, Question, Role, RoleId, Skill, Step, owned
from quiz.http import Means, absolute_url, result_url
from quiz.kit import Kit
from quiz.plan import Part, Session
from quiz.result import Result, first_person
from quiz.scoring import Change
from quiz.song import TOPS, place, song_of
from quiz.tried import ROOMS, Tried
from quiz.views import answers_context

MOST_TO_THINK_OVER = 3
NEXT = 3  # steps


def result_context(result: Result, tried: Tried | None = None) -> dict[str, Any]:
    """The context of `result.html` but for that of `_kit_section.html`."""
    roles, profile = catalogue().roles, result.profile
    turns = [
        (change, codes.build(result.answers.choose(change.question.id, [change.option.id])))
        for change in profile.changes
    ]
    weighted = [entry for entry in profile.ledger if entry.question.axis != "setup"]
    return {
        "role": roles[profile.role],
        **_accent_context(result),
        **_song_context(result, turns),
        "runner_up": roles[profile.runner_up],
        "fits": [drawn_fit(roles[role], profile.fit[role]) for role in profile.ranking],
        "reasons_for": tuple(entry.options[0].because[profile.role] for entry in result.reasons_for),
        "reasons_against": tuple(entry.options[0].because[profile.role] for entry in result.reasons_against),
        "ranking": [roles[role] for role in profile.ranking],
        "ledger": [
            (entry.question, entry.options[0], tuple(entry.points[role] for role in profile.ranking))
            for entry in weighted
        ],
        "totals": [sum(entry.points[role] for entry in weighted) for role in profile.ranking],
        "changes": [((change, roles[change.role]), SafeString(result_url(code))) for change, code in turns],
        "think_over": list(dict.fromkeys(change.question for change in profile.changes))[:MOST_TO_THINK_OVER],
        "next_three": next_three(result.route),
        "questions": asked_for(result, catalogue()),
        **answers_context(result.answers),
        **_share_context(result),
        "one_in": shown.counts.one_in(profile.role),
        "roles": roles.values(),
        # Where a template asks for a name that is not there, Django takes long to find out.
        "plan_message": "",
        "voted": False,
        "query": "",
        **_tried_context(result, tried or {}),
    }


def drawn_fit(role: Role, fit: float) -> tuple[Role, str, str]:
    """A row of `_meters.html`: how far the meter goes, and the number beside it; as texts, since a template takes long over a number."""
    return role, SafeString(fit), SafeString(floor(fit + 0.5))


def _accent_context(result: Result) -> dict[str, Any]:
    """The context of `_accent.html`."""
    accent, known = result.accent, catalogue()
    if not accent:
        return {"accent": None}
    return {
        "accent": accent,
        "first_skills": [known.skills[id_] for id_ in accent.skills],
        "first_gear": [known.categories[id_] for id_ in accent.gear],
        "first_resources": [known.resources[id_] for id_ in accent.resources],
    }


class Says(NamedTuple):
    """What the sentence of a clip depends on. With `turn` the answer would be another, and the result `role`."""

    question: Question
    said: str
    decision: str
    choice: str
    turn: Change | None
    role: Role | None


def _song_context(result: Result, turns: list[tuple[Change, str]]) -> dict[str, Any]:
    """The context of `_song.html`: what each clip's drawing depends on, and what it says. In a close call that is also what the first
    other answer to its question would make, with that answer's code.
    """
    song, close = song_of(result.answers), result.profile.confidence == "close call"
    turn_of = {turn[0].question: turn for turn in reversed(turns)} if close else {}
    drawn, says = [], []
    for number, clip in enumerate(song.clips):
        question = result.answers.questionnaire.questions[clip.number]
        turn, other = turn_of.get(question, (None, ""))
        role = catalogue().roles[turn.role] if turn else None
        said = _said(result.answers.options(clip.number))
        drawn.append((number, clip, role))
        says.append((Says(question, said, clip.decision, clip.choice, turn, role), SafeString(other)))
    return {
        "song": song,
        "song_form": ", ".join(section.name.lower() for section in song.sections),
        "song_sections": [(section.name, place(section.start, song.bars)) for section in song.sections],
        "song_rows": TOPS.items(),
        "song_drawn": drawn,
        "song_says": says,
    }


@cache
def _said(options: tuple[Option, ...]) -> str:
    """An answer in quotation marks; some have their own."""
    said = ", ".join(option.text for option in options) or "None of these"
    return said if said.startswith("“") else f"“{said}”"


@cache
def next_three(route: tuple[RoleId, ...]) -> tuple[tuple[Skill, Step], ...]:
    """The first steps of a checklist of which nothing is ticked; scripts go on from there."""
    chapters = plan.checklist(route, catalogue())
    steps = ((skill, step) for chapter in chapters for skill in chapter.skills for step in skill.steps)
    return tuple(islice(steps, NEXT))


def _share_context(result: Result) -> dict[str, str]:
    """The context of `_share.html`."""
    role = result.profile.role
    says = [entry.options[0].because[role] for entry in result.reasons_for[:1]]
    return {**_share_text(role, *says), "encoded_link": SafeString(quote(absolute_url(result.code), safe=""))}


@cache
def _share_text(role: RoleId, *because: str) -> dict[str, str]:
    text = ". ".join([*map(first_person, because), f"I’m a {catalogue().roles[role].name.lower()}. Which are you?"])
    return {"share_text": text, "encoded_text": SafeString(quote(text, safe=""))}


def _tried_context(result: Result, tried: Tried) -> dict[str, Any]:
    """The context of `_tried.html`; `asked` is what the addresses of the result, its picture and its kit carry on."""
    roles, asking = catalogue().roles, result.answers.questionnaire.roles
    if not tried:
        return {"asked": "", "tried": ""}
    doing, text = tries.doing(tried, result.profile), tries.build(tried, asking)
    return {
        "asked": f"?tried={text}",
        "tried": text,
        "doing": doing,
        "best": [roles[role] for role in doing.best],
        "told": tried[doing.best[0]],
        "untried": [roles[role] for role in asking if role in ROOMS.keys() - tried],
    }


def kit_section(result: Result, chosen: Means | None = None) -> dict[str, Any]:
    """The context of `_kit_section.html`: the kit of the result or, for other means, another kit and a link that keeps it."""
    answered = Means(result.kit.budget, result.answers.chosen("owned"))
    chosen = chosen or answered
    varied, questionnaire = chosen != answered, result.answers.questionnaire
    other = kit.build(result.route[0], chosen.budget, owned(chosen.owned), catalogue()) if varied else result.kit
    return kit_context(other) | {
        "result": result,
        "address": SafeString(result_url(result.code)),
        "route": [catalogue().roles[role] for role in result.route],
        "budgets": tuple((option, option.amount == chosen.budget) for option in questionnaire.options("budget")),
        "owned": tuple((option, option in chosen.owned) for option in questionnaire.options("owned")),
        "kit_message": "",
        "varied": varied,
        "keep": _keep_url(result.answers, chosen) if varied else "",
    }


def kit_context(kit: Kit) -> dict[str, Any]:
    """The context of `_kit.html`."""
    categories = catalogue().categories
    return {
        "kit": kit,
        "kit_now": [(categories[item.category], item) for item in kit.now],
        "kit_later": [
            (categories[later.item.category], later.item, later.waits_for.name if later.waits_for else "")
            for later in kit.later
        ],
    }


def _keep_url(answers: Answers, chosen: Means) -> str:
    """The result with these means as its answers; empty if no answer stands for this budget."""
    for option in answers.questionnaire.options("budget"):
        if option.amount == chosen.budget:
            kept = answers.choose("budget", [option.id]).choose("owned", [thing.id for thing in chosen.owned])
            return result_url(codes.build(kept))
    return ""


def plan_context(result: Result) -> dict[str, Any]:
    """The context of `plan.html`."""
    known = catalogue()

    def with_skills(session: Session) -> tuple[Session, list[tuple[Part, Skill | None]]]:
        return session, [(part, known.skills.get(part.skill)) for part in session.parts]

    weeks = groupby(result.plan.sessions, attrgetter("week"))
    return {
        "result": result,
        "role": known.roles[result.profile.role],
        "address": result_url(result.code),
        "route": [known.roles[role] for role in result.route],
        "weeks": [(week, [with_skills(session) for session in sessions]) for week, sessions in weeks],
    }


def checklist_context(route: Sequence[RoleId]) -> list[dict[str, Any]]:
    """The chapters of a route; each skill with its resources and whether the basics of it are enough."""
    roles, resources = catalogue().roles, catalogue().resources
    return [
        {
            "chapter": chapter,
            "role": roles[chapter.role] if chapter.role else None,
            "skills": [
                (skill, plan.is_light(skill, route), [resources[id_] for id_ in skill.resources])
                for skill in chapter.skills
            ],
        }
        for chapter in plan.checklist(route, catalogue())
    ]
