"""The real server, with a database of its own, and a real Chromium in front of it."""

from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest
from playwright.sync_api import Browser, BrowserContext, ConsoleMessage, Page, WebError, expect

from tests.browser import chromium
from tests.browser.server import Site, serve
from tests.browser.sound import Studio
from tests.browser.tab import Tabs, new_tab

# Two Chromiums and a server share two cores.
expect.set_options(timeout=20_000)


@pytest.fixture(scope="session")
def browser_type_launch_args(browser_type_launch_args):
    settings = chromium.launch_settings()
    if chromium.SHELL in (settings["executable_path"] or ""):
        # A process for what nobody looks at takes a fifth more.
        settings["args"] += ["--disable-gpu", "--in-process-gpu"]
    return browser_type_launch_args | settings


@pytest.fixture(scope="session")
def browser_context_args(browser_context_args):
    """Without the service worker, which would answer what a test wants to see fail; test_offline.py has it."""
    return browser_context_args | {"service_workers": "block"}


@pytest.fixture(scope="session")
def site(static_root: Path, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Site]:
    with serve(tmp_path_factory.mktemp("site"), static_root) as site:
        yield site


@pytest.fixture(scope="session")
def base_url(site: Site) -> str:
    return site.url


@pytest.fixture(scope="session")
def tabs(browser: Browser, browser_context_args: dict[str, Any]) -> Tabs:
    return Tabs(lambda: browser.new_context(**browser_context_args))


@pytest.fixture
def context(tabs: Tabs) -> Iterator[BrowserContext]:
    yield tabs.take()
    tabs.give_back()


@pytest.fixture
def page(context: BrowserContext) -> Page:
    return context.pages[0] if context.pages else new_tab(context)


@pytest.fixture
def faults() -> list[str]:
    """Console errors and failed requests of the pages that `watch` looks after; a test that expects some empties it."""
    return []


@pytest.fixture(autouse=True)
def watch(request: pytest.FixtureRequest, faults: list[str]) -> Iterator[None]:
    # A test of sounds has no tab: to make one as good as new takes longer than most of them.
    unwatch = watch_context(request.getfixturevalue("context"), faults) if "context" in request.fixturenames else None
    yield
    if unwatch:
        unwatch()
    assert not faults


# What Chromium says by itself where a page came too slowly to be blended with the one before it, or before its style sheet.
NOT_BLENDED = {
    f"Transition was aborted because of invalid state. {why}"
    for why in ("Page already revealed", "ViewTransition opt-in disabled")
}


def watch_context(context: BrowserContext, faults: list[str]) -> Callable[[], None]:
    """Note the faults of its pages until what this returns is called."""

    def note(text: str) -> None:
        if text not in NOT_BLENDED:
            faults.append(text)

    def said(message: ConsoleMessage) -> None:
        if message.type == "error":
            note(message.text)

    def thrown(error: WebError) -> None:
        note(str(error.error))

    def unwatch() -> None:
        context.remove_listener("console", said)
        context.remove_listener("weberror", thrown)

    context.on("console", said)
    context.on("weberror", thrown)
    return unwatch


@pytest.fixture
def without_scripts(browser: Browser, base_url: str) -> Iterator[Page]:
    context = browser.new_context(base_url=base_url, java_script_enabled=False)
    yield context.new_page()
    context.close()


@pytest.fixture(scope="module")
def studio(browser: Browser, base_url: str) -> Iterator[Studio]:
    faults: list[str] = []
    context = browser.new_context(base_url=base_url)
    watch_context(context, faults)
    page = context.new_page()
    page.goto("/robots.txt")
    yield Studio(page)
    context.close()
    assert not faults
