"""A page that was opened once opens again without a network, with its ticks."""

from pathlib import Path

from selenium.webdriver import Remote

from tests.browser.server import serve
from tests.browsers.visitor import Visitor

CHECKLIST = "/roles/bedroom-producer/checklist/"
KEPT = """return Promise.all(["pages", "files"].map((name) => caches.open(name).then((cache) => cache.keys())))
  .then(([pages, files]) => pages.some(({ url }) => url.endsWith(arguments[0]))
    && files.some(({ url }) => url.includes("/js/ticks.")) && navigator.serviceWorker.controller !== null);"""
BOX = "document.querySelector('[value=\"daw.open\"]')"


def test_a_checklist_opens_without_a_network_with_its_ticks(driver: Remote, tmp_path: Path, static_root: Path):
    with serve(tmp_path, static_root) as site:
        visitor = Visitor(driver, site.url)
        visitor.open(CHECKLIST)
        visitor.until(KEPT, CHECKLIST)
        visitor.tap("#skill-daw summary")
        visitor.tap("#skill-daw .steps label")
        visitor.until(f"return {BOX}.checked;")
    visitor.open(CHECKLIST)
    visitor.sees("h1", "checklist")
    visitor.until(f"return {BOX}?.checked;")
