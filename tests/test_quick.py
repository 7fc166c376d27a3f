import pytest

from tests import quick

MODULES = {
    "tests/test_plan.py": "import quiz.plan",
    "tests/test_planning.py": "",
    "tests/test_catalogue.py": 'fault("kit.toml", …)',
    "tests/owner/test_backups.py": "",
}


@pytest.mark.parametrize(
    ("file", "modules"),
    [
        ("quiz/plan.py", ["tests/test_plan.py"]),
        ("quiz/content/kit.toml", ["tests/test_catalogue.py"]),
        ("tests/owner/test_backups.py", ["tests/owner/test_backups.py"]),
        ("templates/result/_plan.html", ["tests/test_plan.py"]),
        ("README.md", []),
    ],
)
def test_a_changed_file_is_tested_by_the_modules_that_carry_its_name_or_speak_of_it(file, modules):
    assert quick.touching([file], MODULES) == modules


def test_where_nothing_differs_from_the_last_commit_what_it_changed_is_tested(monkeypatch):
    monkeypatch.setattr(quick, "git", lambda *words: ["quiz/plan.py"] if "HEAD~1" in words else [])
    assert quick.changed() == ["quiz/plan.py"]
