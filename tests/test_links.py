"""A link that was spoilt on its way ends where it was meant to."""

import string

import pytest
from hypothesis import given
from hypothesis import strategies as st

from producerguide.links import mended
from tests.conftest import data

CODE = data("golden.toml")["links"][0]["code"]
RESULT = f"/result/{CODE}/"
LEFT_AROUND = [
    *string.punctuation,
    *" \t\n\u00a0\u200b\u2026\u2013\u2014\u2018\u2019\u201c\u201d\u00bb\u00ab\u3002\uff09\u2705",
    "\U0001f3b6",
]
# What a browser sends as part of the path; the others end it.
IN_A_PATH = [character for character in LEFT_AROUND if character not in "/?#&"]


def escaped(text):
    return "".join(f"%{byte:02X}" for byte in text.encode())


@given(st.text(st.sampled_from(IN_A_PATH), min_size=1, max_size=3))
def test_whatever_is_left_at_the_end_of_an_address_goes(ending):
    assert mended(f"/result/{CODE}{ending}") == RESULT
    assert mended(f"{RESULT}{ending}") == RESULT


@given(st.text(max_size=60))
def test_mending_twice_changes_nothing(path):
    once = mended("/" + path)
    before = once.partition("#")[0].partition("?")[0]
    assert mended(before) == before


@pytest.mark.parametrize(
    ("path", "address"),
    [
        (f"/Result/{CODE}/", RESULT),
        (f"//result//{CODE}", RESULT),
        (f"/result/({CODE})", RESULT),
        (f"/result/{CODE}&fbclid=x", RESULT),
        (f"/result/{CODE}/?budget=150", f"{RESULT}?budget=150"),
        (f"{RESULT}#kit", f"{RESULT}#kit"),
        ("/roles/bedroom-producer/checklist/#t=98001", "/roles/bedroom-producer/checklist/#t=98001"),
        ("/ROBOTS.TXT", "/robots.txt"),
        ("/", "/"),
        ("//", "/"),
        ("//evil.example", "/evil.example"),
    ],
)
def test_an_address_is_mended(path, address):
    assert mended(path) == address


@pytest.mark.unmeasured
@pytest.mark.parametrize("first", IN_A_PATH)
def test_a_result_is_found_whatever_one_or_two_characters_are_left_after_its_link(client, first):
    for ending in (first, f"){first}", f"{first}."):
        response = client.get(f"/result/{CODE}{escaped(ending)}", follow=True)
        assert response.status_code == 200
        assert response.request["PATH_INFO"] == RESULT


@pytest.mark.parametrize(
    ("address", "ends"),
    [
        (f"/Result/{CODE.upper()}/", RESULT),
        (f"/result//{CODE}/", RESULT),
        (f"/result/{CODE}%26utm_source%3Dchat", RESULT),
        (f"/compare/{CODE}/{CODE}).", f"/compare/{CODE}/{CODE}/"),
        ("/guide/headphones/).", "/guide/headphones/"),
        ("/Guide", "/guide/"),
    ],
)
def test_a_page_is_found_by_an_address_that_was_spoilt(client, address, ends):
    response = client.get(address, follow=True)
    assert response.status_code == 200
    assert response.request["PATH_INFO"] == ends


def test_an_escaped_number_sign_is_one_again(client):
    response = client.get("/roles/bedroom-producer/checklist/%23t=98001")
    assert response.status_code == 301
    assert response.headers["Location"] == "/roles/bedroom-producer/checklist/#t=98001"


@pytest.mark.parametrize(
    ("address", "leads_to"),
    [
        ("/Quiz/?a=2111", "/quiz/?a=2111"),
        (f"/Result/{CODE}/?budget=300&own=keys", f"{RESULT}?budget=300&own=keys"),
        ("/quiz/%3Fa=133?utm_source=chat", "/quiz/?a=133&utm_source=chat"),
        ("/Roles/bedroom-producer/checklist/%23t=98001?x=1", "/roles/bedroom-producer/checklist/?x=1#t=98001"),
    ],
)
def test_what_follows_the_question_mark_goes_along(client, address, leads_to):
    assert client.get(address).headers["Location"] == leads_to


def test_an_escaped_question_mark_is_one_again(client):
    assert client.get("/quiz/%3Fa=133").headers["Location"] == "/quiz/?a=133"


@pytest.mark.parametrize("given_", ["1330233.", "1330233)", "(1330233", "133O233…", "1330233&fbclid=x"])
def test_a_spoilt_start_of_a_code_is_the_question_it_was(client, given_):
    response = client.get("/quiz/", {"a": given_})
    assert response.status_code == 302
    assert response.headers["Location"] == "/quiz/?a=1330233"


@pytest.mark.parametrize("address", ["/nope/", "/nope).", "/result/xx/", "/static/nope.css", "/learn/nope/"])
def test_an_address_that_is_none_of_ours_stays_a_plain_404(client, address):
    response = client.get(address, follow=True)
    assert response.status_code == 404
