"""Chromium, Firefox and WebKit, each with a new profile, without a screen and without a sound device of the machine."""

import json
import os
import shutil
import subprocess
import time
import warnings
from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager, contextmanager, nullcontext
from dataclasses import dataclass
from glob import glob
from pathlib import Path

from selenium import webdriver
from selenium.webdriver import Remote

from tests.browser import chromium
from tests.browsers.marionette import Marionette

FIREFOX = ("firefox-esr", "firefox")
MINIBROWSER = "/usr/lib/*/webkit2gtk-4.*/MiniBrowser"  # of Debian and its kin, where it is not on the path
PREFERENCES = {
    "accessibility.typeaheadfind": True,  # as some visitors have it: keys that the page does not take open the find bar
    "app.update.disabledForTesting": True,
    "browser.aboutwelcome.enabled": False,
    "browser.shell.checkDefaultBrowser": False,
    "browser.startup.homepage": "about:blank",
    "browser.startup.page": 0,
    "datareporting.policy.dataSubmissionEnabled": False,
    "marionette.port": 0,  # any free one
}


@dataclass(frozen=True)
class Kind:
    """A browser; what is needed is a list of programs, each under one of several names."""

    name: str
    needs: tuple[tuple[str, ...], ...]
    packages: str
    start: Callable[[Path], AbstractContextManager[Remote]]

    @property
    def missing(self) -> str:
        """How to get it, in one line, or nothing where it is installed."""
        if all(any(map(program, names)) for names in self.needs):
            return ""
        return f"{self.name} is not installed. Debian or Ubuntu: apt-get update && apt-get install -y {self.packages}"


def program(name: str) -> str | None:
    return shutil.which(name) or next(iter(sorted(glob(name), reverse=True)), None)


def first(*names: str) -> str:
    return next(filter(None, map(program, names)))


@contextmanager
def start_chromium(folder: Path) -> Iterator[Remote]:
    options = webdriver.ChromeOptions()
    options.binary_location = first(*chromium.NAMES)
    for argument in ["--headless=new", f"--user-data-dir={folder}/profile", *chromium.QUIET]:
        options.add_argument(argument)
    if os.geteuid() == 0:
        options.add_argument("--no-sandbox")
    # With the path of the driver, Selenium does not look for one, and downloads none.
    with webdriver.Chrome(options, webdriver.ChromeService(first("chromedriver"))) as driver:
        yield driver


@contextmanager
def start_firefox(folder: Path, *, deaf: bool = False) -> Iterator[Remote]:
    """It plays into a PulseAudio of its own: without any device no AudioContext of Firefox ever runs, as `deaf` shows."""
    profile = folder / "profile"
    profile.mkdir()
    lines = (f"user_pref({json.dumps(name)}, {json.dumps(value)});\n" for name, value in PREFERENCES.items())
    (profile / "user.js").write_text("".join(lines))
    command = [first(*FIREFOX), "--headless", "--marionette", "--no-remote", "--profile", str(profile)]
    with (
        nullcontext() if deaf else sink(folder),
        running(command, folder, PULSE_SERVER=f"unix:{folder}/pulse"),
    ):
        port = wait_for(profile / "MarionetteActivePort").read_text()
        with webdriver.Remote(Marionette(int(port)), options=webdriver.FirefoxOptions()) as driver:
            yield driver


def sink(folder: Path) -> AbstractContextManager[None]:
    """A sound device that plays into nothing."""
    modules = ["module-null-sink", f"module-native-protocol-unix socket={folder}/pulse auth-anonymous=1"]
    loading = [f"--load={module}" for module in modules]
    command = ["pulseaudio", "-n", "--daemonize=no", "--use-pid-file=no", "--exit-idle-time=-1", *loading]
    return running(command, folder, HOME=str(folder))


@contextmanager
def start_webkit(folder: Path) -> Iterator[Remote]:
    options = webdriver.WebKitGTKOptions()
    options.binary_location = first("MiniBrowser", MINIBROWSER)
    options.add_argument("--automation")
    with screen(folder) as display:
        service = webdriver.WebKitGTKService(first("WebKitWebDriver"), env=os.environ | {"DISPLAY": display})
        with warnings.catch_warnings(action="ignore", category=DeprecationWarning):  # of Selenium, about itself
            driver = webdriver.WebKitGTK(options, service=service)
        with driver:
            yield driver


@contextmanager
def screen(folder: Path) -> Iterator[str]:
    number = folder / "display"
    with number.open("wb") as told:
        command = ["Xvfb", "-displayfd", str(told.fileno()), "-nolisten", "tcp", "-screen", "0", "1280x1024x24"]
        with running(command, folder, inherit=told.fileno()):
            yield f":{wait_for(number).read_text().strip()}"


@contextmanager
def running(command: list[str], folder: Path, inherit: int | None = None, **environment: str) -> Iterator[None]:
    """A program until the block ends."""
    with (folder / f"{Path(command[0]).name}.log").open("wb") as log:
        process = subprocess.Popen(
            command, env=os.environ | environment, stdout=log, stderr=log, pass_fds=() if inherit is None else [inherit]
        )
    try:
        yield
    finally:
        process.terminate()
        process.wait(20)


def wait_for(file: Path) -> Path:
    """Wait until a program has written this file."""
    last = time.monotonic() + 60
    while not file.exists() or not file.stat().st_size:
        if time.monotonic() > last:
            raise TimeoutError(f"Nobody wrote {file}")
        time.sleep(0.01)
    return file


KINDS = (
    Kind("Chromium", (chromium.NAMES, ("chromedriver",)), "chromium chromium-driver", start_chromium),
    Kind("Firefox", (FIREFOX, ("pulseaudio",)), "firefox-esr pulseaudio", start_firefox),
    Kind(
        "WebKit",
        (("WebKitWebDriver",), ("MiniBrowser", MINIBROWSER), ("Xvfb",)),
        "webkit2gtk-driver xvfb",
        start_webkit,
    ),
)
