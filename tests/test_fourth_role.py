"""A fourth role appears wherever roles are shown, and no released link changes its result."""

import json
import os
import re
import shutil
import subprocess
import sys

import pytest
from django.conf import settings

from quiz import codes, scoring
from quiz.catalogue import catalogue
from tests.conftest import data

pytestmark = pytest.mark.unmeasured

NEXT = catalogue().questionnaire.version + 1
LINKS = [link["code"] for link in data("golden.toml")["links"]]
# What a visitor can open, as the new site answers it.
SCRIPT = """
import json, sys
import django
django.setup()
from django.core.management import call_command
from django.test import Client
from quiz import codes, scoring
from quiz.catalogue import catalogue
from quiz.domain import Answers
from quiz.owner import figures

call_command("check", fail_level="WARNING")
links, client = json.load(sys.stdin), Client()
known = catalogue()
new = known.questionnaire
options = [[q.kind == "any" or max(range(len(q.options)), key=lambda i: q.options[i].weights.get("live", 0))] for q in new.questions]
code = codes.build(Answers(new, tuple(0 if q.kind == "any" else pick for q, [pick] in zip(new.questions, options))))
profiles = {code: scoring.profile(codes.parse(code, known.questionnaires)) for code in links}
pages = ["/", "/method/", "/roles/", "/roles/live-producer/", "/roles/live-producer/checklist/", "/roles/live-producer/gear/?budget=100",
         f"/result/{code}/", f"/result/{code}/result.json", f"/result/{code}/card.png", f"/compare/{code}/{links[0]}/", f"/compare/{code}/{code}/"]
answers = {page: client.get(page) for page in pages}
print(json.dumps({
    "ranking": {code: profile.ranking for code, profile in profiles.items()},
    "fit": {code: profile.fit for code, profile in profiles.items()},
    "status": {page: answer.status_code for page, answer in answers.items()},
    "texts": {page: "" if page.endswith(".png") else answer.text for page, answer in answers.items()},
    "code": code,
}))
"""

ROLE = """
[[roles]]
id = "live"
slug = "live-producer"
name = "Live producer"
answer = "A live producer makes the song while people listen."
pay = []
glance = []
week = [
  { id = "start", minutes = 60, do = "Set up.", done = "It sounds." },
  { id = "finish", minutes = 60, do = "Play eight bars.", done = "Somebody heard them." },
]
"""
PAGE = """
[[pages]]
path = "/roles/live-producer/{}"
short = "Live {}"
title = "Live producer {}"
description = "What a live producer does {}"
"""


def pair(other):
    parts = "\n".join(f'parts.{role} = "plays"' for role in dict.fromkeys((other, "live")))
    return f'\n[[pairs]]\nroles = ["{other}", "live"]\n{parts}\nproject = "A night."\ngap = "None."\n'


def questionnaire(text):
    """The newest one with the new role: in each weighted question the first option counts for it, the second against."""
    version = f'version = {NEXT}\nroles = ["bedroom", "studio", "mix", "live"]'
    text = re.sub(r"(?m)^version = \d+(\nroles = .*)?$", version, text, count=1)
    head, *questions = text.split("[[questions]]\n")
    for number, question in enumerate(questions):
        for points in (1, -1) if 'axis = "setup"' not in question else ():
            question = re.sub(
                r"(?m)^weights = \{(?!.*live) (.*) \}$",
                lambda match, points=points: f'weights = {{ {match[1]}, live = {points} }}\nbecause.live = "so"',
                question,
                count=1,
            )
        questions[number] = question
    return "[[questions]]\n".join([head, *questions])


NEWEST = f"quiz/content/questionnaires/{NEXT - 1}.toml"
# place in docs/editing.md → what to write there
EDITS = {
    "quiz/content/roles.toml": lambda text: text + ROLE,
    "quiz/content/pairs.toml": lambda text: text + "".join(map(pair, ("bedroom", "studio", "mix", "live"))),
    "quiz/content/skills.toml": lambda text: re.sub(r'(?m)^(depth = \{.*mix = "\w+") \}', r'\1, live = "core" }', text),
    "quiz/content/gear.toml": lambda text: re.sub(
        r'(category = "(?:computer|daw)"[^\[]*roles = \[)',
        r'\1"live", ',
        re.sub(r"(?m)^priority = \{ bedroom = ([12]),", r"priority = { live = \1, bedroom = \1,", text),
    ),
    "quiz/content/resources.toml": lambda text: text.replace("roles = [", 'roles = ["live", ', 1),
    "quiz/content/pages.toml": lambda text: text + "".join(PAGE.format(part, *[part] * 3) for part in ("", "checklist/", "gear/")),
    "templates/roles/_ID.html": lambda _: '<h2 id="work">The work</h2><p>On a stage.</p>',
    "templates/roles/_skip_ID.html": lambda _: "<p>A tour bus.</p>",
    "templates/roles/_compare.html": lambda text: text.replace("</tr>", "<td>Live producer</td></tr>", 1),
    "templates/art/_ID.html": lambda _: '<svg class="art" viewBox="0 0 1 1" aria-hidden="true"><path class="l" d="M0 0"/></svg>',
    "static/css/inks.css": lambda text: text.replace("--mix:", "--live: light-dark(#1f5fa8, #86b8ff);\n  --mix:", 1) + ".ink-live { --ink: var(--live); }\n",
    "static/css/art.css": lambda text: text + ".art .l { fill: var(--live); }\n",
    "quiz/content/drafts/N.toml": lambda _: questionnaire((settings.BASE_DIR / NEWEST).read_text(encoding="utf-8")),
}  # fmt: skip


@pytest.fixture(scope="module")
def site(tmp_path_factory):
    """A copy of the site with a fourth role, and what it answers."""
    folder = tmp_path_factory.mktemp("fourth")
    for part in ("manage.py", "producerguide", "quiz", "templates", "static"):
        source = settings.BASE_DIR / part
        (shutil.copytree if source.is_dir() else shutil.copy)(source, folder / part)
    for place, edit in EDITS.items():
        # A real draft is released by a command; here its file is enough.
        file = folder / place.replace("ID", "live").replace("drafts/N", f"questionnaires/{NEXT}")
        before = file.read_text(encoding="utf-8") if file.exists() else ""
        file.write_text(edit(before), encoding="utf-8")
        assert file.read_text(encoding="utf-8") != before, place
    figures = (settings.BASE_DIR / f"quiz/content/figures/{NEXT - 1}.toml").read_text(encoding="utf-8")
    figures = figures.replace(f"version = {NEXT - 1}", f"version = {NEXT}").replace(
        '"mix" = ', '"live" = 1.0\n"mix" = ', 1
    )
    (folder / f"quiz/content/figures/{NEXT}.toml").write_text(figures, encoding="utf-8")
    return folder


@pytest.fixture(scope="module")
def run(site):
    environment = os.environ | {"DJANGO_SETTINGS_MODULE": "producerguide.settings", "DEBUG": "true"}
    environment |= {"DATABASE_URL": f"sqlite:///{site}/site.sqlite3", "ALLOWED_HOSTS": "testserver"}

    def run(*command, given=""):
        return subprocess.run(
            [sys.executable, *command],
            cwd=site,
            env=environment,
            input=given,
            capture_output=True,
            text=True,
            check=False,
        )

    return run


@pytest.fixture(scope="module")
def answered(run):
    done = run("-c", SCRIPT, given=json.dumps(LINKS))
    assert done.returncode == 0, done.stderr
    return json.loads(done.stdout.splitlines()[-1])


def test_the_page_on_a_fourth_role_lists_every_place_to_touch(answered):
    section = (settings.BASE_DIR / "docs/editing.md").read_text(encoding="utf-8").partition("## A fourth role")[2]
    assert re.findall(r"^\| `([^`]+)` \|", section, re.MULTILINE) == list(EDITS)
    assert answered["status"]["/roles/live-producer/"] == 200  # after a check that finds no fault and warns of nothing


def test_no_released_link_changes_its_role_its_runner_up_or_a_fit(answered):
    profiles = {code: scoring.profile(codes.parse(code, catalogue().questionnaires)) for code in LINKS}
    assert answered["ranking"] == {code: list(profile.ranking) for code, profile in profiles.items()}
    assert answered["fit"] == {code: profile.fit for code, profile in profiles.items()}


def test_the_role_appears_wherever_roles_are_shown(answered):
    assert set(answered["status"].values()) == {200}
    code = answered["code"]
    assert json.loads(answered["texts"][f"/result/{code}/result.json"])["role"] == "live"
    for page, text in answered["texts"].items():
        assert "Live producer" in text or page.endswith((".png", ".json")), page
