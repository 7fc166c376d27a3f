"""Find a Chromium, or install one. `make test` runs this as a script, with the Python of .venv, before the tests."""

import os
import shutil
import subprocess
import sys
from pathlib import Path
from typing import Any

from playwright.sync_api import sync_playwright

NAMES = ("chromium", "chromium-browser", "google-chrome", "google-chrome-stable")
HELP = """No Chromium was found, and none could be installed. Install one and run this again:
  Debian or Ubuntu, as root: apt-get update && apt-get install -y chromium
  macOS: brew install --cask chromium
  elsewhere: .venv/bin/playwright install chromium"""


# A second Chromium process that reaches out to the network by itself would only slow the tests down.
QUIET = ["--disable-background-networking", "--disable-component-update", "--disable-sync", "--no-first-run"]


def launch_settings() -> dict[str, Any]:
    """What Playwright needs to start it, as root too; like `find`, not to be called while a Playwright runs."""
    sandbox = ["--no-sandbox"] if os.geteuid() == 0 else []
    return {"executable_path": find(), "args": [*QUIET, *sandbox]}


def find() -> str | None:
    """The path of a Chromium: the one that CHROMIUM names, Playwright's own, or the system's."""
    if named := os.environ.get("CHROMIUM"):
        return named
    with sync_playwright() as playwright:
        own = playwright.chromium.executable_path
    return own if Path(own).exists() else next(filter(None, map(shutil.which, NAMES)), None)


def install() -> None:
    """Try Playwright's download, then Debian's package; either may be impossible here."""
    commands = [[sys.executable, "-m", "playwright", "install", "--with-deps", "chromium"]]
    if shutil.which("apt-get") and os.geteuid() == 0:
        commands = [["apt-get", "update"], ["apt-get", "install", "-y", "chromium"], *commands]
    for command in commands:
        if find() is None:
            subprocess.run(command, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL, check=False)


if __name__ == "__main__":
    if find() is None:
        print("Installing a Chromium for the browser tests…")
        install()
    if find() is None:
        sys.exit(HELP)
