"""Content faults as Django system checks: `manage.py check` lists them all, those between texts and content too."""

import re
from collections.abc import Iterator
from datetime import date
from pathlib import Path
from typing import Any

from django.conf import settings
from django.core.checks import CheckMessage, Error, Warning, register

from quiz import catalogue
from quiz.catalogue import Catalogue

TAG = re.compile(r'\{% (term|fact|source|price|gear|resource) "([^"]+)"')
OLD_MONTHS = 18


@register("content")
def check_content(**kwargs: Any) -> list[CheckMessage]:
    try:
        content = catalogue.load(catalogue.CONTENT)
    except catalogue.ContentError as error:
        return [Error(fault, id="quiz.E001") for fault in str(error).splitlines()]
    templates = settings.BASE_DIR / "templates"
    return [
        *(Error(fault, id="quiz.E002") for fault in text_faults(content, templates)),
        *(Warning(fault, id="quiz.W001") for fault in old_prices(content, date.today())),
    ]


def text_faults(content: Catalogue, templates: Path) -> Iterator[str]:
    """Tags that name what is not there, and terms, facts and sources that nothing uses."""
    known: dict[str, dict[str, Any]] = {
        "term": content.terms,
        "fact": content.facts,
        "source": content.sources,
        "price": content.gear,
        "gear": content.gear,
        "resource": content.resources,
    }
    used: dict[str, set[str]] = {tag: set() for tag in known}
    for file in sorted(templates.rglob("*.html")):
        for tag, id_ in TAG.findall(file.read_text(encoding="utf-8")):
            used[tag].add(id_)
            if id_ not in known[tag]:
                yield f"{file.relative_to(templates)}: {{% {tag} %}}: unknown id {id_!r}"
    used["term"] |= {id_ for term in content.terms.values() for id_ in term.see}
    used["source"] |= {fact.source for fact in content.facts.values()}
    used["source"] |= {pay.source for role in content.roles.values() for pay in role.pay}
    used["source"] |= {item.source for item in content.gear.values()}
    for tag, file_name in (("term", "glossary.toml"), ("fact", "facts.toml"), ("source", "sources.toml")):
        for id_ in known[tag].keys() - used[tag]:
            yield f"{file_name}: {id_}: nothing refers to it"


def old_prices(content: Catalogue, today: date) -> Iterator[str]:
    for item in content.gear.values():
        year, month = map(int, item.checked.split("-"))
        months = (today.year - year) * 12 + today.month - month
        if item.price and months > OLD_MONTHS:
            yield f"gear.toml: {item.id}.checked: this price is {months} months old; check it again"
