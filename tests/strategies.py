"""Made-up answers and questionnaires for property tests."""

from hypothesis import strategies as st

from quiz.catalogue import catalogue
from quiz.domain import FIRST_ROLES, Answers, Option, Question, Questionnaire


def picks(questionnaire: Questionnaire) -> st.SearchStrategy[tuple[int, ...]]:
    return st.tuples(
        *(
            st.integers(0, (1 << len(q.options) if q.kind == "any" else len(q.options)) - 1)
            for q in questionnaire.questions
        )
    )


def answers() -> st.SearchStrategy[Answers]:
    """Complete answers of the newest questionnaire."""
    questionnaire = catalogue().questionnaire
    return picks(questionnaire).map(lambda given: Answers(questionnaire, given))


@st.composite
def questions(draw: st.DrawFn, number: int) -> Question:
    size = draw(st.integers(2, 4))
    columns = {}
    for role in FIRST_ROLES:
        free = draw(st.lists(st.integers(-3, 3), min_size=size - 1, max_size=size - 1))
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
