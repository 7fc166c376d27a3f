"""content/ → Catalogue. The only reader of files; it reports every fault at once, with file and key."""

import tomllib
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Any, TypeVar

from pydantic import ConfigDict, TypeAdapter, ValidationError

from quiz import domain, faults
from quiz.domain import Questionnaire

CONTENT = Path(__file__).parent / "content"

# file → table in it → what each of its entries is
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
}
T = TypeVar("T")
STRICT = ConfigDict(extra="forbid", str_strip_whitespace=True)


class ContentError(Exception):
    """The content has faults: one line each, "file: key: what is wrong"."""


# Compared by identity: there is one in a process.
@dataclass(frozen=True, eq=False)
class Catalogue:
    """All that the site knows. Every mapping keeps the order of its file."""

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
    questionnaires: dict[int, Questionnaire]
    figures: dict[int, domain.Figures]

    @property
    def questionnaire(self) -> Questionnaire:
        """The newest, which every new visitor answers."""
        return self.questionnaires[max(self.questionnaires)]


@cache
def catalogue() -> Catalogue:
    """The content of this release, read once in a process."""
    return load(CONTENT)


def load(folder: Path) -> Catalogue:
    """Read a folder of content; raises ContentError with every fault in it."""
    found: list[str] = []
    tables: dict[str, dict[Any, Any]] = {}
    for name, types in FILES.items():
        raw = _read(folder, name, found)
        found += [f"{name}: {key}: unknown table" for key in raw.keys() - types.keys()]
        for table, type_ in types.items():
            entries: tuple[Any, ...] = _typed(type_, raw.get(table, []), name, found)
            found += faults.repeated(name, entries)
            tables[table] = {entry.id: entry for entry in entries}

    questionnaires = _versions(folder, "questionnaires", Questionnaire, found)
    figures = _versions(folder, "figures", domain.Figures, found)
    for name, questionnaire in questionnaires.items():
        found += faults.questionnaire(name, questionnaire, tables)
    if not questionnaires and not found:
        found.append("questionnaires/: there is none")
    if not found:
        found += faults.links(tables)
    if found:
        raise ContentError("\n".join(found))
    gear = tables.pop("items")
    by_version = {entry.version: entry for entry in sorted(questionnaires.values(), key=lambda entry: entry.version)}
    by_number = {entry.version: entry for entry in figures.values()}
    return Catalogue(**tables, gear=gear, questionnaires=by_version, figures=by_number)


def draft(version: int, known: Catalogue) -> Questionnaire:
    """A questionnaire in drafts/, which the site ignores until it is released; raises ContentError."""
    name, found = f"drafts/{version}.toml", list[str]()
    raw = _read(CONTENT, name, found)
    drafts = () if found else _typed(Questionnaire, [raw], name, found)
    tables: faults.Tables = {"roles": known.roles, "categories": known.categories}
    found += [fault for questionnaire in drafts for fault in faults.questionnaire(name, questionnaire, tables)]
    if found:
        raise ContentError("\n".join(found))
    return drafts[0]


def _read(folder: Path, name: str, found: list[str]) -> dict[str, Any]:
    try:
        return tomllib.loads((folder / name).read_text(encoding="utf-8"))
    except (OSError, UnicodeDecodeError, tomllib.TOMLDecodeError) as error:
        found.append(f"{name}: {error}")
        return {}


def _versions(folder: Path, kind: str, type_: type[T], found: list[str]) -> dict[str, T]:
    """The numbered files of a folder, one entry each, by file name."""
    names = [f"{kind}/{path.name}" for path in sorted(folder.glob(f"{kind}/*.toml"))]
    read = {name: raw for name in names if (raw := _read(folder, name, found))}
    return {name: entry for name, raw in read.items() for entry in _typed(type_, [raw], name, found)}


def _typed(type_: type[T], raw: Any, name: str, found: list[str]) -> tuple[T, ...]:
    try:
        return TypeAdapter(tuple[type_, ...], config=STRICT).validate_python(raw)  # type: ignore[valid-type]
    except ValidationError as error:
        found += [f"{name}: {'.'.join(_place(raw, e['loc']))}: {e['msg']}" for e in error.errors()]
        return ()


def _place(raw: Any, location: tuple[int | str, ...]) -> Iterator[str]:
    """The path to a fault, with ids in place of positions, so that an editor finds it by searching."""
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
