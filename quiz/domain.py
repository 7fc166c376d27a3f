"""The site's data types, all frozen. `catalogue.py` fills them from `content/`.

Those without an equality of their own are compared by identity: each exists once in a process and keys caches.
"""

import re
from collections.abc import Collection, Iterable
from dataclasses import dataclass, field
from typing import Literal

RoleId = str  # the id of a role in roles.toml
Axis = Literal["goals", "budget", "temperament", "setup"]
Depth = Literal["core", "light"]
StageId = Literal[1, 2, 3, 4]

# The roles of a questionnaire that does not list any. Released questionnaires rely on it, so it must never change.
FIRST_ROLES: tuple[RoleId, ...] = ("bedroom", "studio", "mix")


@dataclass(frozen=True)
class Source:
    """A page that figures come from. `url` is empty where its address is not certain."""

    id: str
    title: str
    publisher: str
    year: str = ""
    url: str = ""


@dataclass(frozen=True)
class Fact:
    """A figure that texts quote, worded to stand inside a sentence."""

    id: str
    text: str
    source: str


@dataclass(frozen=True)
class Term:
    """A glossary entry; `see` holds the ids of related ones, and only the search and the filter read `also`, other words for it."""

    id: str
    name: str
    text: str
    see: tuple[str, ...] = ()
    also: str = ""


@dataclass(frozen=True)
class Topic:
    """A beginner topic. It shares its id with a foundation skill."""

    id: str
    terms: tuple[str, ...]


@dataclass(frozen=True)
class Page:
    """A public page. Search engines and shared links show `title` and `description`, menus show `short`."""

    path: str
    short: str
    title: str
    description: str
    article: bool = False

    @property
    def id(self) -> str:
        return self.path


@dataclass(frozen=True)
class Pair:
    """How two people with these roles, which may be the same, would make a record together."""

    roles: tuple[RoleId, RoleId]
    parts: dict[RoleId, str]
    project: str
    gap: str

    @property
    def id(self) -> str:
        return "-".join(self.roles)


@dataclass(frozen=True)
class Step:
    """Something to do in one sitting, or in as many as `times` says; `done` is for each of them.

    `at` is where to do it: the id of a topic or a resource, or the path of a page.
    """

    id: str
    minutes: int
    do: str
    done: str
    times: int = 1
    at: str = ""

    @property
    def total(self) -> int:
        return self.minutes * self.times

    @property
    def title(self) -> str:
        """The first sentence of `do`."""
        return re.split(r"(?<=[.?!:]) ", self.do)[0].rstrip(".:")


@dataclass(frozen=True)
class Pay:
    """One figure for what a role earns. `sure` says how reliable it is."""

    text: str
    year: str
    country: str
    sure: str
    sources: tuple[str, ...]


@dataclass(frozen=True)
class Glance:
    """A line of a role's summary."""

    label: str
    text: str


@dataclass(frozen=True)
class Accent:
    """A side of a role that answers may lean to. `name` stands after the role's name; the rest is what to take up first.

    `finish` is how the first week ends for somebody who leans to it.
    """

    id: str
    name: str
    text: str
    project: str
    skills: tuple[str, ...]
    gear: tuple[str, ...]
    resources: tuple[str, ...]
    finish: Step


@dataclass(frozen=True, eq=False)
class Role:
    """`by_way_of` is the role that beginners learn first, for a role that is rarely a first job.

    `week` is its first assignment: how the first week begins, and how it ends without an accent.
    """

    id: RoleId
    slug: str
    name: str
    answer: str
    pay: tuple[Pay, ...]
    glance: tuple[Glance, ...]
    week: tuple[Step, ...]
    by_way_of: RoleId = ""
    accents: tuple[Accent, ...] = ()


@dataclass(frozen=True)
class Resource:
    id: str
    name: str
    kind: Literal["site", "channel", "book"]
    roles: tuple[RoleId, ...]
    levels: tuple[Literal[1, 2, 3], ...]
    why: str
    url: str = ""
    author: str = ""
    edition: str = ""


@dataclass(frozen=True)
class Stage:
    """A part of a checklist. Stage 1, the foundations, is the same for every role."""

    id: StageId
    name: str
    about: str


@dataclass(frozen=True)
class Skill:
    """An item of a checklist. `depth` holds the roles that need it; `steps` take its hours, in this order."""

    id: str
    number: int
    name: str
    stage: StageId
    hours: int
    depth: dict[RoleId, Depth]
    why: str
    done: str
    steps: tuple[Step, ...]
    resources: tuple[str, ...] = ()


@dataclass(frozen=True, eq=False)
class GearCategory:
    """`priority` is its place in the buying order of each role that uses it, from 1."""

    id: str
    name: str
    why: str
    free: str
    priority: dict[RoleId, int]
    needs: tuple[str, ...] = ()
    required: bool = False


@dataclass(frozen=True, eq=False)
class GearItem:
    """A real product. `price` is the upper end of its street price in US dollars in the month `checked` (YYYY-MM).

    No kit buys an item marked `skip`, because the gear page advises against it for now.
    """

    id: str
    name: str
    category: str
    price: int
    checked: str
    roles: tuple[RoleId, ...]
    note: str = ""
    source: str = ""
    skip: bool = False


@dataclass(frozen=True, eq=False)
class Option:
    """`weights` are its points for each role, and `because` has a clause for each of them, to follow the word "because".

    `amount` is the number behind a setup or budget option: dollars, hours a week or level of experience.
    `owns` lists the gear categories that somebody who chooses it has already; `accents` those it speaks for, at most one a role.
    """

    id: str
    text: str
    weights: dict[RoleId, int] = field(default_factory=dict)
    because: dict[RoleId, str] = field(default_factory=dict)
    amount: int = 0
    owns: tuple[str, ...] = ()
    accents: tuple[str, ...] = ()


@dataclass(frozen=True, eq=False)
class Question:
    """A pick is the answer to a question as a number: the option's position for kind "one", a bit set for "any"."""

    id: str
    axis: Axis
    text: str
    options: tuple[Option, ...]
    kind: Literal["one", "any"] = "one"
    hint: str = ""

    @property
    def picks(self) -> int:
        """How many different picks there are."""
        return len(self.options) if self.kind == "one" else 1 << len(self.options)

    def pick(self, positions: Collection[int]) -> int:
        """The pick of the options at these positions (one position for kind "one")."""
        return sum(1 << position for position in set(positions)) if self.kind == "any" else next(iter(positions))

    def chosen(self, pick: int) -> tuple[Option, ...]:
        if self.kind == "one":
            return (self.options[pick],)
        return tuple(option for position, option in enumerate(self.options) if pick >> position & 1)


@dataclass(frozen=True, eq=False)
class Questionnaire:
    """`roles` are the ones it decides between; their order settles ties."""

    version: int
    questions: tuple[Question, ...]
    roles: tuple[RoleId, ...] = FIRST_ROLES

    @property
    def weighted(self) -> tuple[Question, ...]:
        """The questions that count towards the role."""
        return tuple(question for question in self.questions if question.axis != "setup")

    def number(self, question_id: str) -> int:
        """The position of a question, from 0; raises ValueError."""
        return [question.id for question in self.questions].index(question_id)

    def options(self, question_id: str) -> tuple[Option, ...]:
        return self.questions[self.number(question_id)].options


@dataclass(frozen=True)
class Answers:
    """The answers given so far: one pick a question, in order."""

    questionnaire: Questionnaire
    picks: tuple[int, ...]

    @property
    def complete(self) -> bool:
        return len(self.picks) == len(self.questionnaire.questions)

    def options(self, number: int) -> tuple[Option, ...]:
        """The options chosen at question `number`, from 0."""
        return self.questionnaire.questions[number].chosen(self.picks[number])

    def chosen(self, question_id: str) -> tuple[Option, ...]:
        """The options chosen at the question with this id; empty if it is not answered."""
        ids = [question.id for question in self.questionnaire.questions[: len(self.picks)]]
        return self.options(ids.index(question_id)) if question_id in ids else ()

    def choose(self, question_id: str, option_ids: Collection[str]) -> "Answers":
        """A copy with another answer to one question; raises ValueError for an unknown question or option."""
        number = self.questionnaire.number(question_id)
        question = self.questionnaire.questions[number]
        ids = [option.id for option in question.options]
        return self.with_pick(number, question.pick([ids.index(id_) for id_ in option_ids]))

    def with_pick(self, number: int, pick: int) -> "Answers":
        """A copy with another pick at question `number` (from 0), or with the next question answered."""
        return Answers(self.questionnaire, (*self.picks[:number], pick, *self.picks[number + 1 :]))

    def so_far(self, count: int) -> "Answers":
        return Answers(self.questionnaire, self.picks[:count])

    def amount(self, question_id: str) -> int:
        """The amount behind the answer to a question; 0 if it is not answered."""
        return max((option.amount for option in self.chosen(question_id)), default=0)


def owned(options: Iterable[Option]) -> frozenset[str]:
    """The gear categories that these options say somebody has."""
    return frozenset(category for option in options for category in option.owns)


@dataclass(frozen=True)
class Figures:
    """Figures for a questionnaire, from every possible answer sheet; all but the first two in per cent of the sheets.
    `confidence` is measured on a sample of them, the rest is exact.

    `influence` is how often another answer to a question changes the result. `manage.py quiz_report` computes all this.
    """

    version: int
    sheets: int
    shares: dict[RoleId, float]
    ties: float
    confidence: dict[str, float]
    influence: dict[str, float]


@dataclass(frozen=True)
class AskedGroup:
    """Questions of beginners about one thing."""

    id: str
    name: str


@dataclass(frozen=True)
class Link:
    """A place on this site that says more; `to` is a path, with or without an anchor."""

    to: str
    text: str


@dataclass(frozen=True, eq=False)
class Asked:
    """A question as beginners ask it, and a short answer. Only the search reads `also`, which holds other words for it.

    The results of the roles in `suits` show it, first those where the amount behind a setup question is one of those in `when`.
    """

    id: str
    group: str
    question: str
    answer: str
    links: tuple[Link, ...]
    also: str = ""
    sources: tuple[str, ...] = ()
    suits: tuple[RoleId, ...] = ()
    when: dict[str, tuple[int, ...]] = field(default_factory=dict)
