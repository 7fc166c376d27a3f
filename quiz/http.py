"""What views share. A public GET is a pure function of its address: no session, no query, no cookie."""

import re
from collections.abc import Callable, Set
from dataclasses import dataclass
from functools import cache
from typing import Any, Protocol, TypeVar, cast

from django.http import HttpRequest, HttpResponse, HttpResponseRedirect, QueryDict
from django.urls import reverse
from django_htmx.http import HttpResponseClientRedirect
from django_htmx.middleware import HtmxDetails

from quiz.domain import Option, Questionnaire

MOST_MONEY = 1_000_000


class Request(HttpRequest):
    """A request as middleware and template tags extend it: `cited` holds the ids of the sources that its page has cited so far."""

    htmx: HtmxDetails
    cited: list[str]


View = TypeVar("View", bound=Callable[..., HttpResponse])


class Readable(Protocol):
    """A view that names the query parameters that it reads."""

    reads: Set[str]


def reads(*parameters: str) -> Callable[[View], View]:
    """Name the query parameters that a view reads: its pages are kept for their values, whatever else is in the query."""

    def named(view: View) -> View:
        cast(Readable, view).reads = frozenset(parameters)
        return view

    return named


def parameters_of(view: Callable[..., Any]) -> Set[str]:
    """What a view named with `reads`."""
    return getattr(view, "reads", frozenset())


# Looked up once: an address costs more than all else that a question does in Python.
address = cache(reverse)


def result_url(code: str) -> str:
    return address("result", args=("-",)).replace("-", code)


class SeeOther(HttpResponseRedirect):
    status_code = 303


def go(request: Request, url: str) -> HttpResponse:
    """On to another page after a POST, for htmx and for a plain form."""
    return HttpResponseClientRedirect(url) if request.htmx else SeeOther(url)


@dataclass(frozen=True)
class Means:
    """The money and the things owned that a form names. `budget` is in US dollars."""

    budget: int
    owned: tuple[Option, ...]


def means(data: QueryDict, questionnaire: Questionnaire) -> Means:
    """What `?budget=&own=` asks a kit for; raises ValueError with a message for the visitor.

    `budget` is a number of dollars, or the id of an option of the budget question, as older links have it.
    """
    budgets, things = (questionnaire.questions[questionnaire.number(id_)].options for id_ in ("budget", "owned"))
    own = data.getlist("own")
    if not {option.id for option in things}.issuperset(own):
        raise ValueError("We don’t recognise one of the things you own. Please choose again.")
    amounts = {option.id: option.amount for option in budgets}
    text = data.get("budget", "")
    budget = amounts[text] if text in amounts else dollars(text)
    return Means(budget, tuple(option for option in things if option.id in own))


def dollars(text: str) -> int:
    """A sum of money as somebody types it; raises ValueError with a message for the visitor."""
    match = re.fullmatch(r"\$?0*(\d{1,7})", text.strip().replace(",", ""), re.ASCII)
    if match is None or int(match[1]) > MOST_MONEY:
        raise ValueError("Please give the money as a whole number of US dollars, such as 300. 0 is fine.")
    return int(match[1])
