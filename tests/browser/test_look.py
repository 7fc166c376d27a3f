"""Themes, forced colours, spacing, motion, shifts and requests, in a real Chromium."""

import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Browser, Page, expect

from tests.browser.test_accessibility import LOOKS, PAGES

KINDS = ["home", "question", "any-of question", "result", "kit", "compared", "/guide/", "/roles/studio-producer/"]
KINDS += ["/roles/studio-producer/checklist/", "/learn/effects/", "/glossary/", "/method/"]
GROUND = "getComputedStyle(document.documentElement).backgroundColor"
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
    results = Axe().run(page, options=LOOKS)
    assert results.violations_count == 0, results.generate_report()
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


def test_nothing_shifts_through_the_whole_quiz(page: Page):
    page.add_init_script(
        """window.shift = 0;
        new PerformanceObserver((list) => { for (const e of list.getEntries()) if (!e.hadRecentInput) window.shift += e.value })
          .observe({ type: 'layout-shift', buffered: true })"""
    )
    page.goto("/quiz/")
    for number in range(1, 15):
        expect(page.get_by_text(f"Question {number} of 15")).to_be_visible()
        page.locator(".option").first.click()
    expect(page.get_by_text("Question 15 of 15")).to_be_visible()
    assert page.evaluate("window.shift") <= 0.001


@pytest.mark.parametrize("kind", KINDS)
def test_a_first_visit_takes_at_most_8_requests(browser: Browser, base_url, kind):
    context = browser.new_context(base_url=base_url)
    page, requests = context.new_page(), []
    page.on("request", lambda request: requests.append(request.url))
    page.goto(PAGES[kind], wait_until="networkidle")
    assert len(requests) <= 8, requests
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
