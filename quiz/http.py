"""What views share. The answer to a public GET depends on its address only: no session, cookie or database."""

import re
from collections.abc import Callable, Set
from dataclasses import dataclass
from functools import cache
from typing import Any, Protocol, TypeVar, cast

from django.conf import settings
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect, QueryDict
from django.shortcuts import redirect
from django.urls import reverse
from django_htmx.http import HttpResponseClientRedirect
from django_htmx.middleware import HtmxDetails

from quiz.domain import Option, Questionnaire

MOST_MONEY = 1_000_000


class Request(HttpRequest):
    """A request with what middleware and template tags add: `cited` holds the ids of the sources cited so far."""

    htmx: HtmxDetails
    cited: list[str]


View = TypeVar("View", bound=Callable[..., HttpResponse])


class Readable(Protocol):
    reads: Set[str]


def reads(*parameters: str) -> Callable[[View], View]:
    """Declare the query parameters that a view reads. Its pages are cached by their values; others are ignored."""

    def named(view: View) -> View:
        cast(Readable, view).reads = frozenset(parameters)
        return view

    return named


def parameters_of(view: Callable[..., Any]) -> Set[str]:
    """The query parameters that a view declares with `reads`."""
    return getattr(view, "reads", frozenset())


# Cached because reversing a URL takes longer than everything else a question needs.
address = cache(reverse)


def result_url(code: str) -> str:
    return address("result", args=("-",)).replace("-", code)


def absolute_url(code: str) -> str:
    """The address of a result as it is sent to somebody."""
    return f"{settings.SITE_URL}{result_url(code)}"


class SeeOther(HttpResponseRedirect):
    status_code = 303


def go(request: Request, url: str) -> HttpResponse:
    """Redirect to another page after a POST, with or without htmx."""
    return HttpResponseClientRedirect(url) if request.htmx else SeeOther(url)


def canonical(request: HttpRequest, **given: str) -> HttpResponse | None:
    """A redirect to this address with these parameters spelled so, and without the empty ones; None where it has them so. What else
    the view reads stays."""
    wanted = {name: value for name, value in given.items() if value}
    if wanted == {name: request.GET[name] for name in given if name in request.GET}:
        return None
    query = request.GET.copy()
    for name in given:
        query.pop(name, None)
    query.update(wanted)
    return redirect(f"{request.path}?{query.urlencode()}" if query else request.path)


@dataclass(frozen=True)
class Means:
    """The budget in US dollars and the things owned, as given in a form."""

    budget: int
    owned: tuple[Option, ...]


def means(data: QueryDict, questionnaire: Questionnaire) -> Means:
    """Read `?budget=&own=`; raises ValueError with a message for the visitor.

    `budget` is a number of dollars or, in older links, the id of an option of the budget question.
    """
    things = questionnaire.options("owned")
    own = data.getlist("own")
    if not {option.id for option in things}.issuperset(own):
        raise ValueError("We don’t recognise one of those items. Please choose again.")
    amounts = {option.id: option.amount for option in questionnaire.options("budget")}
    text = data.get("budget", "")
    budget = amounts[text] if text in amounts else dollars(text)
    return Means(budget, tuple(option for option in things if option.id in own))


def dollars(text: str) -> int:
    """A number of dollars as people type it; raises ValueError with a message for the visitor."""
    # A comma parts thousands. Half of Europe writes cents after it, and 300,50 is not 30050.
    match = re.fullmatch(r"\$?(\d{1,3}(,\d{3})+|\d{1,12})", text.strip(), re.ASCII)
    amount = int(match[1].replace(",", "")) if match else MOST_MONEY + 1
    if amount > MOST_MONEY:
        raise ValueError("Please enter a whole number of US dollars, such as 300. 0 is fine.")
    return amount
