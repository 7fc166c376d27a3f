"""The search page, and all there is to find: the sections of every page, questions, words, gear."""

import re
from collections.abc import Iterator
from functools import cache
from html.parser import HTMLParser

from django.http import HttpResponse
from django.template.response import TemplateResponse
from django.test import RequestFactory
from django.urls import resolve, reverse
from django.utils.cache import patch_cache_control, patch_vary_headers
from django.views.decorators.http import require_safe

from quiz.catalogue import Catalogue, catalogue
from quiz.domain import Page
from quiz.http import Request, reads
from quiz.search import Entry, Index, Kind

NAMES: dict[Kind, str] = {
    "questions": "Questions",
    "guides": "In the guides",
    "topics": "In the ten topics",
    "terms": "Words",
    "gear": "Gear",
}
# Their parts are found as questions, words and gear.
NOT_BY_SECTION = ("/", "/quiz/", "/search/", "/questions/", "/glossary/", "/resources/")
HEADING = re.compile("h[123]")
CITE = re.compile(r'<sup class="cite">.*?</sup>')


@require_safe
@reads("q")
def search(request: Request) -> HttpResponse:
    """Nothing is kept of what visitors look for: no log line has it, and no cache but the browser’s keeps the page."""
    query = request.GET.get("q", "").replace("\x00", "").strip()
    found = [(NAMES[kind], hits) for kind, hits in index().find(query)]
    template = "search/_found.html" if request.htmx else "search/search.html"
    response = TemplateResponse(request, template, {"query": query[:200], "found": found})
    if query:
        patch_cache_control(response, private=True, max_age=60)
    patch_vary_headers(response, ["HX-Request"])
    return response


@cache
def index() -> Index:
    return Index(entries(catalogue()))


def entries(content: Catalogue) -> Iterator[Entry]:
    for page in content.pages.values():
        if page.path not in NOT_BY_SECTION and not page.path.endswith(("/gear/", "/checklist/")):
            yield from _sections(page)
    questions, glossary = reverse("questions"), reverse("glossary")
    for asked in content.asked.values():
        yield Entry("questions", f"{questions}#{asked.id}", asked.question, asked.answer, asked.also)
    for term in content.terms.values():
        yield Entry("terms", f"{glossary}#{term.id}", term.name, term.text, term.also)
    yield from _gear(content)


def _gear(content: Catalogue) -> Iterator[Entry]:
    for category in content.categories.values():
        for role in content.roles.values():
            if role.id in category.priority:
                items = [
                    item for item in content.gear.values() if item.category == category.id and role.id in item.roles
                ]
                text = f"{category.why} For free: {category.free} {', '.join(item.name for item in items)}."
                url = f"{reverse('gear', args=[role.slug])}#{category.id}"
                yield Entry("gear", url, f"{category.name} ({role.name.lower()})", text)


def _sections(page: Page) -> Iterator[Entry]:
    """A page by its headings. A heading without an id belongs to the section before."""
    match = resolve(page.path)
    response = match.func(RequestFactory().get(page.path), *match.args, **match.kwargs)
    kind: Kind = "topics" if page.path.startswith("/learn/") else "guides"
    for anchor, heading, text in Sections(response.render().text).parts:
        title = page.title if not anchor else f"{heading} ({page.short})"
        yield Entry(kind, f"{page.path}#{anchor}" if anchor else page.path, title, text)


class Sections(HTMLParser):
    """The anchor, the heading and the text of each section inside <main>; the first one has no anchor."""

    UNREAD = frozenset({"nav", "script", "style", "svg", "form", "template", "noscript"})
    CELLS = frozenset({"td", "th", "dt"})
    IN_A_LINE = frozenset({"a", "cite", "code", "em", "small", "span", "strong", "sup"})  # no gap before or after

    def __init__(self, html: str) -> None:
        super().__init__()
        self.parts: list[tuple[str, str, str]] = []
        self._anchor = self._heading = ""
        self._text: list[str] = []
        self._in_main = self._in_heading = False
        self._unread = 0
        self.feed(CITE.sub("", html))

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        id_ = dict(attrs).get("id")
        self._part(tag)
        if tag == "main":
            self._in_main = True
        elif tag in self.UNREAD:
            self._unread += 1
        elif HEADING.fullmatch(tag) and id_ and self._reading:
            self._end()
            self._anchor, self._heading, self._in_heading = id_, "", True

    def handle_endtag(self, tag: str) -> None:
        self._part(tag)
        if tag in self.CELLS and self._reading:
            self._text.append("· ")
        if tag in self.UNREAD:
            self._unread -= 1
        elif HEADING.fullmatch(tag):
            self._in_heading = False
        elif tag == "main":
            self._end()
            self._in_main = False

    def handle_data(self, data: str) -> None:
        if self._in_heading:
            self._heading += data
        elif self._reading:
            self._text.append(data)

    def _part(self, tag: str) -> None:
        if tag not in self.IN_A_LINE:
            self._text.append(" ")

    @property
    def _reading(self) -> bool:
        return self._in_main and not self._unread

    def _end(self) -> None:
        text = re.sub(r"(· )+", "· ", re.sub(r"\s+", " ", "".join(self._text))).strip(" ·")
        if text:
            self.parts.append((self._anchor, self._heading.strip(), text))
        self._text = []
