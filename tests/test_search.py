"""The index: stems, typing errors, unfinished words, and input of every kind."""

import threading

import pytest
from hypothesis import given
from hypothesis import strategies as st

from quiz.search import Entry, Index, neighbours

ENTRIES = [
    Entry("terms", "/glossary/#compressor", "Compressor", "It turns the loud moments down."),
    Entry("terms", "/glossary/#side-chain", "Side-chain", "One sound works another’s compressor."),
    Entry("questions", "/questions/#car", "Awful in the car?", "Your room hides the bass.", "mix translation"),
    Entry("guides", "/guide/#start", "Where to start", "Install a program & make a beat. A compressor can wait."),
]


# One for all: newer Pythons complain about the database of one that is thrown away.
INDEX = Index(ENTRIES)


@pytest.fixture
def index():
    return INDEX


def urls(found):
    return [hit.url for _, hits in found for hit in hits]


@pytest.mark.parametrize("query", ["compressor", "COMPRESSORS", "compresor", "comprssor", "compressro", "comp"])
def test_a_word_is_found_in_other_forms_mistyped_and_unfinished(index, query):
    assert urls(index.find(query))[0] == "/glossary/#compressor"


@pytest.mark.parametrize("query", ["sidechain", "side-chain", "side chain", "sidechian"])
def test_a_compound_is_found_however_it_is_written(index, query):
    assert urls(index.find(query))[0] == "/glossary/#side-chain"


def test_other_words_for_a_question_find_it_and_are_not_shown(index):
    [(kind, [hit])] = index.find("translation")
    assert (kind, hit.url) == ("questions", "/questions/#car")
    assert "translation" not in "".join(text for text, _ in hit.excerpt)


def test_hits_are_grouped_by_kind_and_the_match_is_marked(index):
    found = index.find("compressor")
    assert [kind for kind, _ in found] == ["terms", "guides"]
    assert ("compressor", True) in found[1][1][0].excerpt


def test_words_that_say_nothing_are_left_out_unless_there_are_no_others(index):
    assert urls(index.find("why is my mix awful in the car"))[0] == "/questions/#car"
    assert list(index.meant("what is it")) == ["what", "is", "it"]


@pytest.mark.parametrize("query", ["", "   ", "!?", "😀", "\x00", '"', "xyzzyx"])
def test_what_is_nowhere_finds_nothing(index, query):
    assert index.find(query) == []


@given(st.text(max_size=300))
def test_any_text_is_a_query(text):
    INDEX.find(text)


@pytest.mark.parametrize(
    "query", ['" OR 1 --', "title:mix", "NEAR(mix, 2)", "mix*", "a" * 5000, "mix AND NOT", "'; DROP TABLE entries"]
)
def test_the_languages_of_sql_and_of_the_index_are_words_like_others(index, query):
    index.find(query)
    assert urls(index.find("car")) == ["/questions/#car"]


def test_one_typing_error_is_a_letter_less_more_other_or_swapped():
    assert {"bas", "bsas", "base", "lass"} <= neighbours("bass")
    assert "bats" not in neighbours("basss")


def test_threads_search_at_the_same_time(index):
    results = []
    threads = [threading.Thread(target=lambda: results.append(urls(index.find("compressor")))) for _ in range(8)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert results == [urls(index.find("compressor"))] * 8
