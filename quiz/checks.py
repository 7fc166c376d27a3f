"""Content faults as Django system checks: `manage.py check` lists them all."""

from typing import Any

from django.core.checks import CheckMessage, Error, register

from quiz import catalogue


@register("content")
def check_content(**kwargs: Any) -> list[CheckMessage]:
    try:
        catalogue.load(catalogue.CONTENT)
    except catalogue.ContentError as error:
        return [Error(fault, id="quiz.E001") for fault in str(error).splitlines()]
    return []
