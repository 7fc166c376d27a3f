"""Pages that were opened once open without a network, a release shows at once, and one switch ends it."""

from collections.abc import Iterator
from pathlib import Path

import pytest
from playwright.sync_api import Browser, BrowserContext, Page, expect

from quiz import codes
from tests.browser.server import Site, free_port, serve
from tests.conftest import leaning

RESULT = f"/result/{codes.build(leaning('mix'))}/"
CHECKLIST = "/roles/mix-mastering-engineer/checklist/"
KEPT = """path => caches.open("pages").then((pages) => pages.match(path)).then(Boolean)"""
WORKERS = "navigator.serviceWorker.getRegistrations().then((found) => found.length)"
CACHES = "caches.keys().then((names) => names.length)"


@pytest.fixture
def port() -> int:
    return free_port()


@pytest.fixture
def context(browser: Browser, base_url: str, request: pytest.FixtureRequest) -> Iterator[BrowserContext]:
    """With the service worker. Only a test that starts and ends releases needs another server than all others."""
    if "release" in request.fixturenames:
        base_url = f"http://127.0.0.1:{request.getfixturevalue('port')}"
    context = browser.new_context(base_url=base_url, service_workers="allow")
    yield context
    context.close()


@pytest.fixture
def release(tmp_path: Path, static_root: Path, port: int, site: Site):
    """Start a release of the site with another owner; the network is gone when its block ends."""
    database = {"database": site.database, "migrate": False}  # to make another takes as long as a start
    return lambda owner: serve(tmp_path, static_root, port=port, OWNER=owner, **database)


def visit(page: Page, *paths: str) -> None:
    """Open pages, and wait until they are kept."""
    for path in paths:
        page.goto(path)
        page.wait_for_function(KEPT, arg=path)
    for _ in range(10):  # a page that is opened while the worker starts may go without it
        page.goto(paths[-1], wait_until="networkidle")
        if page.evaluate("navigator.serviceWorker.controller !== null"):
            return
    pytest.fail("the worker controls no page")


def test_a_page_opens_without_a_network_and_a_release_shows_at_once(page: Page, release):
    owner = page.get_by_text("Responsible for this site")
    with release("Ann"):
        visit(page, "/about/")
    page.goto("/about/")
    expect(owner).to_contain_text("Ann")
    with release("Bob"):
        page.reload()  # a browser’s own minute of memory, with or without this, ends with it
        expect(owner).to_contain_text("Bob")


def test_result_plan_checklist_guide_and_a_lab_open_without_a_network(page: Page, release):
    with release("Ann"):
        visit(page, RESULT, f"{RESULT}plan/", CHECKLIST, "/guide/", "/learn/daw/")
        page.goto("/learn/effects/", wait_until="networkidle")
        page.wait_for_function(KEPT, arg="/learn/effects/")
        page.wait_for_function(
            "() => caches.open('files').then((files) => files.keys()).then((keys) => keys.some(({ url }) => url.includes('labs/effects')))"
        )
    for path, heading in ((f"{RESULT}plan/", "Week 1"), ("/guide/", None), (CHECKLIST, "Foundations")):
        page.goto(path)
        expect(page.get_by_role("heading", name=heading).first).to_be_visible()
    page.get_by_label("Know your DAW", exact=True).check()
    page.goto(RESULT)
    expect(page.locator(".next-three label").first).not_to_contain_text("Install a free DAW")
    page.goto("/learn/effects/")
    page.locator("section.lab button").first.click()
    expect(page.locator("section.lab").get_by_role("button", name="Stop").first).to_be_visible()


def test_the_switch_turns_it_off_removes_it_and_turns_it_on_again(page: Page):
    visit(page, "/guide/", "/about/")
    switch = page.get_by_role("switch", name="Keep the pages I open")
    expect(switch).to_be_checked()
    switch.uncheck()
    expect(page.get_by_text("Off, and the pages are gone.")).to_be_visible()
    for path in ("/about/", "/guide/"):
        page.goto(path, wait_until="networkidle")
        assert page.evaluate(WORKERS) == page.evaluate(CACHES) == 0
    page.goto("/about/")
    expect(switch).not_to_be_checked()
    switch.check()
    expect(page.get_by_text("On.", exact=True)).to_be_visible()
    page.wait_for_function(KEPT, arg="/about/")


def test_forgetting_everything_forgets_the_pages(page: Page):
    visit(page, "/guide/", "/about/")
    page.get_by_role("button", name="Forget all of it").click()
    expect(page.get_by_text("Forgotten.")).to_be_visible()
    page.wait_for_function(f"() => {CACHES}.then((many) => many === 0)")


def test_searches_and_questions_are_not_kept(page: Page):
    visit(page, "/guide/")
    page.goto("/search/?q=bass", wait_until="networkidle")
    page.goto("/quiz/", wait_until="networkidle")
    kept = page.evaluate(
        "caches.open('pages').then((pages) => pages.keys()).then((keys) => keys.map(({ url }) => new URL(url).pathname))"
    )
    assert set(kept) == {"/", "/guide/"}


def test_a_page_is_shown_before_anything_of_this_is_loaded(page: Page):
    page.goto("/guide/")
    page.evaluate("navigator.serviceWorker.ready.then(() => true)")
    loaded, asked = page.evaluate(
        """() => [performance.getEntriesByType("navigation")[0].loadEventStart, performance.now()]"""
    )
    assert 0 < loaded < asked
    names = page.evaluate("performance.getEntriesByType('resource').map(({ name }) => name)")
    assert not [name for name in names if name.endswith("/sw.js")]
