"""Content faults as Django system checks, with those between templates and content: `manage.py check` lists them all."""

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
ANCHOR = re.compile(r' id="([^"{]+)"')
OLD_MONTHS = 18


@register("content")
def check_content(**kwargs: Any) -> list[CheckMessage]:
    # In development the pages show faults, so the server has to start.
    message = Warning if settings.DEBUG else Error
    try:
        content = catalogue.load(catalogue.CONTENT)
    except catalogue.ContentError as error:
        return [message(fault, id="quiz.E001") for fault in str(error).splitlines()]
    templates = settings.BASE_DIR / "templates"
    return [
        *(message(fault, id="quiz.E002") for fault in unknown_ids(content, templates)),
        *(message(fault, id="quiz.E003") for fault in unused(content, templates)),
        *(message(fault, id="quiz.E004") for fault in dead_links(content, templates)),
        *(Warning(fault, id="quiz.W001") for fault in old_prices(content, date.today())),
        *(Warning(fault, id="quiz.W002") for fault in draft_faults(content)),
    ]


@register("privacy", deploy=True)
def check_privacy(**kwargs: Any) -> list[CheckMessage]:
    missing = [name for name in ("OWNER", "CONTACT") if not getattr(settings, name)]
    hint = "/about/ tells visitors who is responsible for the site and how to reach them."
    return [Warning(f"{name} is not set.", hint=hint, id="quiz.W003") for name in missing]


def unknown_ids(content: Catalogue, templates: Path) -> Iterator[str]:
    """Tags in templates that name an unknown id."""
    known: dict[str, dict[str, Any]] = {"term": content.terms, "fact": content.facts, "source": content.sources}
    known |= {"price": content.gear, "gear": content.gear, "resource": content.resources}
    for file, tag, id_ in _tags(templates):
        if id_ not in known[tag]:
            yield f"{file}: {{% {tag} %}}: unknown id {id_!r}"


def unused(content: Catalogue, templates: Path) -> Iterator[str]:
    """Terms, facts and sources that nothing refers to."""
    used = {(tag, id_) for _, tag, id_ in _tags(templates)}
    used |= {("term", id_) for term in content.terms.values() for id_ in term.see}
    used |= {("source", fact.source) for fact in content.facts.values()}
    used |= {("source", id_) for role in content.roles.values() for pay in role.pay for id_ in pay.sources}
    used |= {("source", item.source) for item in content.gear.values()}
    used |= {("source", id_) for asked in content.asked.values() for id_ in asked.sources}
    for tag, file, entries in (
        ("term", "glossary.toml", content.terms),
        ("fact", "facts.toml", content.facts),
        ("source", "sources.toml", content.sources),
    ):
        yield from (f"{file}: {id_}: nothing refers to it" for id_ in entries if (tag, id_) not in used)


def dead_links(content: Catalogue, templates: Path) -> Iterator[str]:
    """Links of questions to anchors that no page has. Whether it is on that very page, the tests of the pages tell."""
    anchors = {id_ for file in templates.rglob("*.html") for id_ in ANCHOR.findall(file.read_text(encoding="utf-8"))}
    anchors |= {*content.asked, *content.terms, *content.categories, *(f"skill-{id_}" for id_ in content.skills)}
    for asked in content.asked.values():
        for link in asked.links:
            _, _, anchor = link.to.partition("#")
            if anchor and anchor not in anchors:
                yield f"questions.toml: {asked.id}.links: no page has {link.to!r}"


def _tags(templates: Path) -> Iterator[tuple[Path, str, str]]:
    for file in sorted(templates.rglob("*.html")):
        for tag, id_ in TAG.findall(file.read_text(encoding="utf-8")):
            yield file.relative_to(templates), tag, id_


def old_prices(content: Catalogue, today: date) -> Iterator[str]:
    for item in content.gear.values():
        year, month = map(int, item.checked.split("-"))
        months = (today.year - year) * 12 + today.month - month
        if item.price and months > OLD_MONTHS:
            yield f"gear.toml: {item.id}.checked: this price is {months} months old; please check it"
        if months < 0:
            yield f"gear.toml: {item.id}.checked: {item.checked} is still to come"


def draft_faults(content: Catalogue) -> Iterator[str]:
    """Faults in drafts, which are warnings because the site does not use drafts."""
    for file in sorted(catalogue.CONTENT.glob("drafts/*.toml")):
        try:
            catalogue.draft(int(file.stem), content)
        except ValueError:
            yield f"drafts/{file.name}: its name must be the number of the next questionnaire"
        except catalogue.ContentError as error:
            yield from str(error).splitlines()
