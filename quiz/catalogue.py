"""content/ → Catalogue. Nothing else reads content files. All faults are reported at once, with file and key."""

import tomllib
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cache
from operator import attrgetter
from pathlib import Path
from typing import Any, TypeVar

from pydantic import ConfigDict, TypeAdapter, ValidationError

from quiz import domain, faults
from quiz.domain import Questionnaire

CONTENT = Path(__file__).parent / "content"

# file → table → the type of its entries
FILES: dict[str, dict[str, type]] = {
    "sources.toml": {"sources": domain.Source},
    "facts.toml": {"facts": domain.Fact},
    "glossary.toml": {"terms": domain.Term},
    "pages.toml": {"pages": domain.Page},
    "topics.toml": {"topics": domain.Topic},
    "pairs.toml": {"pairs": domain.Pair},
    "roles.toml": {"roles": domain.Role},
    "resources.toml": {"resources": domain.Resource},
    "skills.toml": {"stages": domain.Stage, "skills": domain.Skill},
    "gear.toml": {"categories": domain.GearCategory, "items": domain.GearItem},
    "questions.toml": {"groups": domain.AskedGroup, "asked": domain.Asked},
}
T = TypeVar("T")
STRICT = ConfigDict(extra="forbid", str_strip_whitespace=True)


class ContentError(Exception):
    """The content has faults: a line for each, "file: key: what is wrong"."""


# Compared by identity: there is one in a process.
@dataclass(frozen=True, eq=False)
class Catalogue:
    """All content. Every mapping keeps the order of its file."""

    sources: dict[str, domain.Source]
    facts: dict[str, domain.Fact]
    terms: dict[str, domain.Term]
    pages: dict[str, domain.Page]
    topics: dict[str, domain.Topic]
    pairs: dict[str, domain.Pair]
    roles: dict[domain.RoleId, domain.Role]
    resources: dict[str, domain.Resource]
    stages: dict[domain.StageId, domain.Stage]
    skills: dict[str, domain.Skill]
    categories: dict[str, domain.GearCategory]
    gear: dict[str, domain.GearItem]
    groups: dict[str, domain.AskedGroup]
    asked: dict[str, domain.Asked]
    questionnaires: dict[int, Questionnaire]
    figures: dict[int, domain.Figures]

    @property
    def questionnaire(self) -> Questionnaire:
        """The newest questionnaire, which new visitors answer."""
        return self.questionnaires[max(self.questionnaires)]


@cache
def catalogue() -> Catalogue:
    """The site's content, read once in a process."""
    return load(CONTENT)


def load(folder: Path) -> Catalogue:
    """Read a folder of content; raises ContentError."""
    errors: list[str] = []
    tables: dict[str, dict[Any, Any]] = {}
    for name, types in FILES.items():
        raw = _read(folder, name, errors)
        if raw is None:
            continue  # what refers to it would only repeat that it is missing
        errors += [f"{name}: {key}: unknown table" for key in raw.keys() - types.keys()]
        for table, type_ in types.items():
            entries: tuple[Any, ...] = _typed(type_, raw.get(table, []), name, errors)
            errors += faults.repeated(f"{name}: ", (entry.id for entry in entries))
            errors += [fault for entry in entries for fault in faults.empty(f"{name}: {entry.id}", entry)]
            tables[table] = {entry.id: entry for entry in entries}

    questionnaires = _versions(folder, "questionnaires", Questionnaire, errors)
    figures = _versions(folder, "figures", domain.Figures, errors)
    if {"roles", "categories"} <= tables.keys():
        for name, questionnaire in questionnaires.items():
            errors += faults.questionnaire(name, questionnaire, tables)
    if not questionnaires and not errors:
        errors.append("questionnaires/: it is empty")
    if not errors:
        errors += faults.between(tables)
    if errors:
        raise ContentError("\n".join(errors))
    gear = tables.pop("items")
    return Catalogue(**tables, gear=gear, questionnaires=_by_version(questionnaires), figures=_by_version(figures))


def draft(version: int, known: Catalogue) -> Questionnaire:
    """A questionnaire in drafts/, which the site ignores until it is released; raises ContentError."""
    name, errors = f"drafts/{version}.toml", list[str]()
    drafts = _one(CONTENT, name, Questionnaire, errors)
    tables: faults.Tables = {"roles": known.roles, "categories": known.categories}
    errors += [fault for questionnaire in drafts for fault in faults.questionnaire(name, questionnaire, tables)]
    if errors:
        raise ContentError("\n".join(errors))
    return drafts[0]


def _versions(folder: Path, kind: str, type_: type[T], errors: list[str]) -> dict[str, T]:
    """The numbered files of a folder, by file name."""
    names = [f"{kind}/{path.name}" for path in sorted(folder.glob(f"{kind}/*.toml"))]
    return {name: entry for name in names for entry in _one(folder, name, type_, errors)}


def _by_version(entries: dict[str, Any]) -> dict[int, Any]:
    return {entry.version: entry for entry in sorted(entries.values(), key=attrgetter("version"))}


def _one(folder: Path, name: str, type_: type[T], errors: list[str]) -> tuple[T, ...]:
    """The only entry of a file; nothing if the file cannot be read."""
    raw = _read(folder, name, errors)
    return () if raw is None else _typed(type_, [raw], name, errors)


def _read(folder: Path, name: str, errors: list[str]) -> dict[str, Any] | None:
    try:
        return tomllib.loads((folder / name).read_text(encoding="utf-8"))
    except (OSError, UnicodeDecodeError, tomllib.TOMLDecodeError) as error:
        errors.append(f"{name}: {error}")
        return None


@cache
def _adapter(type_: Any) -> TypeAdapter[Any]:
    """Making one takes longer than most of what it checks."""
    return TypeAdapter(tuple[type_, ...], config=STRICT)


def _typed(type_: type[T], raw: Any, name: str, errors: list[str]) -> tuple[T, ...]:
    try:
        entries: tuple[T, ...] = _adapter(type_).validate_python(raw)  # type: ignore[arg-type]  # a class can be hashed
        return entries
    except ValidationError as error:
        errors += [f"{name}: {'.'.join(_place(raw, e['loc']))}: {e['msg']}" for e in error.errors()]
        return ()


def _place(raw: Any, location: tuple[int | str, ...]) -> Iterator[str]:
    """The path to a fault, with ids for positions, so that editors can search for it."""
    for step in location:
        try:
            raw = raw[step]
        except (KeyError, IndexError, TypeError):
            raw = {}
        if isinstance(step, int) and isinstance(raw, dict):
            if "version" not in raw:  # else it is the only entry of its file
                yield str(raw.get("id", f"[{step}]"))
        elif step not in ("questions", "options", "[key]"):
            yield str(step)
