"""Content faults that types cannot catch: ids, links between files, and the rules for a questionnaire."""

import re
from collections import Counter
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import MISSING, fields, is_dataclass
from difflib import get_close_matches
from itertools import combinations_with_replacement
from typing import Any

from quiz.domain import Question, Questionnaire, Role, Step

Tables = Mapping[str, Mapping[Any, Any]]

# Code reads the answers to these questions by id.
READ_BY_ID = {"budget", "owned", "experience", "hours"}
# file, table, field with ids → the noun for what they name, and its table
LINKS = (
    ("roles.toml", "roles", "by_way_of", "role", "roles"),
    ("resources.toml", "resources", "roles", "role", "roles"),
    ("skills.toml", "skills", "resources", "resource", "resources"),
    ("skills.toml", "skills", "depth", "role", "roles"),
    ("gear.toml", "categories", "needs", "category", "categories"),
    ("gear.toml", "categories", "priority", "role", "roles"),
    ("gear.toml", "items", "category", "category", "categories"),
    ("gear.toml", "items", "roles", "role", "roles"),
    ("gear.toml", "items", "source", "source", "sources"),
    ("facts.toml", "facts", "source", "source", "sources"),
    ("glossary.toml", "terms", "see", "term", "terms"),
    ("topics.toml", "topics", "terms", "term", "terms"),
    ("questions.toml", "asked", "group", "group", "groups"),
    ("questions.toml", "asked", "sources", "source", "sources"),
    ("questions.toml", "asked", "suits", "role", "roles"),
)
ANSWER_WORDS = range(40, 121)
SITTING = range(20, 241)  # minutes
WEEK = (60, 60)  # of the first assignment: two hours a week are two sittings of one
ADDRESS = re.compile(r"https://[\w-]+(\.[\w-]+)+(/\S*)?")
PAGE = re.compile(r"https://[\w-]+(\.[\w-]+)+/\S+")


def repeated(place: str, values: Iterable[Any]) -> Iterator[str]:
    for value, count in Counter(values).items():
        if count > 1:
            yield f"{place}{value}: used {count} times"


def empty(place: str, entry: Any) -> Iterator[str]:
    """Texts that an entry must have, and roles that it must name."""
    for field in fields(entry):
        value = getattr(entry, field.name)
        here = f"{place}.{field.name}"
        if value in ("", ()) and (field.default is MISSING if isinstance(value, str) else field.name == "roles"):
            yield f"{here}: must not be empty"
        for part in value if isinstance(value, tuple) else ():
            if is_dataclass(part):
                yield from empty(f"{place}.{getattr(part, 'id', field.name)}", part)


def between(tables: Tables) -> Iterator[str]:
    """Faults between entries that are each valid on their own."""
    for file, table, field, noun, target in LINKS:
        for entry in tables[table].values():
            value = getattr(entry, field)
            if value != getattr(type(entry), field, None):  # the default, so the field was left out
                ids = [value] if isinstance(value, str) else value
                yield from _unknown(f"{file}: {entry.id}.{field}", noun, ids, tables[target])
    yield from _roles(tables)
    yield from _addresses(tables)
    yield from _skills(tables)
    yield from _gear(tables)
    yield from _texts(tables)
    yield from _asked(tables)


def _roles(tables: Tables) -> Iterator[str]:
    for role in tables["roles"].values():
        if not re.fullmatch(r"[a-z]{1,16}", role.id):
            yield f"roles.toml: {role.id}: an id is 1 to 16 letters from a to z"
        sources = [id_ for pay in role.pay for id_ in pay.sources]
        yield from _unknown(f"roles.toml: {role.id}.pay", "source", sources, tables["sources"])
        if tuple(step.total for step in role.week) != WEEK:
            yield f"roles.toml: {role.id}.week: must be two steps of 60 minutes"
        yield from _steps(f"roles.toml: {role.id}.week", role.week, tables)
        yield from _accents(role, tables)


def _addresses(tables: Tables) -> Iterator[str]:
    for resource in tables["resources"].values():
        if resource.url and not ADDRESS.fullmatch(resource.url):
            yield f"resources.toml: {resource.id}.url: must look like https://example.org/page, and is {resource.url!r}"
    for source in tables["sources"].values():
        if source.url and not PAGE.fullmatch(source.url):
            yield f"sources.toml: {source.id}.url: must be a page such as https://example.org/page, and is {source.url!r}"


def _accents(role: Role, tables: Tables) -> Iterator[str]:
    if len(role.accents) not in (0, 2):
        yield f"roles.toml: {role.id}.accents: must be two or none, and are {len(role.accents)}"
    skills = {id_: skill for id_, skill in tables["skills"].items() if role.id in skill.depth}
    gear = {id_: category for id_, category in tables["categories"].items() if role.id in category.priority}
    for accent in role.accents:
        place = f"roles.toml: {role.id}.accents.{accent.id}"
        yield from _unknown(f"{place}.skills", f"{role.id} skill", accent.skills, skills)
        yield from _unknown(f"{place}.gear", f"{role.id} category", accent.gear, gear)
        yield from _unknown(f"{place}.resources", "resource", accent.resources, tables["resources"])
        if accent.finish.total != WEEK[-1]:
            yield f"{place}.finish: must take 60 minutes, and takes {accent.finish.total}"
        yield from empty(f"{place}.finish", accent.finish)
        yield from _steps(f"{place}.finish", [accent.finish], tables)


def _steps(place: str, steps: Sequence[Step], tables: Tables) -> Iterator[str]:
    yield from repeated(f"{place}.", (step.id for step in steps))
    for step in steps:
        here = f"{place}.{step.id}"
        if not re.fullmatch(r"[a-z0-9-]+", step.id):
            yield f"{here}: an id is made of a to z, 0 to 9 and -"
        if step.minutes not in SITTING:
            yield f"{here}.minutes: must be from {SITTING[0]} to {SITTING[-1]}, and is {step.minutes}"
        if step.times < 1:
            yield f"{here}.times: must be at least 1, and is {step.times}"
        if step.at:
            known = {*tables["topics"], *tables["resources"], *tables["pages"]}
            yield from _unknown(f"{here}.at", "topic, resource or page", [step.at], known)


def _skills(tables: Tables) -> Iterator[str]:
    if set(tables["stages"]) != {1, 2, 3, 4}:
        yield "skills.toml: stages: must be 1, 2, 3 and 4"
    yield from repeated("skills.toml: number ", (skill.number for skill in tables["skills"].values()))
    for skill in tables["skills"].values():
        if not 1 <= skill.number <= 63:
            yield f"skills.toml: {skill.id}.number: must be from 1 to 63"
        if not skill.depth:
            yield f"skills.toml: {skill.id}.depth: no role needs this skill"
        if (total := sum(step.total for step in skill.steps)) != 60 * skill.hours:
            yield f"skills.toml: {skill.id}.steps: must sum to its {skill.hours} hours, {60 * skill.hours} minutes, and sum to {total}"
        yield from _steps(f"skills.toml: {skill.id}.steps", skill.steps, tables)
        if skill.stage == 1 and (missing := tables["roles"].keys() - skill.depth):
            yield f"skills.toml: {skill.id}.depth: a foundation serves every role, and {', '.join(sorted(missing))} is missing"


def _gear(tables: Tables) -> Iterator[str]:
    categories, items = tables["categories"], tables["items"]
    for category in categories.values():
        for role in category.priority:
            if not any(item.category == category.id and role in item.roles for item in items.values()):
                yield f"gear.toml: {category.id}.priority: no item of it is for {role}"
            for need in category.needs:
                if need in categories and role not in categories[need].priority:
                    yield f"gear.toml: {category.id}.needs: {need!r} has no priority for {role}"
    for role in tables["roles"]:
        places = sorted(category.priority[role] for category in categories.values() if role in category.priority)
        if places != list(range(1, len(places) + 1)):
            yield f"gear.toml: priority.{role}: must count 1, 2, 3 … without gap or repeat, and is {places}"
    for item in items.values():
        if not re.fullmatch(r"20\d\d-(0[1-9]|1[0-2])", item.checked):
            yield f"gear.toml: {item.id}.checked: must be a month such as 2026-11, and is {item.checked!r}"
        if item.price < 0:
            yield f"gear.toml: {item.id}.price: must not be negative"


def _texts(tables: Tables) -> Iterator[str]:
    foundations = {skill.id for skill in tables["skills"].values() if skill.stage == 1}
    for id_ in foundations - tables["topics"].keys():
        yield f"topics.toml: {id_}: this foundation has no topic, and checklists link to it"
    for id_ in tables["topics"]:
        yield from _unknown(f"topics.toml: {id_}", "skill", [id_], tables["skills"])
    pairs = {"-".join(roles) for roles in combinations_with_replacement(tables["roles"], 2)}
    for id_ in pairs ^ tables["pairs"].keys():
        yield f"pairs.toml: {id_}: there must be one pair for every two roles, in the order of {', '.join(tables['roles'])}"
    for pair in tables["pairs"].values():
        if pair.parts.keys() != set(pair.roles):
            yield f"pairs.toml: {pair.id}.parts: must say what each of its roles does"
    for key in ("title", "description"):
        yield from repeated(f"pages.toml: {key} ", (getattr(page, key) for page in tables["pages"].values()))


def _asked(tables: Tables) -> Iterator[str]:
    for asked in tables["asked"].values():
        place = f"questions.toml: {asked.id}"
        if not re.fullmatch(r"[a-z0-9-]+", asked.id):
            yield f"{place}: an id is made of a to z, 0 to 9 and -"
        if (words := len(asked.answer.split())) not in ANSWER_WORDS:
            yield f"{place}.answer: must have {ANSWER_WORDS[0]} to {ANSWER_WORDS[-1]} words, and has {words}"
        yield from _unknown(
            f"{place}.links", "page", [re.split("[#?]", link.to)[0] for link in asked.links], tables["pages"]
        )
        yield from _unknown(f"{place}.when", "setup question", asked.when, READ_BY_ID)
    for group in tables["groups"]:
        if not any(asked.group == group for asked in tables["asked"].values()):
            yield f"questions.toml: {group}: no question is in this group"


def questionnaire(file: str, questionnaire: Questionnaire, tables: Tables) -> Iterator[str]:
    version, questions = questionnaire.version, questionnaire.questions
    if file.partition("/")[2] != f"{version}.toml":
        yield f"{file}: version: must be the number in the file's name, and is {version}"
    if not 1 <= version <= 31:
        yield f"{file}: version: must be from 1 to 31, because a link has one character for it"
    if len(set(questionnaire.roles)) < max(2, len(questionnaire.roles)):
        yield f"{file}: roles: must be at least two different roles"
    yield from _unknown(f"{file}: roles", "role", questionnaire.roles, tables["roles"])
    if not 12 <= len(questions) <= 16:
        yield f"{file}: questions: must be 12 to 16, and are {len(questions)}"
    for missing in READ_BY_ID - {question.id for question in questions}:
        yield f"{file}: {missing}: this question is missing"
    yield from repeated(f"{file}: ", (question.id for question in questions))
    for question in questions:
        yield from empty(f"{file}: {question.id}", question)
        yield from _options(f"{file}: {question.id}", question, tables)
        yield from _weights(f"{file}: {question.id}", question, questionnaire.roles)


def _options(place: str, question: Question, tables: Tables) -> Iterator[str]:
    yield from repeated(f"{place}.", (option.id for option in question.options))
    role_of = {accent.id: role.id for role in tables["roles"].values() for accent in role.accents}
    most = 10 if question.kind == "any" else 5
    if not 2 <= len(question.options) <= most:
        yield f"{place}: needs 2 to {most} options"
    for option in question.options:
        yield from _unknown(f"{place}.{option.id}", "category", option.owns, tables["categories"])
        yield from _unknown(f"{place}.{option.id}.accents", "accent", option.accents, role_of)
        for role, count in Counter(role_of.get(accent) for accent in option.accents).items():
            if role and count > 1:
                yield f"{place}.{option.id}.accents: at most one of {role}"


def _weights(place: str, question: Question, roles: tuple[str, ...]) -> Iterator[str]:
    if question.kind == "any" and question.axis != "setup":
        yield f"{place}: a question that counts towards the role takes one answer"
    for option in question.options:
        if option.weights and question.axis == "setup":
            yield f"{place}.{option.id}: a setup question carries no weights"
        if 0 in option.weights.values():
            yield f"{place}.{option.id}: leave out a weight of 0"
        if option.weights.keys() != option.because.keys():
            yield f"{place}.{option.id}: 'because' must have a sentence for each role in 'weights', and for no other"
        yield from _unknown(f"{place}.{option.id}.weights", "role", option.weights, roles)
    for role in roles:
        if total := sum(option.weights.get(role, 0) for option in question.options):
            yield f"{place}: the weights of {role} must sum to 0, so that each is also its points, and sum to {total}"


def _unknown(place: str, noun: str, ids: Iterable[str], known: Iterable[Any]) -> Iterator[str]:
    for id_ in ids:
        if id_ not in known:
            close = get_close_matches(id_, map(str, known), n=1)
            hint = f"; did you mean {close[0]!r}?" if close else f"; add this {noun} first, or name another"
            yield f"{place}: unknown {noun} {id_!r}{hint}"
