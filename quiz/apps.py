from pathlib import Path
from typing import Any

from django.apps import AppConfig
from django.conf import settings
from django.utils.autoreload import autoreload_started


class QuizConfig(AppConfig):
    name = "quiz"

    def ready(self) -> None:
        from quiz import checks  # noqa: F401 (registers itself)

        autoreload_started.connect(watch_content)


def watch_content(sender: Any, **kwargs: Any) -> None:
    """Restart the development server when content or the script in every page is edited, because a process reads them only once."""
    sender.watch_dir(Path(__file__).parent / "content", "**/*.toml")
    sender.watch_dir(settings.BASE_DIR / "static" / "js", "first.js")
