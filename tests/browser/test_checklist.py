"""The checklist: ticks are kept, can be taken along in a link and are never lost; and the QR code of that link."""

import io
import json
from collections.abc import Iterator
from itertools import pairwise

import pytest
import zxingcpp
from django.templatetags.static import static
from PIL import Image, ImageDraw
from playwright.sync_api import Browser, Locator, Page, expect

from quiz import plan
from quiz.catalogue import catalogue
from quiz.domain import Skill
from tests.browser.axe import COLOURS, LOOKS, RULES, barriers
from tests.browser.conftest import watch_context
from tests.browser.tab import new_tab

KEY = "producerguide.ticks"
BEDROOM = "/roles/bedroom-producer/checklist/"
STUDIO = "/roles/studio-producer/checklist/"
MIX = "/roles/mix-mastering-engineer/checklist/"
# The pixels of the QR code.
DRAWN = "canvas => canvas.toDataURL()"
HEIGHTS = "parts => parts.map(part => part.getBoundingClientRect().height)"
# A browser whose storage fails.
REFUSE = "Object.defineProperty(window, 'localStorage', { get() { throw new DOMException('No', 'SecurityError'); } })"


def skills(role="bedroom") -> list[Skill]:
    return [skill for chapter in plan.checklist([role], catalogue()) for skill in chapter.skills]


def box(page: Page, skill: str) -> Locator:
    return page.get_by_label(catalogue().skills[skill].name, exact=True)


def tick(page: Page, *ids: str) -> None:
    for skill in ids:
        box(page, skill).check()


def ticked(page: Page) -> set[str]:
    return set(page.locator(".skill h3 :checked").evaluate_all("boxes => boxes.map(box => box.value)"))


def kept(page: Page) -> list:
    return json.loads(page.evaluate(f"localStorage.getItem('{KEY}')"))


def keep(page: Page, text: str) -> None:
    """Put a text into the storage of the ticks, as an earlier visit would have."""
    page.goto("/robots.txt")
    page.evaluate("([key, text]) => localStorage.setItem(key, text)", [KEY, text])


def link(page: Page) -> str:
    return page.locator("#link").input_value()


def says(page: Page, text: str) -> None:
    expect(page.locator("#status")).to_contain_text(text)


@pytest.fixture
def elsewhere(browser: Browser, base_url, faults) -> Iterator[Page]:
    """A page on another device of the visitor."""
    context = browser.new_context(base_url=base_url)
    watch_context(context, faults)
    yield new_tab(context)
    context.close()


def test_ticks_survive_a_reload(page: Page):
    page.goto(BEDROOM)
    tick(page, "daw", "first-track")
    says(page, f"{catalogue().skills['first-track'].name}: done. 2 of {len(skills())} done")
    box(page, "daw").uncheck()
    says(page, f"1 of {len(skills())} done")
    tick(page, "effects")
    page.reload()
    assert ticked(page) == set(kept(page)) == {"first-track", "effects"}


def test_a_label_ticks_its_box_and_the_keyboard_does_too(page: Page):
    page.goto(BEDROOM)
    page.get_by_text(catalogue().skills["daw"].name, exact=True).and_(page.locator("label")).click()
    box(page, "theory").press("Space")
    assert ticked(page) == {"daw", "theory"}


def test_foundations_ticked_for_one_role_are_ticked_for_another(page: Page):
    page.goto(BEDROOM)
    tick(page, "daw", "first-track")
    page.goto(STUDIO)
    assert ticked(page) == {"daw"}
    tick(page, "deals")
    page.goto(BEDROOM)
    assert ticked(page) == {"daw", "first-track"}
    assert set(kept(page)) == {"daw", "first-track", "deals"}


def test_the_back_button_shows_the_ticks_as_they_are_now(page: Page):
    page.goto(BEDROOM)
    page.goto(STUDIO)
    tick(page, "daw")
    page.go_back()
    expect(box(page, "daw")).to_be_checked()


def test_ids_that_this_release_does_not_know_are_kept(page: Page):
    keep(page, '["skill-of-1999", "daw", 7]')
    page.goto(BEDROOM)
    assert ticked(page) == {"daw"}
    tick(page, "theory")
    page.get_by_role("button", name="Clear all ticks").click()
    assert kept(page) == ["skill-of-1999", 7]
    page.goto(f"{STUDIO}#t=1")
    assert kept(page) == ["skill-of-1999", 7, "daw"]


@pytest.mark.parametrize("broken", ["[", '{"daw": true}', "null", ""])
def test_the_page_says_that_the_ticks_cannot_be_read_and_works(page: Page, broken):
    keep(page, broken)
    page.goto(BEDROOM)
    says(page, "could not be read")
    expect(page.locator("#lost")).to_be_hidden()
    tick(page, "daw")
    page.reload()
    assert ticked(page) == {"daw"}
    expect(page.locator("#status")).to_be_empty()


@pytest.mark.parametrize("script", [REFUSE, "Storage.prototype.setItem = () => { throw new Error('full'); }"])
def test_the_page_says_that_nothing_can_be_kept_and_works(page: Page, script):
    page.add_init_script(script)
    page.goto(f"{BEDROOM}#t=1")
    tick(page, "theory")
    expect(page.locator("#lost")).to_be_visible()
    assert ticked(page) == {"daw", "theory"}
    page.get_by_role("button", name="Clear all ticks").click()
    page.get_by_role("button", name="Undo").click()
    assert ticked(page) == {"daw", "theory"}
    assert link(page).endswith("#t=3")


def test_ticks_in_a_second_tab_count_too(page: Page):
    page.goto(BEDROOM)
    second = page.context.new_page()
    second.goto(STUDIO)
    tick(page, "daw")
    expect(box(second, "daw")).to_be_checked()
    tick(second, "deals")
    tick(page, "theory")
    expect(box(second, "theory")).to_be_checked()
    assert set(kept(page)) == {"daw", "deals", "theory"}


def test_the_link_is_a_bit_set_over_the_numbers_of_the_skills(page: Page, base_url):
    page.goto(BEDROOM)
    assert link(page) == f"{base_url}{BEDROOM}#t="
    numbers = {catalogue().skills[skill].number - 1 for skill in ("daw", "arrangement", "first-income")}
    assert numbers == {0, 9, 21}
    tick(page, "daw", "arrangement", "first-income")
    assert link(page) == f"{base_url}{BEDROOM}#t=1g002"


def test_ticks_move_to_another_device_and_are_added_to_those_there(page: Page, elsewhere: Page):
    page.goto(BEDROOM)
    tick(page, "daw", "theory", "first-income")
    elsewhere.goto(BEDROOM)
    tick(elsewhere, "theory", "effects")
    address = elsewhere.url
    elsewhere.goto(link(page))
    says(elsewhere, "2 ticks came in with the link")
    assert ticked(elsewhere) == {"daw", "theory", "effects", "first-income"}
    expect(elsewhere).to_have_url(address)
    elsewhere.reload()
    assert ticked(elsewhere) == {"daw", "theory", "effects", "first-income"}
    elsewhere.goto(link(page))
    says(elsewhere, "All the ticks in the link were here already.")


def test_every_skill_of_every_role_moves(page: Page, elsewhere: Page):
    for path, role in ((BEDROOM, "bedroom"), (STUDIO, "studio"), (MIX, "mix")):
        keep(page, json.dumps([skill.id for skill in skills(role)]))
        page.goto(path)
        elsewhere.goto(link(page))
        assert ticked(elsewhere) == {skill.id for skill in skills(role)}
    assert set(kept(elsewhere)) == set(catalogue().skills)


@pytest.mark.parametrize(
    ("code", "brought", "whole"),
    [
        ("", set(), True),
        ("3", {"daw", "theory"}, True),
        ("OI", {"gain-structure"}, True),
        ("0!3", {"finish-small", "drums-groove"}, False),
        ("1%E2%82%AC%1", {"daw", "home-recording"}, False),
        ("g" * 400, {"synthesis", "arrangement", "sound-matching", "release-rights"}, False),
        ("000000000000g", set(), False),
    ],
)
def test_a_broken_link_loses_nothing(page: Page, code, brought, whole):
    keep(page, '["effects", "skill-of-1999"]')
    page.goto(f"{BEDROOM}#t={code}")
    says(page, "came in with the link" if brought else "The link brought no ticks")
    assert ("left out" not in page.locator("#status").inner_text()) == whole
    assert set(kept(page)) == {"effects", "skill-of-1999"} | brought
    assert "#" not in page.url


STRAY = [*"!\"$'()*+,-./:;<=>@[\\]^_`{|}~…–—’”»)。、？！·•\u200b\u00a0"]


def test_what_programs_leave_around_the_ticks_of_a_link_brings_the_same_ticks(page: Page):
    trackers = ["&fbclid=x1", "?utm_source=x1", "#:~:text=x", "&amp;utm_medium=1", " and more", "%20x"]
    endings = [*STRAY, *(a + b for a, b in pairwise(STRAY)), *trackers, *(f"){tracker}" for tracker in trackers)]
    spellings = [f"t=98001{ending}" for ending in endings]
    spellings += ["T=98001", "t%3D98001", "fbclid=x1&t=98001", "t=9800I", "t=98OO1", "t=%2298001%22", "?t=98001"]
    page.goto(BEDROOM)
    brought = page.evaluate(
        """async ([key, spellings]) => {
          const brought = [];
          for (const spelling of spellings) {
            localStorage.clear();
            const taken = new Promise((resolve) => addEventListener("hashchange", resolve, { once: true }));
            location.hash = spelling;
            await taken;
            brought.push([spelling, localStorage.getItem(key), document.getElementById("status").textContent]);
          }
          return brought;
        }""",
        [KEY, spellings],
    )
    page.evaluate("localStorage.clear()")
    page.goto(f"{BEDROOM}?plain#t=98001")
    ticks, said = page.evaluate(f"localStorage.getItem('{KEY}')"), page.locator("#status").inner_text()
    assert len(json.loads(ticks)) == 4
    assert "left out" not in said
    assert brought == [[spelling, ticks, said] for spelling in spellings]


def test_a_link_opened_in_the_same_tab_counts_too(page: Page):
    page.goto(BEDROOM)
    page.evaluate("location.hash = 't=1'")
    says(page, "1 tick came in with the link")
    assert ticked(page) == {"daw"}


def test_reset_and_undo(page: Page):
    page.goto(BEDROOM)
    reset, undo = page.get_by_role("button", name="Clear all ticks"), page.get_by_role("button", name="Undo")
    expect(reset).to_be_disabled()
    tick(page, "daw", "theory")
    reset.press("Enter")
    says(page, "2 ticks cleared")
    assert ticked(page) == set()
    expect(undo).to_be_focused()
    tick(page, "effects")
    undo.press("Enter")
    says(page, "2 ticks brought back")
    assert ticked(page) == set(kept(page)) == {"daw", "theory", "effects"}
    expect(undo).to_be_hidden()
    expect(reset).to_be_focused()


def test_reset_leaves_the_other_roles_alone(page: Page):
    page.goto(STUDIO)
    tick(page, "daw", "deals")
    page.goto(BEDROOM)
    page.get_by_role("button", name="Clear all ticks").click()
    assert kept(page) == ["deals"]


def test_the_filter(page: Page):
    total = len(skills())
    page.goto(BEDROOM)
    tick(page, "daw", "theory")
    page.get_by_label("To do").check()
    says(page, f"Showing {total - 2} of {total} skills.")
    expect(box(page, "daw")).to_be_hidden()
    expect(page.locator(".skill:visible")).to_have_count(total - 2)
    page.get_by_label("Done", exact=True).check()
    says(page, f"Showing 2 of {total} skills.")
    expect(page.locator(".skill:visible")).to_have_count(2)
    page.get_by_label("All", exact=True).check()
    expect(page.locator(".skill:visible")).to_have_count(total)


def test_the_focus_moves_on_when_a_tick_leaves_the_filtered_list(page: Page):
    first, second, *_, before_last, last = skills()
    page.goto(BEDROOM)
    page.get_by_label("To do").check()
    box(page, first.id).press("Space")
    expect(box(page, first.id)).to_be_hidden()
    expect(box(page, second.id)).to_be_focused()
    box(page, last.id).press("Space")
    expect(box(page, before_last.id)).to_be_focused()
    page.get_by_label("Done", exact=True).check()
    box(page, first.id).press("Space")
    expect(box(page, last.id)).to_be_focused()
    page.keyboard.press("Space")
    expect(page.get_by_label("Done", exact=True)).to_be_focused()


def test_the_next_three(page: Page):
    order, links = skills(), page.locator("#next a:visible")

    def steps_of(*listed: Skill) -> list[str]:
        return [f"{skill.name}: {step.do}" for skill in listed for step in skill.steps]

    page.goto(BEDROOM)
    expect(links).to_have_text(steps_of(order[0])[:3])
    tick(page, order[0].id)
    expect(links).to_have_text(steps_of(order[1])[:3])
    page.get_by_label("Done", exact=True).check()
    links.nth(1).click()
    expect(box(page, order[1].id)).to_be_in_viewport()
    expect(page.get_by_label(order[1].steps[0].do)).to_be_visible()
    page.keyboard.press("Tab")
    expect(box(page, order[1].id)).to_be_focused()
    page.get_by_label("All", exact=True).check()
    tick(page, *(skill.id for skill in order[:-1]))
    page.locator(f"#skill-{order[-1].id} .steps summary").click()
    *before, _, _ = order[-1].steps
    for step in before:
        page.get_by_label(step.do).check()
    expect(links).to_have_text(steps_of(order[-1])[-2:])
    tick(page, *(skill.id for skill in order))
    expect(links).to_have_count(0)
    expect(page.get_by_text("Nothing is left to do")).to_be_visible()


@pytest.mark.parametrize(("path", "role"), [(BEDROOM, "bedroom"), (STUDIO, "studio"), (MIX, "mix")])
def test_progress(page: Page, path, role):
    page.goto(path)
    done = skills(role)[::2]
    tick(page, *(skill.id for skill in done))
    chapters = [chapter.skills for chapter in plan.checklist([role], catalogue())]
    levels = page.locator(".meter-level").evaluate_all("levels => levels.map(level => level.getAttribute('d'))")
    for meter, level, part in zip(
        page.locator(".meter-value").all(), levels, [tuple(skills(role)), *chapters], strict=True
    ):
        number, hours = sum(skill in done for skill in part), sum(skill.hours for skill in part if skill not in done)
        expect(meter).to_have_text(f"{number} of {len(part)} done, {hours} hours left")
        assert float(level.removeprefix("M0 2H")) == pytest.approx(100 * number / len(part))


def test_print_shows_every_test(page: Page):
    page.goto(BEDROOM)
    tick(page, "daw")
    page.emulate_media(media="print", color_scheme="dark")
    shown = page.locator("main").inner_text()
    for skill in skills():
        assert skill.done in shown
        assert skill.why in shown
        expect(box(page, skill.id)).to_be_visible()
    for element in (page.locator("#tools"), page.get_by_role("navigation").first, page.locator("footer")):
        expect(element).to_be_hidden()
    assert page.locator(".skill p").first.evaluate("p => getComputedStyle(p).color") == "rgb(51, 51, 51)"


def test_the_print_button_prints(page: Page):
    page.add_init_script("window.print = () => { window.printed = true; }")
    page.goto(BEDROOM)
    page.get_by_role("button", name="Print").click()
    assert page.evaluate("window.printed")


@pytest.mark.parametrize(("path", "role"), [(BEDROOM, "bedroom"), (STUDIO, "studio"), (MIX, "mix")])
def test_the_list_is_complete_without_javascript(without_scripts: Page, path, role):
    page = without_scripts
    page.goto(path)
    rows = dict(zip([skill.id for skill in skills(role)], page.locator(".skill").all(), strict=True))
    for skill in skills(role):
        shown = rows[skill.id].inner_text()
        names = [catalogue().resources[resource].name for resource in skill.resources]
        for text in (skill.name, skill.why, skill.done, f"About {skill.hours} hours", *names):
            assert text in shown
        expect(rows[skill.id].get_by_role("checkbox")).to_be_visible()
    assert "Ticks are only kept with JavaScript" in page.locator("main").inner_text()
    expect(page.locator("#tools")).to_be_hidden()
    for button in ("Print", "Clear all ticks", "Copy the link"):
        expect(page.get_by_role("button", name=button)).to_be_hidden()


def test_the_link_is_copied(page: Page, base_url):
    page.context.grant_permissions(["clipboard-read", "clipboard-write"], origin=base_url)
    page.goto(BEDROOM)
    tick(page, "daw")
    page.locator("#device summary").click()
    page.get_by_role("button", name="Copy the link").click()
    expect(page.get_by_text("Copied.", exact=True)).to_be_visible()
    assert page.evaluate("navigator.clipboard.readText()") == f"{base_url}{BEDROOM}#t=1"


def test_the_qr_code_is_the_link_and_follows_it(page: Page):
    page.goto(MIX)
    code = page.get_by_role("img", name="QR code")
    expect(code).to_be_hidden()
    page.locator("#device summary").click()
    for skill in ("daw", "paid-clients"):
        before = code.evaluate(DRAWN)
        tick(page, skill)
        page.wait_for_function(f"before => ({DRAWN})(document.getElementById('qr')) !== before", arg=before)
        assert read(Image.open(io.BytesIO(code.screenshot()))) == link(page)


@pytest.mark.parametrize("theme", ["light", "dark"])
def test_the_qr_code_can_be_read_where_an_extension_recolours_the_page(page: Page, theme):
    page.emulate_media(color_scheme=theme)
    page.goto(BEDROOM)
    blank = page.locator("#qr").evaluate(DRAWN)
    page.locator("#device summary").click()
    page.wait_for_function(f"blank => ({DRAWN})(document.getElementById('qr')) !== blank", arg=blank)
    page.evaluate(
        """() => {
          const sheet = new CSSStyleSheet();
          sheet.replaceSync(`* { fill: #e8e6e3 !important; stroke: #e8e6e3 !important; color: #e8e6e3 !important;
            background-color: #181a1b !important; border-color: #736b5e !important }`);
          document.adoptedStyleSheets = [sheet];
        }"""
    )
    assert read(Image.open(io.BytesIO(page.get_by_role("img", name="QR code").screenshot()))) == link(page)


def test_without_the_qr_code_the_link_still_works(page: Page, faults):
    page.route("**/js/qr*.js", lambda route: route.abort())
    page.goto(BEDROOM)
    page.locator("#device summary").click()
    expect(page.get_by_text("The picture could not be loaded")).to_be_visible()
    assert link(page).endswith("#t=")
    faults.clear()  # the browser reports the failed request


def test_qr_codes_of_every_version_can_be_read(page: Page):
    page.goto(BEDROOM)
    # The last length of each version, and the first of the next.
    lengths = [1, 17, 18, 32, 33, 53, 54, 78, 79, 106, 107, 134, 135, 154, 155, 192, 193, 230]
    for length in lengths:
        text = "".join(chr(33 + (31 * i + length) % 94) for i in range(length))
        assert read(picture(qr(page, text))) == text
    assert read(picture(qr(page, "Grüße, ½ ♪"))) == "Grüße, ½ ♪"
    assert [len(qr(page, "x" * length)) for length in lengths[1::2]] == [21, 25, 29, 33, 37, 41, 45, 49, 53]


def test_a_text_too_long_for_a_qr_code_is_refused(page: Page, faults):
    page.goto(BEDROOM)
    with pytest.raises(Exception, match="too long"):
        qr(page, "x" * 231)


def qr(page: Page, text: str) -> list[list[bool]]:
    url = static("js/qr.js")
    return page.evaluate("async ([url, text]) => (await import(url)).qr(text)", [url, text])


def picture(rows: list[list[bool]], scale: int = 4) -> Image.Image:
    image = Image.new("L", ((len(rows) + 8) * scale,) * 2, 255)
    pen = ImageDraw.Draw(image)
    for y, row in enumerate(rows, 4):
        for x, dark in enumerate(row, 4):
            if dark:
                pen.rectangle((x * scale, y * scale, (x + 1) * scale - 1, (y + 1) * scale - 1), 0)
    return image


def read(image: Image.Image) -> str:
    (code,) = zxingcpp.read_barcodes(image)
    return code.text


def test_axe_finds_nothing_nothing_scrolls_sideways_and_targets_are_large(page: Page):
    page.goto(MIX)
    page.locator("#device summary").click()
    page.locator(".steps summary").first.click()
    tick(page, "daw")
    rules = RULES
    for width in (320, 1280):
        page.set_viewport_size({"width": width, "height": 800})
        assert page.evaluate("document.documentElement.scrollWidth") <= width
        for theme in ("dark", "light"):
            page.emulate_media(color_scheme=theme, reduced_motion="reduce")
            assert barriers(page, rules) == "", f"{width} px, {theme}"
            rules = COLOURS
        rules = LOOKS
        labels = page.locator(".skill label:visible").evaluate_all(HEIGHTS)
        targets = page.locator("#tools").locator("a, button:visible, summary, label, #link").evaluate_all(HEIGHTS)
        assert min(labels) >= 40
        assert min(targets) >= 24


def test_nothing_jumps_when_the_script_arrives(page: Page):
    page.add_init_script(
        "window.jumps = 0; new PerformanceObserver((list) => { for (const entry of list.getEntries())"
        " if (!entry.hadRecentInput) window.jumps += entry.value; }).observe({ type: 'layout-shift', buffered: true })"
    )
    page.goto(BEDROOM)
    expect(page.locator("#tools")).to_be_visible()
    tick(page, "daw")
    assert page.evaluate("window.jumps") < 0.01
