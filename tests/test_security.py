import re
from base64 import b64encode
from hashlib import sha256

import pytest
from django.conf import settings as django_settings

from producerguide import security

FINISH = "/quiz/finish/"


@pytest.mark.parametrize("path", ["/", "/quiz/", "/nope/", "/result/xx/", "/admin/login/"])
@pytest.mark.django_db
def test_every_response_carries_the_headers(client, path):
    response = client.get(path)
    for name, value in security.HEADERS.items():
        if not (path.startswith("/admin/") and name == "Cache-Control"):
            assert response.headers[name] == value


def test_hsts_comes_with_https_only():
    assert "Strict-Transport-Security" not in security.response_headers(https=False)
    assert "max-age=63072000" in security.response_headers(https=True)["Strict-Transport-Security"]


def test_the_policy_allows_one_script_inline_and_nothing_from_other_sites():
    policy = security.HEADERS["Content-Security-Policy"]
    assert re.match(
        r"default-src 'none'; script-src 'self' 'sha256-[\w+/]{43}='; style-src 'self'; img-src 'self';", policy
    )
    assert "unsafe" not in policy


@pytest.mark.parametrize("path", ["/", "/quiz/?a=1021", "/nope/"])
def test_the_script_inline_is_the_one_that_the_policy_names(client, path):
    response = client.get(path)
    (script,) = re.findall(r"<script>(.*?)</script>", response.content.decode(), re.DOTALL)
    digest = b64encode(sha256(script.encode()).digest()).decode()
    assert f"script-src 'self' 'sha256-{digest}';" in response.headers["Content-Security-Policy"]


@pytest.mark.parametrize(
    ("headers", "status"),
    [
        ({}, 303),
        ({"Sec-Fetch-Site": "same-origin"}, 303),
        ({"Sec-Fetch-Site": "none"}, 303),
        ({"Sec-Fetch-Site": "cross-site"}, 403),
        ({"Sec-Fetch-Site": "same-site"}, 403),
        ({"Sec-Fetch-Site": "cross-site", "Origin": "http://testserver"}, 403),
        ({"Origin": "http://testserver"}, 303),
        ({"Origin": "https://elsewhere.example"}, 403),
        ({"Origin": "null"}, 403),
        ({"Origin": "http://["}, 403),
    ],
)
def test_a_post_from_another_site_is_refused(client, headers, status):
    assert client.post(FINISH, {"a": "1"}, headers=headers).status_code == status


def test_a_post_to_a_foreign_host_is_refused_with_the_headers_of_every_response(client):
    response = client.post(
        FINISH, {"a": "1"}, headers={"Host": "elsewhere.example", "Origin": "http://elsewhere.example"}
    )
    assert response.status_code == 403
    assert "default-src 'none'" in response.headers["Content-Security-Policy"]


def test_the_admin_checks_csrf_tokens(db):
    from django.test import Client

    client = Client(enforce_csrf_checks=True)
    assert client.post("/admin/login/", {"username": "x", "password": "y"}).status_code == 403


def test_shared_caches_keep_no_errors_and_no_admin_page(client, db):
    assert "Cache-Control" not in client.get("/nope/").headers
    assert "public" not in client.get("/admin/login/").headers["Cache-Control"]


def test_a_body_over_64_kb_is_refused(client):
    assert client.post(FINISH, {"a": "1" * 70_000}).status_code == 413


@pytest.mark.parametrize(("length", "status"), [("0" * 4400, 303), ("9" * 4400, 413), ("x", 413), ("-1", 413)])
def test_a_length_of_any_length_is_answered(client, db, length, status):
    assert client.post(FINISH, {"a": ""}, CONTENT_LENGTH=length).status_code == status


def test_templates_have_no_inline_script_or_style():
    for template in (django_settings.BASE_DIR / "templates").rglob("*.html"):
        text = template.read_text(encoding="utf-8")
        assert not re.search(r"\sstyle=|<style|\son\w+=|<script>|javascript:", text), template
