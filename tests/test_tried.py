"""What the auditions said, in three characters, and what it makes of a result."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from quiz import scoring, tried
from quiz.codes import ALPHABET
from quiz.domain import FIRST_ROLES
from quiz.tried import Told, TriedError
from tests.conftest import by_id, leaning
from tests.strategies import answers

told = st.builds(Told, st.integers(1, 4), st.integers(0, 2))
some = st.dictionaries(st.sampled_from(FIRST_ROLES), told)


@given(some)
def test_what_is_built_is_read_as_it_was(given_):
    text = tried.build(given_, FIRST_ROLES)
    assert (tried.parse(text, FIRST_ROLES) if text else {}) == given_
    assert len(text) == (3 if given_ else 0)


@given(st.text(ALPHABET[:13], min_size=3, max_size=3))
def test_every_text_of_the_right_form_is_its_own_canonical_one(text):
    assert tried.build(tried.parse(text, FIRST_ROLES), FIRST_ROLES) == ("" if text == "000" else text)


@given(st.text())
def test_any_other_text_is_refused(text):
    if len(text) == 3 and set(text.lower()) <= set(ALPHABET[:13]):
        text += "0"
    with pytest.raises(TriedError):
        tried.parse(text, FIRST_ROLES)


def test_the_characters_are_the_promised_ones():
    assert tried.parse("01C", FIRST_ROLES) == {"studio": Told(1, 0), "mix": Told(4, 2)}
    assert tried.parse("01C).", FIRST_ROLES) == {"studio": Told(1, 0), "mix": Told(4, 2)}
    assert tried.build({"bedroom": Told(2, 1)}, FIRST_ROLES) == "500"


def test_enjoyment_comes_first_and_the_evening_decides_between_equals():
    assert tried.liked_most({"bedroom": Told(3, 2), "studio": Told(4, 0)}) == ("studio",)
    assert tried.liked_most({"bedroom": Told(3, 1), "studio": Told(3, 2)}) == ("studio",)
    assert tried.liked_most({"bedroom": Told(3, 1), "studio": Told(3, 1)}) == ("bedroom", "studio")


@given(answers(), some.filter(bool))
def test_doing_weighs_no_more_than_one_answer(sheet, given_):
    profile = scoring.profile(sheet)
    made = tried.doing(given_, profile)
    turned = {change.role for change in profile.changes}
    assert max(given_.values()) == given_[made.best[0]]
    assert (made.makes == "nothing") == all(one.liked < tried.ENOUGH for one in given_.values())
    if made.makes in ("agrees", "alike"):
        assert profile.role in made.best
        assert (made.makes == "alike") == (len(made.best) > 1)
    if made.makes == "untried":
        assert profile.role not in given_
    if made.makes in ("tips", "differs"):
        assert profile.role in given_
        assert (made.makes == "tips") == bool(turned & set(made.best))


def test_what_was_liked_most_tips_a_result_only_where_one_answer_would():
    tipping = scoring.profile(by_id())
    others = [role for role in FIRST_ROLES if role != tipping.role]
    one = next(change.role for change in tipping.changes)
    all_of_them = {tipping.role: Told(1, 0)} | dict.fromkeys(others, Told(2, 0))
    assert tried.doing(all_of_them | {one: Told(4, 2)}, tipping).makes == "tips"
    clear = scoring.profile(leaning("mix"))
    assert not clear.changes
    assert tried.doing({"mix": Told(1, 0), "bedroom": Told(4, 2)}, clear).makes == "differs"


def test_json_says_null_for_what_was_not_tried():
    assert tried.as_dict({"mix": Told(4, 2)}, FIRST_ROLES) == {
        "bedroom": None,
        "studio": None,
        "mix": {"liked": 4, "evening": 2},
    }
