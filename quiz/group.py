"""Codes → Group: a band or a class, who in it would do what, and who could make a record together."""

import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from urllib.parse import unquote

from quiz.catalogue import Catalogue
from quiz.codes import CodeError
from quiz.compare import pair_of
from quiz.domain import Pair, RoleId
from quiz.result import Result, result

MOST = 40  # members
RESULT = re.compile(r"result/([^/\s?#&]+)", re.IGNORECASE)
SHORTEST = 8  # characters; a shorter word beside a link is a name, however it reads


@dataclass(frozen=True)
class Member:
    """`number` is the place in the group, from 1, and stands for the name."""

    number: int
    result: Result

    @property
    def role(self) -> RoleId:
        return self.result.profile.role

    @property
    def second(self) -> RoleId:
        return self.result.profile.runner_up


@dataclass(frozen=True)
class Duo:
    """Two members who cover every role, because one of them does a second job. `jobs` says who does which."""

    members: tuple[Member, Member]
    jobs: dict[RoleId, Member]
    pair: Pair


@dataclass(frozen=True)
class Group:
    """`wrong` has the lines that no result could be read from, each with the reason. Nobody is in two of `teams` and `duos`."""

    members: tuple[Member, ...]
    wrong: tuple[tuple[str, str], ...]
    roles: dict[RoleId, tuple[Member, ...]]
    teams: tuple[tuple[Member, ...], ...]
    duos: tuple[Duo, ...]

    @property
    def codes(self) -> tuple[str, ...]:
        return tuple(member.result.code for member in self.members)

    @property
    def missing(self) -> tuple[RoleId, ...]:
        return tuple(role for role, members in self.roles.items() if not members)


def group(lines: Iterable[str], catalogue: Catalogue) -> Group:
    """The group of these lines, each with a link or a code. Their order does not matter, and a result given twice is one member."""
    found: dict[str, Result] = {}
    wrong = {}
    for line in lines:
        try:
            one = _read(line, catalogue)
            found[one.code] = one
        except CodeError as error:
            wrong[line] = str(error)
    members = tuple(Member(number, found[code]) for number, code in enumerate(sorted(found), 1))
    roles = {role: tuple(sorted((m for m in members if m.role == role), key=_fit)) for role in catalogue.roles}
    teams = tuple(zip(*roles.values(), strict=False))
    free = [member for mates in roles.values() for member in mates[len(teams) :]]
    duos = tuple(_duos(sorted(free, key=_fit), catalogue))
    return Group(members, tuple(wrong.items()), roles, teams, duos)


def _read(line: str, catalogue: Catalogue) -> Result:
    """The result of the link or code in a line; raises CodeError."""
    text = unquote(line)
    error = CodeError("There is no result link in this line.")
    for candidate in RESULT.findall(text) or [word for word in text.split() if len(word) >= SHORTEST]:
        try:
            return result(candidate, catalogue)
        except CodeError as found:
            error = found
    raise error


def _fit(member: Member) -> float:
    return -member.result.profile.fit[member.role]


def _duos(free: list[Member], catalogue: Catalogue) -> Iterator[Duo]:
    """Pairs who cover every role by what fits them best and second best; each is the first that is found for the best fit left."""
    while free:
        one = free.pop(0)
        for other in free:
            if jobs := _jobs((one, other), catalogue):
                free.remove(other)
                yield Duo((one, other), jobs, pair_of(one.role, other.role, catalogue))
                break


def _jobs(members: tuple[Member, ...], catalogue: Catalogue) -> dict[RoleId, Member] | None:
    jobs = {role: mate for mate in members for role in (mate.second, mate.role)}
    jobs |= {mate.role: mate for mate in reversed(members)}
    return {role: jobs[role] for role in catalogue.roles} if jobs.keys() == catalogue.roles.keys() else None
