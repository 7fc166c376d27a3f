"""Pages that were opened once open without a network, a release shows at once, and one switch ends it."""

from collections.abc import Iterator
from itertools import count
from pathlib import Path

import pytest
from playwright.sync_api import Browser, BrowserContext, Locator, Page, expect

from quiz import codes
from tests.browser.server import Site, free_port, serve
from tests.conftest import leaning

RESULT = f"/result/{codes.build(leaning('mix'))}/"
CHECKLIST = "/roles/mix-mastering-engineer/checklist/"
KEPT = """path => caches.match(path, { cacheName: "pages" })"""
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


NUMBERS = count()


def until(page: Page, promised: str, given: str | None = None) -> None:
    """Wait until what a function promises is true: `wait_for_function` takes the promise itself for that."""
    key = f"found{next(NUMBERS)}"
    page.wait_for_function(
        f"given => {{ ({promised})(given).then((found) => {{ window.{key} ||= Boolean(found) }}); return window.{key} }}",
        arg=given,
        polling=50,
    )


def visit(page: Page, *paths: str) -> None:
    """Open pages, and wait until they are kept."""
    for path in paths:
        page.goto(path)
        until(page, KEPT, path)
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


@pytest.mark.parametrize("path", ["/", "/learn/daw/", RESULT])
def test_a_first_visit_keeps_what_it_has_and_fetches_nothing_for_later(page: Page, path):
    page.goto(path)
    until(page, "() => navigator.serviceWorker.ready.then(({ active }) => active.state === 'activated')")
    assert page.evaluate(f"({KEPT})('{path}').then(Boolean)")
    kept = page.evaluate(
        "caches.open('files').then((files) => files.keys()).then((keys) => keys.map(({ url }) => url))"
    )
    had = page.evaluate("performance.getEntriesByType('resource').map(({ name }) => name)")
    assert [url for url in kept if ".css" in url]
    assert set(kept) <= set(had)


def test_result_plan_checklist_guide_and_a_lab_open_without_a_network(page: Page, release):
    with release("Ann"):
        visit(page, RESULT, f"{RESULT}plan/", CHECKLIST, "/guide/", "/learn/daw/")
        page.goto("/learn/effects/", wait_until="networkidle")
        until(page, KEPT, "/learn/effects/")
        until(
            page,
            "() => caches.open('files').then((files) => files.keys()).then((keys) => keys.some(({ url }) => url.includes('labs/effects')))",
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
    until(page, KEPT, "/about/")


def switched_off(page: Page) -> Locator:
    switch = page.get_by_role("switch", name="Keep the pages I open")
    switch.uncheck()
    expect(page.get_by_text("Off, and the pages are gone.")).to_be_visible()
    return switch


def test_the_switch_turned_off_and_on_again_on_the_same_page_keeps_it(page: Page):
    visit(page, "/about/")
    switched_off(page).check()
    expect(page.get_by_text("On.", exact=True)).to_be_visible()
    until(page, KEPT, "/about/")
    page.goto("/guide/")
    until(page, KEPT, "/guide/")


def test_a_page_that_was_on_its_way_when_it_was_turned_off_is_not_kept(page: Page):
    visit(page, "/about/")
    [worker] = page.context.service_workers
    worker.evaluate("""() => {
      const { fetch } = self;
      const held = new Promise((resolve) => { self.go = resolve; });
      self.fetch = async (request) => { await held; return fetch(request); };
      self.late = begin();
    }""")
    switched_off(page)
    ended = worker.evaluate(
        "() => { go(); return Promise.race([late.then(() => true), new Promise((no) => setTimeout(no, 20_000))]); }"
    )
    assert ended
    assert page.evaluate(CACHES) == 0


def test_forgetting_everything_leaves_the_pages_unkept_and_the_theme_as_the_system_has_it(page: Page):
    visit(page, "/about/")
    switched_off(page)
    page.get_by_role("button", name="Theme: system").click()
    expect(page.get_by_role("button", name="Theme: dark")).to_be_visible()
    page.get_by_role("button", name="Forget all of it").click()
    expect(page.get_by_text("Forgotten.")).to_be_visible()
    expect(page.get_by_role("button", name="Theme: system")).to_be_visible()
    page.goto("/guide/", wait_until="networkidle")
    assert page.evaluate(WORKERS) == page.evaluate(CACHES) == 0
    page.goto("/about/")
    expect(page.get_by_role("switch", name="Keep the pages I open")).not_to_be_checked()


def test_forgetting_everything_forgets_the_pages(page: Page):
    visit(page, "/guide/", "/about/")
    page.get_by_role("button", name="Forget all of it").click()
    expect(page.get_by_text("Forgotten.")).to_be_visible()
    until(page, f"() => {CACHES}.then((many) => many === 0)")


def test_searches_and_questions_are_not_kept(page: Page):
    visit(page, "/guide/")
    page.goto("/search/?q=bass", wait_until="networkidle")
    page.goto("/quiz/", wait_until="networkidle")
    kept = page.evaluate(
        "caches.open('pages').then((pages) => pages.keys()).then((keys) => keys.map(({ url }) => new URL(url).pathname))"
    )
    assert set(kept) == {"/", "/guide/"}


def test_a_page_is_shown_before_anything_of_this_is_loaded(page: Page):
    page.add_init_script(
        """const { register } = ServiceWorkerContainer.prototype;
        ServiceWorkerContainer.prototype.register = function (...given) {
          window.asked ??= performance.now();
          return register.apply(this, given);
        }"""
    )
    page.goto("/guide/")
    page.wait_for_function("() => window.asked && performance.getEntriesByName('first-contentful-paint').length")
    drawn, loaded, asked = page.evaluate(
        """() => [performance.getEntriesByName("first-contentful-paint")[0].startTime,
          performance.getEntriesByType("navigation")[0].loadEventStart, window.asked]"""
    )
    assert asked > min(drawn, loaded + 290)  # as in first.js, and a timer may be a little early
    names = page.evaluate("performance.getEntriesByType('resource').map(({ name }) => name)")
    assert not [name for name in names if name.endswith("/sw.js")]
