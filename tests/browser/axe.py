"""axe in a page: loaded once, and asked for what is wrong alone. All that is right would take longer to send than to find.

Of elements that look alike, one is asked about its colours: nine seconds of ten went into the same answer for the next of
two hundred terms. Alike are elements of the same colours and letters in parents that are alike, by the same tags and classes.
For the same reason the contrast of what axe has judged on one page, such as the header, is not judged again on the next.
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
# Of those, the rules whose outcome cannot depend on the width alone.
COLOURS = {"runOnly": {"type": "rule", "values": ["color-contrast", "link-in-text-block"]}}
# Elements whose contrast has been judged, by how they look, in short.
judged: set[int] = set()
RUN = """async ([options, within, judged]) => {
  const short = (text) => {
    let [one, two] = [7, 11];
    for (let i = 0; i < text.length; i++) {
      one = Math.imul(one ^ text.charCodeAt(i), 0x9e3779b1);
      two = Math.imul(two ^ text.charCodeAt(i), 0x5f356495);
    }
    return (one >>> 0) * 2 ** 20 + (two >>> 12);
  };
  const looks = new Map();
  const look = (element) => {
    if (!element) return String(matchMedia("(forced-colors: active)").matches);
    if (!looks.has(element)) {
      const { color, backgroundColor, backgroundImage, opacity, fontSize, fontWeight, textDecoration, display, position } = getComputedStyle(element);
      const own = [element.tagName, element.getAttribute("class"), color, backgroundColor, backgroundImage, opacity, fontSize, fontWeight];
      // axe passes over what says nothing, is not shown or is disabled.
      const says = Boolean(element.value) || [...element.childNodes].some(({ nodeType, data }) => nodeType === 3 && data.trim());
      const off = element.matches(":disabled, [aria-disabled=true]") || element.control?.disabled;
      const states = [says, element.checkVisibility({ visibilityProperty: true }), off];
      looks.set(element, short([...own, textDecoration, display, position, ...states, look(element.parentElement)].join()));
    }
    return looks.get(element);
  };
  const here = new Set();
  const before = new Set(judged);
  const looked = new Map();
  const root = within ? document.querySelector(within) : document;
  for (const element of root.querySelectorAll("*")) {
    const own = look(element);
    const first = !here.has(own);
    here.add(own);
    const unjudged = first && !before.has(own);
    if (unjudged) looked.set(element, own);
    element.toggleAttribute("data-new-here", first);
    element.toggleAttribute("data-new-look", unjudged);
  }
  axe.configure({ rules: [
    { id: "color-contrast", selector: "[data-new-look]" },
    { id: "link-in-text-block", selector: "a[href][data-new-here]" },
  ] });
  const { violations, incomplete } = await axe.run(root, { ...options, elementRef: true, resultTypes: ["violations", "incomplete"] });
  // What axe could not tell here, for what lies over it, or found wrong, is asked for again.
  for (const { nodes } of [...violations, ...incomplete]) for (const { element } of nodes) looked.delete(element);
  for (const { nodes } of violations) for (const node of nodes) delete node.element;
  return [violations, [...looked.values()]];
}"""


def barriers(page: Page, rules: dict[str, Any] = RULES, within: str = "") -> str:
    """What axe finds, to be read; nothing where nothing is wrong."""
    if page.evaluate("typeof axe === 'undefined'"):
        page.evaluate(AXE_SCRIPT)
    found, looked = page.evaluate(RUN, [rules, within, list(judged)])
    judged.update(looked)
    return AxeResults({"violations": found}).generate_report() if found else ""
