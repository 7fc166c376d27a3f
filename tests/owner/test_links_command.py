"""`manage.py links`, without a network: what would be asked is made up here."""

from http.client import BadStatusLine
from io import BytesIO
from urllib.error import HTTPError, URLError

import pytest
from django.core.management import call_command

from quiz.owner.management.commands import links


@pytest.mark.parametrize(
    ("answer", "said"),
    [
        (None, ""),
        (HTTPError("", 403, "Forbidden", {}, None), ""),
        (HTTPError("", 404, "Not Found", {}, None), "answers 404"),
        (URLError("no such host"), "does not answer (no such host)"),
        (TimeoutError("timed out"), "does not answer (timed out)"),
        (BadStatusLine("SSH-2.0\r\n"), r"does not answer in HTTP (BadStatusLine('SSH-2.0\r\n'))"),
    ],
)
def test_an_address_that_does_not_answer_is_a_fault(answer, said):
    def ask(request, timeout):
        if answer:
            raise answer
        return BytesIO()

    assert links.fault("https://example.org/page", ask=ask) == said


def test_the_command_names_the_file_and_the_key_of_each_dead_address(monkeypatch, capsys, content):
    monkeypatch.setattr(links, "fault", lambda url: "answers 404" if "luminate" in url or "freesound" in url else "")
    call_command("links")
    said = capsys.readouterr().out
    assert "resources.toml: freesound.url: https://freesound.org" in said
    total = len(list(links.addresses(content)))
    assert f"{total - said.count('answers 404')} of {total} addresses answer." in said
