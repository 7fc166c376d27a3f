"""The owner's side, signed in, under the same content security policy."""

import os
import subprocess
import sys

from playwright.sync_api import Page, expect

from tests.browser.server import ROOT, Site


def test_the_owner_signs_in_and_looks_at_completions_without_a_console_error(page: Page, site: Site):
    environment = os.environ | {"DATABASE_URL": f"sqlite:///{site.database}", "DJANGO_SUPERUSER_PASSWORD": "a-long-one"}
    create = ["manage.py", "createsuperuser", "--no-input", "--username", "owner", "--email", "owner@example.org"]
    subprocess.run([sys.executable, *create], cwd=ROOT, env=environment, check=True, capture_output=True)
    page.goto("/admin/")
    page.get_by_label("Username").fill("owner")
    page.get_by_label("Password").fill("a-long-one")
    page.get_by_role("button", name="Log in").click()
    page.get_by_role("link", name="Completions").click()
    expect(page.get_by_role("heading", name="Select completion to view")).to_be_visible()
