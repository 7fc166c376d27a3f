"""The static files of a release, kept for the next run: making them takes as long as hundreds of tests."""

import time
from contextlib import suppress
from hashlib import sha256
from pathlib import Path
from shutil import rmtree
from tempfile import TemporaryDirectory

from tests.browser.server import ROOT, collect

MADE_FROM = ("static", "producerguide/settings.py", "producerguide/staticfiles.py", "requirements.txt")
DAY = 24 * 60 * 60


def collected(kept: Path) -> Path:
    """A folder with them, inside of `kept`; it is made anew when something changes that they are made from."""
    folder = kept / digest()
    if not folder.exists():
        with TemporaryDirectory(dir=kept) as making:
            collect(Path(making) / "static")
            with suppress(OSError):  # tests that run beside these were sooner
                (Path(making) / "static").rename(folder)
        forget(kept, folder)
    return folder


def digest() -> str:
    paths = [path for name in MADE_FROM for path in (ROOT / name, *(ROOT / name).rglob("*")) if path.is_file()]
    every = sha256()
    for path in sorted(paths):
        every.update(f"{path.relative_to(ROOT)}\n".encode() + sha256(path.read_bytes()).digest())
    return every.hexdigest()[:16]


def forget(kept: Path, needed: Path) -> None:
    """Remove what is older than a day; what is younger may be in use."""
    for folder in kept.iterdir():
        if folder != needed and folder.stat().st_mtime < time.time() - DAY:
            rmtree(folder)
