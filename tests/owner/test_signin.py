import pytest

from quiz.bucket import Bucket
from quiz.owner import signin

LOGIN = "/admin/login/"
WRONG = {"username": "owner", "password": "guess"}


@pytest.fixture(autouse=True)
def few(monkeypatch):
    monkeypatch.setattr(signin, "attempts", Bucket(0.0, 2))


def test_guessing_is_stopped_with_a_plain_word(client, db):
    assert [client.post(LOGIN, WRONG).status_code for _ in range(3)] == [200, 200, 429]
    refused = client.post(LOGIN, WRONG)
    assert refused.text == "Too many attempts to sign in. Please wait a minute, then go back and try again.\n"
    assert refused.headers["Retry-After"] == "60"


def test_looking_at_the_form_is_no_attempt(client, db):
    assert [client.get(LOGIN).status_code for _ in range(5)] == [200] * 5


def test_the_right_password_signs_in(client, django_user_model):
    django_user_model.objects.create_superuser("owner", password="a-long-one")
    response = client.post(f"{LOGIN}?next=/admin/statistics/", {"username": "owner", "password": "a-long-one"})
    assert response.headers["Location"] == "/admin/statistics/"
