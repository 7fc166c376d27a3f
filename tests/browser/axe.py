"""axe in a page: loaded once, and asked for what is wrong alone. All that is right would take longer to send than to find.

Of elements that look alike, one is asked about its colours: nine seconds of ten went into the same answer for the next of
two hundred terms. Alike are elements of the same colours and letters in parents that are alike, by the same tags and classes.
"""

from typing import Any

from axe_playwright_python.base import AXE_SCRIPT, AxeResults
from playwright.sync_api import Page

RULES = {
    "runOnly": {
        "type": "tag",
        "values": ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice"],
    }
}
# The rules whose outcome can depend on the theme or the width.
LOOKS = {
    "runOnly": {
        "type": "rule",
        "values": ["color-contrast", "target-size", "link-in-text-block", "scrollable-region-focusable"],
    }
}
RUN = """async ([options, within]) => {
  const looks = new Map();
  const look = (element) => {
    if (!element) return "";
    if (!looks.has(element)) {
      const { color, backgroundColor, backgroundImage, opacity, fontSize, fontWeight, textDecoration, display, position } = getComputedStyle(element);
      const own = [element.tagName, element.getAttribute("class"), color, backgroundColor, backgroundImage, opacity, fontSize, fontWeight];
      looks.set(element, [...own, textDecoration, display, position, look(element.parentElement)].join());
    }
    return looks.get(element);
  };
  const seen = new Set();
  for (const element of document.querySelectorAll("*")) {
    element.toggleAttribute("data-new-look", !seen.has(look(element)));
    seen.add(look(element));
  }
  axe.configure({ rules: [
    { id: "color-contrast", selector: "[data-new-look]" },
    { id: "link-in-text-block", selector: "a[href][data-new-look]" },
  ] });
  return (await axe.run(within || document, { ...options, resultTypes: ["violations"] })).violations;
}"""


def barriers(page: Page, rules: dict[str, Any] = RULES, within: str = "") -> str:
    """What axe finds, to be read; nothing where nothing is wrong."""
    if page.evaluate("typeof axe === 'undefined'"):
        page.evaluate(AXE_SCRIPT)
    found = page.evaluate(RUN, [rules, within])
    return AxeResults({"violations": found}).generate_report() if found else ""
