import tomllib
from dataclasses import asdict
from typing import Any

from django.conf import settings
from django.core.management.base import BaseCommand, CommandError, CommandParser

from quiz.catalogue import CONTENT, ContentError, catalogue, draft
from quiz.domain import Figures, Questionnaire
from quiz.owner.difference import difference, missing, role
from quiz.owner.figures import report


class Command(BaseCommand):
    help = (
        "Print the exact figures of the newest questionnaire; exit 1 if they are outside the limits or not as stored. "
        "With --compare, print those of two questionnaires side by side; one may be a draft."
    )

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("--write", action="store_true", help="store the figures in quiz/content/figures/")
        parser.add_argument("--compare", nargs=2, type=int, metavar=("OLD", "NEW"), help="versions of questionnaires")

    def handle(self, *args: Any, write: bool, compare: list[int] | None, **options: Any) -> None:
        if compare:
            self.stdout.write("\n".join(comparison(*map(_questionnaire, compare))))
            return
        result = report(catalogue().questionnaire)
        figures, faults = result.figures, list(result.faults())
        self.stdout.write(text(figures))
        file = CONTENT / "figures" / f"{figures.version}.toml"
        if write:
            file.write_text(toml(figures), encoding="utf-8")
            self.stdout.write(f"Stored in {file.relative_to(CONTENT.parent.parent)}")
        elif catalogue().figures.get(figures.version) != figures:
            faults.append(f"figures/{file.name}: not these figures; manage.py quiz_report --write stores them")
        if faults:
            raise CommandError("\n".join(faults))


def _questionnaire(version: int) -> Questionnaire:
    try:
        return catalogue().questionnaires.get(version) or draft(version, catalogue())
    except ContentError as error:
        raise CommandError(f"Questionnaire {version} is not released, and its draft has faults:\n{error}") from error


def comparison(old: Questionnaire, new: Questionnaire) -> list[str]:
    one, other = (catalogue().figures.get(each.version) or report(each).figures for each in (old, new))
    lines = [f"{'':<22}{f'questionnaire {old.version}':>18}{f'questionnaire {new.version}':>18}"]
    lines += ["", "Share of all answer sheets", *_pairs(one.shares, other.shares)]
    lines += ["", *_pairs({"ties": one.ties}, {"ties": other.ties})]
    lines += ["", "Confidence", *_pairs(one.confidence, other.confidence)]
    lines += ["", "Influence", *_pairs(one.influence, other.influence)]
    lines += ["", *_personas(old, new), ""]
    roles = difference(old, new)
    share, spread = roles.share
    lines.append(f"The same answers give another role on {share} % (± {spread}) of {roles.sheets:,} random sheets.")
    if roles.alone:
        lines.append(f"Only one of them has: {', '.join(roles.alone)}.")
        lines.append("Such a question was answered at random; such an option was not chosen.")
    return lines


def _pairs(one: dict[Any, float], other: dict[Any, float]) -> list[str]:
    return [f"  {key:<20}{_per_cent(one, key):>18}{_per_cent(other, key):>18}" for key in {**one, **other}]


def _per_cent(shares: dict[Any, float], key: str) -> str:
    return f"{shares[key]:.1f} %" if key in shares else "not asked"


def _personas(old: Questionnaire, new: Questionnaire) -> list[str]:
    """How many imagined people get the role they were written for. Two questionnaires may have been answered by different people."""
    before, after = _written_for(old), _written_for(new)
    counts = [f"{sum(roles.values())} of {len(roles)}" for roles in (_right(old, before), _right(new, after))]
    lines = [f"Personas on the role they were written for: {counts[0]} before, {counts[1]} after"]
    for persona in after:
        id_, answers = persona["id"], persona["answers"]
        if unanswered := missing(new, answers):
            lines.append(f"  {id_}: has no answer to {', '.join(unanswered)}; please add it")
        elif not missing(old, answers) and (was := role(old, answers)) != (now := role(new, answers)):
            lines.append(f"  {id_}: {was} before, {now} after; written for {persona['role']}")
    return lines


def _written_for(questionnaire: Questionnaire) -> list[dict[str, Any]]:
    """The personas of this questionnaire, or of the newest before it that has some."""
    files = {int(file.stem.partition("-")[2]): file for file in (settings.BASE_DIR / "tests").glob("personas-*.toml")}
    file = files[max(version for version in files if version <= questionnaire.version)]
    personas: list[dict[str, Any]] = tomllib.loads(file.read_text(encoding="utf-8"))["personas"]
    return personas


def _right(questionnaire: Questionnaire, personas: list[dict[str, Any]]) -> dict[str, bool]:
    return {
        persona["id"]: role(questionnaire, persona["answers"]) == persona["role"]
        for persona in personas
        if not missing(questionnaire, persona["answers"])
    }


def text(figures: Figures) -> str:
    influence = dict(sorted(figures.influence.items(), key=lambda pair: -pair[1]))
    lines = [f"Questionnaire {figures.version}: {figures.sheets:,} answer sheets, each counted once"]
    lines += ["", "Share of sheets", *_rows(figures.shares)]
    lines += ["", f"Ties, before the rule that settles them: {figures.ties} %"]
    lines += ["", "Confidence", *_rows(figures.confidence)]
    lines += ["", "Influence: how often another answer to this question changes the result", *_rows(influence)]
    return "\n".join(lines)


def toml(figures: Figures) -> str:
    lines = ["# Figures of the questionnaire with this number, written by: manage.py quiz_report --write"]
    tables = []
    for key, value in asdict(figures).items():
        if isinstance(value, dict):
            tables += ["", f"[{key}]", *(f'"{name}" = {number}' for name, number in value.items())]
        else:
            lines.append(f"{key} = {value}")
    return "\n".join(lines + tables) + "\n"


def _rows(values: dict[Any, float]) -> list[str]:
    return [f"  {name:<12}{value:5.1f} %" for name, value in values.items()]
