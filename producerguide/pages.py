"""The guide: every page but the quiz and its results."""

import re
from functools import cache
from itertools import groupby
from typing import Any

from django.conf import settings
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.template.loader import render_to_string
from django.template.response import TemplateResponse
from django.templatetags.static import static
from django.utils.html import strip_tags
from django.views.decorators.http import require_safe
from rjsmin import jsmin

from quiz import codes, kit
from quiz.catalogue import catalogue
from quiz.contexts import checklist_context, drawn_fit, kit_context, next_three
from quiz.counting import shown
from quiz.domain import Answers, GearItem, Page, Role, owned
from quiz.http import means, reads
from quiz.inks import inks
from quiz.tried import ROOMS
from quiz.views import question_context

WORDS_A_MINUTE = 220
UNREAD = re.compile(r'<section class="lab".*?</section>|<svg.*?</svg>', re.DOTALL)  # not part of the reading time
LEVELS = {1: "Beginner", 2: "Some practice", 3: "Advanced"}
ON_HOME = ("which-daw", "car", "too-old", "ai-job", "living")  # ids of questions
KINDS = {"channel": "channels", "site": "sites", "book": "books"}


def site(request: HttpRequest) -> dict[str, Any]:
    """For every template: the site's address, the page, its breadcrumbs and its neighbours."""
    place = _place(request.path if request.path in catalogue().pages else "")
    return {"site_url": settings.SITE_URL, "owner": settings, **place}


@cache
def _place(path: str) -> dict[str, Any]:
    page, pages = catalogue().pages.get(path), catalogue().pages.values()
    if page is None:
        return {"page": None}
    siblings = [other for other in pages if _parent(other) == _parent(page) and other.article]
    here = siblings.index(page) if page in siblings else len(siblings)
    return {
        "page": page,
        "crumbs": [other for other in pages if page.path.startswith(other.path) and other is not page],
        "previous": siblings[here - 1] if 0 < here < len(siblings) else None,
        "next": siblings[here + 1] if here + 1 < len(siblings) else None,
    }


def _parent(page: Page) -> str:
    return page.path.rstrip("/").rpartition("/")[0]


@require_safe
def home(request: HttpRequest) -> HttpResponse:
    nothing_yet = Answers(catalogue().questionnaire, ())
    some = Answers(catalogue().questionnaire, (1,) * len(catalogue().questionnaire.questions))
    asked = catalogue().asked
    context = {
        "song": f"{codes.build(some)} {next(iter(catalogue().roles))}",
        "roles": list(catalogue().roles.values()),
        "asked": [asked[id_] for id_ in ON_HOME if id_ in asked],
        "asked_count": len(asked),
    }
    return TemplateResponse(request, "home.html", context | question_context(nothing_yet, 0))


@require_safe
def article(request: HttpRequest, body: str) -> HttpResponse:
    """A text that needs nothing but its template."""
    return _article(request, "guide/article.html", body)


@require_safe
def file(request: HttpRequest, name: str, content_type: str) -> HttpResponse:
    """robots.txt, the sitemap and the manifest."""
    return TemplateResponse(request, name, {"pages": catalogue().pages.values()}, content_type=content_type)


@require_safe
def roles(request: HttpRequest) -> HttpResponse:
    return TemplateResponse(request, "roles/index.html", {"roles": catalogue().roles.values()})


@require_safe
def role(request: HttpRequest, slug: str) -> HttpResponse:
    role = _role(slug)
    others = [other for other in catalogue().roles.values() if other is not role]
    return _article(
        request,
        "roles/role.html",
        f"roles/_{role.id}.html",
        {"role": role, "others": others, "tryable": role.id in ROOMS},
    )


@require_safe
def checklist(request: HttpRequest, slug: str) -> HttpResponse:
    role = _role(slug)
    context = {"role": role, "checklist": checklist_context([role.id]), "next_three": next_three((role.id,))}
    return TemplateResponse(request, "roles/checklist.html", context)


@require_safe
@reads("budget", "own")
def gear(request: HttpRequest, slug: str) -> HttpResponse:
    """The gear of a role; with `budget` and `own`, a kit for that money."""
    role, questions = _role(slug), {question.id: question for question in catalogue().questionnaire.questions}
    tiers, before = [], dict[str, GearItem]()
    for option in questions["budget"].options:
        now = {item.category: item for item in kit.build(role.id, option.amount, (), catalogue()).now}
        new = [
            (catalogue().categories[id_], item, before.get(id_)) for id_, item in now.items() if item != before.get(id_)
        ]
        tiers.append((option, new))
        before = now
    context = {
        "role": role,
        "tiers": tiers,
        "gear": [
            (category, kit.models(role.id, category.id, catalogue()))
            for category in kit.buying_order(role.id, catalogue())
        ],
        "budget": request.GET.get("budget", ""),
        "owned": [(option, option.id in request.GET.getlist("own")) for option in questions["owned"].options],
        "skip": f"roles/_skip_{role.id}.html",
    }
    if "budget" in request.GET:
        context |= _kit(request, role)
    return TemplateResponse(request, "roles/gear.html", context)


def _kit(request: HttpRequest, role: Role) -> dict[str, Any]:
    try:
        chosen = means(request.GET, catalogue().questionnaire)
    except ValueError as error:
        return {"message": str(error)}
    return kit_context(kit.build(role.id, chosen.budget, owned(chosen.owned), catalogue()))


@require_safe
def learn(request: HttpRequest) -> HttpResponse:
    topics = [(catalogue().pages[f"/learn/{id_}/"], catalogue().skills[id_]) for id_ in catalogue().topics]
    return TemplateResponse(request, "learn/index.html", {"topics": topics})


@require_safe
def topic(request: HttpRequest, id_: str) -> HttpResponse:
    if id_ not in catalogue().topics:
        raise Http404("There is no topic with this name.")
    skill = catalogue().skills[id_]
    context = {
        "skill": skill,
        "terms": [catalogue().terms[term] for term in catalogue().topics[id_].terms],
        "resources": [catalogue().resources[resource] for resource in skill.resources],
    }
    return _article(request, "learn/topic.html", f"learn/_{id_}.html", context)


@require_safe
@reads("role", "level")
def resources(request: HttpRequest) -> HttpResponse:
    """Channels, sites and books, filtered by `role` and `level`; unknown values are ignored."""
    role, level = request.GET.get("role", ""), request.GET.get("level", "")
    chosen = [
        resource
        for resource in catalogue().resources.values()
        if (role not in catalogue().roles or role in resource.roles)
        and (level not in map(str, LEVELS) or int(level) in resource.levels)
    ]
    context = {
        "kinds": [
            (anchor, [resource for resource in chosen if resource.kind == kind]) for kind, anchor in KINDS.items()
        ],
        "roles": [(other, other.id == role) for other in catalogue().roles.values()],
        "levels": [(number, name, str(number) == level) for number, name in LEVELS.items()],
        "count": len(chosen),
    }
    return TemplateResponse(request, "resources.html", context)


@require_safe
def glossary(request: HttpRequest) -> HttpResponse:
    terms = catalogue().terms
    entries = sorted(
        ((term, [terms[id_] for id_ in term.see]) for term in terms.values()), key=lambda entry: entry[0].name.lower()
    )
    letters = [(letter, list(group)) for letter, group in groupby(entries, key=lambda entry: entry[0].name[0].upper())]
    return TemplateResponse(request, "glossary.html", {"letters": letters})


@require_safe
@reads("group")
def questions(request: HttpRequest) -> HttpResponse:
    """What beginners ask; with `group`, one group of it. An unknown group is ignored."""
    groups, chosen = catalogue().groups.values(), request.GET.get("group", "")
    shown = [group for group in groups if group.id == chosen] or groups
    context = {
        "groups": [(group, group.id == chosen) for group in groups],
        "shown": [
            (group, [asked for asked in catalogue().asked.values() if asked.group == group.id]) for group in shown
        ],
        "count": len(catalogue().asked),
    }
    return TemplateResponse(request, "questions.html", context)


@require_safe
def method(request: HttpRequest) -> HttpResponse:
    """How the scoring works, with the figures of every questionnaire, the newest first."""
    questionnaire = catalogue().questionnaire
    newest, *earlier = (_figures(version) for version in sorted(catalogue().figures, reverse=True))
    context = {
        **newest,
        "earlier_figures": earlier,
        "order": [catalogue().roles[role] for role in questionnaire.roles],
        "right": shown.counts.right(),
        "setup": [question for question in questionnaire.questions if question.axis == "setup"],
    }
    return TemplateResponse(request, "method.html", context)


def _figures(version: int) -> dict[str, Any]:
    figures, weighted = catalogue().figures[version], catalogue().questionnaires[version].weighted
    return {
        "figures": figures,
        "shares": [(catalogue().roles[role], share) for role, share in figures.shares.items()],
        "influence": sorted(((q, figures.influence[q.id]) for q in weighted), key=lambda pair: -pair[1]),
    }


@require_safe
def favicon(request: HttpRequest) -> HttpResponse:
    return redirect(static("img/icon.ico"))


@require_safe
def worker(request: HttpRequest) -> HttpResponse:
    """The service worker, at the root, because one serves only what lies below its own address."""
    return HttpResponse(_worker(), content_type="text/javascript; charset=utf-8")


@cache
def _worker() -> str:
    source = settings.BASE_DIR / "static" / "js" / "sw.js"
    return str(jsmin(source.read_text(encoding="utf-8")))


@require_safe
def styleguide(request: HttpRequest) -> HttpResponse:
    """Every component on one page, in development only."""
    fits = [drawn_fit(role, 90.0 / number) for number, role in enumerate(catalogue().roles.values(), 1)]
    nothing_yet = Answers(catalogue().questionnaire, ())
    context = {"colours": inks(), "fits": fits, **question_context(nothing_yet, 0)}
    return TemplateResponse(request, "styleguide.html", context)


def _article(request: HttpRequest, template: str, body: str, context: dict[str, Any] | None = None) -> HttpResponse:
    """A text with its table of contents and reading time."""
    text = render_to_string(body, context, request)
    reading = {
        "body": text,
        "contents": re.findall(r'<h2 id="([^"]+)">(.+?)</h2>', text),
        "minutes": max(1, round(len(strip_tags(UNREAD.sub("", text)).split()) / WORDS_A_MINUTE)),
    }
    return TemplateResponse(request, template, (context or {}) | reading)


def _role(slug: str) -> Role:
    for role in catalogue().roles.values():
        if role.slug == slug:
            return role
    raise Http404("There is no role with this name.")
