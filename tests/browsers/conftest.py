"""The real server, and each browser in front of it that is installed; one that is not is named, and its tests are skipped."""

from collections import Counter
from collections.abc import Iterator
from pathlib import Path

import pytest
from selenium.webdriver import Remote

from tests.browser.server import Site, serve
from tests.browsers.drivers import KINDS, Kind
from tests.browsers.visitor import Visitor


def pytest_terminal_summary(terminalreporter: pytest.TerminalReporter) -> None:
    """One line for each browser that is missing, and how many tests were not tried without it."""
    reasons = Counter(report.longrepr[2] for report in terminalreporter.stats.get("skipped", []))
    for reason, tests in sorted(reasons.items()):
        terminalreporter.write_line(f"{reason.removeprefix('Skipped: ')} ({tests} tests not tried)")


@pytest.fixture(scope="session")
def site(static_root: Path, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Site]:
    with serve(tmp_path_factory.mktemp("site"), static_root) as site:
        yield site


@pytest.fixture(scope="session", params=KINDS, ids=lambda kind: kind.name.lower())
def driver(request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Remote]:
    kind: Kind = request.param
    if kind.missing:
        pytest.skip(kind.missing)
    with kind.start(tmp_path_factory.mktemp(kind.name)) as driver:
        yield driver


@pytest.fixture
def visitor(driver: Remote, site: Site) -> Iterator[Visitor]:
    """Somebody who was never here, and whose browser reports no fault."""
    visitor = Visitor(driver, site.url)
    visitor.open("/robots.txt")
    visitor.run("localStorage.clear(); sessionStorage.clear();")
    yield visitor
    assert not visitor.run("return window.faults ?? [];")
