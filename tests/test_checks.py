import shutil
from datetime import date

import pytest
from django.conf import settings
from django.core.management import call_command
from django.core.management.base import SystemCheckError

from quiz import catalogue, checks


def test_the_content_of_this_release_passes():
    call_command("check", tags=["content"])


def test_every_content_fault_fails_the_check(monkeypatch, tmp_path):
    folder = shutil.copytree(catalogue.CONTENT, tmp_path / "content")
    for file, key in (("skills.toml", "hours"), ("gear.toml", "price")):
        path = folder / file
        text = path.read_text(encoding="utf-8")
        path.write_text(text.replace(f"\n{key} = ", f'\n{key} = "a lot" #', 1), encoding="utf-8")
    monkeypatch.setattr(catalogue, "CONTENT", folder)
    with pytest.raises(SystemCheckError) as error:
        call_command("check", tags=["content"])
    assert "(quiz.E001) skills.toml: daw.hours" in str(error.value)
    assert "(quiz.E001) gear.toml: computer-you-have.price" in str(error.value)


@pytest.fixture
def templates(tmp_path):
    return shutil.copytree(settings.BASE_DIR / "templates", tmp_path / "templates")


@pytest.mark.parametrize("tag", ["term", "fact", "source", "price", "gear", "resource"])
def test_a_tag_that_names_what_is_not_there_is_a_fault(content, templates, tag):
    (templates / "new.html").write_text(f'{{% {tag} "nowhere" %}}', encoding="utf-8")
    assert f"new.html: {{% {tag} %}}: unknown id 'nowhere'" in list(checks.unknown_ids(content, templates))


def test_facts_that_no_text_quotes_are_a_fault(content, tmp_path):
    faults = list(checks.unused(content, tmp_path))
    assert {f"facts.toml: {id_}: nothing refers to it" for id_ in content.facts} <= set(faults)


def test_a_question_that_leads_to_an_anchor_of_no_page_is_a_fault(content, templates):
    assert not list(checks.dead_links(content, templates))
    guide = templates / "guide" / "_guide.html"
    guide.write_text(guide.read_text(encoding="utf-8").replace('id="need"', 'id="needs"'), encoding="utf-8")
    assert "questions.toml: own-first.links: no page has '/guide/#need'" in list(checks.dead_links(content, templates))


def test_a_price_older_than_18_months_is_a_warning(content):
    assert not list(checks.old_prices(content, date(2026, 11, 23)))
    assert len(list(checks.old_prices(content, date(2027, 7, 1)))) > 10
    assert not any("computer-you-have" in line for line in checks.old_prices(content, date(2040, 1, 1)))


def test_a_price_that_was_checked_in_the_future_is_a_warning(content):
    item = next(iter(content.gear.values()))
    year, month = map(int, item.checked.split("-"))
    before = date(year - (month == 1), (month - 2) % 12 + 1, 1)
    assert f"gear.toml: {item.id}.checked: {item.checked} is still to come" in list(checks.old_prices(content, before))


def test_a_site_that_does_not_say_who_answers_for_it_is_warned(settings):
    settings.OWNER, settings.CONTACT = "", "a@producers.example"
    assert [warning.msg for warning in checks.check_privacy()] == ["OWNER is not set."]
    settings.OWNER = "A. Person"
    assert checks.check_privacy() == []
