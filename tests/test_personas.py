"""Imagined people, written from the role facts before the weights were known, test whether questions and roles agree."""

import pytest

from quiz import scoring
from tests.conftest import by_id, data

PERSONAS = data("personas.toml")["personas"]


def profile(persona):
    return scoring.profile(by_id(**persona["answers"]))


def test_there_are_eight_a_role():
    assert [p["role"] for p in PERSONAS] == ["bedroom"] * 8 + ["studio"] * 8 + ["mix"] * 8


def test_at_least_22_of_24_land_on_the_role_they_were_written_for():
    assert sum(profile(persona).role == persona["role"] for persona in PERSONAS) >= 22


@pytest.mark.parametrize("persona", PERSONAS, ids=lambda persona: persona["id"])
def test_everybody_lands_within_the_first_two(persona):
    assert persona["role"] in profile(persona).ranking[:2]
