import json
import re

import pytest
from hypothesis import given

from quiz import codes
from quiz.catalogue import catalogue
from quiz.domain import FIRST_ROLES, Answers
from quiz.result import accents_of, as_dict, first_person, result, route_of
from quiz.scoring import Profile
from tests.strategies import answers


@given(answers())
def test_the_same_code_gives_the_same_result(given_answers):
    code = codes.build(given_answers)
    first, second = (as_dict(result(code, catalogue())) for _ in range(2))
    assert first == second


@given(answers())
def test_reasons_speak_for_and_against_the_role_strongest_first(given_answers):
    outcome = result(codes.build(given_answers), catalogue())
    role = outcome.profile.role
    speak_for = [entry.points[role] for entry in outcome.reasons_for]
    against = [entry.points[role] for entry in outcome.reasons_against]
    assert len(speak_for) <= 3
    assert len(against) <= 2
    assert speak_for == sorted(speak_for, reverse=True)
    assert against == sorted(against)
    assert all(points > 0 for points in speak_for)
    assert all(points < 0 for points in against)


def profile_of(role, fit):
    ranking = (role, *(other for other in FIRST_ROLES if other != role))
    fits = dict(zip(ranking, fit, strict=True))
    return Profile(ranking, {other: fits[other] for other in FIRST_ROLES}, 100, (), ())


@pytest.mark.parametrize(
    ("role", "experience", "route"),
    [
        ("studio", 0, ("bedroom", "studio")),
        ("studio", 2, ("bedroom", "studio")),
        ("studio", 3, ("studio",)),
        ("bedroom", 0, ("bedroom",)),
        ("mix", 0, ("mix",)),
    ],
)
def test_a_beginner_reaches_the_studio_by_way_of_the_bedroom(role, experience, route):
    assert route_of(profile_of(role, (90.0, 50.0, 10.0)), experience, catalogue()) == route


@pytest.mark.parametrize("experience", [0, 3])
def test_if_all_roles_fit_alike_the_route_starts_where_no_door_closes(experience):
    alike = (55.0, 50.0, 45.0)
    assert route_of(profile_of("mix", alike), experience, catalogue()) == ("bedroom", "mix")
    assert route_of(profile_of("studio", alike), experience, catalogue()) == ("bedroom", "studio")
    assert route_of(profile_of("bedroom", alike), experience, catalogue()) == ("bedroom",)
    assert route_of(profile_of("mix", (55.1, 50.0, 45.0)), experience, catalogue()) == ("mix",)


def test_the_kit_keeps_to_the_budget_and_leaves_out_what_is_owned(answer):
    sheet = answer(budget="medium", owned=["headphones", "mic"])
    kit = result(codes.build(sheet), catalogue()).kit
    assert kit.budget == 500
    assert kit.total <= 500
    assert not {"headphones", "dynamic-mic", "stands"} & {item.category for item in kit.now}


def test_the_plan_goes_by_the_hours_given(answer):
    assert result(codes.build(answer(hours="ten")), catalogue()).plan.hours_a_week == 10


def leaning(questionnaire, accent, count):
    """Answers of which this many speak for an accent and the others, where they can, for no accent of its role."""
    role = next(role for role in catalogue().roles.values() if accent in [each.id for each in role.accents])
    sides, picks = {each.id for each in role.accents}, []
    for question in questionnaire.questions:
        votes = [sides & set(option.accents) for option in question.options]
        wanted = {accent} if count and {accent} in votes else set()
        count -= wanted == {accent}
        picks.append(votes.index(wanted) if question.kind == "one" and wanted in votes else 0)
    return Answers(questionnaire, tuple(picks)), role


@pytest.mark.parametrize("accent", ["songs", "sounds", "people", "takes", "mixing", "mastering"])
def test_a_role_has_the_accent_that_more_answers_speak_for(content, accent):
    sheet, role = leaning(content.questionnaire, accent, 3)
    assert accents_of(sheet, content)[role.id].id == accent


def test_a_tie_is_no_accent(content):
    sheet, role = leaning(content.questionnaire, "mixing", 0)
    assert role.id not in accents_of(sheet, content)


def test_the_first_questionnaire_knows_no_accents(content):
    first = content.questionnaires[1]
    outcome = result(codes.build(Answers(first, (0,) * len(first.questions))), content)
    assert (outcome.accents, outcome.accent, as_dict(outcome)["accent"]) == ({}, None, None)


def test_the_json_has_the_promised_shape(answer):
    sheet = answer(owned=["computer", "keys"])
    document = json.loads(json.dumps(as_dict(result(codes.build(sheet), catalogue()))))
    assert list(document) == [
        "code", "version", "role", "accent", "runner_up", "margin", "confidence", "stability", "fit", "answers", "changes", "route", "kit", "plan",
    ]  # fmt: skip
    assert set(document["fit"]) == {"bedroom", "studio", "mix"}
    by_question = {entry["question"]: entry for entry in document["answers"]}
    assert set(by_question[sheet.questionnaire.questions[0].id]) == {"question", "axis", "option", "text", "points"}
    assert by_question["owned"]["option"] == ["computer", "keys"]
    assert set(document["kit"]) == {"budget", "total", "now", "later"}
    assert set(document["kit"]["later"][0]) == {"id", "name", "category", "price"}
    assert document["plan"]["milestones"][0]["week"] == 4


@pytest.mark.parametrize(
    ("reason", "said"),
    [
        ("your hands go straight to levels and clarity", "My hands go straight to levels and clarity"),
        (
            "a good line makes you want to write one that’s as true",
            "A good line makes me want to write one that’s as true",
        ),
        ("you’re the one who notices", "I’m the one who notices"),
        ("you are happiest when the song is yours", "I am happiest when the song is mine"),
        (
            "artists will ask you for it, as you’d have to ask yourself",
            "Artists will ask me for it, as I’d have to ask myself",
        ),
        ("the empty screen is where you feel at home", "The empty screen is where I feel at home"),
        ("young people make you young", "Young people make me young"),
    ],
)
def test_a_reason_can_be_said_by_the_taker(reason, said):
    assert first_person(reason) == said


@pytest.mark.parametrize("questionnaire", catalogue().questionnaires.values(), ids=str)
def test_no_reason_for_a_role_still_speaks_to_somebody(questionnaire):
    options = [option for question in questionnaire.questions for option in question.options]
    for reason in [
        because for option in options for role, because in option.because.items() if option.weights[role] > 0
    ]:
        assert not re.search(r"\byou(r|rs|rself)?\b", first_person(reason), re.I)
        assert not re.search(r"\b(?:to|for|of|with|from|after|make|makes|ask) I\b", first_person(reason))
