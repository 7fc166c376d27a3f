"""The pages that are the same for every visitor of a release."""

from django.conf import settings
from django.http import Http404, HttpRequest, HttpResponse
from django.template.response import TemplateResponse
from django.views.decorators.http import require_safe

from quiz import kit
from quiz.catalogue import catalogue
from quiz.domain import Answers
from quiz.views import checklist_context, question_context


def site(request: HttpRequest) -> dict[str, str]:
    """For every template: the site's own address, for links that must be absolute."""
    return {"site_url": settings.SITE_URL}


@require_safe
def home(request: HttpRequest) -> HttpResponse:
    nothing_yet = Answers(catalogue().questionnaire, ())
    return TemplateResponse(
        request, "home.html", {"roles": catalogue().roles.values(), **question_context(nothing_yet, 0)}
    )


@require_safe
def role(request: HttpRequest, slug: str) -> HttpResponse:
    found = next((role for role in catalogue().roles.values() if role.slug == slug), None)
    if found is None:
        raise Http404("There is no role of this name.")
    context = {
        "role": found,
        "pay": [(pay, catalogue().sources[pay.source]) for pay in found.pay],
        "checklist": checklist_context([found.id]),
        "gear": [
            (category, kit.models(found.id, category, catalogue()))
            for category in kit.buying_order(found.id, catalogue())
        ],
        "others": [other for other in catalogue().roles.values() if other is not found],
    }
    return TemplateResponse(request, "roles/role.html", context)


@require_safe
def method(request: HttpRequest) -> HttpResponse:
    """How the scoring works, with the exact figures of the newest questionnaire."""
    questionnaire = catalogue().questionnaire
    figures = catalogue().figures[questionnaire.version]
    context = {
        "figures": figures,
        "shares": [(catalogue().roles[role], share) for role, share in figures.shares.items()],
        "influence": sorted(
            (
                (question, figures.influence[question.id])
                for question in questionnaire.questions
                if question.id in figures.influence
            ),
            key=lambda pair: -pair[1],
        ),
        "setup": [question for question in questionnaire.questions if question.axis == "setup"],
    }
    return TemplateResponse(request, "method.html", context)
