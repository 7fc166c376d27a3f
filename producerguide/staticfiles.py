"""Static files: which are collected, their hashed names, and the bundle of all style sheets."""

from collections.abc import Iterable, Iterator
from pathlib import Path
from typing import Any

from django.conf import settings
from django.contrib.staticfiles.apps import StaticFilesConfig
from django.contrib.staticfiles.finders import BaseFinder
from django.core.files import storage
from django.core.files.base import ContentFile
from rjsmin import jsmin
from whitenoise.storage import CompressedManifestStaticFilesStorage

BUNDLE = "css/site.css"
FIRST = ("inks.css", "tokens.css", "layout.css")  # the others build on these


class Files(StaticFilesConfig):
    # We use one file of django-htmx. Some of the others import files that do not exist, which would stop collectstatic.
    ignore_patterns = [  # noqa: RUF012 (Django declares it so)
        *StaticFilesConfig.ignore_patterns,
        "django-htmx.js",
        "ext",
        "htmax*",
        "htmx-2.js",
        "htmx-4*",
    ]


class Storage(CompressedManifestStaticFilesStorage):  # type: ignore[misc]  # WhiteNoise is untyped
    """Hashed names, also in the imports of JavaScript modules, and minified scripts."""

    support_js_module_import_aggregation = True

    def _save(self, name: str, content: Any) -> str:
        if name.startswith("js/") and name.endswith(".js"):
            content.seek(0)
            content = ContentFile(jsmin(content.read().decode()).encode())
        saved: str = super()._save(name, content)
        return saved


class BundleFinder(BaseFinder):
    """Makes css/site.css of all style sheets, so that a page needs one request. It is written whenever Django looks for it:
    at `collectstatic`, and in development at each request."""

    def check(self, **kwargs: Any) -> list[Any]:
        return []

    def find(self, path: str, find_all: bool = False, **kwargs: Any) -> Any:
        if path != BUNDLE:
            return []
        file = str(bundle() / BUNDLE)
        return [file] if find_all else file

    def list(self, ignore_patterns: Iterable[str] | None) -> Iterator[tuple[str, storage.Storage]]:
        yield BUNDLE, storage.FileSystemStorage(location=bundle())


def bundle() -> Path:
    """Write the bundle; returns the folder that it is in."""
    files = {file.name: file for file in sorted((settings.BASE_DIR / "static" / "css").glob("*.css"))}
    sources = [files.pop(name) for name in FIRST] + list(files.values())
    folder: Path = settings.BASE_DIR / "var" / "bundle"
    (folder / "css").mkdir(parents=True, exist_ok=True)
    text = "\n".join(file.read_text(encoding="utf-8") for file in sources)
    (folder / BUNDLE).write_text(text, encoding="utf-8")
    return folder
