"""Find a Chromium, or install one. `make test` runs this as a script, with the Python of .venv, before the tests."""

import os
import platform
import shutil
import subprocess
import sys
from pathlib import Path
from typing import Any

from playwright._impl._driver import compute_driver_executable
from playwright.sync_api import sync_playwright

SHELL = "chromium-headless-shell"  # has no window to draw, and so takes less time
NAMES = ("chromium", "chromium-browser", "google-chrome", "google-chrome-stable")
# What somebody types where none could be installed, by the ID of the system. libatomic is for Playwright's Node.js.
TO_TYPE = {
    "debian": "as root: apt-get update && apt-get install -y chromium libatomic1",
    "ubuntu": "sudo apt-get install -y libatomic1 && .venv/bin/playwright install --with-deps chromium",
    "fedora": "as root: dnf install -y chromium libatomic",
    "darwin": "brew install --cask chromium",
}
ELSEWHERE = ".venv/bin/playwright install chromium"

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
    return own if Path(own).exists() else next(filter(None, map(shutil.which, (SHELL, *NAMES))), None)


def starts(*command: str) -> bool:
    return run([*command, "--version"]) == 0


def ready() -> bool:
    """Whether Playwright's Node.js starts, without which nothing can be asked, and then a Chromium."""
    return starts(compute_driver_executable()[0]) and starts(find() or "")


def run(command: list[str]) -> int | None:
    """Its return code; None where it is not there. It gets no terminal input, so that it cannot wait for an answer."""
    try:
        return subprocess.run(
            command,
            env=os.environ | {"DEBIAN_FRONTEND": "noninteractive"},
            stdin=subprocess.DEVNULL,
            stdout=subprocess.DEVNULL,
            stderr=subprocess.DEVNULL,
            check=False,
        ).returncode
    except OSError:
        return None


def install() -> None:
    """Try Debian's packages, then Playwright's download; either may be impossible here."""
    download = [sys.executable, "-m", "playwright", "install", "chromium"]
    if os.geteuid():
        commands = [download]  # --with-deps would ask for a password, at a prompt that nobody sees
    else:
        names = ("libatomic1", SHELL, "chromium")
        packages = [["apt-get", "update"], *(["apt-get", "install", "-y", name] for name in names)]
        commands = [*packages, [*download, "--with-deps"]]
    for command in commands:
        if not ready():
            run(command)


def to_type() -> str:
    if sys.platform == "darwin":
        return TO_TYPE["darwin"]
    try:
        system = platform.freedesktop_os_release()
    except OSError:
        return ELSEWHERE
    ids = [system["ID"], *system.get("ID_LIKE", "").split()]
    return next((TO_TYPE[name] for name in ids if name in TO_TYPE), ELSEWHERE)


if __name__ == "__main__":
    if not ready():
        print("Installing a Chromium for the browser tests…", flush=True)
        install()
    if not ready():
        sys.exit(f"No Chromium starts here, and none could be installed. Type this, then run it again: {to_type()}")
