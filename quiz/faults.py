"""What can be wrong in the content beyond the type of a value: ids, links between files, and the rules of a questionnaire."""

import re
from collections import Counter
from collections.abc import Iterable, Iterator, Mapping
from difflib import get_close_matches
from itertools import chain, combinations_with_replacement
from typing import Any

from quiz.domain import ROLE_IDS, GearCategory, Question, Questionnaire

# Other parts read these questions by their id.
READ_BY_ID = {"budget", "owned", "experience", "hours"}


def repeated(file: str, entries: Iterable[Any]) -> Iterator[str]:
    for id_, count in Counter(entry.id for entry in entries).items():
        if count > 1:
            yield f"{file}: {id_}: this id stands {count} times"


def links(tables: Mapping[str, dict[Any, Any]]) -> Iterator[str]:
    """Faults between entries that are sound by themselves."""
    yield from _roles(tables)
    yield from _skills(tables)
    yield from _gear(tables)
    yield from _texts(tables)


def _roles(tables: Mapping[str, dict[Any, Any]]) -> Iterator[str]:
    if tuple(tables["roles"]) != ROLE_IDS:
        yield f"roles.toml: roles: must be {', '.join(ROLE_IDS)}, in this order"
    for role in tables["roles"].values():
        for pay in role.pay:
            yield from _unknown("roles.toml", f"{role.id}.pay", "source", [pay.source], tables["sources"])


def _skills(tables: Mapping[str, dict[Any, Any]]) -> Iterator[str]:
    if set(tables["stages"]) != {1, 2, 3, 4}:
        yield "skills.toml: stages: must be 1, 2, 3 and 4"
    for number, count in Counter(skill.number for skill in tables["skills"].values()).items():
        if count > 1:
            yield f"skills.toml: number: {count} skills have the number {number}"
    for skill in tables["skills"].values():
        if not 1 <= skill.number <= 63:
            yield f"skills.toml: {skill.id}.number: must be from 1 to 63"
        yield from _unknown("skills.toml", f"{skill.id}.resources", "resource", skill.resources, tables["resources"])
        if not skill.depth:
            yield f"skills.toml: {skill.id}.depth: no role needs this skill"
        if skill.stage == 1 and tuple(skill.depth) != ROLE_IDS:
            yield f"skills.toml: {skill.id}.depth: a foundation serves {', '.join(ROLE_IDS)}, in this order"


def _gear(tables: Mapping[str, dict[Any, Any]]) -> Iterator[str]:
    categories, items = tables["categories"], tables["items"]
    for category in categories.values():
        yield from _unknown("gear.toml", f"{category.id}.needs", "category", category.needs, categories)
        for role in category.priority:
            if not any(item.category == category.id and role in item.roles for item in items.values()):
                yield f"gear.toml: {category.id}.priority: no item of it is for {role}"
            for need in category.needs:
                if need in categories and role not in categories[need].priority:
                    yield f"gear.toml: {category.id}.needs: {need!r} has no priority for {role}"
    for role in ROLE_IDS:
        places = sorted(category.priority[role] for category in categories.values() if role in category.priority)
        if places != list(range(1, len(places) + 1)):
            yield f"gear.toml: priority.{role}: must count 1, 2, 3 … without gap or repeat, and is {places}"
    for item in items.values():
        yield from _unknown("gear.toml", f"{item.id}.category", "category", [item.category], categories)
        yield from _unknown("gear.toml", f"{item.id}.source", "source", filter(None, [item.source]), tables["sources"])
        if not re.fullmatch(r"20\d\d-(0[1-9]|1[0-2])", item.checked):
            yield f"gear.toml: {item.id}.checked: must be a month such as 2026-11, and is {item.checked!r}"
        if item.price < 0:
            yield f"gear.toml: {item.id}.price: must not be negative"


def _texts(tables: Mapping[str, dict[Any, Any]]) -> Iterator[str]:
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
    pairs = {"-".join(roles) for roles in combinations_with_replacement(ROLE_IDS, 2)}
    for missing in pairs ^ tables["pairs"].keys():
        yield f"pairs.toml: {missing}: every two roles must stand here once, in the order of {', '.join(ROLE_IDS)}"
    for pair in tables["pairs"].values():
        if pair.parts.keys() != set(pair.roles):
            yield f"pairs.toml: {pair.id}.parts: must say what each of its roles does"
    for key in ("title", "description"):
        for text, count in Counter(getattr(page, key) for page in tables["pages"].values()).items():
            if count > 1:
                yield f"pages.toml: {key}: {count} pages have {text!r}"


def questionnaire(file: str, sheet: Questionnaire, categories: dict[str, GearCategory]) -> Iterator[str]:
    if file.partition("/")[2] != f"{sheet.version}.toml":
        yield f"{file}: version: must be the number in the file's name, and is {sheet.version}"
    if not 1 <= sheet.version <= 31:
        yield f"{file}: version: must be from 1 to 31, because a link spends one character on it"
    if not 12 <= len(sheet.questions) <= 16:
        yield f"{file}: questions: must be 12 to 16, and are {len(sheet.questions)}"
    for missing in READ_BY_ID - {question.id for question in sheet.questions}:
        yield f"{file}: {missing}: this question is missing"
    for fault in chain(repeated(file, sheet.questions), *(_question(q, categories) for q in sheet.questions)):
        yield fault if fault.startswith(file) else f"{file}: {fault}"


def _question(question: Question, categories: dict[str, GearCategory]) -> Iterator[str]:
    yield from (f"{question.id}.{fault.removeprefix(': ')}" for fault in repeated("", question.options))
    most = 10 if question.kind == "any" else 5
    if not 2 <= len(question.options) <= most:
        yield f"{question.id}: needs 2 to {most} options"
    weighted = question.axis != "setup"
    if weighted and question.kind == "any":
        yield f"{question.id}: a question that decides the role takes one answer"
    for option in question.options:
        place = f"{question.id}.{option.id}"
        if option.weights and not weighted:
            yield f"{place}: a setup question carries no weights"
        if 0 in option.weights.values():
            yield f"{place}: leave out a weight of 0"
        if option.weights.keys() != option.because.keys():
            yield f"{place}: 'because' must have a sentence for each role in 'weights', and for no other"
        yield from (fault.removeprefix(": ") for fault in _unknown("", place, "category", option.owns, categories))
    for role in ROLE_IDS:
        total = sum(option.weights.get(role, 0) for option in question.options)
        if total:
            yield f"{question.id}: the weights of {role} must sum to 0, so that the points of an answer are its weights, and sum to {total}"


def _unknown(file: str, place: str, noun: str, ids: Iterable[str], known: Mapping[str, Any]) -> Iterator[str]:
    for id_ in ids:
        if id_ not in known:
            close = get_close_matches(id_, map(str, known), n=1)
            hint = f"; did you mean {close[0]!r}?" if close else f"; add this {noun} first, or name another"
            yield f"{file}: {place}: unknown {noun} {id_!r}{hint}"
