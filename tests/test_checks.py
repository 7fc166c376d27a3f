import shutil

import pytest
from django.core.management import call_command
from django.core.management.base import SystemCheckError

from quiz import catalogue


def test_the_content_of_this_release_passes():
    call_command("check", tags=["content"])


def test_every_content_fault_fails_the_check(monkeypatch, tmp_path):
    folder = shutil.copytree(catalogue.CONTENT, tmp_path / "content")
    for file, key in (("skills.toml", "hours"), ("gear.toml", "price")):
        path = folder / file
        path.write_text(
            path.read_text(encoding="utf-8").replace(f"\n{key} = ", f'\n{key} = "a lot" #', 1), encoding="utf-8"
        )
    monkeypatch.setattr(catalogue, "CONTENT", folder)
    with pytest.raises(SystemCheckError) as error:
        call_command("check", tags=["content"])
    assert "(quiz.E001) skills.toml: daw.hours" in str(error.value)
    assert "(quiz.E001) gear.toml: computer-you-have.price" in str(error.value)
