"""The owner signed in to the admin, under the same content security policy."""

import os
import re
import socket
import sqlite3
import subprocess
import sys
from contextlib import closing
from itertools import product
from urllib.parse import urlsplit

import pytest
from playwright.sync_api import Page, expect

from quiz import codes
from quiz.catalogue import catalogue
from quiz.domain import Answers
from quiz.result import result
from tests.browser.axe import COLOURS, LOOKS, RULES, barriers
from tests.browser.server import ROOT, Site
from tests.conftest import by_id

PASSWORD = "a-long-one"
# More than the buffers between the server and a reader can hold.
MANY = 40_000
COMPLETIONS = re.compile(r"^40,\d{3} completions$")  # other tests add some


@pytest.fixture(scope="module", autouse=True)
def owner(site: Site) -> None:
    environment = os.environ | {"DATABASE_URL": f"sqlite:///{site.database}", "DJANGO_SUPERUSER_PASSWORD": PASSWORD}
    create = ["manage.py", "createsuperuser", "--no-input", "--username", "owner", "--email", "owner@example.org"]
    subprocess.run([sys.executable, *create], cwd=ROOT, env=environment, check=True, capture_output=True)


@pytest.fixture(scope="module")
def counted(site: Site, owner: None) -> None:
    """Completions of four answer sheets today, with votes and auditions."""
    first = catalogue().questionnaire.questions[0]
    rows = [row(by_id(**{first.id: option.id})) for option in first.options]
    with closing(sqlite3.connect(site.database)) as database, database:
        database.executemany(
            'INSERT INTO quiz_completion (code, role, confidence, route, day, "when")'
            " VALUES (?, ?, ?, ?, date('now'), datetime('now'))",
            [rows[i % len(rows)] for i in range(MANY)],
        )
        database.executemany(
            "INSERT INTO quiz_fitvote (code, given, verdict, role, \"when\") VALUES (?, ?, ?, ?, datetime('now'))",
            [("a", "mix", "yes", "mix"), ("b", "studio", "no", "mix"), ("c", "bedroom", "partly", "")],
        )
        database.executemany(
            "INSERT INTO quiz_audition (take, role, liked, evening, band, given, \"when\") VALUES (?, ?, ?, ?, '', ?, datetime('now'))",
            [(f"{i:016x}", role, 4, 2, given) for i, (role, given) in enumerate(product(catalogue().roles, repeat=2))],
        )
    database.close()


def row(sheet: Answers) -> tuple[str, ...]:
    finished = result(codes.build(sheet), catalogue())
    return finished.code, finished.profile.role, finished.profile.confidence, "-".join(finished.route)


def sign_in(page: Page, then: str) -> None:
    page.goto(f"/admin/login/?next={then}")
    page.get_by_label("Username").fill("owner")
    page.get_by_label("Password").fill(PASSWORD)
    page.get_by_role("button", name="Log in").click()


def test_the_owner_signs_in_and_looks_at_completions_without_a_console_error(page: Page):
    sign_in(page, "/admin/")
    page.get_by_role("link", name="Completions").click()
    expect(page.get_by_role("heading", name="Select completion to view")).to_be_visible()


def test_the_statistics_are_accessible_in_both_themes_and_widths(page: Page, counted):
    sign_in(page, "/admin/")
    page.get_by_role("link", name="Statistics").click()
    expect(page.locator("#completions")).to_have_text(COMPLETIONS)
    page.evaluate("document.querySelectorAll('details').forEach(details => details.open = true)")
    rules = RULES
    for width in (320, 1280):
        page.set_viewport_size({"width": width, "height": 800})
        assert page.evaluate("document.documentElement.scrollWidth") <= width
        for theme in ("dark", "light"):
            page.emulate_media(color_scheme=theme)
            assert barriers(page, rules) == "", f"{width} px, {theme}"
            rules = COLOURS
        rules = LOOKS


@pytest.mark.parametrize("path", ["statistics/", "quiz/completion/", "quiz/fitvote/", "quiz/unfinished/"])
def test_on_a_phone_every_column_of_numbers_is_in_sight(page: Page, counted, path):
    page.set_viewport_size({"width": 390, "height": 844})
    sign_in(page, f"/admin/{path}")
    expect(page.locator("table")).not_to_have_count(0)
    page.evaluate("document.querySelectorAll('details').forEach(details => details.open = true)")
    cut = page.evaluate(
        """() => [...document.querySelectorAll('table')].filter((table) => table.getBoundingClientRect().right > innerWidth)
          .map((table) => table.outerHTML.slice(0, 200))"""
    )
    assert cut == []


def test_days_in_the_wrong_order_are_explained_on_the_page(page: Page):
    sign_in(page, "/admin/statistics/")
    page.get_by_label("From", exact=True).fill("2026-11-05")
    page.get_by_label("to", exact=True).fill("2026-11-04")
    page.get_by_role("button", name="Show").click()
    expect(page.get_by_role("alert")).to_contain_text("The first day (2026-11-05) is after the last (2026-11-04)")


def test_a_download_that_is_cancelled_does_no_harm(page: Page, site: Site, counted):
    sign_in(page, "/admin/statistics/")
    cookies = "; ".join(f"{cookie['name']}={cookie['value']}" for cookie in page.context.cookies())
    address = urlsplit(site.url)
    for _ in range(6):  # more than the server has threads
        with socket.create_connection((address.hostname, address.port), timeout=20) as connection:
            request = (
                f"GET /admin/statistics/completions.csv HTTP/1.1\r\nHost: {address.netloc}\r\nCookie: {cookies}\r\n\r\n"
            )
            connection.sendall(request.encode())
            came = b""
            while b"when,role,confidence,route,result" not in came:
                came += (more := connection.recv(1 << 16))
                assert more
    page.reload()
    expect(page.locator("#completions")).to_have_text(COMPLETIONS)
    with page.expect_download() as download:
        page.get_by_role("link", name="Completions of these days as a CSV file").click()
    assert download.value.path().read_bytes().count(b"\r\n") > MANY
