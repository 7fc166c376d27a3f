"""One tab that tests use one after another: a new one for each would take as long as most of them.

A test finds it as a new visitor would: nothing stored or kept, no cookie, the usual size and theme. What cannot be taken back, such
as an answer to its requests, costs the tab: the next test gets a new one.
"""

from collections.abc import Callable
from contextlib import AbstractContextManager
from typing import Any

from playwright.sync_api import BrowserContext, Error, Page, Response

SIZE = {"width": 1280, "height": 720}
LASTING = {"clock", "close", "context", "on", "once", "route"}


def settle(page: Page) -> None:
    """Until the scripts have run, which come after the first picture: the last of them shows the button for the theme."""
    # By the clock: to look at every frame would have frames drawn for it.
    page.wait_for_function("() => !document.getElementById('theme')?.hidden", polling=10)


class Tab(Page):
    """Notices when it is asked for something lasting, and remembers the scripts of a test."""

    lasting = False

    def goto(self, *given: Any, **named: Any) -> Response | None:
        response = super().goto(*given, **named)
        settle(self)
        return response

    def reload(self, *given: Any, **named: Any) -> Response | None:
        response = super().reload(*given, **named)
        settle(self)
        return response

    def __getattribute__(self, name: str) -> Any:
        if name in LASTING:
            self.lasting = True
        return super().__getattribute__(name)

    def add_init_script(self, *given: Any, **named: Any) -> AbstractContextManager[Any]:
        script = super().add_init_script(*given, **named)
        self.scripts = [*getattr(self, "scripts", []), script]
        return script

    def empty(self) -> None:
        """Make it as good as new."""
        self.evaluate("navigator.sendBeacon = () => true")  # nobody leaves here
        for script in getattr(self, "scripts", []):
            script.close()
        self.scripts = []
        super().goto("/robots.txt")  # has no script to wait for
        self.evaluate("localStorage.clear(); sessionStorage.clear()")
        self.set_viewport_size(SIZE)
        self.emulate_media(media="null", color_scheme="light", reduced_motion="no-preference", forced_colors="none")


def new_tab(context: BrowserContext) -> Page:
    page = context.new_page()
    page.__class__ = Tab
    return page


class Tabs:
    """Hands out a tab, and takes it back."""

    def __init__(self, new_context: Callable[[], BrowserContext]) -> None:
        self.new_context = new_context
        self.context: BrowserContext | None = None

    def take(self) -> BrowserContext:
        """A context whose only page is as good as new."""
        if self.context is None:
            self.context = self.new_context()
            new_tab(self.context)
        return self.context

    def give_back(self) -> None:
        assert self.context
        if not emptied(self.context):
            self.context.close()
            self.context = None


def emptied(context: BrowserContext) -> bool:
    """Whether the only tab could be made as good as new."""
    tab = context.pages[0] if len(context.pages) == 1 else None
    if not isinstance(tab, Tab) or tab.lasting:
        return False
    try:
        context.clear_cookies()
        tools = context.new_cdp_session(tab)
        tools.send("Network.clearBrowserCache")
        tools.detach()  # first: it would take the media of a test with it
        tab.empty()
    except Error:
        return False
    return True
