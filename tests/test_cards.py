import re
from datetime import date
from io import BytesIO

import pytest
from hypothesis import given, settings
from PIL import Image, ImageColor

from quiz import cards, codes
from quiz.catalogue import catalogue
from quiz.inks import ink
from quiz.result import Result, first_person, result
from tests.conftest import data
from tests.strategies import answers

START = date(2026, 12, 7)
URL = "https://producers.example/result/x/"
SECOND = [link["code"] for link in data("golden.toml")["links"] if link["code"].startswith("2")]
ONE_OF_EACH = {link["role"]: link["code"] for link in data("golden.toml")["links"]}


def of(code):
    return result(code, catalogue())


SITE = "producers.example"
SHEETS = pytest.mark.parametrize("sheet", [cards.CARD, cards.STORY], ids=["card", "story"])


def picture(code, sheet=cards.CARD):
    return cards.picture(of(code), catalogue(), SITE, sheet)


@pytest.mark.unmeasured
@SHEETS
@settings(max_examples=25)
@given(answers())
def test_a_picture_has_its_size_is_light_and_not_blank(sheet, given_answers):
    content = picture(codes.build(given_answers), sheet)
    image = Image.open(BytesIO(content))
    assert image.size == sheet.size
    assert len(content) <= 100_000
    assert len(set(image.convert("RGB").resize((60, 30)).get_flattened_data())) > 20


@pytest.mark.unmeasured
@SHEETS
@pytest.mark.parametrize("code", ONE_OF_EACH.values(), ids=ONE_OF_EACH.keys())
def test_a_picture_has_the_ink_of_every_role_in_its_mark(code, sheet):
    colours = Image.open(BytesIO(picture(code, sheet))).convert("RGB").getcolors(1 << 24)
    found = {colour for _, colour in colours}
    for role in catalogue().roles:
        ink_of_role = ImageColor.getrgb(ink(role).dark)
        assert min(sum(abs(a - b) for a, b in zip(ink_of_role, colour, strict=True)) for colour in found) <= 12


@pytest.mark.unmeasured
@SHEETS
@pytest.mark.parametrize("version", catalogue().questionnaires)
def test_the_longest_reason_fits_at_a_size_that_can_be_read(version, sheet):
    options = [option for question in catalogue().questionnaires[version].questions for option in question.options]
    for reason in {reason for option in options for reason in option.because.values()}:
        text, letters = cards.set_in(first_person(reason), sheet)
        lines = text.splitlines()
        assert " ".join(lines) == first_person(reason)
        assert letters.size >= sheet.letters[1] / 2
        assert max(map(letters.getlength, lines)) <= sheet.words[0]
        assert len(lines) * 1.2 * letters.size <= sheet.words[1]


def test_a_word_wider_than_the_picture_is_set_smaller():
    text, letters = cards.set_in("Donaudampfschifffahrtsgesellschaft", cards.CARD)
    assert text == "Donaudampfschifffahrtsgesellschaft"
    assert letters.getlength(text) <= cards.CARD.words[0]


def test_a_result_without_a_reason_still_has_a_card(monkeypatch):
    code = ONE_OF_EACH["mix"]
    usual = picture(code)
    monkeypatch.setattr(Result, "reasons_for", ())
    assert picture(code) != usual


def test_the_card_names_the_side(monkeypatch):
    leaning = next(code for code in SECOND if of(code).accent)
    usual = picture(leaning)
    monkeypatch.setattr(Result, "accent", None)
    assert picture(leaning) != usual


@pytest.mark.unmeasured
@SHEETS
def test_pictures_of_different_roles_differ(sheet):
    assert len({picture(code, sheet) for code in ONE_OF_EACH.values()}) == 3


@pytest.mark.unmeasured
@pytest.mark.parametrize("code", ONE_OF_EACH.values(), ids=ONE_OF_EACH.keys())
def test_the_same_result_draws_the_same_card(code):
    assert picture(code) == picture(code)


@pytest.mark.parametrize("role", catalogue().roles)
def test_a_drawing_begins_with_its_wall_and_its_desk(role):
    _, *shapes = (cards.ART / f"_{role}.html").read_text().splitlines()
    wall, desk, edge = (
        re.search(r'class="([\w-]+)".* (?:y|d)="(M?0)', shape).groups() for shape in shapes[: cards.WALL_AND_DESK]
    )
    assert (wall, desk, edge) == (("panel", "0"), ("raised", "M0"), ("line", "M0"))
    assert f"M0 {cards.DESK}h480" in shapes[1]
    assert f"M0 {cards.DESK}h480" in shapes[2]
