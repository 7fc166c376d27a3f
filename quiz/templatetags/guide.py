"""Tags that put a fact of the content into a text, so that it is written down once."""

import json
from base64 import b64encode
from functools import cache
from hashlib import sha384
from typing import Any, Literal

from django import template
from django.conf import settings
from django.contrib.staticfiles.storage import staticfiles_storage
from django.template.base import FilterExpression, Parser, Token
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
LOADING = {"module": ' type="module"', "defer": " defer", "at once": ""}


@register.simple_tag
def script(path: str, loading: Literal["module", "defer", "at once"] = "module") -> SafeString:
    """A script of ours that the browser refuses if a byte of it is not as it was collected."""
    how, source, hash_ = SafeString(LOADING[loading]), static(path), integrity(path)
    return format_html('<script{} src="{}"{}></script>', how, source, hash_ and format_html(' integrity="{}"', hash_))


@register.simple_tag
def integrity(path: str) -> str:
    """What `integrity` asks of a file; nothing in development, where files are edited while pages are open."""
    return "" if settings.DEBUG else _digest(path)


@cache
def _digest(path: str) -> str:
    with staticfiles_storage.open(staticfiles_storage.stored_name(path)) as file:  # type: ignore[attr-defined]
        return f"sha384-{b64encode(sha384(file.read()).digest()).decode()}"


class Once(template.Node):
    """A part of a page that depends on its keys alone, rendered once in a process for each of their values."""

    def __init__(self, nodelist: template.NodeList, keys: list[FilterExpression]) -> None:
        self.nodelist, self.keys = nodelist, keys
        self.texts: dict[tuple[Any, ...], SafeString] = {}

    def render(self, context: Context) -> SafeString:
        key = tuple([expression.resolve(context, ignore_failures=True) for expression in self.keys])
        text = self.texts.get(key)
        if text is None:
            if len(self.texts) >= MOST_TEXTS:
                self.texts.clear()
            text = self.texts[key] = self.nodelist.render(context)
        return text


@register.tag
def once(parser: Parser, token: Token) -> Once:
    """`{% once key … %}…{% endonce %}`: nothing inside may depend on anything but the keys and the content."""
    keys = [parser.compile_filter(word) for word in token.split_contents()[1:]]
    nodelist = parser.parse(("endonce",))
    parser.delete_first_token()
    return Once(nodelist, keys)


@register.simple_tag
def term(id_: str, text: str) -> SafeString:
    """The text, linked to its entry in the glossary."""
    return format_html('<a class="term" href="{}#{}">{}</a>', reverse("glossary"), catalogue().terms[id_].id, text)


@register.simple_tag(takes_context=True)
def source(context: RequestContext, id_: str) -> SafeString:
    """The number of a source; `cited` lists them at the foot of the page."""
    cited = _cited(context)
    if id_ not in cited:
        cited.append(catalogue().sources[id_].id)
    number = cited.index(id_) + 1
    return format_html('<sup class="cite"><a href="#source-{0}" aria-label="Source {0}">{0}</a></sup>', number)


@register.simple_tag(takes_context=True)
def fact(context: RequestContext, id_: str) -> SafeString:
    """A figure with the number of its source."""
    found = catalogue().facts[id_]
    return format_html("{}{}", found.text, source(context, found.source))


@register.inclusion_tag("_sources.html", takes_context=True)
def cited(context: RequestContext) -> dict[str, Any]:
    """The sources that the page has cited so far, in the order of their numbers."""
    return {"sources": [catalogue().sources[id_] for id_ in _cited(context)]}


@register.simple_tag
def price(id_: str) -> str:
    """The price of an item with its year: "$110 (2025)"."""
    item = catalogue().gear[id_]
    return f"${item.price:,} ({item.checked[:4]})" if item.price else "free"


@register.simple_tag
def ink(name: str) -> inks.Ink:
    """A colour of inks.css, for what a style sheet does not reach."""
    return inks.ink(name)


@register.simple_tag
def gear(id_: str) -> str:
    return catalogue().gear[id_].name


@register.simple_tag
def resource(id_: str | Resource) -> SafeString:
    """The name of a resource, linked where it has an address, and what it is where it has none."""
    found = catalogue().resources[id_] if isinstance(id_, str) else id_
    if found.url:
        return format_html('<a href="{}" rel="noopener">{}</a>', found.url, found.name)
    if found.kind == "book":
        return format_html("<cite>{}</cite>", found.name)
    return format_html("{}{}", found.name, " (YouTube)" if found.kind == "channel" else "")


def _cited(context: RequestContext) -> list[str]:
    # On the request, because an included template has a context of its own.
    cited: list[str] = context["request"].__dict__.setdefault("cited", [])
    return cited


@register.simple_tag(takes_context=True)
def structured_data(context: RequestContext) -> SafeString:
    """JSON-LD for search engines: the breadcrumbs of a page and, where it is a text to read, its article."""
    page, site_url = context["page"], context["site_url"]
    data: list[dict[str, Any]] = []
    if context["crumbs"]:
        trail = [*context["crumbs"], page]
        places = [
            {"@type": "ListItem", "position": number, "name": place.short, "item": site_url + place.path}
            for number, place in enumerate(trail, 1)
        ]
        data.append({"@context": "https://schema.org", "@type": "BreadcrumbList", "itemListElement": places})
    if page.article:
        data.append(
            {
                "@context": "https://schema.org",
                "@type": "Article",
                "headline": page.title,
                "description": page.description,
                "url": site_url + page.path,
                "image": site_url + static("img/card.png"),
                "inLanguage": "en-GB",
                "author": {"@type": "Organization", "name": "ProducerGuide", "url": f"{site_url}/"},
            }
        )
    # The only character that could end the element early.
    text = json.dumps(data, ensure_ascii=False).replace("<", "\\u003c")
    return format_html('<script type="application/ld+json">{}</script>', SafeString(text)) if data else SafeString("")
