"""Made-up answers and questionnaires for property tests."""

from hypothesis import strategies as st

from quiz.catalogue import catalogue
from quiz.domain import FIRST_ROLES, Answers, Option, Question, Questionnaire

WEIGHTS = (0, 1, -1, 2, -2, 3, -3)  # the simplest first, as Hypothesis has them


def picks(questionnaire: Questionnaire) -> st.SearchStrategy[tuple[int, ...]]:
    """A pick is two bytes of one string: to draw a number for each question took longer than most tests of them."""
    sizes = [question.picks for question in questionnaire.questions]
    drawn = st.binary(min_size=2 * len(sizes), max_size=2 * len(sizes))
    return drawn.map(lambda text: tuple(int.from_bytes(text[2 * i : 2 * i + 2]) % size for i, size in enumerate(sizes)))


def answers() -> st.SearchStrategy[Answers]:
    """Complete answers of the newest questionnaire."""
    questionnaire = catalogue().questionnaire
    return picks(questionnaire).map(lambda given: Answers(questionnaire, given))


@st.composite
def questions(draw: st.DrawFn, number: int) -> Question:
    size = draw(st.integers(2, 4))
    columns = {}
    for role in FIRST_ROLES:
        free = [WEIGHTS[byte % len(WEIGHTS)] for byte in draw(st.binary(min_size=size - 1, max_size=size - 1))]
        columns[role] = [*free, -sum(free)]
    options = tuple(
        Option(id=f"o{i}", text=f"Option {i}", weights={role: column[i] for role, column in columns.items()})
        for i in range(size)
    )
    axis = draw(st.sampled_from(["goals", "budget", "temperament"]))
    return Question(id=f"q{number}", axis=axis, text=f"Question {number}", options=options)


@st.composite
def small_questionnaires(draw: st.DrawFn) -> Questionnaire:
    count = draw(st.integers(1, 4))
    return Questionnaire(version=1, questions=tuple(draw(questions(number)) for number in range(count)))


@st.composite
def small_answers(draw: st.DrawFn) -> Answers:
    questionnaire = draw(small_questionnaires())
    return Answers(questionnaire, draw(picks(questionnaire)))
