import re
import shutil

import pytest

from quiz import catalogue
from quiz.catalogue import CONTENT, ContentError, load


@pytest.fixture
def folder(tmp_path):
    return shutil.copytree(CONTENT, tmp_path / "content")


def edit(folder, file, old, new, count=1):
    path = folder / file
    text = path.read_text(encoding="utf-8")
    assert old in text
    path.write_text(text.replace(old, new, count), encoding="utf-8")


def faults(folder):
    with pytest.raises(ContentError) as error:
        load(folder)
    return str(error.value).splitlines()


def test_the_content_of_this_release_is_sound():
    loaded = load(CONTENT)
    assert tuple(loaded.roles) == ("bedroom", "studio", "mix")
    assert len(loaded.skills) == 51
    assert loaded.questionnaire.version == max(loaded.questionnaires)


def test_the_content_is_read_once():
    assert catalogue.catalogue() is catalogue.catalogue()


FIRST = "questionnaires/1.toml"


@pytest.mark.parametrize(
    ("file", "old", "new", "fault"),
    [
        (FIRST, "studio = -2, mix = -1", "studio = -2, mixr = -1", "questionnaires/1.toml: proud.all-mine.weights: unknown role 'mixr'; did you mean 'mix'?"),
        (FIRST, "bedroom = 3, studio = -2", "bedroom = 2, studio = -2", "questionnaires/1.toml: proud: the weights of bedroom must sum to 0"),
        (FIRST, "mix = -1 }\nbecause.bedroom", "mix = 0 }\nbecause.bedroom", "questionnaires/1.toml: proud.all-mine: leave out a weight of 0"),
        (FIRST, "because.mix = ", "# because.mix = ", "questionnaires/1.toml: proud.all-mine: 'because' must have a sentence"),
        (FIRST, "version = 1", "version = 2", "questionnaires/1.toml: version: must be the number in the file's name, and is 2"),
        (FIRST, "version = 1", "version = 32", "questionnaires/1.toml: version: must be from 1 to 31"),
        (FIRST, 'id = "friend"', 'id = "proud"', "questionnaires/1.toml: proud: used 2 times"),
        (FIRST, 'id = "best-take"', 'id = "all-mine"', "questionnaires/1.toml: proud.all-mine: used 2 times"),
        (FIRST, 'id = "hours"', 'id = "time"', "questionnaires/1.toml: hours: this question is missing"),
        (FIRST, "version = 1", 'version = 1\nroles = ["bedroom", "studio", "mixr"]', "questionnaires/1.toml: roles: unknown role 'mixr'"),
        (FIRST, "version = 1", 'version = 1\nroles = ["mix", "mix"]', "questionnaires/1.toml: roles: must be at least two different roles"),
        (FIRST, 'owns = ["daw"]', 'owns = ["dav"]', "questionnaires/1.toml: owned.daw: unknown category 'dav'"),
        (FIRST, 'id = "five"', 'id = "five"\nweights = { mix = 1 }', "questionnaires/1.toml: hours.five: a setup question carries no weights"),
        (FIRST, 'axis = "goals"', 'axis = "goals"\nkind = "any"', "questionnaires/1.toml: proud: a question that counts towards the role takes one answer"),
        (FIRST, 'axis = "goals"', 'axis = "goal"', "questionnaires/1.toml: proud.axis: Input should be"),
        (FIRST, "version = 1", "version = ", "questionnaires/1.toml: Invalid value"),
        ("roles.toml", 'sources = ["', 'sources = ["nowhere', "roles.toml: bedroom.pay: unknown source 'nowhere"),
        ("roles.toml", 'slug = "bedroom-producer"', 'slug = "bedroom-producer"\ncolour = "violet"', "roles.toml: bedroom.colour: Unexpected keyword argument"),
        ("roles.toml", 'by_way_of = "bedroom"', 'by_way_of = "kitchen"', "roles.toml: studio.by_way_of: unknown role 'kitchen'"),
        (FIRST, 'id = "all-mine"', 'id = "all-mine"\naccents = ["song"]', "questionnaires/1.toml: proud.all-mine.accents: unknown accent 'song'; did you mean 'songs'?"),
        (FIRST, 'id = "all-mine"', 'id = "all-mine"\naccents = ["songs", "sounds"]', "questionnaires/1.toml: proud.all-mine.accents: at most one of bedroom"),
        ("roles.toml", 'skills = ["theory"', 'skills = ["mastering"', "roles.toml: bedroom.accents.songs.skills: unknown bedroom skill 'mastering'"),
        ("roles.toml", 'gear = ["keys"', 'gear = ["meters"', "roles.toml: bedroom.accents.songs.gear: unknown bedroom category 'meters'"),
        ("roles.toml", 'resources = ["hooktheory"', 'resources = ["hooktheories"', "roles.toml: bedroom.accents.songs.resources: unknown resource 'hooktheories'"),
        ("roles.toml", '[[roles]]\nid = "studio"', '[[roles]]\nid = "k-2"\nslug = "k"\nname = "K"\nanswer = "K"\npay = []\nglance = []\nweek = []\n\n[[roles]]\nid = "studio"', "roles.toml: k-2: an id is 1 to 16 letters from a to z"),
        ("resources.toml", 'roles = ["', 'roles = ["kitchen", "', ".roles: unknown role 'kitchen'"),
        ("skills.toml", 'depth = { bedroom = "core" }', 'depth = { bedrom = "core" }', "depth: unknown role 'bedrom'"),
        ("gear.toml", "priority = { bedroom = 13 }", "priority = { bedrom = 13 }", "priority: unknown role 'bedrom'"),
        ("gear.toml", 'roles = ["bedroom"', 'roles = ["bedrom", "bedroom"', "roles: unknown role 'bedrom'"),
        ("roles.toml", 'name = "Studio producer"', 'name = ""', "roles.toml: studio.name: must not be empty"),
        ("resources.toml", 'url = "https://', 'url = "', ".url: must look like https://example.org/page"),
        ("resources.toml", 'url = "https://', 'url = "javascript:', ".url: must look like https://example.org/page"),
        ("gear.toml", 'roles = ["bedroom", "studio", "mix"]', "roles = []", ".roles: must not be empty"),
        (FIRST, 'text = "A song that is all mine, from the first sound to the finished file"', 'text = ""', "questionnaires/1.toml: proud.all-mine.text: must not be empty"),
        ("roles.toml", 'id = "studio"', 'id = "bedroom"', "roles.toml: bedroom: used 2 times"),
        ("skills.toml", 'resources = ["reaper-videos"', 'resources = ["raper-videos"', "skills.toml: daw.resources: unknown resource 'raper-videos'"),
        ("skills.toml", "hours = 25", 'hours = "a day"', "skills.toml: daw.hours: Input should be a valid integer"),
        ("skills.toml", 'depth = { bedroom = "core", studio = "core", mix = "core" }', 'depth = { bedroom = "core" }', "skills.toml: daw.depth: a foundation serves"),
        ("skills.toml", 'depth = { bedroom = "core" }', "depth = {}", "depth: no role needs this skill"),
        ("skills.toml", "[[stages]]\nid = 4", "[[stages]]\nid = 3", "skills.toml: 3: used 2 times"),
        ("skills.toml", "number = 2\n", "number = 1\n", "skills.toml: number 1: used 2 times"),
        ("skills.toml", "number = 51\n", "number = 64\n", "number: must be from 1 to 63"),
        ("skills.toml", '{ id = "open", minutes = 60', '{ id = "open", minutes = 90', "skills.toml: daw.steps: must sum to its 25 hours, 1500 minutes, and sum to 1530"),
        ("skills.toml", '{ id = "open", minutes = 60', '{ id = "open", minutes = 300', "skills.toml: daw.steps.open.minutes: must be from 20 to 240, and is 300"),
        ("skills.toml", "times = 4", "times = 0", "skills.toml: daw.steps.evenings.times: must be at least 1, and is 0"),
        ("skills.toml", '{ id = "open",', '{ id = "bass",', "skills.toml: daw.steps.bass: used 2 times"),
        ("skills.toml", '{ id = "open",', '{ id = "Open it",', "skills.toml: daw.steps.Open it: an id is made of a to z, 0 to 9 and -"),
        ("skills.toml", 'at = "daw"', 'at = "dawn"', "skills.toml: daw.steps.open.at: unknown topic, resource or page 'dawn'; did you mean 'daw'?"),
        ("skills.toml", 'do = "', 'do = "", done = "Yes", at = "daw" }, # "', "skills.toml: daw.open.do: must not be empty"),
        ("roles.toml", '{ id = "start", minutes = 60', '{ id = "start", minutes = 90', "roles.toml: bedroom.week: must be two steps of 60 minutes"),
        ("roles.toml", 'finish = { id = "finish", minutes = 60', 'finish = { id = "finish", minutes = 30', "roles.toml: bedroom.accents.songs.finish: must take 60 minutes, and takes 30"),
        ("topics.toml", 'id = "daw"', 'id = "the-daw"', "topics.toml: the-daw: unknown skill 'the-daw'"),
        ("topics.toml", 'id = "daw"', 'id = "the-daw"', "topics.toml: daw: this foundation has no topic"),
        ("topics.toml", 'terms = ["daw"', 'terms = ["dawn"', "topics.toml: daw.terms: unknown term 'dawn'"),
        ("glossary.toml", 'see = ["producer"', 'see = ["produce"', "see: unknown term 'produce'"),
        ("facts.toml", 'source = "s15"', 'source = "s99"', "facts.toml: diy-uploads.source: unknown source 's99'"),
        ("pairs.toml", 'roles = ["mix", "mix"]', 'roles = ["mix", "bedroom"]', "pairs.toml: mix-mix: there must be one pair for every two roles"),
        ("pairs.toml", "parts.bedroom =", "parts.mix =", "pairs.toml: bedroom-bedroom.parts: must say what each"),
        ("skills.toml", "[[stages]]", "[[stage]]", "skills.toml: stage: unknown table"),
        ("gear.toml", "priority = { bedroom = 1,", "priority = { bedroom = 2,", "gear.toml: priority.bedroom: must count 1, 2, 3"),
        ("gear.toml", 'needs = ["interface"', 'needs = ["interfacf"', "unknown category 'interfacf'"),
        ("gear.toml", 'checked = "2025-12"', 'checked = "last year"', "must be a month such as 2026-11, and is 'last year'"),
        ("gear.toml", 'category = "computer"', 'category = "computers"', "unknown category 'computers'"),
        ("gear.toml", "price = 60\n", "price = -60\n", "price: must not be negative"),
        ("gear.toml", "priority = { mix = 4 }", "priority = { mix = 4, studio = 15 }", "gear.toml: meters.priority: no item of it is for studio"),
        ("sources.toml", 'url = "https://', 'url = "http://', "sources.toml: s2.url: must be a page such as https://example.org/page"),
        ("sources.toml", 'url = "https://plainworkforce.com/occupation/sound-engineering-technicians"', 'url = "https://plainworkforce.com/"', "sources.toml: s2.url: must be a page such as"),
        ("sources.toml", 'publisher = "', 'publisher = ""  # ', "sources.toml: s2.publisher: must not be empty"),
        ("questions.toml", 'answer = "Tonight, four', 'answer = ""  # "Tonight, four', "questions.toml: learn-first.answer: must not be empty"),
        ("questions.toml", 'answer = "Tonight, four', 'answer = "Read the guide."  # "Tonight, four', "questions.toml: learn-first.answer: must have 40 to 120 words, and has 3"),
        ("questions.toml", 'to = "/guide/#start"', 'to = "/guides/#start"', "questions.toml: learn-first.links: unknown page '/guides/'"),
        ("questions.toml", 'id = "learn-first"', 'id = "learn first"', "questions.toml: learn first: an id is made of a to z, 0 to 9 and -"),
        ("questions.toml", 'group = "start"', 'group = "begin"', "questions.toml: learn-first.group: unknown group 'begin'"),
        ("questions.toml", 'sources = ["', 'sources = ["nowhere", "', ".sources: unknown source 'nowhere'"),
        ("questions.toml", 'suits = ["', 'suits = ["kitchen", "', "questions.toml: learn-first.suits: unknown role 'kitchen'"),
        ("questions.toml", "when = { experience", "when = { mood", "questions.toml: learn-first.when: unknown setup question 'mood'"),
        ("questions.toml", "[[asked]]", '[[groups]]\nid = "empty"\nname = "E"\n\n[[asked]]', "questions.toml: empty: no question is in this group"),
        ("gear.toml", "priority = { bedroom = 13 }", "priority = { bedroom = 13, mix = 10 }\n", "gear.toml: synth.priority: no item of it is for mix"),
    ],
)  # fmt: skip
def test_a_fault_is_named_with_its_file_and_key(folder, file, old, new, fault):
    edit(folder, file, old, new)
    assert any(fault in line and line.startswith(file) for line in faults(folder)), faults(folder)


def test_every_fault_in_every_file_is_listed_at_once(folder):
    edit(folder, "skills.toml", "hours = 25", 'hours = "a day"')
    edit(folder, "gear.toml", "price = 60\n", 'price = "sixty"\n')
    edit(folder, FIRST, 'id = "hours"', 'id = "time"')
    assert {line.partition(":")[0] for line in faults(folder)} == {"skills.toml", "gear.toml", FIRST}


def test_a_missing_file_is_named(folder):
    (folder / "roles.toml").unlink()
    assert any(line.startswith("roles.toml: ") for line in faults(folder))


def test_a_missing_stage_is_named(folder):
    path = folder / "skills.toml"
    text = path.read_text(encoding="utf-8")
    start = text.index("[[stages]]\nid = 4")
    path.write_text(text[:start] + text[text.index("# Stage 1") :], encoding="utf-8")
    assert "skills.toml: stages: must be 1, 2, 3 and 4" in faults(folder)


def test_one_accent_of_a_role_is_a_fault(folder):
    path = folder / "roles.toml"
    text = path.read_text(encoding="utf-8")
    start = text.index('[[roles.accents]]\nid = "sounds"')
    path.write_text(text[:start] + text[text.index('[[roles]]\nid = "studio"') :], encoding="utf-8")
    for questionnaire in (folder / "questionnaires").iterdir():
        if re.search(r'accents = .*"sounds"', questionnaire.read_text(encoding="utf-8")):
            questionnaire.unlink()
    assert "roles.toml: bedroom.accents: must be two or none, and are 1" in faults(folder)


def test_a_need_that_a_role_cannot_buy_is_a_fault(folder):
    edit(folder, "gear.toml", 'needs = ["monitors"]', 'needs = ["synth"]')
    assert "gear.toml: measurement.needs: 'synth' has no priority for mix" in faults(folder)


def test_two_pages_of_one_title_are_a_fault(folder):
    path = folder / "pages.toml"
    text = re.sub(r"(?m)^title = .*$", 'title = "The same for every page"', path.read_text(encoding="utf-8"))
    path.write_text(text, encoding="utf-8")
    count = text.count("[[pages]]")
    assert f"pages.toml: title The same for every page: used {count} times" in faults(folder)


def test_a_site_without_a_questionnaire_does_not_start(folder):
    shutil.rmtree(folder / "questionnaires")
    assert "questionnaires/: it is empty" in faults(folder)


def test_too_few_questions_and_too_few_options_are_faults(folder):
    path = folder / FIRST
    head, *questions = path.read_text(encoding="utf-8").split("[[questions]]\n")
    path.write_text("[[questions]]\n".join([head, *questions[4:]]), encoding="utf-8")
    assert f"{FIRST}: questions: must be 12 to 16, and are 11" in faults(folder)
    options = "".join(f'[[questions.options]]\nid = "o{i}"\ntext = "{i}"\n' for i in range(6))
    path.write_text(
        path.read_text(encoding="utf-8") + f'\n[[questions]]\nid = "many"\naxis = "setup"\ntext = "?"\n{options}',
        encoding="utf-8",
    )
    assert f"{FIRST}: many: needs 2 to 5 options" in faults(folder)


@pytest.mark.parametrize("file", ["gear.toml", "roles.toml", "sources.toml"])
def test_a_file_that_cannot_be_read_is_one_fault_and_not_one_for_each_that_refers_to_it(folder, file):
    (folder / file).write_text("[[items]\nid = ", encoding="utf-8")
    assert len(faults(folder)) == 1
    assert faults(folder)[0].startswith(f"{file}: ")
