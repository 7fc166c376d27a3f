import tomllib
from collections.abc import Callable
from pathlib import Path

import pytest
from django.core.management import call_command
from hypothesis import settings as hypothesis_settings

from quiz import codes
from quiz.catalogue import Catalogue, catalogue
from quiz.domain import Answers

TESTS = Path(__file__).parent
ASKED = catalogue().questionnaire.questions
QUESTIONS = len(ASKED)
V = codes.ALPHABET[catalogue().questionnaire.version]  # the character of the version in an address

# No deadline, because machines differ in speed, and the same examples in every run.
hypothesis_settings.register_profile("default", deadline=None, derandomize=True)
hypothesis_settings.load_profile("default")


@pytest.fixture(scope="session", autouse=True)
def static_root(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Static files as in a release: hashed, compressed, listed."""
    from django.conf import settings

    settings.STATIC_ROOT = str(tmp_path_factory.mktemp("static"))
    call_command("collectstatic", "--no-input", verbosity=0)
    return Path(settings.STATIC_ROOT)


@pytest.fixture
def content() -> Catalogue:
    return catalogue()


@pytest.fixture
def answer() -> Callable[..., Answers]:
    """Answers to the newest questionnaire by option id; the first option by default."""
    return by_id


def by_id(**chosen: str | list[str]) -> Answers:
    questionnaire = catalogue().questionnaire
    picks = []
    for question in questionnaire.questions:
        ids = [option.id for option in question.options]
        given = chosen.pop(question.id, [] if question.kind == "any" else ids[0])
        picks.append(ids.index(given) if isinstance(given, str) else sum(1 << ids.index(id_) for id_ in given))
    assert not chosen, f"no such question: {chosen}"
    return Answers(questionnaire, tuple(picks))


def leaning(role: str) -> Answers:
    """Answers to the newest questionnaire that speak for this role as strongly as they can without money."""
    weighted = [question for question in catalogue().questionnaire.weighted if question.axis != "budget"]
    return by_id(**{q.id: max(q.options, key=lambda option: option.weights.get(role, 0)).id for q in weighted})


def data(name: str) -> dict:
    return tomllib.loads((TESTS / name).read_text(encoding="utf-8"))
