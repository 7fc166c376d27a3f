"""The questionnaire, question by question, and its end."""

from functools import cache
from typing import Any
from urllib.parse import urlencode

from django.conf import settings
from django.http import HttpRequest, HttpResponse, HttpResponseBadRequest, JsonResponse, QueryDict
from django.shortcuts import redirect
from django.template.response import TemplateResponse
from django.utils.cache import patch_vary_headers
from django.utils.safestring import SafeString
from django.views.decorators.csrf import csrf_exempt
from django.views.decorators.http import require_POST, require_safe
from django_htmx.http import push_url

from quiz import codes, song
from quiz.catalogue import catalogue
from quiz.codes import CodeError
from quiz.counting import recorder
from quiz.domain import Answers
from quiz.http import Request, address, go, reads, result_url
from quiz.result import result_of


@require_safe
@reads("a", "pick", "change")
def ask(request: Request) -> HttpResponse:
    """The next question; with `pick`, the one after it; with `change`, one that was answered before."""
    given = request.GET.get("a", "")
    answers, message = _answers(given)
    if given not in ("", codes.so_far(answers)) and not message:
        query = request.GET.copy()
        query["a"] = codes.so_far(answers)
        return redirect(f"{address('ask')}?{query.urlencode()}")
    number = _number(answers, request.GET.get("change", ""))
    if "pick" in request.GET and not message:
        try:
            answers = _with_pick(answers, number, request.GET)
        except CodeError as error:
            message = str(error)
        else:
            if "change" in request.GET and answers.complete:
                return redirect(result_url(codes.build(answers)))
            if not request.htmx:
                return redirect(_ask_url(answers))
            number = len(answers.picks)
    context = question_context(answers, number) | {"message": message}
    template = "quiz/question_swap.html" if request.htmx else "quiz/question.html"
    response = TemplateResponse(request, template, context)
    patch_vary_headers(response, ["HX-Request"])
    return push_url(response, _ask_url(answers)) if request.htmx and not message else response


def question_context(answers: Answers, number: int) -> dict[str, Any]:
    """The context of `_question.html`: question `number`, from 0, or the review after the last one."""
    questionnaire = answers.questionnaire
    questions = questionnaire.questions
    context = {
        "a": codes.so_far(answers),
        "questionnaire": questionnaire,
        "number": number + 1,
        "total": len(questions),
        "changing": False,
        "complete": answers.complete,
        "outline": codes.outline(answers, number) if answers.complete or number == len(questions) - 1 else "",
        "message": "",
        **_slots(len(questions), number),
    }
    if number == len(questions):
        return context | {"title": "Your answers", "question": None, **answers_context(answers)}
    question, answered = questions[number], number < len(answers.picks)
    return context | {
        "title": question.text,
        "question": question,
        "options": list(zip(codes.ALPHABET, question.options, strict=False)),
        "given": answers.options(number) if answered else (),
        "changing": answered,
        "last": number == len(questions) - 1 and not answered,
        "count_unfinished": settings.COUNT_UNFINISHED and not answers.complete,
        "back": f"{_ask_url(answers)}&change={questions[number - 1].id}" if number and not answers.complete else "",
        "keep": _ask_url(answers) if answered else "",
    }


def answers_context(answers: Answers) -> dict[str, Any]:
    """The context of `_answers.html`: each question with its answer, and the URL where one can be changed."""
    answered, asking = answers.questionnaire.questions[: len(answers.picks)], SafeString(_ask_url(answers))
    return {"answers": [((question, answers.options(number)), asking) for number, question in enumerate(answered)]}


@csrf_exempt  # without cookies there is no token to compare; security.py compares origins instead
@require_POST
def finish(request: Request) -> HttpResponse:
    """Record a completion and go to the result; if an answer is missing or wrong, go back to its question."""
    answers, message = _answers(request.POST.get("a", ""))
    if message:
        return go(request, f"{address('ask')}?{urlencode({'a': request.POST['a'][:64]})}")
    if "pick" in request.POST and not answers.complete:
        try:
            answers = _with_pick(answers, len(answers.picks), request.POST)
        except CodeError:
            query = {"a": codes.so_far(answers), "pick": request.POST.getlist("pick")}
            return go(request, f"{address('ask')}?{urlencode(query, doseq=True)}")
    if not answers.complete:
        return go(request, _ask_url(answers))
    result = result_of(answers, catalogue())
    recorder.completion(result)
    return go(request, result_url(result.code))


@csrf_exempt  # without cookies there is no token to compare; security.py compares origins instead
@require_POST
def left(request: HttpRequest) -> HttpResponse:
    """A visitor left halfway. The body is the number of the question on the page, and nothing else."""
    questionnaire = catalogue().questionnaire
    numbers = {str(number).encode(): number for number in range(1, len(questionnaire.questions) + 1)}
    if request.body not in numbers:
        return HttpResponseBadRequest("No question has that number.\n", content_type="text/plain; charset=utf-8")
    if settings.COUNT_UNFINISHED:
        recorder.unfinished(questionnaire.version, numbers[request.body])
    return HttpResponse(status=204)


@require_safe
def quiz_json(request: HttpRequest) -> HttpResponse:
    """The questionnaire as data, without its weights."""
    questionnaire = catalogue().questionnaire
    questions = [
        {key: getattr(question, key) for key in ("id", "axis", "kind", "text", "hint")}
        | {"options": [{"id": option.id, "text": option.text} for option in question.options]}
        for question in questionnaire.questions
    ]
    return JsonResponse({"version": questionnaire.version, "questions": questions})


@cache
def _slots(count: int, number: int) -> dict[str, Any]:
    """The drawing above question `number` of so many: a slot for each answer, filled for those before it. Places are in per cent."""
    rows, width = list(song.ROWS), 100 / count
    return {
        "slot_width": f"{width - 0.6:.2f}",
        "slots": tuple(
            (f"{slot.number * width:.2f}", 14 * rows.index(slot.row), rows.index(slot.row) + 1, slot.number < number)
            for slot in song.slots(count)
        ),
    }


def _answers(text: str) -> tuple[Answers, str]:
    """The answers so far; none, with a message, if they cannot be read."""
    questionnaires = catalogue().questionnaires
    try:
        return codes.parse_so_far(text, questionnaires), ""
    except CodeError as error:
        return codes.parse_so_far("", questionnaires), f"{error} So here is the first question again."


def _number(answers: Answers, change: str) -> int:
    """The question to show: the one to change if it has an answer, otherwise the next."""
    ids = [question.id for question in answers.questionnaire.questions[: len(answers.picks)]]
    return ids.index(change) if change in ids else len(ids)


def _with_pick(answers: Answers, number: int, data: QueryDict) -> Answers:
    """The answers with `pick` at question `number`; raises CodeError. An any-of form also sends an empty pick."""
    if number == len(answers.questionnaire.questions):
        return answers
    pick = codes.pick(answers.questionnaire.questions[number], list(filter(None, data.getlist("pick"))))
    return answers.with_pick(number, pick)


def _ask_url(answers: Answers) -> str:
    return f"{address('ask')}?a={codes.so_far(answers)}"
