"""Reading an article."""

from playwright.sync_api import Page, expect


def test_the_contents_mark_the_section_being_read(page: Page):
    page.goto("/guide/")
    contents = page.get_by_role("navigation", name="On this page")
    contents.get_by_role("link", name="Working habits").click()
    expect(contents.get_by_role("link", name="Working habits")).to_have_attribute("aria-current", "true")
    expect(contents.locator("[aria-current]")).to_have_count(1)


def test_a_term_links_to_its_highlighted_entry(without_scripts: Page):
    without_scripts.goto("/learn/eq-compression/")
    without_scripts.get_by_role("link", name="bell", exact=True).click()
    entry = without_scripts.locator("#bell-filter")
    expect(entry).to_be_in_viewport()
    assert entry.evaluate("element => element.matches(':target')")


def test_the_skip_link_is_the_first_stop_of_the_keyboard(page: Page):
    page.goto("/guide/")
    page.keyboard.press("Tab")
    skip = page.get_by_role("link", name="Skip to the content")
    expect(skip).to_be_focused()
    expect(skip).to_be_in_viewport()
    page.keyboard.press("Enter")
    assert page.evaluate("location.hash") == "#main"


def test_a_page_that_was_kept_takes_the_theme_that_was_chosen_since(page: Page):
    page.goto("/guide/")
    for theme in ("dark", "system"):
        page.evaluate("theme => localStorage.setItem('producerguide.theme', theme)", theme)
        page.evaluate("dispatchEvent(new PageTransitionEvent('pageshow', { persisted: true }))")
        expect(page.get_by_role("button", name=f"Theme: {theme}")).to_be_visible()
        assert page.evaluate("document.documentElement.dataset.theme ?? 'system'") == theme


def test_the_scripts_come_in_a_browser_that_does_not_tell_of_its_first_picture(page: Page):
    page.add_init_script("PerformanceObserver = class { observe() {} }")
    page.goto("/guide/")
    expect(page.get_by_role("button", name="Theme: system")).to_be_visible()
    expect(page.locator("template.late")).to_have_count(0)
