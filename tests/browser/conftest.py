"""The real server, with a database of its own, and a real Chromium in front of it."""

from collections.abc import Iterator
from pathlib import Path

import pytest
from playwright.sync_api import Browser, BrowserContext, Page, expect

from tests.browser import chromium
from tests.browser.server import Site, serve
from tests.browser.sound import Studio

# Two Chromiums and a server share two cores.
expect.set_options(timeout=20_000)


@pytest.fixture(scope="session")
def browser_type_launch_args(browser_type_launch_args):
    return browser_type_launch_args | chromium.launch_settings()


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


@pytest.fixture
def faults() -> list[str]:
    """Console errors and failed requests of the pages that `watch` looks after; a test that expects some empties it."""
    return []


@pytest.fixture(autouse=True)
def watch(context: BrowserContext, faults: list[str]) -> Iterator[None]:
    watch_context(context, faults)
    yield
    assert not faults


# What Chromium says by itself where a page came too slowly to be blended with the one before it.
NOT_BLENDED = "Transition was aborted because of invalid state. Page already revealed"


def watch_context(context: BrowserContext, faults: list[str]) -> None:
    def note(text: str) -> None:
        if text != NOT_BLENDED:
            faults.append(text)

    context.on("console", lambda message: note(message.text) if message.type == "error" else None)
    context.on("weberror", lambda error: note(str(error.error)))


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
