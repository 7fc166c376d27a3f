"""Links are promises: a released one always gives the same result. golden.toml only grows."""

import hashlib

import pytest

from quiz.catalogue import CONTENT, catalogue
from quiz.result import result
from tests.conftest import data

pytestmark = pytest.mark.unmeasured

GOLDEN = data("golden.toml")


@pytest.mark.parametrize("link", GOLDEN["links"], ids=lambda link: link["code"])
def test_a_released_link_still_gives_its_result(link):
    outcome = result(link["code"], catalogue())
    assert {"code": outcome.code, "role": outcome.profile.role, "fit": outcome.profile.fit} == link


@pytest.mark.parametrize("release", GOLDEN["releases"], ids=lambda release: str(release["version"]))
def test_a_released_questionnaire_is_never_edited(release):
    file = CONTENT / "questionnaires" / f"{release['version']}.toml"
    assert hashlib.sha256(file.read_bytes()).hexdigest() == release["sha256"], "add the next questionnaire instead"
