"""Static files: which of them are collected, and under which names."""

import re
from typing import Any

from django.contrib.staticfiles.apps import StaticFilesConfig
from django.core.files.base import ContentFile
from whitenoise.storage import CompressedManifestStaticFilesStorage

# Indentation and comments on lines of their own: a quarter of a script, and of no use to a visitor.
FOR_EDITORS = re.compile(r"^[ \t]*(?://.*\n|/\*\*[\s\S]*?\*/\n|\n)?", re.MULTILINE)


class Files(StaticFilesConfig):
    # Of all that django-htmx brings, pages use one file; others import what is not there and would stop the collection.
    ignore_patterns = [  # noqa: RUF012 (Django declares it so)
        *StaticFilesConfig.ignore_patterns,
        "django-htmx.js",
        "ext",
        "htmax*",
        "htmx-2.js",
        "htmx-4*",
    ]


class Storage(CompressedManifestStaticFilesStorage):  # type: ignore[misc]  # WhiteNoise is untyped
    """Names with a hash of the content, in the imports of modules too; a file that is missing stops the collection."""

    support_js_module_import_aggregation = True

    def _save(self, name: str, content: Any) -> str:
        if name.startswith("js/") and name.endswith(".js"):
            content.seek(0)
            content = ContentFile(FOR_EDITORS.sub("", content.read().decode()).encode())
        saved: str = super()._save(name, content)
        return saved
