"""All stylesheets as one file, css/site.css: a page asks once for what it needs, and the next page for nothing.

Django asks finders for static files, in development for one at a time and at `collectstatic` for all of them; this one makes
the file anew each time, so that there is no build step to forget.
"""

from collections.abc import Iterable, Iterator
from pathlib import Path
from typing import Any

from django.conf import settings
from django.contrib.staticfiles.finders import BaseFinder
from django.core.files.storage import FileSystemStorage, Storage

NAME = "css/site.css"
FIRST = ("inks.css", "tokens.css", "layout.css")  # what the others build on


class BundleFinder(BaseFinder):
    def check(self, **kwargs: Any) -> list[Any]:
        return []

    def find(self, path: str, find_all: bool = False, **kwargs: Any) -> Any:
        found = [str(bundle() / NAME)] if path == NAME else []
        return found if find_all else next(iter(found), [])

    def list(self, ignore_patterns: Iterable[str] | None) -> Iterator[tuple[str, Storage]]:
        yield NAME, FileSystemStorage(location=bundle())


def bundle() -> Path:
    """Write the file, and return the folder that it is in."""
    sources = sorted((settings.BASE_DIR / "static" / "css").glob("*.css"), key=lambda file: file.name)
    sources.sort(key=lambda file: FIRST.index(file.name) if file.name in FIRST else len(FIRST))
    folder: Path = settings.BASE_DIR / "var" / "bundle"
    (folder / "css").mkdir(parents=True, exist_ok=True)
    text = "\n".join(file.read_text(encoding="utf-8") for file in sources)
    (folder / NAME).write_text(text, encoding="utf-8")
    return folder
