import tomllib
from dataclasses import asdict
from pathlib import Path
from typing import Any

from django.conf import settings
from django.core.management.base import BaseCommand, CommandError, CommandParser

from quiz.catalogue import CONTENT, ContentError, catalogue, draft
from quiz.domain import Figures, Questionnaire
from quiz.owner.difference import missing, role_of_ids, turned
from quiz.owner.figures import report


class Command(BaseCommand):
    help = (
        "Print the exact figures of the newest questionnaire; exit 1 if they are outside the limits or not as stored. "
        "With --compare, lay two questionnaires side by side, a draft too."
    )

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("--write", action="store_true", help="store the figures in quiz/content/figures/")
        parser.add_argument(
            "--compare", nargs=2, type=int, metavar=("OLD", "NEW"), help="numbers of two questionnaires"
        )
        parser.add_argument("--personas", type=Path, default=settings.BASE_DIR / "tests" / "personas.toml")

    def handle(self, *args: Any, write: bool, compare: list[int] | None, personas: Path, **options: Any) -> None:
        if compare:
            old, new = map(_questionnaire, compare)
            people = tomllib.loads(personas.read_text(encoding="utf-8"))["personas"]
            self.stdout.write("\n".join(comparison(old, new, people)))
            return
        found = report(catalogue().questionnaire)
        figures = found.figures
        self.stdout.write(text(figures))
        file = CONTENT / "figures" / f"{figures.version}.toml"
        if write:
            file.write_text(toml(figures), encoding="utf-8")
            self.stdout.write(f"Stored in {file.relative_to(CONTENT.parent.parent)}")
        faults = list(found.faults())
        if not write and catalogue().figures.get(figures.version) != figures:
            faults.append(
                f"figures/{figures.version}.toml: not these figures; manage.py quiz_report --write stores them"
            )
        if faults:
            raise CommandError("\n".join(faults))


def _questionnaire(version: int) -> Questionnaire:
    if version in catalogue().questionnaires:
        return catalogue().questionnaires[version]
    try:
        return draft(version, catalogue())
    except ContentError as error:
        raise CommandError(
            f"Questionnaire {version} is not released, and as a draft it has faults:\n{error}"
        ) from error


def comparison(old: Questionnaire, new: Questionnaire, personas: list[dict[str, Any]]) -> list[str]:
    one, other = (catalogue().figures.get(sheet.version) or report(sheet).figures for sheet in (old, new))
    lines = [f"{'':<22}{f'questionnaire {old.version}':>18}{f'questionnaire {new.version}':>18}"]
    lines += ["", "Share of all answer sheets", *_pairs(one.shares, other.shares)]
    lines += ["", *_pairs({"ties": one.ties}, {"ties": other.ties})]
    lines += ["", "Confidence", *_pairs(one.confidence, other.confidence)]
    lines += ["", "Influence", *_pairs(one.influence, other.influence)]
    lines += ["", *_personas(old, new, personas), ""]
    found = turned(old, new)
    share, spread = found.share
    lines.append(f"The same answers give another role on {share} % (± {spread}) of {found.sheets:,} random sheets.")
    if found.alone:
        lines.append("Only one of them has: " + ", ".join(found.alone) + ".")
        lines.append("Such a question was answered at random; such an option was not chosen.")
    return lines


def _pairs(one: dict[Any, float], other: dict[Any, float]) -> list[str]:
    keys = dict.fromkeys([*one, *other])
    return [f"  {key:<20}" + "".join(f"{_per_cent(side.get(key)):>18}" for side in (one, other)) for key in keys]


def _per_cent(value: float | None) -> str:
    return "not asked" if value is None else f"{value:.1f} %"


def _personas(old: Questionnaire, new: Questionnaire, personas: list[dict[str, Any]]) -> list[str]:
    right, lines = [0, 0], []
    for persona in personas:
        if unanswered := [id_ for sheet in (old, new) for id_ in missing(sheet, persona["answers"])]:
            lines.append(f"  {persona['id']}: has no answer to {', '.join(dict.fromkeys(unanswered))}; add it there")
            continue
        before, after = (role_of_ids(sheet, persona["answers"]) for sheet in (old, new))
        right[0] += before == persona["role"]
        right[1] += after == persona["role"]
        if before != after:
            lines.append(f"  {persona['id']}: {before} before, {after} after; written for {persona['role']}")
    return [f"Personas on the role they were written for: {right[0]} before, {right[1]} after", *lines]


def text(figures: Figures) -> str:
    lines = [
        f"Questionnaire {figures.version}: {figures.sheets:,} answer sheets, each counted once",
        "",
        "Share of sheets",
    ]
    lines += _rows(figures.shares)
    lines += ["", f"Ties, before the rule that settles them: {figures.ties} %", "", "Confidence"]
    lines += _rows(figures.confidence)
    lines += ["", "Influence: how often another answer to this question changes the result"]
    lines += _rows(dict(sorted(figures.influence.items(), key=lambda pair: -pair[1])))
    return "\n".join(lines)


def toml(figures: Figures) -> str:
    lines = ["# Exact figures of the questionnaire with this number, written by: manage.py quiz_report --write"]
    tables = []
    for key, value in asdict(figures).items():
        if isinstance(value, dict):
            tables += ["", f"[{key}]", *(f'"{name}" = {number}' for name, number in value.items())]
        else:
            lines.append(f"{key} = {value}")
    return "\n".join(lines + tables) + "\n"


def _rows(values: dict[Any, float]) -> list[str]:
    return [f"  {name:<12}{value:5.1f} %" for name, value in values.items()]
