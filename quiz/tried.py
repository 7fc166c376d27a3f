"""What somebody made of the auditions: a character a role in `?tried=`, in the order of the questionnaire’s roles.

`0` is not tried. Otherwise the character says how it was, from 1 to 4, and whether one would do it for an evening: 0 no, 1 maybe, 2 yes.
"""

from collections.abc import Iterable
from dataclasses import dataclass
from string import punctuation
from typing import Any, Literal

from quiz.codes import ALPHABET
from quiz.domain import RoleId
from quiz.scoring import Profile

# The roles that have an audition, and what one does in it.
ROOMS: dict[RoleId, str] = {"bedroom": "making", "studio": "directing", "mix": "mixing"}
LIKED = {1: "not for me", 2: "all right", 3: "good", 4: "I forgot the clock"}
EVENINGS = {2: "yes", 1: "maybe", 0: "no"}
ENOUGH = 3  # from here on somebody liked it


class TriedError(ValueError):
    """The text does not say what was tried."""


@dataclass(frozen=True, order=True)
class Told:
    """How an audition was. The more somebody liked it, the larger; an evening decides between equals."""

    liked: int
    evening: int

    @property
    def how(self) -> str:
        return LIKED[self.liked]

    @property
    def again(self) -> str:
        return EVENINGS[self.evening]


Tried = dict[RoleId, Told]  # the roles that were tried


def parse(text: str, roles: Iterable[RoleId]) -> Tried:
    """Raises TriedError; upper case and signs at the end are forgiven, because programs that pass on links change and add them."""
    names, values = tuple(roles), [ALPHABET.find(character) for character in text.lower().rstrip(punctuation)]
    if len(values) != len(names) or not all(0 <= value <= len(LIKED) * len(EVENINGS) for value in values):
        raise TriedError(text)
    tried = {}
    for role, value in zip(names, values, strict=True):
        if value:
            liked, evening = divmod(value - 1, len(EVENINGS))
            tried[role] = Told(liked + 1, evening)
    return tried


def build(tried: Tried, roles: Iterable[RoleId]) -> str:
    """The canonical text; empty where nothing was tried."""
    return "".join(_character(tried.get(role)) for role in roles) if tried else ""


def _character(told: Told | None) -> str:
    return ALPHABET[1 + len(EVENINGS) * (told.liked - 1) + told.evening] if told else ALPHABET[0]


Makes = Literal["agrees", "alike", "nothing", "untried", "tips", "differs"]


@dataclass(frozen=True)
class Doing:
    """What was tried beside what the answers say. `best` are the roles liked most, several if alike.

    `makes` is what to make of it. An audition weighs as much as one answer at most, so it `tips` only what a single other answer
    would turn too. Nothing here changes the fit.
    """

    tried: Tried
    best: tuple[RoleId, ...]
    makes: Makes


def doing(tried: Tried, profile: Profile) -> Doing:
    """For at least one that was tried."""
    best = liked_most(tried)
    if tried[best[0]].liked < ENOUGH:
        makes: Makes = "nothing"
    elif profile.role in best:
        makes = "agrees" if len(best) == 1 else "alike"
    elif profile.role not in tried:
        makes = "untried"
    else:
        makes = "tips" if {change.role for change in profile.changes} & set(best) else "differs"
    return Doing(tried, best, makes)


def liked_most(tried: Tried) -> tuple[RoleId, ...]:
    most = max(tried.values())
    return tuple(role for role, told in tried.items() if told == most)


def as_dict(tried: Tried, roles: Iterable[RoleId]) -> dict[str, Any]:
    """For result.json: null where a role was not tried."""
    return {
        role: {"liked": tried[role].liked, "evening": tried[role].evening} if role in tried else None for role in roles
    }
