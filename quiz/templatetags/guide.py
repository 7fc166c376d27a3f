"""Template tags, most of which put content into a text, so that each fact is written down only once."""

import json
import re
from base64 import b64encode
from collections.abc import Hashable
from functools import cache
from hashlib import sha384
from typing import Any, Literal

from django import template
from django.conf import settings
from django.contrib.staticfiles.storage import staticfiles_storage
from django.template.base import FilterExpression, Parser, Token, render_value_in_context, token_kwargs
from django.template.context import Context, RequestContext
from django.templatetags.static import static
from django.urls import reverse
from django.utils.html import format_html
from django.utils.safestring import SafeString

from quiz import inks
from quiz.catalogue import catalogue
from quiz.domain import Resource

register = template.Library()

MOST_TEXTS = 4096
GAP = SafeString("\0")  # where a link is put
LOADING = {"module": ' type="module"', "classic": ""}


@register.simple_tag
def script(path: str, loading: Literal["module", "classic"] = "module") -> SafeString:
    """A script with its integrity hash."""
    digest = integrity(path)
    extra = format_html(' integrity="{}"', digest) if digest else ""
    return format_html('<script{} src="{}"{}></script>', SafeString(LOADING[loading]), static(path), extra)


@register.simple_tag
def first_script() -> SafeString:
    return SafeString(f"<script>{settings.FIRST_SCRIPT}</script>")


@register.simple_tag
def integrity(path: str) -> str:
    """The integrity hash of a file; empty in development, where files change while pages are open."""
    return "" if settings.DEBUG else _digest(path)


@cache
def _digest(path: str) -> str:
    with staticfiles_storage.open(staticfiles_storage.stored_name(path)) as file:  # type: ignore[attr-defined]
        return f"sha384-{b64encode(sha384(file.read()).digest()).decode()}"


class Once(template.Node):
    """A part of a page that depends on its keys only, rendered once for each value of them; values are put into it each time."""

    def __init__(
        self, nodelist: template.NodeList, keys: list[FilterExpression], values: dict[str, FilterExpression]
    ) -> None:
        self.nodelist, self.keys, self.values = nodelist, keys, values
        self.places = {name: SafeString(f"\0{name}\0") for name in values}
        self.gap = re.compile(f"\0({'|'.join(values)})\0")
        self.texts: dict[tuple[Any, ...], list[str]] = {}

    def render(self, context: Context) -> SafeString:
        key = tuple([expression.resolve(context, ignore_failures=True) for expression in self.keys])
        parts = self.texts.get(key)
        if parts is None:
            with context.push(**self.places):
                parts = _keep(self.texts, key, self.gap.split(self.nodelist.render(context)))
        if len(parts) > 1:  # every second one is the name of a value
            values = {name: _written(expression.resolve(context), context) for name, expression in self.values.items()}
            parts = [values[part] if number % 2 else part for number, part in enumerate(parts)]
        return SafeString("".join(parts))


def _keep(texts: dict[Any, list[str]], key: Hashable, parts: list[str]) -> list[str]:
    if len(texts) >= MOST_TEXTS:
        texts.clear()
    texts[key] = parts
    return parts


def _written(value: Any, context: Context) -> str:
    """As Django writes it, which looks through what is marked safe, too: that took a tenth of the time for the parts of a result."""
    return value if isinstance(value, SafeString) else render_value_in_context(value, context)


@register.tag
def once(parser: Parser, token: Token) -> Once:
    """`{% once key … with name=value … %}…{% endonce %}`: what is inside may depend on the keys and the content only. It may write
    the named values as they are, without filters, but not ask about them.
    """
    words = token.split_contents()[1:]
    given = words.index("with") if "with" in words else len(words)
    keys = [parser.compile_filter(word) for word in words[:given]]
    values = token_kwargs(words[given + 1 :], parser)
    nodelist = parser.parse(("endonce",))
    parser.delete_first_token()
    return Once(nodelist, keys, values)


class Each(template.Node):
    """The same part for each of many rows: rendered once for each value of a row, and a row's own link is put into it each time."""

    def __init__(self, nodelist: template.NodeList, rows: FilterExpression, names: list[str]) -> None:
        self.nodelist, self.rows, self.names = nodelist, rows, names
        self.texts: dict[Hashable, list[str]] = {}

    def render(self, context: Context) -> SafeString:
        rows, get = self.rows.resolve(context), self.texts.get
        if len(self.names) == 1:
            return SafeString("".join([(get(row) or self._made(row, context))[0] for row in rows]))
        return SafeString(
            "".join([_written(link, context).join(get(row) or self._made(row, context)) for row, link in rows])
        )

    def _made(self, row: Hashable, context: Context) -> list[str]:
        with context.push(**dict(zip(self.names, (row, GAP), strict=False))):
            return _keep(self.texts, row, self.nodelist.render(context).split(GAP))


@register.tag
def each(parser: Parser, token: Token) -> Each:
    """`{% each row in rows %}…{% endeach %}`: what is inside may depend on the row and the content only. Where each of the rows comes
    with a link, `{% each row, link in rows %}`: it may be written as it is, and not be asked about.
    """
    _, names, rows = re.split(r"^each | in ", token.contents)
    nodelist = parser.parse(("endeach",))
    parser.delete_first_token()
    return Each(nodelist, parser.compile_filter(rows), names.split(", "))


@register.simple_tag
def term(id_: str, text: str) -> SafeString:
    """A text, linked to a term in the glossary."""
    return format_html('<a class="term" href="{}#{}">{}</a>', reverse("glossary"), catalogue().terms[id_].id, text)


@register.simple_tag(takes_context=True)
def source(context: RequestContext, id_: str) -> SafeString:
    """The number of a source in the list that `cited` puts at the end of the page."""
    cited = _cited(context)
    if id_ not in cited:
        cited.append(catalogue().sources[id_].id)
    number = cited.index(id_) + 1
    return format_html('<sup class="cite"><a href="#source-{0}" aria-label="Source {0}">{0}</a></sup>', number)


@register.simple_tag(takes_context=True)
def fact(context: RequestContext, id_: str) -> SafeString:
    """A figure with the number of its source."""
    entry = catalogue().facts[id_]
    return format_html("{}{}", entry.text, source(context, entry.source))


@register.inclusion_tag("_sources.html", takes_context=True)
def cited(context: RequestContext) -> dict[str, Any]:
    """The sources that the page has cited so far, by number."""
    return {"sources": [catalogue().sources[id_] for id_ in _cited(context)]}


@register.simple_tag
def price(id_: str) -> str:
    """The price of an item with its year: "about $110 (2025)"."""
    item = catalogue().gear[id_]
    return f"about ${item.price:,} ({item.checked[:4]})" if item.price else "free"


@register.simple_tag
def ink(name: str) -> inks.Ink:
    """A colour of inks.css, where a style sheet cannot reach."""
    return inks.ink(name)


@register.simple_tag
def whose(id_: str) -> SafeString:
    """The name of a role in its ink, for a cell of a table that has lost its head on a phone."""
    return format_html('<b class="whose ink-{}">{}</b>', id_, catalogue().roles[id_].name)


@register.simple_tag
def gear(id_: str) -> str:
    return catalogue().gear[id_].name


@register.simple_tag
def resource(id_: str | Resource) -> SafeString:
    """The name of a resource, as a link if it has a URL."""
    entry = catalogue().resources[id_] if isinstance(id_, str) else id_
    if entry.url:
        return format_html('<a href="{}" rel="noopener">{}</a>', entry.url, entry.name)
    return format_html({"book": "<cite>{}</cite>", "channel": "{} (YouTube)", "site": "{}"}[entry.kind], entry.name)


@register.simple_tag
def place(at: str) -> SafeString:
    """Where a step is done, as a link: the lab of a topic, a page or a resource."""
    known = catalogue()
    if entry := known.resources.get(at):
        # Checklists have hundreds of these, so they are short.
        return format_html('<a href="{}">{}</a>', entry.url, entry.name) if entry.url else resource(entry)
    path = reverse("topic", args=[at]) if at in known.topics else at
    lab = ": the lab" if at in known.topics else ""
    return format_html('<a href="{}">{}{}</a>', path, known.pages[path].short, lab)


def _cited(context: RequestContext) -> list[str]:
    # On the request, because an included template has a context of its own.
    cited: list[str] = context["request"].__dict__.setdefault("cited", [])
    return cited


@register.simple_tag(takes_context=True)
def structured_data(context: RequestContext) -> SafeString:
    """JSON-LD for search engines: a page's breadcrumbs and, if it is an article, a description of it; home, which has none above it,
    names the site."""
    page, site_url = context["page"], context["site_url"]
    places = [
        {"@type": "ListItem", "position": number, "name": place.short, "item": site_url + place.path}
        for number, place in enumerate([*context["crumbs"], page], 1)
    ]
    article = {
        "headline": page.title,
        "description": page.description,
        "url": site_url + page.path,
        "image": site_url + static("img/card.png"),
        "inLanguage": "en-GB",
        "author": {"@type": "Organization", "name": "ProducerGuide", "url": f"{site_url}/"},
    }
    trail = {"@type": "BreadcrumbList", "itemListElement": places}
    data = [trail if context["crumbs"] else {"@type": "WebSite", "name": "ProducerGuide", "url": f"{site_url}/"}]
    data += [{"@type": "Article", **article}] if page.article else []
    # "<" is the only character that could end the element early.
    text = json.dumps([{"@context": "https://schema.org", **item} for item in data], ensure_ascii=False)
    return format_html('<script type="application/ld+json">{}</script>', SafeString(text.replace("<", "\\u003c")))
