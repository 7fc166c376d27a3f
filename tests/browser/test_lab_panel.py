"""Each lab is one instrument: its panel fits a phone, its drawing is its control, and what was made goes home in a link."""

from urllib.parse import urlencode

import numpy as np
import pytest
from playwright.sync_api import Page, expect

from tests.browser.sound import Studio
from tests.browser.test_labs import lab

# Walks through all steps by the dock, and returns how high drawing and controls are in each, from the top of the panel to the
# last control above the dock.
FITS = r"""async () => {
  const panel = document.querySelector(".lab-panel");
  const rest = () => new Promise((done) => requestAnimationFrame(() => requestAnimationFrame(done)));
  const seen = {};
  const spoilt = [];
  for (let n = 0; n < 40; n++) {
    await rest();
    const name = [...panel.querySelectorAll(".stepper")].filter((e) => e.checkVisibility()).map((e) => e.querySelector(":checked").value).join(" ");
    const parts = [...panel.querySelectorAll("input, button, figure svg, .grid")].filter((e) => e.checkVisibility() && !e.closest(".lab-dock, .ear-rounds"));
    const bottom = Math.max(...parts.map((e) => (e.closest("label") ?? e).getBoundingClientRect().bottom));
    seen[name] = Math.round(bottom - panel.getBoundingClientRect().top);
    const points = [...panel.querySelectorAll("figure path")].map((path) => path.getAttribute("d") ?? "");
    spoilt.push(...points.filter((d) => /\.\d+\.|NaN|undefined|Infinity/.test(d)).map((d) => `${name}: ${d.slice(0, 60)}`));
    spoilt.push(...[...panel.querySelectorAll(":not(path)[d]")].map((e) => `${name}: a path given to ${e.className}`));
    if (panel.querySelector(".lab-next").ariaDisabled === "true") break;
    panel.querySelector(".lab-next").click();
  }
  return { seen, spoilt, wide: document.documentElement.scrollWidth };
}"""
# Brings every control of a step to another state, except the volume and the speaker.
CHANGE = """() => {
  for (const input of document.querySelectorAll(".lab-panel input[name]")) {
    if (input.closest(".lab-bar, .stepper, .ear") || !input.checkVisibility()) continue;
    if (input.type !== "range") input.click();
    else {
      input.value = input.value === input.max ? input.min : input.max;
      input.dispatchEvent(new Event("input", { bubbles: true }));
    }
  }
}"""
LINKED = "The lab is set as in the link."
DOCK = 60
# Every handle is dragged a little; what its inputs showed before and after.
DRAGS = [
    ("eq-compression", ".eq svg", ["eq-frequency", "eq-gain"]),
    ("eq-compression", ".compressor svg", ["comp-threshold"]),
    ("effects", "svg:has(.copies)", ["delay-bpm", "delay-mix"]),
    ("editing", "svg:has(.take-0)", ["cut"]),
    ("synthesis", "svg:has(.contour)", ["cutoff", "resonance"]),
    ("gain-structure", "svg:has(.bars)", ["preamp"]),
    ("audio-theory", "svg:has(.teeth)", ["comb-metres"]),
    ("sampling", "svg:has(.cuts)", ["cut"]),
]
STEPS = {"synthesis": "[name=synth-step][value=cutoff]", "eq-compression": "[name=part][value=compressor]"}


def open_lab(page: Page, name: str, fragment: str = "") -> None:
    page.set_viewport_size({"width": 390, "height": 844})
    page.goto(f"/learn/{name}/{fragment}")
    page.locator(".lab-play").click()
    expect(page.locator(".lab-play")).to_have_text("Stop")


@lab
def test_drawing_and_controls_of_every_step_are_on_one_screen_of_a_phone(page: Page, lab):
    open_lab(page, lab)
    found = page.evaluate(FITS)
    assert len(found["seen"]) >= 4
    assert {step: height for step, height in found["seen"].items() if height > 844 - DOCK} == {}
    assert found["wide"] <= 390
    assert found["spoilt"] == []  # every path is made of numbers


def shown(page: Page, names: list[str]) -> list[str]:
    return [page.locator(f".lab input[name='{name}']").input_value() for name in names]


@pytest.mark.parametrize(("lab", "drawing", "names"), DRAGS)
def test_a_handle_that_is_dragged_moves_its_inputs_and_follows_them(page: Page, lab, drawing, names):
    open_lab(page, lab)
    if ".compressor" in drawing or lab == "synthesis":
        page.locator(STEPS[lab]).check(force=True)
    reach = page.locator(f".lab {drawing} .reach").first
    expect(reach).to_be_visible()
    before = shown(page, names)
    box = reach.bounding_box()
    x, y = box["x"] + box["width"] / 2, box["y"] + box["height"] / 2
    page.mouse.move(x, y)
    page.mouse.down()
    page.mouse.move(x - 20, y - 12, steps=4)
    page.mouse.up()
    after = shown(page, names)
    assert all(one != other for one, other in zip(before, after, strict=True))
    moved = reach.bounding_box()
    page.locator(f".lab input[name='{names[0]}']").evaluate(
        "(e) => { e.value = e.value === e.min ? e.max : e.min; e.dispatchEvent(new Event('input', { bubbles: true })) }"
    )
    page.wait_for_function(
        "([e, x, y]) => { const b = e.getBoundingClientRect(); return b.x !== x || b.y !== y }",
        arg=[reach.element_handle(), moved["x"], moved["y"]],
    )


def test_a_step_of_the_beat_is_tapped_and_set_by_the_keyboard(page: Page):
    open_lab(page, "daw")
    step = page.get_by_role("checkbox", name="Step 2").first
    page.locator(".cell").nth(1).click()
    expect(step).to_be_checked()
    step.press("Space")
    expect(step).not_to_be_checked()


def test_a_beat_from_nothing_that_is_automated_and_exported_can_be_ticked(page: Page):
    open_lab(page, "daw")
    page.get_by_label("Own beat").check(force=True)
    page.get_by_role("button", name="Clear all").click()
    for track in ("kick", "snare", "hat", "bass"):
        page.locator(f"input[name=daw-{track}]").first.check(force=True)
    page.get_by_label("Filter there").fill("20")
    page.get_by_role("button", name="Take it home").click()
    with page.expect_download() as download:
        page.get_by_role("button", name="WAV").click()
    data = download.value.path().read_bytes()
    assert data[:4] == b"RIFF"
    assert int.from_bytes(data[34:36], "little") == 24
    assert any(data[44:30_000])
    expect(page.locator(".ear-tick")).to_be_visible()
    with page.expect_download() as download:
        page.get_by_role("button", name="MIDI").click()
    assert download.value.path().read_bytes()[:4] == b"MThd"


def link(page: Page) -> str:
    """The fragment that the lab gives for what it is set to."""
    page.get_by_role("button", name="Take it home").click()
    page.get_by_role("button", name="Copy a link").click()
    expect(page.locator(".take-says")).to_contain_text("address bar")
    return page.evaluate("location.hash")


@pytest.mark.parametrize("moved", [False, True])
def test_take_it_home_has_the_focus_unless_somebody_has_moved_it_on_while_its_code_came(page: Page, moved):
    page.route("**/labs/home*.js", lambda route: None)  # unanswered until the route is removed
    open_lab(page, "theory")
    with page.expect_request("**/labs/home*.js"):
        page.get_by_role("button", name="Take it home").press("Enter")
    if moved:
        page.locator(".lab-play").focus()
    page.unroute("**/labs/home*.js")
    copy = page.get_by_role("button", name="Copy a link")
    expect(copy).to_be_visible()
    expect(page.locator(".lab-play") if moved else copy).to_be_focused()


@pytest.mark.parametrize("changed", [False, True], ids=["untouched", "changed"])
@lab
def test_a_link_brings_the_settings_back(page: Page, lab, changed):
    open_lab(page, lab)
    if changed:
        page.evaluate(CHANGE)
        page.locator(".lab-next").click()
        page.evaluate(CHANGE)
    fragment = link(page)
    page.goto("/robots.txt")
    open_lab(page, lab, fragment)
    expect(page.locator(".lab-status")).to_have_text(LINKED)
    assert link(page) == fragment


def test_a_link_that_is_pasted_where_the_lab_is_open_is_followed(page: Page):
    open_lab(page, "daw")
    for swing in ("70", "60"):
        page.goto(f"/learn/daw/#lab&daw-swing={swing}")
        expect(page.locator("input[name=daw-swing]")).to_have_value(swing)
    expect(page.locator(".lab-status")).to_have_text(LINKED)
    page.goto("/learn/daw/#lab&daw-swing=9000")
    expect(page.locator(".lab-status")).to_contain_text("The link is damaged")
    expect(page.locator(".lab-play")).to_have_text("Stop")  # it is the lab that was open


@pytest.mark.parametrize(
    "given",
    [{"daw-tempo": "9000"}, {"daw-tempo": "x"}, {"daw-kick": "1.77"}, {"nothing": "1"}, {"daw-step": ""}, {}],
)
def test_a_damaged_link_is_told_and_changes_nothing(page: Page, given):
    open_lab(page, "daw", "#lab&" + urlencode({"daw-swing": "70"} | given if given else {}))
    expect(page.locator(".lab-status")).to_contain_text("The link is damaged")
    assert page.locator("input[name=daw-swing]").input_value() == "50"


TESTS = [
    ("daw", "swingTest"),
    ("theory", "chordTest"),
    ("sampling", "shiftTest"),
    ("editing", "editTest"),
    ("synthesis", "cutoffTest"),
    ("gain-structure", "clipTest"),
    ("waves", "combTest"),
    ("eq", "bandTest"),
    ("compressor", "attackTest"),
    ("fx", "whichTest"),
    ("form", "softerTest"),
]


@pytest.mark.parametrize(("module", "test"), TESTS)
def test_mere_guessing_passes_a_round_in_at_most_one_of_a_hundred(studio: Studio, module, test):
    assert studio.run(f"ear {module}", f"m.luck(m.{test})") <= 0.01


@pytest.mark.parametrize(("name", "kick"), [("full", (-1, 1)), ("phone", (-80, -6)), ("club", (-1, 4))])
def test_a_speaker_plays_the_bass_as_its_size_allows(studio: Studio, name, kick):
    script = "m.chain(m.tone(context, { frequency: given.hz, length: 2 }), m.speaker(context, given.name))"
    low = studio.render("sounds speaker", 1, script, {"hz": 60, "name": name})
    middle = studio.render("sounds speaker", 1, script, {"hz": 1000, "name": name})
    ratio = 20 * np.log10(np.std(low[24000:]) / np.std(middle[24000:]))
    assert kick[0] <= ratio <= kick[1] + 4
