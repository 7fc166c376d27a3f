"""What a visitor does in any browser, and what they see. Nothing here knows which browser it is."""

from dataclasses import dataclass
from typing import Any

from selenium.common.exceptions import (
    ElementClickInterceptedException,
    ElementNotInteractableException,
    JavascriptException,
    StaleElementReferenceException,
)
from selenium.webdriver import ActionChains, Remote
from selenium.webdriver.remote.webelement import WebElement
from selenium.webdriver.support.wait import WebDriverWait

SEEN = """const [css, text] = arguments;
return [...document.querySelectorAll(css)].find((found) => found.checkVisibility() && found.textContent.includes(text));"""
# Only from here on: the commands of WebDriver come when a page has loaded.
LISTEN = """window.faults = [];
addEventListener("error", ({ message }) => window.faults.push(message));
addEventListener("unhandledrejection", ({ reason }) => window.faults.push(String(reason)));"""
# The scripts come after the first picture, and the last of them shows the button for the theme.
SETTLED = "return !document.getElementById('theme')?.hidden;"
# While htmx puts in another question, or a script shows what it has to add, an element may go or move.
PASSING = (
    ElementClickInterceptedException,
    ElementNotInteractableException,
    JavascriptException,
    StaleElementReferenceException,
)


@dataclass(frozen=True)
class Visitor:
    driver: Remote
    url: str

    def open(self, path: str) -> None:
        self.driver.get(self.url + path)
        self.run(LISTEN)
        self.until(SETTLED)

    def leave_and_come_back(self, how: str) -> None:
        """Reload as a key does it, or go back to a page that the browser has not kept: both may restore forms."""
        if how == "reload":
            self.run("window.old = true; location.reload();")
        else:
            self.run("addEventListener('unload', () => {});")
            self.open("/guide/")
            self.driver.back()
        self.until("return !window.old && document.readyState === 'complete';")
        self.until(SETTLED)

    @property
    def path(self) -> str:
        return self.driver.current_url.removeprefix(self.url)

    def run(self, script: str, *given: Any) -> Any:
        """What a script returns; it has its arguments in `arguments`."""
        return self.driver.execute_script(script, *given)

    def until(self, script: str, *given: Any) -> Any:
        """What a script returns as soon as that is something."""
        waiting = WebDriverWait(self.driver, 20, poll_frequency=0.05, ignored_exceptions=PASSING)
        return waiting.until(lambda _: self.run(script, *given), f"{script} {given} on {self.driver.current_url}")

    def sees(self, css: str, text: str = "") -> WebElement:
        """The first element of that selector and with that text that is shown, as soon as there is one."""
        return self.until(SEEN, css, text)

    def tap(self, css: str, text: str = "") -> None:
        def done(_: Remote) -> bool:
            found = self.sees(css, text)
            self.run("arguments[0].scrollIntoView({ block: 'center' });", found)  # clear of what is fixed at an edge
            found.click()
            return True

        WebDriverWait(self.driver, 20, poll_frequency=0.05, ignored_exceptions=PASSING).until(done)

    def press(self, *keys: str) -> None:
        for key in keys:
            ActionChains(self.driver).send_keys(key).perform()
