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

LAST = 31  # a link has one character for the version
LINKS = 48
DRAFT = (
    "# Questionnaire {}, a draft that the site does not use yet. See what it would change with\n"
    "# manage.py quiz_report --compare {} {}, and release it with manage.py questionnaire release.\n"
)
RELEASED = (
    "# Questionnaire {}, released. Never edit it, because links depend on it: draft the next one for any change.\n"
)


class Command(BaseCommand):
    help = "Draft the next questionnaire (new), and make a draft the one that new visitors answer (release)."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("action", choices=["new", "release"])

    def handle(self, *args: Any, action: str, **options: Any) -> None:
        version = catalogue.catalogue().questionnaire.version + 1
        draft = catalogue.CONTENT / "drafts" / f"{version}.toml"
        if action == "new":
            self.new(version, draft)
        else:
            self.release(version, draft)

    def new(self, version: int, draft: Path) -> None:
        if version > LAST:
            raise CommandError(f"Questionnaire {LAST} is the last, because a link has one character for the version.")
        if draft.exists():
            raise CommandError(
                f"{draft.relative_to(settings.BASE_DIR)} exists already: edit it, or delete it to start again."
            )
        body = uncommented(catalogue.CONTENT / "questionnaires" / f"{version - 1}.toml")
        body = re.sub(r"(?m)^version = \d+$", f"version = {version}", body, count=1)
        draft.parent.mkdir(exist_ok=True)
        draft.write_text(DRAFT.format(version, version - 1, version) + body, encoding="utf-8")
        self.stdout.write(f"Wrote {draft.relative_to(settings.BASE_DIR)}. Edit it; manage.py check lists its faults.")

    def release(self, version: int, draft: Path) -> None:
        if not draft.exists():
            raise CommandError(
                f"There is no {draft.relative_to(settings.BASE_DIR)}; manage.py questionnaire new writes one."
            )
        try:
            questionnaire = catalogue.draft(version, catalogue.catalogue())
        except ContentError as error:
            raise CommandError(f"The draft has faults:\n{error}") from error
        result = report(questionnaire)
        self.stdout.write(text(result.figures))
        if faults := list(result.faults()):
            raise CommandError("\n".join(["Nothing was released:", *faults]))
        released = RELEASED.format(version) + uncommented(draft)
        (catalogue.CONTENT / "figures" / draft.name).write_text(toml(result.figures), encoding="utf-8")
        with (settings.BASE_DIR / "tests" / "golden.toml").open("a", encoding="utf-8") as file:
            file.write(golden(questionnaire, released))
        (catalogue.CONTENT / "questionnaires" / draft.name).write_text(released, encoding="utf-8")
        draft.unlink()
        self.stdout.write(
            f"Released questionnaire {version}, with its figures and {LINKS} links in tests/golden.toml. "
            "Run make test, then commit it all together."
        )


def uncommented(file: Path) -> str:
    """The text of a questionnaire without its first lines, which say whether it is a draft."""
    return re.sub(r"\A(# (Questionnaire \d|manage\.py).*\n)+", "", file.read_text(encoding="utf-8"))


def golden(questionnaire: Questionnaire, released: str) -> str:
    """The entry of a release in tests/golden.toml: its hash, and some links with their results."""
    chance = random.Random(questionnaire.version)
    digest = hashlib.sha256(released.encode()).hexdigest()
    parts = [f'\n[[releases]]\nversion = {questionnaire.version}\nsha256 = "{digest}"\n']
    for _ in range(LINKS):
        answers = Answers(questionnaire, tuple(chance.randrange(each.picks) for each in questionnaire.questions))
        profile = scoring.profile(answers)
        fit = ", ".join(f"{role} = {value}" for role, value in profile.fit.items())
        parts.append(f'\n[[links]]\ncode = "{codes.build(answers)}"\nrole = "{profile.role}"\nfit = {{ {fit} }}\n')
    return "".join(parts)
