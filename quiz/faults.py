"""What can be wrong in the content beyond the type of a value: ids, links between files, and the rules of a questionnaire."""

import re
from collections import Counter
from collections.abc import Iterable, Iterator, Mapping
from difflib import get_close_matches
from itertools import chain, combinations_with_replacement
from typing import Any

from quiz.domain import Question, Questionnaire, Role

Tables = Mapping[str, Mapping[Any, Any]]

# Other parts read these questions by their id.
READ_BY_ID = {"budget", "owned", "experience", "hours"}


def repeated(file: str, entries: Iterable[Any]) -> Iterator[str]:
    for id_, count in Counter(entry.id for entry in entries).items():
        if count > 1:
            yield f"{file}: {id_}: this id stands {count} times"


def links(tables: Tables) -> Iterator[str]:
    """Faults between entries that are sound by themselves."""
    yield from _roles(tables)
    yield from _skills(tables)
    yield from _gear(tables)
    yield from _texts(tables)


def _roles(tables: Tables) -> Iterator[str]:
    for role in tables["roles"].values():
        if not re.fullmatch(r"[a-z]{1,16}", role.id):
            yield f"roles.toml: {role.id}: an id is 1 to 16 letters from a to z"
        yield from _unknown(
            "roles.toml", f"{role.id}.by_way_of", "role", filter(None, [role.by_way_of]), tables["roles"]
        )
        for pay in role.pay:
            yield from _unknown("roles.toml", f"{role.id}.pay", "source", [pay.source], tables["sources"])
        yield from _accents(role, tables)
    for resource in tables["resources"].values():
        yield from _unknown("resources.toml", f"{resource.id}.roles", "role", resource.roles, tables["roles"])


def _accents(role: Role, tables: Tables) -> Iterator[str]:
    if len(role.accents) not in (0, 2):
        yield f"roles.toml: {role.id}.accents: must be two or none, and are {len(role.accents)}"
    skills = {id_: skill for id_, skill in tables["skills"].items() if role.id in skill.depth}
    gear = {id_: category for id_, category in tables["categories"].items() if role.id in category.priority}
    for accent in role.accents:
        place = f"{role.id}.accents.{accent.id}"
        yield from _unknown("roles.toml", f"{place}.skills", f"{role.id} skill", accent.skills, skills)
        yield from _unknown("roles.toml", f"{place}.gear", f"{role.id} category", accent.gear, gear)
        yield from _unknown("roles.toml", f"{place}.resources", "resource", accent.resources, tables["resources"])


def _skills(tables: Tables) -> Iterator[str]:
    if set(tables["stages"]) != {1, 2, 3, 4}:
        yield "skills.toml: stages: must be 1, 2, 3 and 4"
    for number, count in Counter(skill.number for skill in tables["skills"].values()).items():
        if count > 1:
            yield f"skills.toml: number: {count} skills have the number {number}"
    for skill in tables["skills"].values():
        if not 1 <= skill.number <= 63:
            yield f"skills.toml: {skill.id}.number: must be from 1 to 63"
        yield from _unknown("skills.toml", f"{skill.id}.resources", "resource", skill.resources, tables["resources"])
        yield from _unknown("skills.toml", f"{skill.id}.depth", "role", skill.depth, tables["roles"])
        if not skill.depth:
            yield f"skills.toml: {skill.id}.depth: no role needs this skill"
        if skill.stage == 1 and (missing := tables["roles"].keys() - skill.depth):
            yield f"skills.toml: {skill.id}.depth: a foundation serves every role, and {', '.join(sorted(missing))} is missing"


def _gear(tables: Tables) -> Iterator[str]:
    categories, items = tables["categories"], tables["items"]
    for category in categories.values():
        yield from _unknown("gear.toml", f"{category.id}.needs", "category", category.needs, categories)
        yield from _unknown("gear.toml", f"{category.id}.priority", "role", category.priority, tables["roles"])
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
        yield from _unknown("gear.toml", f"{item.id}.category", "category", [item.category], categories)
        yield from _unknown("gear.toml", f"{item.id}.roles", "role", item.roles, tables["roles"])
        yield from _unknown("gear.toml", f"{item.id}.source", "source", filter(None, [item.source]), tables["sources"])
        if not re.fullmatch(r"20\d\d-(0[1-9]|1[0-2])", item.checked):
            yield f"gear.toml: {item.id}.checked: must be a month such as 2026-11, and is {item.checked!r}"
        if item.price < 0:
            yield f"gear.toml: {item.id}.price: must not be negative"


def _texts(tables: Tables) -> Iterator[str]:
    for fact in tables["facts"].values():
        yield from _unknown("facts.toml", f"{fact.id}.source", "source", [fact.source], tables["sources"])
    for term in tables["terms"].values():
        yield from _unknown("glossary.toml", f"{term.id}.see", "term", term.see, tables["terms"])
    foundations = {skill.id for skill in tables["skills"].values() if skill.stage == 1}
    for id_ in foundations - tables["topics"].keys():
        yield f"topics.toml: {id_}: this foundation has no topic, and checklists link to it"
    for topic in tables["topics"].values():
        yield from _unknown("topics.toml", topic.id, "skill", [topic.id], tables["skills"])
        yield from _unknown("topics.toml", f"{topic.id}.terms", "term", topic.terms, tables["terms"])
    pairs = {"-".join(roles) for roles in combinations_with_replacement(tables["roles"], 2)}
    for missing in pairs ^ tables["pairs"].keys():
        yield f"pairs.toml: {missing}: every two roles must stand here once, in the order of {', '.join(tables['roles'])}"
    for pair in tables["pairs"].values():
        if pair.parts.keys() != set(pair.roles):
            yield f"pairs.toml: {pair.id}.parts: must say what each of its roles does"
    for key in ("title", "description"):
        for text, count in Counter(getattr(page, key) for page in tables["pages"].values()).items():
            if count > 1:
                yield f"pages.toml: {key}: {count} pages have {text!r}"


def questionnaire(file: str, questionnaire: Questionnaire, tables: Tables) -> Iterator[str]:
    version, questions = questionnaire.version, questionnaire.questions
    if file.partition("/")[2] != f"{version}.toml":
        yield f"{file}: version: must be the number in the file's name, and is {version}"
    if not 1 <= version <= 31:
        yield f"{file}: version: must be from 1 to 31, because a link spends one character on it"
    if len(set(questionnaire.roles)) < max(2, len(questionnaire.roles)):
        yield f"{file}: roles: must be at least two different roles"
    yield from _unknown(file, "roles", "role", questionnaire.roles, tables["roles"])
    if not 12 <= len(questions) <= 16:
        yield f"{file}: questions: must be 12 to 16, and are {len(questions)}"
    for missing in READ_BY_ID - {question.id for question in questions}:
        yield f"{file}: {missing}: this question is missing"
    yield from repeated(file, questions)
    for question in questions:
        for fault in chain(_options(question, tables), _weights(question, questionnaire.roles)):
            yield f"{file}: {question.id}{fault}"


def _options(question: Question, tables: Tables) -> Iterator[str]:
    yield from (f".{fault.removeprefix(': ')}" for fault in repeated("", question.options))
    most = 10 if question.kind == "any" else 5
    if not 2 <= len(question.options) <= most:
        yield f": needs 2 to {most} options"
    role_of = {accent.id: role.id for role in tables["roles"].values() for accent in role.accents}
    for option in question.options:
        for fault in chain(
            _unknown("", f".{option.id}", "category", option.owns, tables["categories"]),
            _unknown("", f".{option.id}.accents", "accent", option.accents, role_of),
        ):
            yield fault.removeprefix(": ")
        for role, count in Counter(role_of.get(accent) for accent in option.accents).items():
            if role and count > 1:
                yield f".{option.id}.accents: at most one of {role}"


def _weights(question: Question, roles: tuple[str, ...]) -> Iterator[str]:
    weighted = question.axis != "setup"
    if weighted and question.kind == "any":
        yield ": a question that decides the role takes one answer"
    for option in question.options:
        if option.weights and not weighted:
            yield f".{option.id}: a setup question carries no weights"
        if 0 in option.weights.values():
            yield f".{option.id}: leave out a weight of 0"
        if option.weights.keys() != option.because.keys():
            yield f".{option.id}: 'because' must have a sentence for each role in 'weights', and for no other"
        for fault in _unknown("", f".{option.id}.weights", "role", option.weights, dict.fromkeys(roles)):
            yield fault.removeprefix(": ")
    for role in roles:
        total = sum(option.weights.get(role, 0) for option in question.options)
        if total:
            yield f": the weights of {role} must sum to 0, so that the points of an answer are its weights, and sum to {total}"


def _unknown(file: str, place: str, noun: str, ids: Iterable[str], known: Mapping[str, Any]) -> Iterator[str]:
    for id_ in ids:
        if id_ not in known:
            close = get_close_matches(id_, map(str, known), n=1)
            hint = f"; did you mean {close[0]!r}?" if close else f"; add this {noun} first, or name another"
            yield f"{file}: {place}: unknown {noun} {id_!r}{hint}"
