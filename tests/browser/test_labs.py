"""Every lab opens and plays with one tap, can be used with the keyboard, and leaves nothing running."""

import re

import pytest
from django.conf import settings
from playwright.sync_api import Locator, Page, expect

from quiz.catalogue import catalogue
from tests.browser.axe import COLOURS, RULES, barriers
from tests.browser.leaks import left_by

LABS = [id_ for id_ in catalogue().topics if (settings.BASE_DIR / f"static/js/labs/{id_}.js").exists()]
SOUNDING = re.compile(r"−\d+ dB")
lab = pytest.mark.parametrize("lab", LABS)

# Focuses the last visible control that was not tried yet, so that controls shown by a choice are tried before another choice hides
# them. Returns its name, state and size, and what the control before it shows.
NEXT = """() => {
  const lab = document.querySelector(".lab");
  if (!window.tried) {
    window.tried = new Set();
    // A step may set others too, so that what it is about is heard.
    const own = ({ target }) => target === document.activeElement && window.told.push(target.ariaValueText ?? target.checked);
    lab.addEventListener("input", own);
  }
  const told = window.told;
  window.told = [];
  for (const e of [...lab.querySelectorAll("input, button")].reverse()) {
    const name = (e.labels?.[0] ?? e).textContent.trim();
    const key = [e.type, e.name, e.type === "range" ? "" : e.value, name].join("|");
    if (window.tried.has(key) || e.disabled || e.classList.contains("lab-play") || !e.checkVisibility()) continue;
    window.tried.add(key);
    e.focus();
    window.before = lab.innerHTML;
    const { width, height } = (e.type === "radio" ? e.closest("label") : e).getBoundingClientRect();
    const cell = Boolean(e.closest(".cell"));
    return { told, key, type: e.type, name, checked: e.checked, value: e.ariaValueText, cell, width, height, focused: document.activeElement === e };
  }
  return { told };
}"""
KEYS = {"range": ["Home", "End", "PageDown"], "radio": ["Space"], "checkbox": ["Space", "Space"], "button": ["Enter"]}
# Whether the code of a test is there, which comes when somebody turns to it and whose button is disabled until then; and after a
# press of a button, whether something has changed without losing the focus.
ANSWERED = """(pressed) => [...document.querySelectorAll(".lab .ear-next")].every((button) => !button.checkVisibility() || !button.disabled)
  && (!pressed || document.querySelector(".lab").innerHTML !== before && document.activeElement !== document.body)"""

# To another tab, and back.
LEAVE = """() => {
  Object.defineProperty(document, "hidden", { get: () => true, configurable: true });
  document.dispatchEvent(new Event("visibilitychange"));
}"""
RETURN = """() => {
  delete document.hidden;
  document.dispatchEvent(new Event("visibilitychange"));
}"""


@lab
def test_a_lab_opens_plays_obeys_the_keyboard_passes_axe_and_leaves_nothing_running(page: Page, lab):
    page.set_viewport_size({"width": 390, "height": 800})
    opens_and_plays_within_one_tap(page, lab)
    stops_when_asked_and_when_nobody_is_there(page)
    every_control_is_named_large_and_obeys_the_keyboard(page)
    axe_finds_nothing(page, lab)
    twenty_plays_leave_nothing_running(page)


def opens_and_plays_within_one_tap(page: Page, lab: str) -> None:
    requests: list[str] = []
    page.on("request", lambda request: requests.append(request.url))
    page.goto(f"/learn/{lab}/")
    assert not [url for url in requests if "/js/labs/" in url]
    page.locator(".lab-play").click()
    expect(page.locator(".lab-play")).to_have_text("Stop")
    expect(meter(page)).to_have_text(SOUNDING)
    assert [url for url in requests if f"/js/labs/{lab}." in url]


def every_control_is_named_large_and_obeys_the_keyboard(page: Page) -> None:
    page.emulate_media(reduced_motion="reduce")  # to draw sixty times a second would take as long as all the rest
    control = page.evaluate(NEXT)
    tried = 0
    while "key" in control:
        tried += 1
        assert control["name"], control
        assert control["focused"], control
        # Sixteen steps of a bar share the width of a phone.
        assert control["height"] >= (40 if control["cell"] else 44), control
        assert control["width"] >= (24 if control["cell"] else 44), control
        for key in KEYS[control["type"]]:
            page.keyboard.press(key)
        page.wait_for_function(ANSWERED, arg=control["type"] == "button")
        following = page.evaluate(NEXT)
        obeys(control, following["told"])
        control = following
    assert tried >= 6
    assert page.evaluate("document.documentElement.scrollWidth") <= 390


def obeys(control: dict, told: list) -> None:
    if control["type"] == "range":
        assert control["value"], control
        assert len(set(told)) >= 2, control
        assert all(told), control
    elif control["type"] == "checkbox":  # on and off again, so that no track stays muted
        assert told == [not control["checked"], control["checked"]], control
    elif control["type"] == "radio":
        assert told == ([] if control["checked"] else [True]), control


def stops_when_asked_and_when_nobody_is_there(page: Page) -> None:
    play = page.locator(".lab-play")
    if play.text_content() == "Play":
        play.press("Space")
    expect(meter(page)).to_have_text(SOUNDING)
    play.press("Enter")
    expect(play).to_have_text("Play")
    expect(meter(page)).to_have_text("silent")
    play.press("Space")
    expect(meter(page)).to_have_text(SOUNDING)
    page.evaluate(LEAVE)
    expect(meter(page)).to_have_text("silent")
    page.evaluate(RETURN)


def axe_finds_nothing(page: Page, lab: str) -> None:
    page.evaluate("document.querySelectorAll('.lab [hidden]').forEach((part) => { part.hidden = false })")
    # All steps at once are higher than the screen: at its own place the dock lies over none of them.
    page.locator(".lab-dock").evaluate("(dock) => dock.parentElement.scrollIntoView({ block: 'end' })")
    # The labs share a style sheet, so one of them is enough for the other theme.
    for theme, rules in [("light", RULES), ("dark", COLOURS)][: 2 if lab == LABS[0] else 1]:
        page.emulate_media(color_scheme=theme, reduced_motion="reduce")
        assert barriers(page, rules, ".lab") == "", theme


def twenty_plays_leave_nothing_running(page: Page) -> None:
    """`make labs` looks after fifty, for what leaks more slowly."""
    assert left_by(page, 20) == {}


def meter(page: Page) -> Locator:
    return page.locator(".lab-transport .meter-value")


@lab
def test_the_drawing_and_the_text_work_without_scripts(without_scripts: Page, lab):
    without_scripts.goto(f"/learn/{lab}/")
    section = without_scripts.locator(".lab")
    expect(section.locator(".diagram svg").first).to_be_visible()
    expect(section).to_contain_text("What to notice")
    expect(section.get_by_text("If you cannot hear it")).to_be_visible()
    expect(section.locator("button, input")).not_to_have_count(0)
    expect(section.locator("button, input").locator("visible=true")).to_have_count(0)


# Keeps the level of what goes to the loudspeaker, each way by itself.
METERS = """(() => {
  const connect = AudioNode.prototype.connect;
  const meters = [];
  AudioNode.prototype.connect = function (to, ...more) {
    if (to instanceof AudioDestinationNode) meters.push(connect.call(this, new AnalyserNode(this.context, { fftSize: 8192 })));
    return connect.call(this, to, ...more);
  };
  const samples = new Float32Array(8192);
  window.levels = () => meters.map((meter) => {
    meter.getFloatTimeDomainData(samples);
    return Math.max(...samples.map(Math.abs));
  });
})()"""


def test_sticks_count_while_the_code_of_a_lab_is_on_its_way_and_the_lab_says_so(page: Page):
    page.add_init_script(METERS)
    page.add_init_script("localStorage.setItem('producerguide.volume', '-20')")
    page.route("**/js/labs/*", lambda route: None)  # unanswered until the route is removed
    page.goto(f"/learn/{LABS[0]}/")
    button = page.locator(".lab-play")
    button.click()
    page.wait_for_function("() => levels()[0] > 0.002")
    assert page.evaluate("levels()[0]") < 0.02  # as loud as this browser keeps its labs
    expect(button).to_have_text("Opening…")
    page.unroute("**/js/labs/*")
    expect(button).to_have_text("Stop")
    page.wait_for_function("() => levels()[0] === 0 && levels()[1] > 0.002")  # the sticks are gone, and the lab plays


def test_a_lab_whose_code_comes_when_its_tab_was_left_is_silent_until_play_is_pressed(page: Page):
    page.add_init_script(METERS)
    page.route("**/js/labs/*", lambda route: None)  # unanswered until the route is removed
    page.goto(f"/learn/{LABS[0]}/")
    button = page.locator(".lab-play")
    button.click()
    expect(button).to_have_text("Opening…")
    page.evaluate(LEAVE)
    page.unroute("**/js/labs/*")
    expect(button).to_have_text("Play")
    page.evaluate(RETURN)
    button.click()
    expect(meter(page)).to_have_text(SOUNDING)
    page.wait_for_function("() => levels()[0] === 0")  # the sticks do not go on


def test_a_lab_opens_in_a_browser_that_cannot_tell_what_is_visible(page: Page):
    """Safari before 17.4."""
    page.add_init_script("delete Element.prototype.checkVisibility")
    page.goto("/learn/daw/")
    page.locator(".lab-play").click()
    expect(page.locator(".lab-play")).to_have_text("Stop")
    step = page.locator(".lab .stepper input").nth(1)
    page.locator(".lab-next").click()
    expect(step).to_be_checked()


def test_a_lab_says_that_the_sound_was_taken_away_and_plays_on_at_the_next_tap(page: Page):
    page.add_init_script(
        "AudioContext = class extends AudioContext { constructor() { super(); window.caught = this } }"
    )
    page.goto(f"/learn/{LABS[0]}/")
    button = page.locator(".lab-play")
    button.click()
    expect(meter(page)).to_have_text(SOUNDING)
    page.evaluate("caught.suspend()")  # as a call does
    expect(page.locator(".lab-status")).to_contain_text("There is no sound")
    expect(button).to_have_text("Play")
    button.click()
    expect(meter(page)).to_have_text(SOUNDING)
    expect(page.locator(".lab-status")).to_be_empty()


def test_an_iphone_plays_a_lab_with_its_mute_switch_on(page: Page):
    page.add_init_script("navigator.audioSession = { type: 'auto' }")
    page.goto(f"/learn/{LABS[0]}/")
    page.locator(".lab-play").click()
    expect(meter(page)).to_have_text(SOUNDING)
    assert page.evaluate("navigator.audioSession.type") == "playback"


@pytest.mark.parametrize("missing", ["the code", "sound"])
def test_a_lab_that_cannot_open_says_so_and_leaves_the_page_as_it_was(page: Page, faults, missing):
    if missing == "the code":
        page.route("**/js/labs/*", lambda route: route.abort())
    else:
        page.add_init_script("delete window.AudioContext")
    page.goto(f"/learn/{LABS[0]}/")
    page.locator(".lab-play").click()
    expect(page.locator(".lab-status")).to_contain_text("did not open")
    expect(page.locator(".lab-play")).to_have_text("Open the lab and listen")
    expect(page.locator(".lab-desk:visible")).to_have_count(0)
    faults.clear()  # the browser reports the failed request
