import pytest

from quiz.models import Audition, Completion, FitVote, Unfinished


@pytest.fixture
def completion(db):
    return Completion.objects.create(code="1000", role="mix", confidence="clear")


def test_the_owner_sees_completions_and_cannot_change_them(admin_client, completion):
    page = admin_client.get("/admin/quiz/completion/")
    assert "mix" in page.text
    assert "Add completion" not in page.text
    assert admin_client.get("/admin/quiz/completion/add/").status_code == 403
    assert admin_client.post(f"/admin/quiz/completion/{completion.pk}/delete/").status_code == 403
    assert admin_client.post(f"/admin/quiz/completion/{completion.pk}/change/", {"role": "bedroom"}).status_code == 403


def test_nobody_else_gets_in(client, db):
    assert client.get("/admin/quiz/completion/").status_code == 302


def test_votes_auditions_and_those_who_left_are_lists_to_look_at(admin_client):
    FitVote.objects.create(code="1000", given="mix", verdict="partly", role="studio")
    Unfinished.objects.create(version=1, number=7, count=4)
    Audition.objects.create(take="1", role="mix", liked=4, evening=2, band="middle")
    for path, words in (("fitvote", "partly"), ("unfinished", "1 unfinished"), ("audition", "part of the way")):
        page = admin_client.get(f"/admin/quiz/{path}/")
        assert words in page.text
        assert admin_client.get(f"/admin/quiz/{path}/add/").status_code == 403
