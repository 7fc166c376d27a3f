import pytest

from tests.conftest import data

CODE = data("golden.toml")["links"][0]["code"]
FILES = ["result.json", "card.png", "story.png", "qr.svg", "plan.ics?start=2026-12-07"]


@pytest.mark.parametrize("file", FILES)
@pytest.mark.parametrize("code", ["xx", "1", CODE[:-1] + ("0" if CODE[-1] != "0" else "1")])
def test_a_wrong_code_is_a_404(client, file, code):
    assert client.get(f"/result/{code}/{file}").status_code == 404


@pytest.mark.parametrize("file", FILES)
def test_a_file_may_be_kept_for_a_day_and_asks_no_query(client, file, django_assert_num_queries, db):
    with django_assert_num_queries(0):
        response = client.get(f"/result/{CODE}/{file}")
    assert response.status_code == 200
    assert "s-maxage=86400" in response.headers["Cache-Control"]
    assert not response.cookies


def test_only_the_pictures_may_be_shown_by_other_sites(client):
    policies = {f: client.get(f"/result/{CODE}/{f}").headers["Cross-Origin-Resource-Policy"] for f in FILES}
    assert {policies.pop(picture) for picture in ("card.png", "story.png")} == {"cross-origin"}
    assert set(policies.values()) == {"same-origin"}


@pytest.mark.parametrize("start", ["", "tomorrow", "2026-13-01", "9999-12-30", "\x00"])
def test_an_invalid_day_gives_the_form_again_with_a_message(client, start):
    response = client.get(f"/result/{CODE}/plan.ics", {"start": start})
    assert response.headers["Content-Type"].startswith("text/html")
    assert "Please give the day to start on" in response.text


@pytest.mark.parametrize("at", ["noon", "25:00", "\x00", "19:30+05:00", "19:30:15", "1930"])
def test_an_invalid_time_of_day_gives_the_form_again_too(client, at):
    response = client.get(f"/result/{CODE}/plan.ics", {"start": "2026-12-07", "at": at})
    assert "and a time such as 19:30" in response.text


def test_sessions_start_at_the_time_of_day_that_is_given(client):
    calendar = client.get(f"/result/{CODE}/plan.ics", {"start": "2026-12-07", "at": "19:30"})
    assert "DTSTART:20261207T193000" in calendar.text
    assert "s-maxage" in calendar.headers["Cache-Control"]


def test_a_calendar_with_the_time_of_its_making_is_a_revision_that_nobody_keeps(client):
    calendar = client.get(f"/result/{CODE}/plan.ics", {"start": "2026-12-07", "made": "1796000000"})
    assert "LAST-MODIFIED:20261130T" in calendar.text
    assert "s-maxage" not in calendar.headers["Cache-Control"]
    usual = client.get(f"/result/{CODE}/plan.ics", {"start": "2026-12-07", "made": "yesterday"})
    assert usual.text == client.get(f"/result/{CODE}/plan.ics?start=2026-12-07").text
