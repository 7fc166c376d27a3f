import hashlib
import random
import re
from pathlib import Path
from typing import Any

from django.conf import settings
from django.core.management.base import BaseCommand, CommandError, CommandParser

from quiz import catalogue, codes, scoring
from quiz.catalogue import ContentError
from quiz.domain import Answers, Questionnaire
from quiz.owner.figures import report
from quiz.owner.management.commands.quiz_report import text, toml

LAST = 31  # a link spends one character on the version
LINKS = 48
DRAFT = (
    "# Questionnaire {}, a draft: the site does not know it yet. See what it would change with\n"
    "# manage.py quiz_report --compare {} {}, and release it with manage.py questionnaire release.\n"
)
RELEASED = "# Questionnaire {}. Once released it is never edited: old links are computed by it for ever. A change is the next.\n"


class Command(BaseCommand):
    help = "Draft the next questionnaire (new), and make a draft the one that new visitors answer (release)."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("action", choices=["new", "release"])

    def handle(self, *args: Any, action: str, **options: Any) -> None:
        version = catalogue.catalogue().questionnaire.version + 1
        if action == "new":
            self.new(version)
        else:
            self.release(version)

    def new(self, version: int) -> None:
        if version > LAST:
            raise CommandError(f"Questionnaire {LAST} is the last: a link spends one character on the version.")
        newest = catalogue.CONTENT / "questionnaires" / f"{version - 1}.toml"
        file = write_draft(version, newest.read_text(encoding="utf-8"))
        self.stdout.write(f"Wrote {shown(file)}. Edit it; manage.py check names what is wrong with it.")

    def release(self, version: int) -> None:
        draft = catalogue.CONTENT / "drafts" / f"{version}.toml"
        if not draft.exists():
            raise CommandError(f"There is no {shown(draft)}; manage.py questionnaire new writes one.")
        try:
            sheet = catalogue.draft(version, catalogue.catalogue())
        except ContentError as error:
            raise CommandError(f"The draft has faults:\n{error}") from error
        found = report(sheet)
        self.stdout.write(text(found.figures))
        if faults := list(found.faults()):
            raise CommandError("\n".join(["Nothing was released:", *faults]))
        body = uncommented(draft.read_text(encoding="utf-8"))
        released = RELEASED.format(version) + body
        (catalogue.CONTENT / "figures" / draft.name).write_text(toml(found.figures), encoding="utf-8")
        golden_file = settings.BASE_DIR / "tests" / "golden.toml"
        with golden_file.open("a", encoding="utf-8") as file:
            file.write(golden(sheet, released))
        (catalogue.CONTENT / "questionnaires" / draft.name).write_text(released, encoding="utf-8")
        draft.unlink()
        self.stdout.write(
            f"Released questionnaire {version}, with its figures and {LINKS} links in {shown(golden_file)}. "
            "Run make test, then commit all of it together."
        )


def write_draft(version: int, text: str) -> Path:
    """Make drafts/N.toml of the text of another questionnaire; an existing one is somebody's work and stays."""
    file = catalogue.CONTENT / "drafts" / f"{version}.toml"
    if file.exists():
        raise CommandError(f"{shown(file)} is there already: edit it, or remove it to begin again.")
    file.parent.mkdir(exist_ok=True)
    body = re.sub(r"(?m)^version = \d+$", f"version = {version}", uncommented(text), count=1)
    file.write_text(DRAFT.format(version, version - 1, version) + body, encoding="utf-8")
    return file


def uncommented(text: str) -> str:
    """Without the first lines, which say whether it is a draft."""
    return re.sub(r"\A(# (Questionnaire \d|manage\.py).*\n)+", "", text)


def golden(sheet: Questionnaire, released: str) -> str:
    """What tests/golden.toml keeps of a release: its hash, and some links with their results."""
    chance = random.Random(sheet.version)
    digest = hashlib.sha256(released.encode()).hexdigest()
    parts = [f'\n[[releases]]\nversion = {sheet.version}\nsha256 = "{digest}"\n']
    for _ in range(LINKS):
        answers = Answers(sheet, tuple(chance.randrange(question.picks) for question in sheet.questions))
        profile = scoring.profile(answers)
        fit = ", ".join(f"{role} = {value}" for role, value in profile.fit.items())
        parts.append(f'\n[[links]]\ncode = "{codes.build(answers)}"\nrole = "{profile.role}"\nfit = {{ {fit} }}\n')
    return "".join(parts)


def shown(file: Path) -> str:
    return str(file.relative_to(settings.BASE_DIR)) if file.is_relative_to(settings.BASE_DIR) else str(file)
