import tomllib
from dataclasses import replace

from quiz.catalogue import CONTENT
from quiz.drafts import reweighted


def text_of(version):
    return (CONTENT / "questionnaires" / f"{version}.toml").read_text(encoding="utf-8")


def weights(text):
    return {
        (question["id"], option["id"]): option.get("weights", {})
        for question in tomllib.loads(text)["questions"]
        for option in question["options"]
    }


def turned(questionnaire):
    """Every weight for the next role: none stays where it was."""
    following = {"bedroom": "studio", "studio": "mix", "mix": "bedroom"}
    return replace(
        questionnaire,
        questions=tuple(
            replace(
                q, options=tuple(replace(o, weights={following[r]: n for r, n in o.weights.items()}) for o in q.options)
            )
            for q in questionnaire.questions
        ),
    )


def test_the_same_weights_leave_the_meaning_as_it_was(content):
    text = text_of(content.questionnaire.version)
    again = reweighted(text, content.questionnaire)
    assert tomllib.loads(again) == tomllib.loads(text)
    assert "# No weight" not in again
    assert "# Write" not in again


def test_new_weights_stand_where_the_old_ones_were(content):
    text = text_of(content.questionnaire.version)
    sheet = turned(content.questionnaire)
    again = reweighted(text, sheet)
    assert weights(again) == {(q.id, o.id): o.weights for q in sheet.questions for o in q.options}


def test_sentences_are_asked_for_and_set_aside_and_none_is_lost(content):
    (question, *others) = content.questionnaire.questions
    first, *rest = question.options
    sheet = replace(
        content.questionnaire,
        questions=(
            replace(question, options=(replace(first, weights={"mix": 2}), replace(rest[0], weights={}), *rest[1:])),
            *others,
        ),
    )
    text = text_of(content.questionnaire.version)
    again = reweighted(text, sheet)
    assert again.count("# No weight any more: because.") == len(first.weights) - 1 + len(rest[0].weights)
    assert text.count("because.") == again.count("because.")
    bare = text.replace(next(line for line in text.splitlines() if line.startswith("because.mix")), "", 1)
    assert "weights = { mix = 2 }\n# Write a sentence: because.mix = \n" in reweighted(bare, sheet)
