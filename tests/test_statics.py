import os
import time

import pytest

from tests import statics


@pytest.fixture
def made(monkeypatch, tmp_path):
    """A site of one file; lists where its static files were collected."""
    folders = []
    (tmp_path / "static").mkdir()
    (tmp_path / "static/a.css").write_text("a {}")
    (tmp_path / "kept").mkdir()
    monkeypatch.setattr(statics, "ROOT", tmp_path)
    monkeypatch.setattr(statics, "collect", lambda folder: folders.append(folder) or folder.mkdir())
    return folders


def test_static_files_are_collected_again_when_one_of_them_changes(made, tmp_path):
    first = statics.collected(tmp_path / "kept")
    assert statics.collected(tmp_path / "kept") == first
    assert first.is_dir()
    assert len(made) == 1
    (tmp_path / "static/a.css").write_text("b {}")
    assert statics.collected(tmp_path / "kept") != first
    assert first.is_dir()  # other tests may use them
    assert len(made) == 2


def test_those_of_another_day_are_removed(made, tmp_path):
    first = statics.collected(tmp_path / "kept")
    old = time.time() - 2 * statics.DAY
    os.utime(first, (old, old))
    (tmp_path / "static/a.css").write_text("b {}")
    second = statics.collected(tmp_path / "kept")
    assert list((tmp_path / "kept").iterdir()) == [second]


def test_two_runs_that_collect_at_once_get_the_same(made, tmp_path, monkeypatch):
    def beside_another(folder):
        folder.mkdir()
        (folder / "ours").touch()
        other = tmp_path / "kept" / statics.digest()
        other.mkdir()
        (other / "theirs").touch()

    monkeypatch.setattr(statics, "collect", beside_another)
    assert [file.name for file in statics.collected(tmp_path / "kept").iterdir()] == ["theirs"]
