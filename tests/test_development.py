"""`make dev` for an editor: an edit shows on reload, and a fault is a page that says where it is."""

import os
import shutil
import socket
import subprocess
import sys
import time
from http.client import HTTPException
from urllib.error import HTTPError, URLError
from urllib.request import urlopen

import pytest
from django.conf import settings
from django.test import RequestFactory

from producerguide import middleware
from quiz import apps
from quiz.catalogue import CONTENT, ContentError

PARTS = ("manage.py", "producerguide", "quiz", "templates", "static")


@pytest.fixture
def site(tmp_path):
    """A copy of the site, served as `make dev` does."""
    for part in PARTS:
        source = settings.BASE_DIR / part
        (shutil.copytree if source.is_dir() else shutil.copy)(source, tmp_path / part)
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
    environment = os.environ | {
        "DATABASE_URL": f"sqlite:///{tmp_path}/site.sqlite3",
        "DEBUG": "true",
        "SITE_URL": f"http://127.0.0.1:{port}",
    }
    command = [sys.executable, "manage.py", "runserver", f"127.0.0.1:{port}"]
    server = subprocess.Popen(
        command, cwd=tmp_path, env=environment, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL, process_group=0
    )
    yield tmp_path, f"http://127.0.0.1:{port}"
    os.killpg(server.pid, 15)
    server.wait(10)


def reload_until(url, words, edited=None):
    """Reload the page until it has the words. Saves the file again now and then, because a server that is just starting may read
    an edit before it watches for edits."""
    started = saved = time.monotonic()
    text = ""
    while words not in text:
        now = time.monotonic()
        assert now < started + 90, f"{words!r} not in {text[:2000]}"
        if edited and now > saved + 8:
            edited.touch()
            saved = now
        try:
            with urlopen(url, timeout=10) as page:
                text = page.read().decode()
        except HTTPError as error:
            with error:
                text = error.read().decode()
        except (URLError, ConnectionError, HTTPException):
            continue  # it is restarting
    return text


def edit(file, old, new):
    text = file.read_text(encoding="utf-8")
    assert old in text
    file.write_text(text.replace(old, new, 1), encoding="utf-8")
    return file


@pytest.mark.unmeasured
def test_an_edit_shows_on_reload_and_so_does_a_fault(site):
    folder, url = site
    roles, home = folder / "quiz" / "content" / "roles.toml", folder / "templates" / "home.html"
    reload_until(url, "Bedroom producer")
    edited = edit(roles, 'name = "Bedroom producer"', 'name = "Kitchen producer"')
    reload_until(url, "Kitchen producer", edited)
    edited = edit(roles, 'name = "Kitchen producer"', 'nmae = "Kitchen producer"')
    page = reload_until(url, "The content has", edited)
    assert "<code>roles.toml</code>: bedroom.name" in page
    assert "<code>roles.toml</code>: bedroom.nmae" in page
    assert "Traceback" not in page
    edited = edit(roles, 'nmae = "Kitchen producer"', 'name = "Attic producer"')
    reload_until(url, "Attic producer", edited)
    edit(home, "{% block main %}", '{% block main %}{% load guide %}{% term "nowhere" %}')
    assert "<code>home.html</code>: {% term %}: unknown id &#x27;nowhere&#x27;" in reload_until(url, "1 fault")


def test_every_file_of_the_content_is_watched():
    watched = []

    class Reloader:
        def watch_dir(self, folder, glob):
            watched.extend(folder.glob(glob))

    apps.watch_content(Reloader())
    assert set(watched) == {*CONTENT.rglob("*.toml"), settings.BASE_DIR / "static" / "js" / "first.js"}


def test_the_page_of_faults_names_file_and_key_and_only_shows_if_there_are_any(monkeypatch):
    respond = middleware.content_faults(lambda request: "the site")
    assert respond(RequestFactory().get("/")) == "the site"

    def fail():
        raise ContentError("gear.toml: laptop.price: Input should be a valid integer\ngear.toml: mic: <b>")

    monkeypatch.setattr(middleware, "catalogue", fail)
    page = respond(RequestFactory().get("/"))
    assert page.status_code == 500
    assert "<li><code>gear.toml</code>: laptop.price: Input should be a valid integer</li>" in page.text
    assert "mic: &lt;b&gt;" in page.text
