"""Two results side by side, and a group."""

from typing import Any
from urllib.parse import urlencode

from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.template.response import TemplateResponse
from django.urls import reverse
from django.views.decorators.http import require_safe

from quiz.catalogue import catalogue
from quiz.compare import compare
from quiz.group import MOST, Group
from quiz.group import group as group_of
from quiz.http import reads
from quiz.result import Result
from quiz.results import for_a_day, of_code

MOST_OF_A_LINE = 200  # characters; an address is shorter


@require_safe
@of_code
def compare_page(request: HttpRequest, first: Result, second: Result) -> HttpResponse:
    address = reverse("compare", args=[first.code, second.code])
    if request.path != address:
        return redirect(address, permanent=True)
    roles = catalogue().roles
    comparison = compare(first, second, catalogue())
    shared = [id_ for id_ in roles if id_ in first.profile.fit and id_ in second.profile.fit]
    context = {
        "comparison": comparison,
        "people": [("First", first, roles[first.profile.role]), ("Second", second, roles[second.profile.role])],
        "accents": [(roles[id_], *both) for id_, both in comparison.accents.items()],
        "meters": [(roles[id_], first.profile.fit[id_], second.profile.fit[id_]) for id_ in shared],
        "parts": [(roles[id_], part) for id_, part in comparison.pair.parts.items()],
    }
    return for_a_day(TemplateResponse(request, "result/compare.html", context))


@require_safe
@reads("c", "paste")
def group_page(request: HttpRequest) -> HttpResponse:
    """A band or a class: the members are the codes of the address; `paste` has their links or codes, one a line."""
    pasted, given = request.GET.get("paste", ""), request.GET.getlist("c")
    lines = list(
        dict.fromkeys(line for raw in (*given, *pasted.splitlines()) if (line := raw.strip()[:MOST_OF_A_LINE]))
    )
    group = group_of(lines[:MOST], catalogue())
    in_order = [*group.codes, *(line for line, _ in group.wrong)]
    if len(lines) <= MOST and (pasted or in_order != given):
        query = urlencode({"c": in_order}, doseq=True)
        return redirect(f"{reverse('group')}?{query}" if query else reverse("group"))
    too_many = len(lines) if len(lines) > MOST else 0
    context = {
        "most": MOST,
        "too_many": too_many,
        "shown": len(group.members) > 1 and not too_many,
        "lines": "\n".join(lines),
    }
    return for_a_day(TemplateResponse(request, "result/group.html", context | _group_context(group)))


def _group_context(group: Group) -> dict[str, Any]:
    roles, size = catalogue().roles, len(group.members)
    return {
        "group": group,
        "rows": [(roles[id_], mates, round(100 * len(mates) / max(size, 1))) for id_, mates in group.roles.items()],
        "missing": [roles[id_] for id_ in group.missing],
        "duos": [(duo, [(roles[id_], member) for id_, member in duo.jobs.items()]) for duo in group.duos],
    }
