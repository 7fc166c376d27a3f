"""Themes, forced colours, spacing, motion, shifts and requests, in a real Chromium."""

import json
import re
from collections import defaultdict
from itertools import cycle, pairwise

import pytest
from playwright.sync_api import Browser, Page, expect

from quiz import codes
from quiz.catalogue import catalogue
from quiz.song import song_of
from tests.browser.axe import LOOKS, barriers
from tests.browser.test_accessibility import PAGES
from tests.conftest import QUESTIONS, by_id, data

KINDS = ["home", "question", "any-of question", "result", "kit", "compared", "/guide/", "/roles/studio-producer/"]
KINDS += ["/roles/studio-producer/checklist/", "/learn/effects/", "/glossary/", "/method/"]
GROUND = "getComputedStyle(document.documentElement).backgroundColor"
# Whatever paints, of every element.
PAINT = """() => [...document.querySelectorAll('body *')].map((element) => {
  const { color, backgroundColor, borderTopColor, borderLeftColor, fill, stroke } = getComputedStyle(element);
  return [element.tagName, color, backgroundColor, borderTopColor, borderLeftColor, fill, stroke].join(' ');
})"""
# The box of the words of an element, without its padding.
WORDS = """(element) => {
  const range = document.createRange();
  range.selectNodeContents(element);
  return range.getBoundingClientRect().toJSON();
}"""
# The words of some elements that are broken inside.
BROKEN = """elements => elements.flatMap((element) => {
  const texts = document.createTreeWalker(element, NodeFilter.SHOW_TEXT);
  const broken = [];
  for (let text; (text = texts.nextNode());) {
    for (const { 0: word, index } of text.data.matchAll(/\\S+/g)) {
      const range = document.createRange();
      range.setStart(text, index);
      range.setEnd(text, index + word.length);
      if (range.getClientRects().length > 1) broken.push(word);
    }
  }
  return broken;
})"""
DARK, LIGHT = "rgb(20, 17, 15)", "rgb(248, 243, 234)"


def test_the_theme_follows_the_system_until_another_is_chosen_and_is_remembered(page: Page):
    page.emulate_media(color_scheme="light")
    page.goto("/")
    assert page.evaluate(GROUND) == LIGHT
    button = page.get_by_role("button", name="Theme: system")
    button.click()
    expect(page.get_by_role("button", name="Theme: dark")).to_be_visible()
    assert page.evaluate(GROUND) == DARK
    page.goto("/guide/")
    assert page.evaluate(GROUND) == DARK
    page.get_by_role("button", name="Theme: dark").click()
    page.get_by_role("button", name="Theme: light").click()
    page.emulate_media(color_scheme="dark")
    page.reload()
    assert page.evaluate(GROUND) == DARK
    expect(page.get_by_role("button", name="Theme: system")).to_be_visible()


def test_the_wrong_theme_is_never_painted(page: Page):
    page.emulate_media(color_scheme="light")
    page.goto("/")
    page.get_by_role("button", name="Theme: system").click()
    # Looks at the first frame, not only at the finished page.
    page.add_init_script(
        "requestAnimationFrame(() => { window.first = document.body && getComputedStyle(document.documentElement).backgroundColor })"
    )
    page.goto("/roles/")
    assert page.evaluate("window.first ?? " + GROUND) == DARK


DRAWN = """() => performance.getEntriesByName('first-contentful-paint').length
  && performance.getEntriesByType('resource').some(({ name }) => name.endsWith('.woff2'))"""
# Milliseconds: when the first picture was there, and when each file was asked for.
FETCHED = """() => [
  Math.min(
    performance.getEntriesByName('first-contentful-paint')[0].startTime,
    performance.getEntriesByType('navigation')[0].loadEventStart + 290, // first.js waits for 300 at most, and a timer may be a little early
  ),
  performance.getEntriesByType('resource').map(({ name, startTime }) => [name.split('.').at(-1), startTime]),
]"""


def test_a_page_shows_itself_before_it_fetches_font_and_scripts_and_the_next_one_has_the_font(page: Page):
    page.goto("/")
    page.wait_for_function(DRAWN)
    picture, files = page.evaluate(FETCHED)
    assert "js" in {kind for kind, _ in files}
    assert not [(kind, at) for kind, at in files if kind in ("js", "woff2") and at < picture]
    page.get_by_role("link", name="Guide", exact=True).first.click()
    page.wait_for_url("**/guide/")
    page.wait_for_function(DRAWN)
    picture, files = page.evaluate(FETCHED)
    assert [at for kind, at in files if kind == "woff2" and at < picture]


def test_headings_have_their_font_without_scripts(without_scripts: Page):
    with without_scripts.expect_request("**/*.woff2"):
        without_scripts.goto("/")


def test_a_browser_that_remembers_nothing_can_still_change_the_theme(page: Page):
    page.add_init_script("Object.defineProperty(window, 'localStorage', { get() { throw new Error('refused') } })")
    page.emulate_media(color_scheme="light")
    page.goto("/about/")
    page.get_by_role("button", name="Theme: system").click()
    assert page.evaluate(GROUND) == DARK


@pytest.mark.parametrize("kind", KINDS)
def test_forced_colours_and_wide_spacing_leave_everything_in_place(page: Page, kind):
    page.set_viewport_size({"width": 320, "height": 800})
    page.emulate_media(forced_colors="active", reduced_motion="reduce")
    page.goto(PAGES[kind])
    assert barriers(page, LOOKS) == ""
    page.emulate_media(forced_colors="none")
    page.evaluate(
        """() => {
          const sheet = new CSSStyleSheet();
          sheet.replaceSync(`* { line-height: 1.5 !important; letter-spacing: 0.12em !important; word-spacing: 0.16em !important }
            p { margin-bottom: 2em !important }`);
          document.adoptedStyleSheets = [sheet];
        }"""
    )
    assert page.evaluate("document.documentElement.scrollWidth") <= 320
    cut = page.evaluate(
        """() => [...document.querySelectorAll('h1, h2, h3, p, button, a, dt, dd')]
          .filter((e) => e.checkVisibility() && getComputedStyle(e).overflow === 'hidden' && e.scrollHeight > e.clientHeight + 1
            && !e.classList.contains('sr-only')).map((e) => e.outerHTML.slice(0, 80))"""
    )
    assert cut == []


def test_timeline_heading_and_first_option_stand_still_on_every_question(page: Page):
    tops = defaultdict(set)
    for number in range(QUESTIONS):
        page.goto(f"/quiz/?a={codes.so_far(by_id())[: number + 1]}")
        for width in (320, 390, 768, 1280, 1680):
            page.set_viewport_size({"width": width, "height": 900})
            parts = [page.locator(css).first.bounding_box() for css in (".timeline", "#question-text", ".option")]
            tops[width].add(tuple(round(part["y"]) for part in parts))
    assert {width: len(seen) for width, seen in tops.items()} == dict.fromkeys((320, 390, 768, 1280, 1680), 1)


def test_nothing_shifts_through_the_whole_quiz(page: Page):
    page.add_init_script(
        """window.shift = 0;
        // The foot of the page goes down with a longer question, which half a second after a press is no longer laid to that.
        const foot = ({ node }) => document.querySelector(".site-footer").contains(node);
        new PerformanceObserver((list) => {
          for (const e of list.getEntries()) if (!e.hadRecentInput && !e.sources.every(foot)) window.shift += e.value;
        }).observe({ type: 'layout-shift', buffered: true })"""
    )
    page.goto("/quiz/")
    for number in range(1, QUESTIONS):
        expect(page.get_by_text(f"Question {number} of {QUESTIONS}")).to_be_visible()
        page.locator(".option").first.click()
    expect(page.get_by_text(f"Question {QUESTIONS} of {QUESTIONS}")).to_be_visible()
    assert page.evaluate("window.shift") <= 0.001


@pytest.mark.parametrize("kind", KINDS)
def test_a_first_visit_takes_at_most_8_requests(browser: Browser, base_url, kind):
    context = browser.new_context(base_url=base_url)
    page, requests = context.new_page(), []
    page.on("request", lambda request: requests.append(request.url))
    page.goto(PAGES[kind], wait_until="networkidle")
    icon = page.evaluate("document.querySelector('link[rel=icon]').href")  # Chromium does not always ask for it in time
    assert len({*requests, icon}) <= 8, requests
    context.close()


def test_home_introduces_the_site_and_asks_the_first_question_on_one_phone_screen(page: Page):
    page.set_viewport_size({"width": 390, "height": 844})
    page.goto("/")
    for role in ("Bedroom producer", "Studio producer", "Mixing and mastering engineer"):
        expect(page.locator(".tracks").get_by_role("link", name=role)).to_be_in_viewport(ratio=1)
    for option in page.locator(".option").all():
        expect(option).to_be_in_viewport(ratio=1)


def test_meters_do_not_move_with_reduced_motion(page: Page):
    page.emulate_media(reduced_motion="reduce")
    page.goto(PAGES["result"])
    assert page.evaluate("document.getAnimations().length") == 0


def test_the_next_page_is_fetched_when_a_link_is_pointed_at(page: Page):
    page.goto("/")
    assert page.locator("link[rel=prefetch]").count() == 0
    page.get_by_role("navigation", name="Main").get_by_role("link", name="Guide").hover()
    expect(page.locator("link[rel=prefetch]")).to_have_attribute("href", "/guide/")


@pytest.mark.parametrize("kind", ["result", "/guide/", "/roles/bedroom-producer/checklist/", "/learn/effects/"])
def test_paper_is_light_whatever_the_theme_and_the_system(page: Page, kind):
    page.emulate_media(media="print", color_scheme="light", reduced_motion="reduce")
    page.goto(PAGES[kind])
    light = page.evaluate(PAINT)
    for theme, system in (("dark", "light"), ("dark", "dark"), ("system", "dark")):
        page.evaluate("theme => localStorage.setItem('producerguide.theme', theme)", theme)
        page.emulate_media(color_scheme=system)
        page.reload()
        assert page.evaluate(PAINT) == light, f"{theme} on a {system} system"


def test_all_headings_of_a_printed_result_are_of_one_size_and_larger_than_its_text(page: Page):
    page.emulate_media(media="print")
    page.goto(PAGES["result"])
    size = "parts => parts.map(part => parseFloat(getComputedStyle(part).fontSize))"
    (heading,) = set(page.locator("section > h2").evaluate_all(size))
    assert heading > max(page.locator("section > p").evaluate_all(size))


def test_the_points_of_a_result_are_in_sight_and_their_columns_apart(page: Page):
    page.goto(PAGES["result"])
    page.get_by_text("Every answer, with its points").click()
    numbers = page.locator(".ledger td.number").all()
    assert len(numbers) == 3 * page.locator(".ledger :is(tbody, tfoot) tr").count() > 0
    assert all(re.fullmatch(r"0|[+−]\d+(\.\d+)?|\d+", number.inner_text()) for number in numbers)
    for width in (390, 1280):
        page.set_viewport_size({"width": width, "height": 800})
        column = page.locator("section[aria-labelledby=why]").bounding_box()
        names = page.locator(".ledger thead .number").all()
        boxes = [part.evaluate(WORDS) for part in names + numbers]
        assert all(column["x"] <= box["left"] < box["right"] <= column["x"] + column["width"] for box in boxes)
        assert all(right["left"] - left["right"] >= 8 for left, right in pairwise(boxes[: len(names)]))


def test_no_choice_of_a_form_is_cut_on_a_phone(page: Page):
    page.set_viewport_size({"width": 390, "height": 844})
    page.goto(PAGES["result"])
    page.evaluate("document.querySelectorAll('details').forEach(details => details.open = true)")
    lost = page.locator("select").evaluate_all(
        """lists => lists.map((list) => {
          const shown = list.offsetWidth;
          list.style.width = "max-content";
          list.style.maxWidth = "none";
          return list.offsetWidth - shown;
        })"""
    )
    assert len(lost) == 2
    assert max(lost) <= 0


def test_no_name_of_a_role_is_broken_inside_a_word_on_a_small_phone(page: Page):
    page.set_viewport_size({"width": 320, "height": 800})
    page.goto("/")
    assert page.locator(".tracks a").evaluate_all(BROKEN) == []


def test_no_word_of_a_kit_is_broken_on_a_small_phone(page: Page):
    page.set_viewport_size({"width": 320, "height": 800})
    page.goto(PAGES["result"])
    cells = page.locator("#kit-shown table :is(th, td)")
    assert cells.count() > 12
    assert cells.evaluate_all(BROKEN) == []


@pytest.mark.parametrize("width", [320, 390])
def test_no_pad_of_the_daw_breaks_its_name_on_a_phone(page: Page, width):
    page.set_viewport_size({"width": width, "height": 844})
    open_lab(page, "daw")
    page.get_by_label("Record", exact=True).check(force=True)
    pads = page.get_by_role("group", name="Pads").get_by_role("button")
    expect(pads).to_have_count(4)
    assert pads.evaluate_all(BROKEN) == []


@pytest.mark.parametrize("width", [320, 390])
@pytest.mark.parametrize("topic", ["audio-theory", "daw"])
def test_the_labels_of_all_sliders_of_a_lab_are_read_in_full_on_a_phone(page: Page, topic, width):
    page.set_viewport_size({"width": width, "height": 844})
    open_lab(page, topic)
    labels, cut = page.evaluate(
        """() => {
          const panel = document.querySelector(".lab-panel");
          const next = panel.querySelector(".lab-next");
          const labels = new Set();
          const cut = new Set();
          for (let step = 0; step < 40; step++) {
            for (const label of panel.querySelectorAll(".slider label")) {
              if (!label.checkVisibility()) continue;
              labels.add(label.textContent);
              const words = document.createRange();
              words.selectNodeContents(label);
              const { left, right } = label.getBoundingClientRect();
              const shown = words.getBoundingClientRect();
              if (shown.left < left - 1 || shown.right > right + 1 || right > innerWidth) cut.add(label.textContent);
            }
            if (next.ariaDisabled === "true") break;
            next.click();
          }
          return [[...labels], [...cut]];
        }"""
    )
    assert len(labels) >= 4
    assert cut == []


def open_lab(page: Page, topic: str) -> None:
    page.goto(f"/learn/{topic}/")
    page.locator(".lab-play").click()
    expect(page.locator(".lab-play")).to_have_text("Stop")


@pytest.mark.parametrize("width", [320, 390])
def test_done_when_stands_under_its_step_and_does_not_move_when_it_is_opened(page: Page, width):
    page.set_viewport_size({"width": width, "height": 844})
    page.goto(PAGES["result"])
    steps = page.locator(".next-three li:visible").all()
    assert len(steps) == 3
    for step in steps:
        summary, text = step.locator("summary"), step.locator("label span")
        closed = summary.evaluate(WORDS)
        assert closed["right"] <= width
        assert abs(summary.bounding_box()["x"] - text.evaluate(WORDS)["left"]) <= 1
        assert closed["top"] >= step.locator("p.hours").evaluate(WORDS)["bottom"]
        summary.evaluate("summary => summary.parentElement.open = true")
        assert summary.evaluate(WORDS)["left"] == closed["left"]
        assert abs(step.locator("details p").evaluate(WORDS)["left"] - text.evaluate(WORDS)["left"]) <= 1


@pytest.mark.parametrize("width", [320, 390])
def test_both_answers_are_in_sight_on_a_phone_and_say_whose_they_are(page: Page, width):
    page.set_viewport_size({"width": width, "height": 844})
    page.goto(PAGES["compared"])
    answers = page.locator(".sides td").all()
    assert len(answers) >= 4
    for answer, whose in zip(answers, cycle(("First", "Second")), strict=False):
        box = answer.evaluate(WORDS)
        assert 0 <= box["left"] < box["right"] <= width
        assert answer.inner_text().split("\n")[0] == whose
    page.set_viewport_size({"width": 1280, "height": 800})
    expect(page.locator(".sides thead th").last).to_be_visible()
    expect(page.locator(".sides td").first).not_to_have_text(re.compile("First"), use_inner_text=True)


@pytest.mark.parametrize("width", [320, 390])
def test_all_roles_are_compared_in_sight_on_a_phone_each_under_its_name_in_its_ink(page: Page, width):
    page.set_viewport_size({"width": width, "height": 844})
    page.goto("/roles/")
    names = page.locator(".sides thead a").all_inner_texts()
    points = page.locator(".sides tbody tr").all()
    assert len(names) == 3
    assert len(points) >= 10
    for point in points:
        cells = point.locator("td").all()
        assert [cell.inner_text().split("\n")[0] for cell in cells] == names
        inks = point.locator("td b").evaluate_all("names => names.map(name => getComputedStyle(name).color)")
        assert len(set(inks)) == 3
    boxes = [cell.evaluate(WORDS) for cell in page.locator("table :is(td, tbody th)").all()]
    assert all(0 <= box["left"] < box["right"] <= width for box in boxes)


@pytest.mark.parametrize("width", [1024, 1280])
def test_the_letters_of_the_glossary_end_where_the_text_does(page: Page, width):
    page.set_viewport_size({"width": width, "height": 800})
    page.goto("/glossary/")
    letters = page.locator(".letters a").all()
    assert len(letters) > 20
    assert letters[-1].evaluate(WORDS)["right"] <= page.locator("main dl").first.evaluate(
        "e => e.getBoundingClientRect().right"
    )


def test_every_link_of_the_header_is_whole_on_a_small_phone(page: Page):
    page.set_viewport_size({"width": 320, "height": 800})
    page.goto("/glossary/")
    boxes = [link.evaluate(WORDS) for link in page.locator(".site-header nav a").all()]
    assert len(boxes) == 5
    nav = page.get_by_role("navigation", name="Main").bounding_box()
    assert boxes[0]["left"] >= nav["x"]
    assert boxes[-1]["right"] <= nav["x"] + nav["width"]
    assert all(left["right"] < right["left"] for left, right in pairwise(boxes))


@pytest.mark.parametrize("slug", [role.slug for role in catalogue().roles.values()])
def test_what_stands_in_the_way_is_listed_under_names_that_stand_out(page: Page, slug):
    page.goto(f"/roles/{slug}/")
    weight = "parts => parts.map(part => Number(getComputedStyle(part).fontWeight))"
    obstacles = page.get_by_role("region", name="What stands in the way")
    names, texts = (obstacles.locator(part).evaluate_all(weight) for part in ("dt", "dd"))
    assert len(names) == len(texts) >= 3
    assert min(names) > max(texts)


def test_contents_and_facts_end_on_the_line_of_the_header(page: Page):
    page.set_viewport_size({"width": 1280, "height": 800})
    page.goto("/roles/studio-producer/")
    end = "part => part.getBoundingClientRect().right"
    header = page.locator(".site-header > :last-child").evaluate(end)
    for part in (".contents", ".glance"):
        assert abs(page.locator(part).evaluate(end) - header) <= 1, part


def test_the_words_of_a_result_stand_above_the_desk_of_its_drawing(page: Page):
    page.goto(PAGES["result"])
    for width in (768, 900, 1000, 1023, 1024, 1280, 1920):
        page.set_viewport_size({"width": width, "height": 800})
        above = page.locator(".verdict").evaluate(
            """(verdict) => {
              const words = document.createRange();
              words.selectNodeContents(verdict.querySelector('.lead'));
              const desk = parseFloat(getComputedStyle(verdict, '::before').height);
              return verdict.getBoundingClientRect().bottom - desk - words.getBoundingClientRect().bottom;
            }"""
        )
        assert above >= 4, width


def test_letters_and_quiet_buttons_begin_where_the_text_does(page: Page):
    for path, parts in (("/glossary/", ".letters li:first-child a"), (PAGES["result"], "[data-print]:visible")):
        page.goto(path)
        for part in page.locator(parts).all():
            expect(part).to_be_visible()
            heading = part.evaluate_handle("part => part.closest('section, main').querySelector('h2')")
            assert abs(part.evaluate(WORDS)["left"] - heading.evaluate(WORDS)["left"]) <= 1


@pytest.mark.parametrize("topic", catalogue().topics)
def test_the_labels_of_a_drawing_are_no_larger_than_the_text(page: Page, topic):
    page.goto(f"/learn/{topic}/")
    for width in (390, 640, 768, 1280):
        page.set_viewport_size({"width": width, "height": 800})
        largest, text = page.evaluate(
            """() => {
              const size = (element) => parseFloat(getComputedStyle(element).fontSize);
              const labels = [...document.querySelectorAll('.diagram .label')].filter((label) => label.checkVisibility());
              return [Math.max(...labels.map((label) => size(label) * label.getScreenCTM().a)), size(document.body)];
            }"""
        )
        assert 8 < largest <= text, f"{width} px"


@pytest.mark.parametrize("width", [320, 390])
def test_no_section_of_a_song_runs_into_the_name_of_the_next(page: Page, width):
    page.set_viewport_size({"width": width, "height": 800})
    short = min((link["code"] for link in data("golden.toml")["links"]), key=bars_of_the_shortest_section)
    page.goto(f"/result/{short}/")
    names = [name.bounding_box() for name in page.locator(".arrangement text").all()]
    assert len(names) >= 4
    assert all(left["x"] + left["width"] < right["x"] for left, right in pairwise(names))
    assert names[-1]["x"] + names[-1]["width"] <= width


def bars_of_the_shortest_section(code: str) -> float:
    """As a share of the song."""
    song = song_of(codes.parse(code, catalogue().questionnaires))
    starts = [*(section.start for section in song.sections), song.bars]
    return min(end - start for start, end in pairwise(starts)) / song.bars


def test_home_has_air_between_its_parts(page: Page):
    page.goto("/")
    page.get_by_role("button", name=re.compile("Play a song")).wait_for()
    boxes = [part.bounding_box() for part in page.locator("main > :is(div, section):visible").all()]
    assert len(boxes) >= 5
    assert all(lower["y"] - upper["y"] - upper["height"] >= 16 for upper, lower in pairwise(boxes))


def test_the_next_three_steps_of_a_checklist_begin_beside_their_numbers(page: Page):
    page.goto("/roles/bedroom-producer/checklist/")
    page.locator(".tools.ready").wait_for()
    for step in page.locator("#next li").all():
        assert step.locator("a").evaluate(WORDS)["top"] - step.bounding_box()["y"] < 16


def test_every_mark_of_the_year_stands_at_its_week(page: Page):
    page.goto(PAGES["result"])
    ends, marks = (
        page.locator(parts).evaluate_all(f"parts => parts.map(part => part.getBoundingClientRect().{side})")
        for parts, side in ((".weeks span", "right"), (".year-line .meter-level", "left"))
    )
    week = page.locator(".year-line").bounding_box()["width"] / 52
    assert page.locator(".weeks span").all_inner_texts() == ["1", "12", "26", "52"]
    assert marks
    for mark in marks:
        assert min(abs(end - mark) for end in ends) <= 1.5 * week


@pytest.mark.parametrize("width", [390, 1280])
def test_the_ring_round_a_link_in_focus_is_whole(page: Page, width):
    page.set_viewport_size({"width": width, "height": 800})
    page.goto(PAGES["result"])
    cut = page.locator(".site-header a, .tabs a").evaluate_all(
        """links => links.filter((link) => {
          link.focus({ preventScroll: true });
          const { outlineOffset, outlineWidth } = getComputedStyle(link);
          const ring = parseFloat(outlineOffset) + parseFloat(outlineWidth);
          const { top, left } = link.getBoundingClientRect();
          const edges = [{ top: -scrollY, left: 0 }];
          for (let part = link.parentElement; part !== document.body; part = part.parentElement) {
            if (getComputedStyle(part).overflowX !== "visible") edges.push(part.getBoundingClientRect());
          }
          return edges.some((edge) => top - ring < edge.top || left - ring < edge.left);
        }).map((link) => link.textContent.trim())"""
    )
    assert cut == []


def test_a_friend_is_asked_to_take_the_quiz_and_its_owner_to_answer_again(page: Page):
    page.goto(PAGES["result"])
    again = page.locator("#answers ~ p .button")
    expect(again).to_have_text("Take the quiz yourself")
    own = [{"code": PAGES["result"].split("/")[2], "role": "Studio producer"}]
    page.evaluate("own => localStorage.setItem('producerguide.results', own)", json.dumps(own))
    page.reload()
    expect(again).to_have_text("Answer again")


def test_a_labs_meter_does_not_say_silent_while_its_bar_is_up(page: Page):
    page.goto("/learn/effects/")
    page.evaluate(
        """() => {
          const meter = document.querySelector(".lab-transport .meter");
          window.wrong = [];
          new MutationObserver(() => {
            const bar = Number(meter.querySelector(".meter-level").getAttribute("d").slice(4));
            if (bar > 0 && meter.textContent.includes("silent")) window.wrong.push(bar);
          }).observe(meter, { attributes: true, childList: true, subtree: true });
        }"""
    )
    page.get_by_role("button", name="Open the lab and listen").click()
    expect(page.locator(".lab-transport .meter-value")).to_contain_text("dB")
    page.get_by_role("button", name="Stop").click()
    page.get_by_role("button", name="Play", exact=True).click()
    expect(page.locator(".lab-transport .meter-value")).to_contain_text("dB")
    assert page.evaluate("window.wrong") == []
