"""The blind tests: nothing on the page tells the answer, scores are in real units, and a skill is ticked only with consent."""

import json

import pytest
from playwright.sync_api import Page, expect

from quiz.catalogue import catalogue
from tests.browser.sound import Studio
from tests.browser.test_labs import SOUNDING, meter

EARS = "producerguide.ears"
TICKS = "producerguide.ticks"
SEED = 7
# Fixes the random numbers, so that the test knows the answers.
LOADED = f"crypto.getRandomValues = (numbers) => numbers.fill({SEED})"
ORDER = """(() => {
  const next = m.random(given);
  return Array.from({ length: 10 }, () => { const answer = m.draw(next, Object.keys(m.bandTest.options)); next(); return m.bandTest.options[answer]; });
})()"""

# Gives these answers, and returns how each question was put.
ANSWER = """async (ear, answers) => {
  const told = [];
  for (const answer of answers) {
    ear.querySelector(".ear-next").click();
    const button = [...ear.querySelectorAll(".ear-answers button")].find((one) => one.textContent === answer);
    while (button.disabled) await new Promise((done) => setTimeout(done, 5));
    told.push(ear.querySelector(".ear-status").textContent);
    button.click();
  }
  return told;
}"""


def rounds(level: float, right: int, count: int = 1) -> list[dict]:
    return [{"day": "2026-01-02", "level": level, "right": right, "of": 10}] * count


@pytest.fixture
def order(studio: Studio) -> list[str]:
    return studio.run("engine ear eq", ORDER, SEED)


def begin(page: Page, scores: dict, ticks: list[str]) -> None:
    page.add_init_script(LOADED)
    page.goto("/robots.txt")
    page.evaluate(
        "(kept) => { for (const key in kept) localStorage[key] = JSON.stringify(kept[key]) }",
        {EARS: scores, TICKS: ticks},
    )
    page.goto("/learn/eq-compression/")
    page.locator(".lab-play").click()
    page.locator(".eq").get_by_role("radio", name="Test").press("Space")
    expect(page.locator("[data-ear=band] .ear-next")).to_be_enabled()


def answer(page: Page, answers: list[str]) -> None:
    told = page.locator("[data-ear=band]").evaluate(ANSWER, answers)
    assert all(f"Question {number} of 10" in says for number, says in enumerate(told, 1))
    assert len(told) == 10


def wrong(order: list[str], question: int) -> str:
    return next(answer for answer in order if answer != order[question - 1])


def ask(page: Page) -> None:
    page.locator("[data-ear=band] .ear-next").click()
    expect(page.locator("[data-ear=band] .ear-answers button").first).to_be_enabled()


def kept(page: Page, key: str) -> list | dict:
    return json.loads(page.evaluate(f"localStorage['{key}']"))


def test_a_passed_round_is_reported_in_real_units_and_leads_to_a_harder_one(page: Page, order):
    begin(page, {}, [])
    answer(page, order)
    says = page.locator("[data-ear=band] .ear-status")
    expect(says).to_contain_text("10 of 10 right at ±12 dB, one octave wide. You hear ±12 dB, one octave wide.")
    expect(says).to_contain_text("goes to ±6 dB")
    assert [(round_["level"], round_["right"]) for round_ in kept(page, EARS)["band"]] == [(12, 10)]
    expect(page.locator("[data-ear=band] .ear-history")).to_contain_text("10 of 10 at ±12 dB")
    expect(page.locator(".ear-tick:visible")).to_have_count(0)
    expect(page.locator(".lab-play")).to_have_text("Play")


def test_a_skill_is_ticked_after_a_yes_and_never_without(page: Page, order):
    name = catalogue().skills["eq-compression"].name
    scores = {"band": [*rounds(6, 7, 2), *rounds(12, 8)], "attack": rounds("clear", 8)}
    begin(page, scores, ["daw", "skill-of-1999"])
    answer(page, order)
    expect(page.locator(".ear-tick:visible")).to_contain_text(name)
    page.get_by_role("button", name="Not yet").locator("visible=true").click()
    assert kept(page, TICKS) == ["daw", "skill-of-1999"]
    page.evaluate(f"(kept) => {{ localStorage['{EARS}'] = JSON.stringify(kept) }}", scores)
    begin(page, scores, ["daw", "skill-of-1999"])
    answer(page, order)
    page.get_by_role("button", name="Yes, tick it").locator("visible=true").click()
    assert kept(page, TICKS) == ["daw", "skill-of-1999", "eq-compression"]
    page.goto("/roles/bedroom-producer/checklist/")
    expect(page.get_by_label(name, exact=True)).to_be_checked()


def test_nothing_on_the_page_tells_the_answer(page: Page, order):
    begin(page, {}, [])
    looks = []
    for _ in range(2):
        page.locator("[data-ear=band] .ear-next").click()
        expect(page.locator("[data-ear=band] .ear-answers button").first).to_be_enabled()
        looks.append(
            page.locator(".eq").evaluate(
                "(part) => [part.querySelector('.response').outerHTML, part.querySelector('.ear-answers').outerHTML, part.querySelector('.ear-sounds').outerHTML].join()"
            )
        )
        page.locator("[data-ear=band] .ear-answers button").first.click()
    assert order[0] != order[1]
    assert looks[0] == looks[1]


def test_the_focus_goes_to_the_question_unless_somebody_has_moved_it_on_meanwhile(page: Page):
    begin(page, {}, [])
    question = page.locator("[data-ear=band] .ear-sounds input").first
    ask(page)
    expect(question).to_be_focused()
    page.locator("[data-ear=band] .ear-answers button").first.click()
    page.evaluate(
        "document.querySelector('[data-ear=band] .ear-next').click(); document.querySelector('.lab-play').focus()"
    )
    expect(page.locator("[data-ear=band] .ear-answers button").first).to_be_enabled()
    expect(page.locator(".lab-play")).to_be_focused()


@pytest.mark.parametrize("question", [1, 10])
def test_what_was_said_can_be_heard_after_a_mistake_also_where_the_sound_was_off(page: Page, order, question):
    begin(page, {}, [])
    play, ear = page.locator(".lab-play"), page.locator("[data-ear=band]")
    if question == 1:
        ask(page)
        play.click()
        ear.get_by_role("button", name=wrong(order, 1), exact=True).click()
    else:
        answer(page, [*order[:9], wrong(order, 10)])  # the end of a round stops the sound
    expect(play).to_have_text("Play")
    play.click()
    expect(meter(page)).to_have_text(SOUNDING)
    ear.get_by_role("radio", name="What you said").press("Space")
    play.click()
    expect(meter(page)).to_have_text("silent")
    play.click()
    expect(meter(page)).to_have_text(SOUNDING)
