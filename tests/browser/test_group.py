"""Names of a group: typed by the reader, kept in the fragment of the address, and nowhere else."""

import re

from playwright.sync_api import Page, expect

from quiz import codes
from tests.conftest import by_id

ONE = by_id()
QUESTION = ONE.questionnaire.questions[0]
# In the order of their codes: whoever joins comes before the others.
FIRST, *GROUP = sorted(codes.build(ONE.choose(QUESTION.id, [option.id])) for option in QUESTION.options[:3])
ADDRESS = f"/group/?c={GROUP[0]}&c={GROUP[1]}"


def test_names_stand_in_place_of_numbers_and_come_back_with_the_address(page: Page):
    requests: list[str] = []
    page.goto(ADDRESS)
    page.on("request", lambda request: requests.append(request.url))
    page.get_by_text("Names", exact=True).click()
    page.get_by_label("Person 2").fill("Bo & Co")
    expect(page.locator(".mate", has_text="Bo & Co")).to_be_visible()
    assert not any("Bo" in url for url in requests)
    page.goto("about:blank")
    page.goto(f"{ADDRESS}#names=&names=Bo+%26+Co")
    expect(page.locator(".mate", has_text="Bo & Co")).to_be_visible()
    page.get_by_text("Names", exact=True).click()
    expect(page.locator(".mate", has_text="Bo & Co")).to_have_count(0)


def test_names_stay_with_their_people_when_the_group_changes(page: Page):
    page.goto(f"{ADDRESS}#names=Ann&names=Bo+%26+Co")
    lines = page.get_by_label("Change the group")
    lines.fill("\n".join([FIRST, *GROUP, "no link"]))
    page.get_by_role("button", name="Show the group").click()
    expect(page.get_by_role("heading", level=1)).to_have_text("3 people, one record")
    for person, name in ((2, "Ann"), (3, "Bo & Co")):
        expect(page.get_by_label(f"Person {person}")).to_have_value(name)
    expect(page.get_by_label("Person 1")).to_have_value("")
    page.reload()
    page.get_by_label("Person 1").fill("Cy")
    expect(page).to_have_url(re.compile(re.escape("#names=Cy&names=Ann&names=Bo+%26+Co") + "$"))
    lines.fill("\n".join([GROUP[1], FIRST]))
    page.get_by_role("button", name="Show the group").click()
    expect(page.get_by_role("heading", level=1)).to_have_text("2 people, one record")
    for person, name in ((1, "Cy"), (2, "Bo & Co")):
        expect(page.get_by_label(f"Person {person}")).to_have_value(name)
    for person in (1, 2):
        page.get_by_label(f"Person {person}").fill("")
    page.get_by_role("button", name="Show the group").click()
    expect(page).to_have_url(re.compile(r"/group/\?[^#]*$"))


def test_links_are_pasted_without_javascript(without_scripts: Page):
    page = without_scripts
    page.goto("/group/")
    page.get_by_label("Links or codes").fill(
        "\n".join(f"Ann https://x.example/result/{code.upper()}/." for code in GROUP)
    )
    page.get_by_role("button", name="Show the group").click()
    expect(page.get_by_role("heading", level=1)).to_have_text("2 people, one record")
    assert page.url.endswith(ADDRESS)
