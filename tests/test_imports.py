"""The contracts of import-linter hold, and would notice a breach."""

import shutil
import subprocess
import sys

import pytest
from django.conf import settings


@pytest.fixture
def lint(tmp_path):
    for part in ("pyproject.toml", "producerguide", "quiz"):
        source = settings.BASE_DIR / part
        (shutil.copytree if source.is_dir() else shutil.copy)(source, tmp_path / part)

    def lint(module="", line=""):
        if module:
            with (tmp_path / module).open("a", encoding="utf-8") as file:
                file.write(f"\n{line}\n")
        command = [
            sys.executable,
            "-c",
            "from importlinter.cli import lint_imports_command as run; run()",
            "--no-cache",
        ]
        return subprocess.run(command, cwd=tmp_path, capture_output=True, text=True, check=False)

    return lint


def test_the_contracts_hold(lint):
    done = lint()
    assert done.returncode == 0, done.stdout


@pytest.mark.unmeasured
@pytest.mark.parametrize(
    ("module", "line", "contract"),
    [
        ("quiz/views.py", "import quiz.owner.statistics", "A visitor's code does not know the owner's wing"),
        ("quiz/scoring.py", "import django", "The subject does not know Django"),
        ("quiz/http.py", "import producerguide.pages", "Imports point down"),
    ],
)
def test_a_breach_is_noticed(lint, module, line, contract):
    done = lint(module, line)
    assert done.returncode == 1
    assert f"{contract} BROKEN" in done.stdout
