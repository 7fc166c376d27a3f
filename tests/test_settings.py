"""A good environment gives settings; a bad one stops the start with a clear message."""

import os
import runpy
import subprocess
import sys

import pytest
from django.conf import settings

SECRET = "s3cret-" * 10
PUBLIC = {
    "SITE_URL": "https://producers.example",
    "SECRET_KEY": SECRET,
    "OWNER": "A. Person",
    "CONTACT": "a@producers.example",
}


@pytest.fixture
def read(monkeypatch):
    """Read the settings with another environment."""

    def read(**environment):
        for name in (
            "SITE_URL",
            "SECRET_KEY",
            "ALLOWED_HOSTS",
            "DATABASE_URL",
            "DEBUG",
            "STATIC_ROOT",
            "COUNT_UNFINISHED",
            "OWNER",
            "CONTACT",
            "KEPT_MONTHS",
            "HSTS_SUBDOMAINS",
        ):
            monkeypatch.delenv(name, raising=False)
        for name, value in environment.items():
            monkeypatch.setenv(name, value)
        return runpy.run_path(str(settings.BASE_DIR / "producerguide" / "settings.py"))

    return read


@pytest.mark.parametrize(
    ("environment", "message"),
    [
        ({"SITE_URL": "https://producers.example"}, "SECRET_KEY is missing"),
        ({"SITE_URL": "https://producers.example", "SECRET_KEY": "short"}, "SECRET_KEY is too short"),
        ({"SITE_URL": "producers.example"}, "SITE_URL must look like https://example.org"),
        ({"SITE_URL": "ftp://producers.example", "SECRET_KEY": SECRET}, "SITE_URL must look like"),
        ({"SITE_URL": "https://producers.example:99999", "SECRET_KEY": SECRET}, "Bad environment: .*[Pp]ort"),
        ({"SITE_URL": "https://producers.example/guide", "SECRET_KEY": SECRET}, "SITE_URL must look like"),
        ({"SITE_URL": "https://producers.example?a=1", "SECRET_KEY": SECRET}, "SITE_URL must look like"),
        ({"DEBUG": "perhaps"}, "Bad environment: .*DEBUG"),
        ({"DATABASE_URL": "nonsense"}, "Bad environment: "),
        ({"KEPT_MONTHS": "0"}, "Bad environment: .*KEPT_MONTHS"),
        ({"KEPT_MONTHS": "100000"}, "Bad environment: .*KEPT_MONTHS"),
        ({"ALLOWED_HOSTS": ""}, "ALLOWED_HOSTS is empty"),
        (PUBLIC | {"DEBUG": "true"}, "DEBUG must be off"),
    ],
)
def test_a_bad_setting_stops_the_start_with_a_clear_message(read, environment, message):
    with pytest.raises(SystemExit, match=message):
        read(**environment)


def test_a_local_site_needs_no_setting(read):
    values = read()
    assert values["SITE_URL"] == "http://127.0.0.1:8000"
    assert not values["DEBUG"]
    assert not values["SECURE_SSL_REDIRECT"]


def check_deploy(environment):
    keep = {name: os.environ[name] for name in ("PATH", "HOME", "SYSTEMROOT") if name in os.environ}
    command = [sys.executable, "manage.py", "check", "--deploy", "--fail-level", "WARNING"]
    return subprocess.run(
        command, env=keep | environment, cwd=settings.BASE_DIR, capture_output=True, text=True, check=False
    )


@pytest.mark.unmeasured
def test_a_public_site_passes_the_deployment_checks():
    done = check_deploy(PUBLIC)
    assert done.returncode == 0, done.stderr


@pytest.mark.unmeasured
def test_a_public_site_that_does_not_say_who_answers_for_it_is_told_so():
    done = check_deploy({name: value for name, value in PUBLIC.items() if name not in ("OWNER", "CONTACT")})
    assert done.returncode == 1
    assert "OWNER is not set." in done.stderr
    assert "CONTACT is not set." in done.stderr


def test_https_is_promised_for_subdomains_only_where_the_owner_asks_for_it(read):
    header = "Strict-Transport-Security"
    assert "includeSubDomains" not in read(**PUBLIC)["RESPONSE_HEADERS"][header]
    assert read(**PUBLIC, HSTS_SUBDOMAINS="true")["RESPONSE_HEADERS"][header].endswith("; includeSubDomains; preload")


def test_the_server_waits_a_quarter_of_a_second_and_never_makes_a_database_file(read):
    values = read()
    command = values["DATABASES"]["default"]
    serving = values["serving"](command)
    assert serving["OPTIONS"]["timeout"] == 0.25
    assert serving["NAME"].startswith("file:")
    assert serving["NAME"].endswith("?mode=rw")
    assert command["OPTIONS"]["timeout"] == 30
    assert "WAL" in command["OPTIONS"]["init_command"]
    assert {o["OPTIONS"]["transaction_mode"] for o in (serving, command)} == {"IMMEDIATE"}


def test_postgresql_without_its_driver_is_refused(read, monkeypatch):
    monkeypatch.setattr("importlib.util.find_spec", lambda name: None)
    with pytest.raises(SystemExit, match=r"pip install 'psycopg\[binary\]'"):
        read(DATABASE_URL="postgres://somebody@db.example/producers")


def test_another_database_is_used_without_sqlites_options(read, monkeypatch):
    monkeypatch.setattr("importlib.util.find_spec", lambda name: True)
    database = read(DATABASE_URL="postgres://somebody@db.example/producers")["DATABASES"]["default"]
    assert database["ENGINE"].endswith("postgresql")
    assert "timeout" not in database.get("OPTIONS", {})


def test_the_server_waits_only_briefly_for_postgresql(read, monkeypatch):
    monkeypatch.setattr("importlib.util.find_spec", lambda name: True)
    url = "postgres://somebody@db.example/producers?sslmode=require"
    values = read(DATABASE_URL=url)
    assert values["serving"](values["DATABASES"]["default"])["OPTIONS"] == {
        "connect_timeout": 2,
        "options": "-c lock_timeout=250",
        "sslmode": "require",
    }


def test_a_site_in_development_serves_files_as_they_are(read):
    assert "StaticFilesStorage" in read(DEBUG="true")["STORAGES"]["staticfiles"]["BACKEND"]


def test_a_site_is_public_however_its_address_is_spelled(read):
    site = read(**PUBLIC | {"SITE_URL": "HTTPS://producers.example/"})
    assert site["SITE_HTTPS"]
    assert site["SITE_URL"] == "https://producers.example"
