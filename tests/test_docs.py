"""The documents agree with the code."""

import ast
import base64
import hashlib
import re

import pytest
from django.conf import settings

from tests.bench.drill import blocks

ROOT = settings.BASE_DIR
LEFT_OUT = {"__init__.py", "__pycache__"}


def text(path):
    return (ROOT / path).read_text(encoding="utf-8")


def read_from_the_environment(path):
    """The names that a module asks `env` for."""
    return {
        call.args[0].value
        for call in ast.walk(ast.parse(text(path)))
        if isinstance(call, ast.Call) and isinstance(call.func, ast.Attribute)
        if isinstance(call.func.value, ast.Name) and call.func.value.id == "env"
    }


def test_the_readme_lists_every_environment_variable_and_no_other():
    rows = re.findall(r"^\| (`[A-Z].*?) \|", text("README.md"), re.MULTILINE)
    listed = [name for row in rows for name in re.findall(r"`([A-Z_]+)`", row)]
    read = read_from_the_environment("producerguide/settings.py") | read_from_the_environment("producerguide/server.py")
    assert sorted(listed) == sorted(read)


@pytest.mark.parametrize("folder", ["producerguide", "quiz", "quiz/owner"])
def test_the_tour_shows_every_module_and_no_other(folder):
    name, indent = folder.rpartition("/")[2], " " * 4 * (folder.count("/") + 1)
    shown = re.search(rf"^ *{name}/.*\n((?:{indent}.*\n)+)", text("docs/architecture.md"), re.MULTILINE)[1]
    lines = [line.removeprefix(indent) for line in shown.splitlines()]
    names = [line.split()[0].rstrip("/") for line in lines if not line.startswith(" ")]
    assert sorted(names) == sorted(path.name for path in (ROOT / folder).iterdir() if path.name not in LEFT_OUT)


def test_the_tour_names_the_layers_as_they_are_enforced():
    layers = re.search(r"layers = \[\n(.*?)\]", text("pyproject.toml"), re.DOTALL)[1]
    names = [set(re.findall(r"(?:quiz\.)?(\w+)", line)) for line in layers.splitlines()]
    told = re.search(r"enforces it: (.*?)\. `quiz/`", text("docs/architecture.md"), re.DOTALL)[1].split("→")
    for enforced, words in zip(names, told, strict=True):
        assert set(re.findall(r"`(?:quiz\.)?(\w+)`", words)) <= enforced


@pytest.mark.parametrize("document", sorted([*ROOT.glob("*.md"), *ROOT.glob("docs/*.md")]), ids=lambda path: path.name)
def test_no_link_of_a_document_is_broken(document):
    for target in re.findall(r"\]\((?!https?:)([^)#]+)", document.read_text(encoding="utf-8")):
        assert (document.parent / target).exists(), target


def test_every_file_to_deploy_is_named_where_it_is_used():
    told = text("docs/deploy.md") + text("compose.yaml")
    for path in (ROOT / "docs/deploy").iterdir():
        assert re.search(rf"(?<![\w.-]){re.escape(path.name)}(?![\w-])", told), path.name


def test_the_page_of_a_limit_may_show_its_own_style():
    style = re.search(r"<style>(.*?)</style>", text("docs/deploy/wait.html"), re.DOTALL)[1]
    digest = base64.b64encode(hashlib.sha256(style.encode()).digest()).decode()
    assert f"style-src 'sha256-{digest}'" in text("docs/deploy/nginx.conf")


def test_the_page_of_a_limit_needs_no_other_file_and_says_when_to_try_again():
    page, seconds = text("docs/deploy/wait.html"), re.search(r"Retry-After (\d+)", text("docs/deploy/nginx.conf"))[1]
    assert f"in {seconds} seconds" in page
    assert not re.search(r"<(link|script|img)|url\(", page)


@pytest.mark.parametrize(
    ("file", "heading"),
    [
        ("README.md", "ProducerGuide"),
        ("docs/deploy.md", "One small machine"),
        ("docs/deploy.md", "A new release"),
        ("docs/deploy.md", "Backups"),
        ("docs/deploy.md", "PostgreSQL instead"),
        ("docs/editing.md", "The questionnaire"),
        ("docs/owner.md", "Backups"),
    ],
)
def test_the_drill_finds_what_it_types(file, heading):
    assert blocks(file, heading)


def test_commands_of_the_site_are_shown_with_its_own_python():
    for path in [*ROOT.glob("*.md"), *ROOT.glob("docs/*.md")]:
        for line in re.findall(r"^ {4}(?! ).*\bmanage\.py.*", path.read_text(encoding="utf-8"), re.MULTILINE):
            assert re.search(r"\.venv/bin/python manage\.py|docker compose .* python manage\.py", line), (
                f"{path.name}: {line}"
            )
