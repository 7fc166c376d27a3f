"""The nouns of the site, as frozen types. `catalogue.py` fills them from `content/`; everything else only reads them."""

from collections.abc import Collection, Iterable
from dataclasses import dataclass, field
from typing import Literal

RoleId = str  # the id of a role in roles.toml
Axis = Literal["goals", "budget", "temperament", "setup"]
Depth = Literal["core", "light"]
StageId = Literal[1, 2, 3, 4]

# The roles of a questionnaire that names none. Released ones depend on it, so it never changes.
FIRST_ROLES: tuple[RoleId, ...] = ("bedroom", "studio", "mix")


@dataclass(frozen=True)
class Source:
    """Where a figure comes from."""

    id: str
    title: str
    year: str = ""


@dataclass(frozen=True)
class Fact:
    """A figure that texts quote, ready to stand in a sentence."""

    id: str
    text: str
    source: str


@dataclass(frozen=True)
class Term:
    """An entry of the glossary; `see` names related ones."""

    id: str
    name: str
    text: str
    see: tuple[str, ...] = ()


@dataclass(frozen=True)
class Topic:
    """One of the ten beginner topics, the foundation skill of the same id."""

    id: str
    terms: tuple[str, ...]


@dataclass(frozen=True)
class Page:
    """A public page. `title` and `description` are what search engines and shared links show, `short` stands in menus."""

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
    """How two people of these roles (the same one twice, perhaps) would make a record together."""

    roles: tuple[RoleId, RoleId]
    parts: dict[RoleId, str]
    project: str
    gap: str

    @property
    def id(self) -> str:
        return "-".join(self.roles)


@dataclass(frozen=True)
class Pay:
    """One figure of what a role earns. `sure` says how far to trust it."""

    text: str
    year: str
    country: str
    sure: str
    source: str


@dataclass(frozen=True)
class Glance:
    """One thing to see of a role at first sight."""

    label: str
    text: str


@dataclass(frozen=True)
class Accent:
    """A side of a role that answers may lean to. `name` stands after the role's name; the rest is what to take up first."""

    id: str
    name: str
    text: str
    project: str
    skills: tuple[str, ...]
    gear: tuple[str, ...]
    resources: tuple[str, ...]


@dataclass(frozen=True)
class Role:
    """`by_way_of` is the role that beginners learn first, because this one is rarely anybody's first job."""

    id: RoleId
    slug: str
    name: str
    answer: str
    pay: tuple[Pay, ...]
    glance: tuple[Glance, ...]
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
    """A part of a checklist; stage 1, the foundations, serves every role."""

    id: StageId
    name: str
    about: str


@dataclass(frozen=True)
class Skill:
    """One item of a checklist. `depth` names the roles that need it; those of stage 1 serve every role."""

    id: str
    number: int
    name: str
    stage: StageId
    hours: int
    depth: dict[RoleId, Depth]
    why: str
    done: str
    resources: tuple[str, ...] = ()


@dataclass(frozen=True)
class GearCategory:
    """A kind of gear. `priority` is its place in the buying order of each role that uses it (1 is bought first)."""

    id: str
    name: str
    why: str
    free: str
    priority: dict[RoleId, int]
    needs: tuple[str, ...] = ()
    required: bool = False


@dataclass(frozen=True)
class GearItem:
    """A real product. `price` is the upper end of its street price in US dollars, checked in the month `checked` (YYYY-MM)."""

    id: str
    name: str
    category: str
    price: int
    checked: str
    roles: tuple[RoleId, ...]
    note: str = ""
    source: str = ""


# Options, questions and questionnaires are compared by identity: there is one of each in a process, and they key the caches
# of scoring.py.
@dataclass(frozen=True, eq=False)
class Option:
    """`weights` holds the roles this option moves; `because` has a sentence for each of them, to be read after "because".

    `amount` is what a setup or budget option stands for (dollars, hours a week, level of experience);
    `owns` the gear categories it says are there already; `accents` those it speaks for, at most one a role.
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
    """The answer to a question is a number, its pick. For a question of kind "one" that is the position of the option;
    for "any" it is a bit set of positions."""

    id: str
    axis: Axis
    text: str
    options: tuple[Option, ...]
    kind: Literal["one", "any"] = "one"
    hint: str = ""

    @property
    def picks(self) -> int:
        """How many different picks can answer this question."""
        return len(self.options) if self.kind == "one" else 1 << len(self.options)

    def pick(self, positions: Collection[int]) -> int:
        """The pick of these options (one of them, for kind "one")."""
        return sum(1 << position for position in set(positions)) if self.kind == "any" else next(iter(positions))

    def chosen(self, pick: int) -> tuple[Option, ...]:
        if self.kind == "one":
            return (self.options[pick],)
        return tuple(option for position, option in enumerate(self.options) if pick >> position & 1)


@dataclass(frozen=True, eq=False)
class Questionnaire:
    """`roles` are those it decides between; their order settles the last ties."""

    version: int
    questions: tuple[Question, ...]
    roles: tuple[RoleId, ...] = FIRST_ROLES

    @property
    def weighted(self) -> tuple[Question, ...]:
        """The questions that decide the role."""
        return tuple(question for question in self.questions if question.axis != "setup")

    def number(self, question_id: str) -> int:
        """Where the question with this id stands, counted from 0; raises ValueError."""
        return [question.id for question in self.questions].index(question_id)


@dataclass(frozen=True)
class Answers:
    """The answers given so far: a pick for each question, in their order."""

    questionnaire: Questionnaire
    picks: tuple[int, ...]

    @property
    def complete(self) -> bool:
        return len(self.picks) == len(self.questionnaire.questions)

    def options(self, number: int) -> tuple[Option, ...]:
        """The options chosen at question `number` (counted from 0)."""
        return self.questionnaire.questions[number].chosen(self.picks[number])

    def chosen(self, question_id: str) -> tuple[Option, ...]:
        """The options chosen at the question with this id; none where it was not asked."""
        ids = [question.id for question in self.questionnaire.questions]
        return self.options(ids.index(question_id)) if question_id in ids[: len(self.picks)] else ()

    def choose(self, question_id: str, option_ids: Collection[str]) -> "Answers":
        """The same answers but for one question; raises ValueError where it was not asked or does not offer these options."""
        number = self.questionnaire.number(question_id)
        question = self.questionnaire.questions[number]
        return self.with_pick(
            number, question.pick([[o.id for o in question.options].index(id_) for id_ in option_ids])
        )

    def with_pick(self, number: int, pick: int) -> "Answers":
        """The same answers but for question `number` (counted from 0), which may be the first that is not answered yet."""
        return Answers(self.questionnaire, (*self.picks[:number], pick, *self.picks[number + 1 :]))

    def so_far(self, count: int) -> "Answers":
        """The first `count` answers."""
        return Answers(self.questionnaire, self.picks[:count])

    @property
    def owned(self) -> set[str]:
        return owned(self.chosen("owned"))

    def amount(self, question_id: str) -> int:
        """What the option chosen at this question stands for; 0 where it was not asked."""
        return max((option.amount for option in self.chosen(question_id)), default=0)


def owned(options: Iterable[Option]) -> set[str]:
    """The gear categories that are there already, by these options."""
    return {category for option in options for category in option.owns}


@dataclass(frozen=True)
class Figures:
    """What exact enumeration of every answer sheet says of a questionnaire; all but the first two in per cent of sheets.

    `influence` is how often replacing the answer to a question by another changes the result. `quiz_report` works them
    out and holds the stored ones against them.
    """

    version: int
    sheets: int
    shares: dict[RoleId, float]
    ties: float
    confidence: dict[str, float]
    influence: dict[str, float]
