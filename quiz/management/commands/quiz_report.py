from dataclasses import asdict
from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser

from quiz.catalogue import CONTENT, catalogue
from quiz.domain import Figures
from quiz.report import report


class Command(BaseCommand):
    help = (
        "Print the exact figures of the newest questionnaire; exit 1 if they are outside the limits or not as stored."
    )

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("--write", action="store_true", help="store the figures in quiz/content/figures/")

    def handle(self, *args: Any, write: bool, **options: Any) -> None:
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
