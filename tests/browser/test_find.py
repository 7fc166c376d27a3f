"""Search, filters and cards on words, as fingers and keys use them."""

import re

import pytest
from playwright.sync_api import Page, expect

from quiz.catalogue import catalogue


def test_slash_puts_the_cursor_into_the_search_and_a_phrase_finds_its_answer(page: Page):
    page.goto("/guide/")
    page.keyboard.press("/")
    page.keyboard.type("mix sounds bad in the car")
    page.keyboard.press("Enter")
    expect(page).to_have_url(re.compile(r"/search/\?q=mix"))
    page.locator(".hits a").first.click()
    expect(page).to_have_url(re.compile("/questions/#car$"))


def test_slash_is_a_letter_inside_a_field(page: Page):
    page.goto("/search/")
    page.locator("#q").fill("4")
    page.locator("#q").press("/")
    expect(page.locator("#q")).to_have_value("4/")


def test_hits_come_while_one_types(page: Page):
    page.goto("/search/")
    page.locator("#q").press_sequentially("sidech")
    expect(page.locator("#found a", has_text="Side-chain").first).to_be_visible()
    expect(page).to_have_url(re.compile(r"q=sidech"))


def test_search_and_questions_need_no_script(without_scripts: Page):
    without_scripts.goto("/questions/")
    without_scripts.locator("#filter").fill("tinnitus")
    without_scripts.locator(".filter button").click()
    expect(without_scripts.locator(".hits a").first).to_have_text(re.compile("Tinnitus"))


def test_the_questions_are_filtered_as_one_types(page: Page):
    page.goto("/questions/")
    page.locator("#filter").fill("bluetooth")
    expect(page.locator("#bluetooth")).to_be_visible()
    expect(page.locator("#vinyl")).to_be_hidden()
    page.locator("#filter").fill("xyzzy")
    expect(page.locator(".filter [role=status]")).to_contain_text("None has all these words")


def test_slash_finds_the_search_in_an_older_browser(page: Page):
    page.add_init_script("delete Element.prototype.checkVisibility")
    page.goto("/guide/")
    page.keyboard.press("/")
    expect(page.get_by_role("searchbox", name="Search")).to_be_focused()


TERMS = catalogue().terms
ONE, OTHER = next(
    (one, other)
    for one in TERMS.values()
    for other in map(TERMS.get, one.see)
    if one.name.lower() not in f"{other.name} {other.text}".lower()
)


@pytest.mark.parametrize("way", ["link", "address"])
def test_a_link_to_an_entry_that_is_filtered_away_shows_it(page: Page, way):
    page.goto("/glossary/")
    there = page.locator(f"[id='{OTHER.id}']")
    page.locator("#filter").fill(ONE.name)
    expect(there).to_be_hidden()
    if way == "link":
        page.locator(f"[id='{ONE.id}']").get_by_role("link", name=OTHER.name, exact=True).click()
    else:
        page.evaluate("id => { location.hash = id }", OTHER.id)
    expect(there).to_be_in_viewport()
    expect(page.locator("#filter")).to_have_value("")
    expect(page.locator("[data-find][hidden]")).to_have_count(0)


def test_a_browser_without_cards_scrolls_and_follows_dotted_words(page: Page):
    page.add_init_script("""
      for (const name of ["showPopover", "hidePopover", "togglePopover", "popover"]) delete HTMLElement.prototype[name];
      const { matches } = Element.prototype;
      Element.prototype.matches = function (selector) {
        if (selector.includes(":popover-open")) throw new SyntaxError(selector);
        return matches.call(this, selector);
      };
    """)
    page.goto("/learn/eq-compression/")
    word = page.locator("a.term").first
    with page.expect_response(re.compile("/words[.]")) as words:
        word.hover()
    page.evaluate("url => { import(url).then(() => { window.has = true }) }", words.value.url)
    page.wait_for_function("() => window.has")
    page.evaluate("addEventListener('scroll', () => { window.scrolled = true }); scrollBy(0, 300)")
    page.wait_for_function("() => window.scrolled")
    word.click()
    expect(page).to_have_url(re.compile(r"/glossary/#"))


def test_a_dotted_word_opens_a_card_that_escape_closes(page: Page):
    page.goto("/learn/eq-compression/")
    word = page.locator("a.term").first
    with page.expect_response(re.compile("/words[.]")) as words:
        word.hover()
    page.evaluate("url => import(url)", words.value.url)  # until it has run
    word.click()
    expect(page.locator(".word strong")).not_to_be_empty()
    expect(page.locator(".word")).to_be_visible()
    expect(page).to_have_url(re.compile("/learn/eq-compression/$"))
    page.keyboard.press("Escape")
    expect(page.locator(".word")).to_be_hidden()


def test_without_a_script_a_dotted_word_is_a_link(without_scripts: Page):
    without_scripts.goto("/learn/eq-compression/")
    without_scripts.locator("a.term").first.click()
    expect(without_scripts).to_have_url(re.compile(r"/glossary/#"))


def test_the_header_is_one_row_on_a_phone(page: Page):
    for width in (320, 390):
        page.set_viewport_size({"width": width, "height": 800})
        page.goto("/guide/")
        assert page.locator(".site-header").bounding_box()["height"] <= 64
