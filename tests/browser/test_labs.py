"""Every lab: it opens and plays within one tap, obeys the keyboard, and leaves nothing behind. A new lab is found by its module."""

import re

import pytest
from axe_playwright_python.sync_playwright import Axe
from django.conf import settings
from playwright.sync_api import Page, expect

from quiz.catalogue import catalogue
from tests.browser.test_accessibility import LOOKS, RULES

LABS = [id_ for id_ in catalogue().topics if (settings.BASE_DIR / f"static/js/labs/{id_}.js").exists()]
SOUNDING = re.compile(r"−\d+ dB")
lab = pytest.mark.parametrize("lab", LABS)

# The controls that can be seen and used, in the order of the page: what each is called, its state, and its size.
CONTROLS = """() => [...document.querySelectorAll(".lab input, .lab button")]
  .filter((e) => e.checkVisibility() && !e.disabled && !e.classList.contains("lab-play"))
  .map((e) => {
    const name = e.labels?.[0]?.textContent ?? e.textContent;
    e.dataset.key = [e.type, e.name, e.type === "range" ? "" : e.value, name].join("|").trim();
    const { width, height } = (e.type === "radio" ? e.closest("label") : e).getBoundingClientRect();
    return { key: e.dataset.key, type: e.type, name: name.trim(), checked: e.checked, width, height };
  })"""


def open_lab(page: Page, lab: str) -> None:
    page.goto(f"/learn/{lab}/")
    page.locator(".lab-play").click()
    expect(page.locator(".lab-play")).to_have_text("Stop")
    expect(page.locator(".lab-transport .meter-value")).to_have_text(SOUNDING)


@lab
def test_a_lab_loads_when_it_is_opened_plays_within_one_tap_and_stops(page: Page, lab):
    requests: list[str] = []
    page.on("request", lambda request: requests.append(request.url))
    page.goto(f"/learn/{lab}/", wait_until="networkidle")
    assert not [url for url in requests if "/js/labs/" in url]
    page.locator(".lab-play").click()
    play, meter = page.locator(".lab-play"), page.locator(".lab-transport .meter-value")
    expect(play).to_have_text("Stop")
    expect(meter).to_have_text(SOUNDING)
    assert [url for url in requests if f"/js/labs/{lab}." in url]
    play.press("Enter")
    expect(play).to_have_text("Play")
    expect(meter).to_have_text("silent")
    play.press("Space")
    expect(meter).to_have_text(SOUNDING)
    page.evaluate(
        """Object.defineProperty(document, "hidden", { get: () => true });
        document.dispatchEvent(new Event("visibilitychange"))"""
    )
    expect(meter).to_have_text("silent")


@lab
def test_every_control_is_named_large_and_obeys_the_keyboard(page: Page, lab):
    page.set_viewport_size({"width": 390, "height": 800})
    open_lab(page, lab)
    done: set[str] = set()
    # The last one first, so that what a choice brings to light is tried before the choice is left.
    while todo := [control for control in page.evaluate(CONTROLS) if control["key"] not in done]:
        control = todo[-1]
        assert control["name"], control
        assert control["height"] >= 44, control
        assert control["width"] >= 44, control
        use(page, control)
        done.add(control["key"])
    assert len(done) >= 6
    assert page.evaluate("document.documentElement.scrollWidth") <= 390


def use(page: Page, control: dict) -> None:
    found = page.locator(f'[data-key="{control["key"]}"]').first
    found.focus()
    if control["type"] == "range":
        before = found.get_attribute("aria-valuetext")
        page.keyboard.press("Home")
        low = found.get_attribute("aria-valuetext")
        page.keyboard.press("End")
        assert low != found.get_attribute("aria-valuetext")
        assert before
        page.keyboard.press("PageDown")
    elif control["type"] == "radio" and not control["checked"]:
        found.press("Space")
        assert found.is_checked()
    elif control["type"] == "checkbox":
        found.press("Space")
        assert found.is_checked() != control["checked"]
    elif control["type"] == "button":
        before = page.locator(".lab").inner_html()
        found.press("Enter")
        page.wait_for_function("(before) => document.querySelector('.lab').innerHTML !== before", arg=before)


@lab
def test_axe_finds_nothing_in_an_open_lab(page: Page, lab):
    open_lab(page, lab)
    page.locator(".lab-play").click()
    page.evaluate("document.querySelectorAll('.lab [hidden]').forEach((part) => { part.hidden = false })")
    for theme, rules in (("dark", RULES), ("light", LOOKS)):
        page.emulate_media(color_scheme=theme, reduced_motion="reduce")
        results = Axe().run(page, context=".lab", options=rules)
        assert results.violations_count == 0, f"{theme}: {results.generate_report()}"


@lab
def test_fifty_plays_leave_nothing_running(page: Page, lab):
    open_lab(page, lab)
    session = page.context.new_cdp_session(page)
    session.send("Performance.enable")

    def left_after(plays: int) -> dict[str, float]:
        page.evaluate(
            """async (plays) => {
              const button = document.querySelector(".lab-play");
              const wait = (ms) => new Promise((done) => setTimeout(done, ms));
              for (let i = 0; i < 2 * plays; i++) { button.click(); await wait(20); }
              await wait(250);
            }""",
            plays,
        )
        # Twice: the first round frees what the second then finds unheld.
        session.send("HeapProfiler.collectGarbage")
        session.send("HeapProfiler.collectGarbage")
        return {found["name"]: found["value"] for found in session.send("Performance.getMetrics")["metrics"]}

    first, then = left_after(5), left_after(50)
    # One node left by every second play would show; a few that the audio thread has not yet let go do not.
    assert then["AudioHandlers"] <= first["AudioHandlers"] + 25
    assert then["Nodes"] <= first["Nodes"] + 50
    assert then["JSHeapUsedSize"] <= first["JSHeapUsedSize"] + 500_000


@lab
def test_without_scripts_the_drawing_and_the_text_stand(without_scripts: Page, lab):
    without_scripts.goto(f"/learn/{lab}/")
    section = without_scripts.locator(".lab")
    expect(section.locator(".diagram svg").first).to_be_visible()
    expect(section).to_contain_text("What to notice")
    expect(section.get_by_text("If you cannot hear it")).to_be_visible()
    for control in section.locator("button, input").all():
        expect(control).to_be_hidden()
