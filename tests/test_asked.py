"""The questions of beginners: on their page, and on the results that they fit."""

import re

import brotli

from quiz import codes
from quiz.asked import asked_for
from quiz.result import result
from tests.conftest import by_id


def test_there_are_at_least_80_each_with_its_anchor_and_its_links(client, content):
    page = client.get("/questions/").text
    assert len(content.asked) >= 80
    for asked in content.asked.values():
        assert f'<h3 id="{asked.id}"><a href="#{asked.id}">' in page
        assert asked.links
        assert all(f'href="{link.to.replace("&", "&amp;")}"' in page for link in asked.links)


def test_a_group_can_be_read_alone_and_an_unknown_one_is_ignored(client, content):
    page = client.get("/questions/?group=ai").text
    ids = {asked.id for asked in content.asked.values() if asked.group == "ai"}
    assert set(re.findall(r'<h3 id="([^"]+)"', page)) == ids
    assert client.get("/questions/?group=cooking").text.count("<h3 id=") == len(content.asked)


def test_the_page_weighs_at_most_30_kb_as_it_is_sent(client):
    assert len(brotli.compress(client.get("/questions/").content)) <= 30 * 1024


def test_an_answer_that_states_a_price_says_about_which_year(content):
    for asked in content.asked.values():
        prices = re.findall(r"\$\d", asked.answer)
        if prices and asked.group in ("program", "gear"):
            assert re.search(r"about|up to", asked.answer)
            assert re.search(r"\(20\d\d\)|, 20\d\d\)", asked.answer), asked.id


def test_a_result_shows_first_what_people_with_such_answers_ask(content):
    def shown(**given):
        return [asked.id for asked in asked_for(result(codes.build(by_id(**given)), content), content)]

    assert "learn-first" in shown(experience="listener")
    assert "own-first" in shown(experience="listener", budget="nothing")
    assert len(shown()) == 2
    assert shown(experience="listener") != shown(experience="own-songs")


def test_a_result_links_to_its_questions(client, content):
    code = codes.build(by_id())
    page = client.get(f"/result/{code}/").text
    for asked in asked_for(result(code, content), content):
        assert f'href="/questions/#{asked.id}"' in page
