import gc
import sys
import tomllib
from collections.abc import Callable, Generator, Iterator
from functools import cache, wraps
from itertools import count
from pathlib import Path

import pytest
from coverage import Coverage
from hypothesis import settings as hypothesis_settings

from quiz import codes
from quiz.catalogue import Catalogue, catalogue
from quiz.domain import Answers
from tests import statics

TESTS = Path(__file__).parent
ASKED = catalogue().questionnaire.questions
QUESTIONS = len(ASKED)
V = codes.ALPHABET[catalogue().questionnaire.version]  # the character of the version in an address

# No deadline, because machines differ in speed, and the same examples in every run.
hypothesis_settings.register_profile("default", deadline=None, derandomize=True)
hypothesis_settings.load_profile("default")

MEASURED = 10

# Python looks for garbage after every 700 new objects, which took a tenth of the time of the tests.
gc.set_threshold(20_000)


@pytest.hookimpl(trylast=True)
def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Properties come last, because they are not measured to their end: what is made once and kept is made before."""
    items.sort(key=is_property)


def is_property(item: pytest.Item) -> bool:
    return hasattr(getattr(item, "obj", None), "hypothesis")


@pytest.hookimpl(wrapper=True)
def pytest_runtest_protocol(item: pytest.Function) -> Generator[None, object, object]:
    """Measuring the coverage makes Python several times as slow: of a property, the first examples are enough."""
    if not Coverage.current() or not is_property(item):
        return (yield)
    measuring, inner = sys.gettrace(), item.obj.hypothesis.inner_test
    item.obj.hypothesis.inner_test = measured_at_first(inner)
    try:
        return (yield)
    finally:
        item.obj.hypothesis.inner_test = inner
        sys.settrace(measuring)


def measured_at_first(test: Callable[..., object]) -> Callable[..., object]:
    number = count()

    @wraps(test)
    def example(*given: object, **named: object) -> object:
        if next(number) == MEASURED:
            sys.settrace(None)
        return test(*given, **named)

    return example


@pytest.fixture(scope="session", autouse=True)
def static_root(pytestconfig: pytest.Config) -> Path:
    """Static files as in a release: hashed, compressed, listed."""
    from django.conf import settings
    from django.contrib.staticfiles.storage import staticfiles_storage

    assert pytestconfig.cache
    folder = statics.collected(pytestconfig.cache.mkdir("static"))
    settings.STATIC_ROOT = str(folder)
    staticfiles_storage._setup()  # pytest has looked at it where a test imports it, and so has made one for another folder
    return folder


@pytest.fixture(scope="session", autouse=True)
def quick_passwords() -> None:
    """To hash one slowly protects the owner, not a test."""
    from django.conf import settings

    settings.PASSWORD_HASHERS = ["django.contrib.auth.hashers.MD5PasswordHasher"]


@pytest.fixture(scope="session", autouse=True)
def parsed_once() -> Iterator[None]:
    """A content file takes most of the time of a test of the others."""
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(tomllib, "loads", cache(tomllib.loads))
        yield


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
