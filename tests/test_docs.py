"""The documents agree with the code."""

import ast
import re

import pytest
from django.conf import settings

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


def test_the_files_to_deploy_are_those_that_are_named():
    named = text("docs/deploy.md") + text("compose.yaml")
    assert [path.name for path in (ROOT / "docs/deploy").iterdir() if path.name not in named] == []
    for name in re.findall(r"docs/deploy/([\w.-]+\w)", named):
        assert (ROOT / "docs/deploy" / name).exists(), name
