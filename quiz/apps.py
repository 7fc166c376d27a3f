from pathlib import Path
from typing import Any

from django.apps import AppConfig
from django.utils.autoreload import autoreload_started


class QuizConfig(AppConfig):
    name = "quiz"

    def ready(self) -> None:
        from quiz import checks  # noqa: F401 (registers itself)

        autoreload_started.connect(watch_content)


def watch_content(sender: Any, **kwargs: Any) -> None:
    """Restart the development server when content is edited, because a process reads it only once."""
    sender.watch_dir(Path(__file__).parent / "content", "**/*.toml")
