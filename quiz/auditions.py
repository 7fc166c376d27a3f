"""The auditions: ninety seconds in the chair of each role. `r` is the result that somebody came from, `tried` what they tried so far."""

import re
from dataclasses import dataclass
from typing import Any
from urllib.parse import urlencode

from django.http import Http404, HttpRequest, HttpResponse, QueryDict
from django.template.response import TemplateResponse
from django.urls import reverse
from django.views.decorators.csrf import csrf_exempt
from django.views.decorators.http import require_POST, require_safe

from quiz import tried as tries
from quiz.catalogue import catalogue
from quiz.codes import CodeError
from quiz.counting import recorder
from quiz.domain import Role, RoleId
from quiz.http import Request, canonical, go, reads, result_url
from quiz.models import BANDS
from quiz.result import Result
from quiz.result import result as result_from
from quiz.tried import EVENINGS, LIKED, ROOMS, Told, Tried, TriedError

LAYERS = (("groove", "Beat"), ("hook", "Hook"), ("chords", "Chords"), ("bass", "Bass"))
TAKE = re.compile("[0-9a-f]{16}")


@dataclass(frozen=True)
class Visit:
    """What an address says of a visitor; what it says wrongly is left out."""

    result: Result | None
    tried: Tried

    @property
    def roles(self) -> tuple[RoleId, ...]:
        return (self.result.answers.questionnaire if self.result else catalogue().questionnaire).roles

    @property
    def given(self) -> dict[str, str]:
        """The canonical parameters."""
        text = tries.build(self.tried, self.roles)
        return ({"r": self.result.code} if self.result else {}) | ({"tried": text} if text else {})

    @property
    def query(self) -> str:
        return f"?{urlencode(self.given)}" if self.given else ""


def visit(data: QueryDict) -> Visit:
    try:
        result = result_from(data.get("r", ""), catalogue())
    except CodeError:
        result = None
    try:
        tried = tries.parse(data.get("tried", ""), Visit(result, {}).roles)
    except TriedError:
        tried = {}
    return Visit(result, tried)


def _elsewhere(request: HttpRequest, here: Visit) -> HttpResponse | None:
    return canonical(request, **{"r": "", "tried": ""} | here.given)


@require_safe
@reads("r", "tried")
def index(request: HttpRequest) -> HttpResponse:
    """The three auditions, what was tried of them, and where to go on."""
    here, roles = visit(request.GET), catalogue().roles
    context = _context(here) | {
        "auditions": [(roles[role], ROOMS[role], here.tried.get(role)) for role in here.roles if role in ROOMS],
        "tried": here.given.get("tried", ""),
        "best": [(roles[role], ROOMS[role]) for role in (tries.liked_most(here.tried) if here.tried else ())],
        "enough": bool(here.tried) and max(here.tried.values()).liked >= tries.ENOUGH,
    }
    return _elsewhere(request, here) or TemplateResponse(request, "try/index.html", context)


@require_safe
@reads("r", "tried")
def audition(request: HttpRequest, slug: str) -> HttpResponse:
    here, role = visit(request.GET), _role(slug)
    context = _context(here) | {
        "role": role,
        "liked": LIKED.items(),
        "evenings": EVENINGS.items(),
        "layers": LAYERS,
        "body": f"try/_{role.id}.html",
    }
    return _elsewhere(request, here) or TemplateResponse(request, "try/audition.html", context)


@csrf_exempt  # without cookies there is no token to compare; security.py compares origins instead
@require_POST
def done(request: Request, slug: str) -> HttpResponse:
    """Count a finished audition and go on: to the result where all were tried, otherwise to the others. Without a script the page has no
    number for it, and a form sent twice could not be told from two, so then nothing is counted."""
    here, role = visit(request.POST), _role(slug)
    told = _told(request.POST)
    if told is None:
        return go(request, f"{reverse('audition', args=[slug])}{here.query}#taps")
    take, band = request.POST.get("take", ""), request.POST.get("band", "")
    if TAKE.fullmatch(take):
        recorder.audition(
            take,
            role=role.id,
            liked=told.liked,
            evening=told.evening,
            band=band if band in dict(BANDS) else "",
            given=here.result.profile.role if here.result else "",
        )
    after = Visit(here.result, here.tried | {role.id: told})
    if after.result and all(id_ in after.tried for id_ in after.roles if id_ in ROOMS):
        return go(request, _result_of(after))
    return go(request, f"{reverse('try')}{after.query}")


def _told(data: QueryDict) -> Told | None:
    likes, evenings = ({str(value): value for value in values} for values in (LIKED, EVENINGS))
    liked, evening = likes.get(data.get("liked", "")), evenings.get(data.get("evening", ""))
    return None if liked is None or evening is None else Told(liked, evening)


def _context(here: Visit) -> dict[str, Any]:
    return {
        "query": here.query,
        "given": here.given.items(),
        "back": _result_of(here) if here.result else "",
        "answered": catalogue().roles[here.result.profile.role] if here.result else None,
    }


def _result_of(here: Visit) -> str:
    given = here.given
    code = given.pop("r")
    return f"{result_url(code)}?{urlencode(given)}" if given else result_url(code)


def _role(slug: str) -> Role:
    for role in catalogue().roles.values():
        if role.slug == slug and role.id in ROOMS:
            return role
    raise Http404("There is no audition for this role.")
