"""Ask and finish."""

from typing import Any
from urllib.parse import urlencode

from django.conf import settings
from django.http import HttpRequest, HttpResponse, HttpResponseBadRequest, JsonResponse, QueryDict
from django.shortcuts import redirect
from django.template.response import TemplateResponse
from django.utils.cache import patch_vary_headers
from django.views.decorators.csrf import csrf_exempt
from django.views.decorators.http import require_POST, require_safe
from django_htmx.http import push_url

from quiz import codes
from quiz.catalogue import catalogue
from quiz.codes import CodeError
from quiz.counting import recorder
from quiz.domain import Answers
from quiz.http import Request, address, go, reads, result_url
from quiz.result import result_of


@require_safe
@reads("a", "pick", "change")
def ask(request: Request) -> HttpResponse:
    """The next question; with `pick`, the question after it; with `change`, one that is answered already."""
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
    """What `_question.html` needs to show question `number` (from 0), or the review where all are answered."""
    questionnaire = answers.questionnaire
    questions = questionnaire.questions
    context = {
        "a": codes.so_far(answers),
        "questionnaire": questionnaire,
        "number": number + 1,
        "total": len(questions),
        "changing": False,
        "message": "",
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
        "count_unfinished": settings.COUNT_UNFINISHED and not answered,
        "back": _ask_url(answers if answered else answers.so_far(number - 1)) if number else "",
    }


def answers_context(answers: Answers) -> dict[str, Any]:
    """What `_answers.html` needs: each question with what was answered, and the address that, with the question to change,
    keeps all other answers."""
    rows = [
        (question, answers.options(number))
        for number, question in enumerate(answers.questionnaire.questions[: len(answers.picks)])
    ]
    return {"answers": rows, "asking": _ask_url(answers)}


@csrf_exempt  # without cookies there is no token to compare; security.py compares origins instead
@require_POST
def finish(request: Request) -> HttpResponse:
    """Record one anonymous completion, then on to the result; whatever is missing or wrong, back to its question."""
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
    """A browser left the questionnaire half-way: the body is the number of the question that it showed, and nothing else."""
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
        {
            "id": question.id,
            "axis": question.axis,
            "kind": question.kind,
            "text": question.text,
            "hint": question.hint,
            "options": [{"id": option.id, "text": option.text} for option in question.options],
        }
        for question in questionnaire.questions
    ]
    return JsonResponse({"version": questionnaire.version, "questions": questions})


def _answers(text: str) -> tuple[Answers, str]:
    """The answers so far; from the beginning, with a message, where the text is wrong."""
    questionnaires = catalogue().questionnaires
    try:
        return codes.parse_so_far(text, questionnaires), ""
    except CodeError as error:
        return codes.parse_so_far("", questionnaires), f"{error} So here is the first question again."


def _number(answers: Answers, change: str) -> int:
    """Which question to show: the one to change, if it is answered already, else the first that is not."""
    ids = [question.id for question in answers.questionnaire.questions[: len(answers.picks)]]
    return ids.index(change) if change in ids else len(ids)


def _with_pick(answers: Answers, number: int, data: QueryDict) -> Answers:
    """The answers with `pick` at question `number`; raises CodeError. The button that sends any choice is itself an empty pick."""
    if number == len(answers.questionnaire.questions):
        return answers
    pick = codes.pick(answers.questionnaire.questions[number], list(filter(None, data.getlist("pick"))))
    return answers.with_pick(number, pick)


def _ask_url(answers: Answers) -> str:
    return f"{address('ask')}?a={codes.so_far(answers)}"
