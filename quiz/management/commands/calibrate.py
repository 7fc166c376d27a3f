from collections import Counter
from collections.abc import Iterator
from typing import TYPE_CHECKING, Any, cast

from django.core.management.base import BaseCommand, CommandError, CommandParser

from quiz import catalogue, codes, drafts
from quiz.codes import CodeError
from quiz.domain import ROLE_IDS, Answers, Questionnaire, RoleId
from quiz.management.commands.questionnaire import shown, write_draft
from quiz.models import FitVote
from quiz.stats import wilson

if TYPE_CHECKING:
    from quiz.calibration import Proposal, Separation, Vote

LEAST_VOTES = 200
LEAST_OF_A_ROLE = 20


class Command(BaseCommand):
    help = (
        "From votes of people who said which role they really have: how often the newest questionnaire is right, which of its "
        "questions tell roles apart, and weights that would do better. --write makes those the draft of the next questionnaire."
    )

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("--write", action="store_true", help="write the draft, if the gain is more than chance")

    def handle(self, *args: Any, write: bool, **options: Any) -> None:
        try:
            from quiz import calibration
        except ImportError as error:
            raise CommandError(
                f"calibrate needs scikit-learn ({error}). Install it with: python -m pip install scikit-learn"
            ) from error
        questionnaire = catalogue.catalogue().questionnaire
        votes = [calibration.Vote(*vote) for vote in _votes(questionnaire)]
        _enough(votes)
        self.stdout.write("\n".join(_separations(calibration.separations(questionnaire, votes))))
        found = calibration.propose(questionnaire, votes)
        self.stdout.write("\n".join(_verdict(found)))
        if not found.certain:
            return
        self.stdout.write("\n".join(_changes(questionnaire, found.questionnaire)))
        if write:
            version = questionnaire.version
            text = (catalogue.CONTENT / "questionnaires" / f"{version}.toml").read_text(encoding="utf-8")
            file = write_draft(version + 1, drafts.reweighted(text, found.questionnaire))
            self.stdout.write(
                f"Wrote {shown(file)}. Sentences that a new weight needs are yours to write: manage.py check names them. "
                f"Then: manage.py quiz_report --compare {version} {version + 1}"
            )
        else:
            self.stdout.write("calibrate --write makes this the draft of the next questionnaire.")


def _votes(questionnaire: Questionnaire) -> Iterator[tuple[Answers, RoleId]]:
    """The votes on this questionnaire by people who said which role they have."""
    rows = (
        FitVote.objects.filter(code__startswith=codes.ALPHABET[questionnaire.version]).exclude(role="").order_by("pk")
    )
    for code, real in rows.values_list("code", "role").iterator():
        try:
            yield codes.parse(code, {questionnaire.version: questionnaire}), cast(RoleId, real)
        except CodeError:
            continue  # written by another hand


def _enough(votes: "list[Vote]") -> None:
    if len(votes) < LEAST_VOTES:
        raise CommandError(
            f"{len(votes)} votes on this questionnaire name a real role. Fewer than {LEAST_VOTES} say nothing that chance could "
            "not say too, so there is nothing to calibrate by yet."
        )
    counts = Counter(vote.real for vote in votes)
    for role in ROLE_IDS:
        if counts[role] < LEAST_OF_A_ROLE:
            raise CommandError(
                f"Only {counts[role]} of them are by people whose role is {role}; {LEAST_OF_A_ROLE} are needed."
            )


def _separations(found: "list[Separation]") -> Iterator[str]:
    yield "How far the answers to each question tell the roles apart (Cramér's V, 0 to 1)"
    for separation in found:
        yield f"  {separation.question:<12}{separation.strength:5.2f}  {'' if separation.certain else 'no more than chance would'}"


def _verdict(found: "Proposal") -> Iterator[str]:
    yield ""
    for name, count in (
        ("As it is now", found.present),
        ("With other weights, on votes they were not fitted to", found.proposed),
    ):
        low, high = wilson(count, found.votes)
        share = 100 * count / found.votes
        yield f"{name}: right for {count} of {found.votes} who named their role, {share:.1f} % (95 %: {low} to {high} %)"
    yield f"The gain is {100 * found.gain:+.1f} points (± {100 * found.spread:.1f})."
    if not found.certain:
        yield "That is no more than chance could bring, so these votes give no reason to change the weights. Nothing was written."
    yield "Those who vote chose to: the votes speak for them, and less surely for everybody."


def _changes(old: Questionnaire, new: Questionnaire) -> Iterator[str]:
    yield f"\nProposed weights ({', '.join(ROLE_IDS)}), where they differ"
    for before, after in zip(old.weighted, new.weighted, strict=True):
        for option, other in zip(before.options, after.options, strict=True):
            if option.weights != other.weights:
                lines = [" ".join(f"{o.weights.get(role, 0):+d}" for role in ROLE_IDS) for o in (option, other)]
                yield f"  {f'{before.id}.{option.id}':<28}{lines[0]}  becomes  {lines[1]}"
