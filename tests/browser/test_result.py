"""A result is remembered, shared, compared and printed."""

import re
from collections.abc import Iterator
from datetime import date, timedelta
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from io import BytesIO
from threading import Thread

import pytest
import zxingcpp
from django.templatetags.static import static
from PIL import Image
from playwright.sync_api import Browser, BrowserContext, Locator, Page, Route, expect

from quiz import codes
from tests.browser.conftest import watch_context
from tests.browser.tab import new_tab, settle
from tests.browser.test_journey import TO_CHANGE, answer_all, answer_the_last
from tests.conftest import ASKED, QUESTIONS, V, by_id, leaning

FRIEND = f"/result/{codes.build(leaning('mix'))}/"


def finish(page: Page) -> str:
    """Answer the last question; the address holds the answers to the others, those of `answer_all`."""
    page.goto(f"/quiz/?a={V}{'1' * (QUESTIONS - 1)}")
    answer_the_last(page)
    expect(page.locator("[data-next-monday]")).not_to_have_value("")  # the scripts of the page have run
    return page.url.split("/")[-2]


def change_the_answer(page: Page) -> None:
    """From a result to the question, by a visitor who waits for its scripts."""
    page.get_by_text("each with a link to change it").click()
    page.get_by_role("link", name=f"Change the answer to: {TO_CHANGE.text}").click()
    expect(page.locator(".option[aria-current]")).to_be_visible()
    settle(page)


def test_a_friend_opens_the_link_takes_the_quiz_and_compares(page: Page, browser: Browser, base_url, faults):
    mine = finish(page)
    expect(page.get_by_text("This is somebody else’s result")).to_be_hidden()
    link = page.get_by_label("The link to this result").input_value()

    theirs: BrowserContext = browser.new_context(base_url=base_url)
    watch_context(theirs, faults)
    friend = new_tab(theirs)
    friend.goto(link)
    expect(friend.get_by_text("This is somebody else’s result")).to_be_visible()
    expect(friend.get_by_role("link", name="compare it with yours")).to_be_hidden()
    friend.locator("[data-friend]").get_by_role("link", name="Take the quiz yourself").click()
    expect(friend.get_by_text("Question 1 of")).to_be_visible()
    settle(friend)
    answer_all(friend)
    settle(friend)
    own = friend.url.split("/")[-2]
    assert own == mine  # both gave the same answers, so the friend now has this result, too
    friend.goto(FRIEND)
    friend.get_by_role("link", name="compare it with yours").click()
    expect(friend).to_have_url(re.compile(f"/compare/{own}{FRIEND.removeprefix('/result')}"))
    expect(friend.get_by_role("heading", name="On a record together")).to_be_visible()
    theirs.close()


def test_a_result_with_a_changed_answer_becomes_ones_own(page: Page):
    page.goto(f"{FRIEND}")
    change_the_answer(page)
    page.locator(".option:not([aria-current])").first.click()
    is_ones_own(page)


def test_a_friends_result_with_a_changed_answer_leaves_ones_own_the_last(page: Page):
    mine = finish(page)
    page.goto(FRIEND)
    change_the_answer(page)
    page.locator(".option:not([aria-current])").first.click()
    expect(page).to_have_url(re.compile(r"/result/[^/]+/$"))
    expect(page.get_by_text("This is somebody else’s result")).to_be_visible()
    page.goto("/")
    expect(page.locator("[data-last]").get_by_role("link")).to_have_attribute("href", f"/result/{mine}/")


def finishing(page: Page) -> Page:
    """The last question, about to be answered: one's own result will be far from the friend's."""
    page.goto(f"/quiz/?a={codes.so_far(by_id(**{ASKED[0].id: ASKED[0].options[1].id}))[:-2]}")
    expect(page.get_by_role("heading", level=1)).to_be_focused()
    return page


def is_a_friends(page: Page) -> None:
    expect(page).to_have_url(re.compile(f"{FRIEND}$"))
    expect(page.get_by_text("This is somebody else’s result")).to_be_visible()


def is_ones_own(page: Page) -> None:
    expect(page).to_have_url(re.compile(r"/result/(?!" + FRIEND.split("/")[-2] + r")[^/]+/$"))
    expect(page.locator("[data-next-monday]")).not_to_have_value("")
    expect(page.get_by_text("This is somebody else’s result")).to_be_hidden()


def test_the_last_answer_pressed_offline_makes_no_friends_result_ones_own(page: Page, faults):
    finishing(page)
    page.context.set_offline(True)
    page.get_by_role("button", name="See your result").click()
    expect(page.locator("#problem")).to_contain_text("You seem to be offline")
    page.context.set_offline(False)
    faults.clear()  # the browser reports the lost request
    page.goto(FRIEND)
    is_a_friends(page)
    page.go_back()
    page.get_by_role("button", name="See your result").click()
    is_ones_own(page)
    page.goto(FRIEND)
    is_a_friends(page)


def test_a_friends_answer_changed_offline_leaves_the_result_the_friends(page: Page, faults):
    page.goto(FRIEND)
    change_the_answer(page)
    page.context.set_offline(True)
    page.locator(".option:not([aria-current])").first.click()
    expect(page).to_have_url("chrome-error://chromewebdata/")
    page.context.set_offline(False)
    faults.clear()
    page.goto(FRIEND)
    is_a_friends(page)
    change_the_answer(page)
    page.locator(".option[aria-current]").click()
    is_a_friends(page)
    change_the_answer(page)
    page.locator(".option:not([aria-current])").first.click()
    is_ones_own(page)
    page.goto(FRIEND)
    is_a_friends(page)


def test_a_friends_result_opened_in_another_tab_before_one_has_finished_stays_the_friends(page: Page, faults):
    page.route("**/quiz/finish/", lambda route: route.abort())
    finishing(page)
    page.get_by_role("button", name="See your result").click()
    expect(page.locator("#problem")).to_contain_text("You seem to be offline")
    apart = page.context.new_page()
    apart.goto(FRIEND)
    is_a_friends(apart)
    with page.expect_popup() as copy:  # a tab that starts with what this one keeps
        page.evaluate("address => { window.open(address); }", FRIEND)
    is_a_friends(copy.value)
    page.unroute("**/quiz/finish/")
    faults.clear()  # the browser reports the lost request
    page.get_by_role("button", name="See your result").click()
    is_ones_own(page)


def test_home_offers_the_last_result_and_forgets_it_with_one_tap(page: Page):
    code = finish(page)
    page.goto("/")
    line = page.locator("[data-last]")
    expect(line.get_by_role("link")).to_have_attribute("href", f"/result/{code}/")
    line.get_by_role("button", name="Forget it").click()
    expect(line).to_have_text("Forgotten.")
    page.reload()
    expect(line).to_be_hidden()
    page.goto(f"/result/{code}/")
    expect(page.get_by_text("This is somebody else’s result")).to_be_visible()


def test_a_browser_that_remembers_nothing_still_shows_everything(page: Page):
    page.add_init_script(
        "for (const name of ['localStorage', 'sessionStorage'])"
        " Object.defineProperty(window, name, { get() { throw new Error('refused') } })"
    )
    finish(page)
    expect(page.get_by_text("This is somebody else’s result")).to_be_visible()
    page.goto("/")
    expect(page.locator("[data-last]")).to_be_hidden()


def test_other_money_changes_the_kit_on_the_spot_and_the_focus_stays(page: Page):
    page.goto(FRIEND)
    page.evaluate("window.sameDocument = true")
    page.get_by_text("Change the budget or what you own").click()
    money = page.get_by_label("Money for the first year")
    money.focus()
    money.select_option(label="Up to $1,500")
    expect(page.get_by_role("heading", name="A starter kit for $1,500")).to_be_visible()
    expect(money).to_be_focused()
    assert page.evaluate("window.sameDocument")
    expect(page).to_have_url(re.compile(f"{FRIEND}$"))
    page.get_by_role("link", name="keep this").click()
    expect(page).not_to_have_url(re.compile(f"{FRIEND}$"))
    expect(page.get_by_role("heading", name="A starter kit for $1,500")).to_be_visible()


def day_to_start(page: Page) -> Locator:
    page.get_by_text("Another day to start").click()
    return page.get_by_label("The day you start")


def year_agrees(page: Page) -> None:
    last = date.fromisoformat(page.get_by_label("The day you start").input_value()) + timedelta(days=52 * 7 - 1)
    expect(page.get_by_role("heading", name=f"By week 52, {last.day} {last:%B %Y}")).to_be_visible()


def test_back_to_a_result_its_money_and_days_agree_with_its_forms(page: Page):
    page.goto(FRIEND)
    page.get_by_text("Change the budget or what you own").click()
    page.get_by_label("Money for the first year").select_option(label="Up to $1,500")
    expect(page.get_by_role("heading", name="A starter kit for $1,500")).to_be_visible()
    day_to_start(page).fill("2027-01-04")
    page.goto("/guide/")
    page.go_back()
    expect(page.get_by_role("heading", name="A starter kit that costs nothing")).to_be_visible()
    expect(page.locator("#budget option:checked")).to_have_text("Nothing for now")
    year_agrees(page)


def test_a_choice_made_before_htmx_has_loaded_is_not_lost(page: Page):
    page.route("**/htmx-2.min*.js", lambda route: None)  # unanswered until the route is removed
    page.goto(FRIEND)
    page.get_by_text("Change the budget or what you own").click()
    page.get_by_label("Money for the first year").select_option(label="Up to $1,500")
    expect(page.locator("head script[src*='htmx']")).to_have_count(1)
    page.unroute("**/htmx-2.min*.js")
    expect(page.get_by_role("heading", name="A starter kit for $1,500")).to_be_visible()


def test_a_choice_made_before_the_browser_tells_that_the_form_is_open_is_not_lost(page: Page):
    page.goto(FRIEND)
    page.locator("details[data-needs=htmx]").evaluate("""part => {
        part.open = true; // which is told later
        const money = part.querySelector("select");
        money.value = "1500";
        money.dispatchEvent(new Event("change", { bubbles: true }));
    }""")
    expect(page.get_by_role("heading", name="A starter kit for $1,500")).to_be_visible()


def test_a_form_that_was_opened_before_its_script_came_changes_the_kit_on_the_spot(page: Page):
    page.route("**/js/prefetch.*", lambda route: None)  # unanswered until the route is removed
    page.goto("/robots.txt")
    with page.expect_request("**/js/prefetch.*"):
        page.evaluate("url => { location.href = url }", FRIEND)
    page.get_by_text("Change the budget or what you own").click()
    page.unroute("**/js/prefetch.*")
    settle(page)
    page.evaluate("window.sameDocument = true")
    page.get_by_label("Money for the first year").select_option(label="Up to $1,500")
    expect(page.get_by_role("heading", name="A starter kit for $1,500")).to_be_visible()
    assert page.evaluate("window.sameDocument")


def test_other_money_and_a_vote_without_javascript(without_scripts: Page):
    page = without_scripts
    page.goto(FRIEND)
    page.get_by_text("Change the budget or what you own").click()
    page.get_by_label("Money for the first year").select_option(label="Up to $500")
    page.get_by_role("button", name="Show the kit").click()
    expect(page.get_by_role("heading", name="A starter kit for $500")).to_be_visible()
    page.get_by_text("Say so in one tap").click()
    page.get_by_role("button", name="Partly").click()
    expect(page.get_by_text("Thank you.")).to_be_visible()


def test_the_plan_starts_next_monday_unless_another_day_is_chosen(page: Page):
    page.clock.set_fixed_time("2026-11-23T10:00:00")  # a Monday
    page.goto(FRIEND)
    start = day_to_start(page)
    expect(start).to_have_value("2026-11-30")
    expect(page.get_by_role("heading", name="By week 52, 28 November 2027")).to_be_visible()
    start.fill("2027-01-04")
    expect(page.get_by_role("heading", name="By week 52, 2 January 2028")).to_be_visible()
    with page.expect_download() as download:
        page.get_by_role("button", name="Put it in my calendar").click()
    assert "DTSTART;VALUE=DATE:20280102" in download.value.path().read_text()


def agrees(page: Page, money: str) -> None:
    kit = page.locator("#kit-section")
    chosen = kit.get_by_label("Money for the first year")
    expect(chosen.locator(":checked")).to_have_text(money)
    amount = f"{int(chosen.input_value()):,}"
    expect(kit.get_by_role("heading", level=2)).to_have_text(f"A starter kit for ${amount}")
    expect(kit.get_by_label("Headphones")).not_to_be_checked()


def test_a_second_change_of_the_kit_counts_while_the_answer_to_the_first_is_on_its_way(page: Page):
    kept: list[Route] = []
    page.route(re.compile("[?&]budget=500(&|$)"), lambda route: kept.append(route))
    page.goto(f"/result/{codes.build(by_id(budget='medium'))}/")
    page.get_by_text("Change the budget or what you own").click()
    with page.expect_request(re.compile("[?&]budget=500")):
        page.get_by_label("Headphones").check()
    page.get_by_label("Money for the first year").select_option(label="Up to $1,500")
    kept[0].continue_()
    expect(page.get_by_role("heading", name="A starter kit for $1,500")).to_be_visible()
    expect(page.get_by_label("Headphones")).to_be_checked()


@pytest.mark.parametrize("again", ["reload", "go_back"])
def test_the_kit_and_its_form_agree_when_the_page_comes_again(page: Page, again):
    page.goto(f"/result/{codes.build(by_id(budget='medium'))}/")
    page.get_by_text("Change the budget or what you own").click()
    agrees(page, "Up to $500")
    page.get_by_label("Headphones").check()
    page.get_by_label("Money for the first year").select_option(label="Up to $1,500")
    expect(page.get_by_role("heading", name="A starter kit for $1,500")).to_be_visible()
    if again == "go_back":
        page.goto("/guide/")
    getattr(page, again)()
    page.get_by_text("Change the budget or what you own").click()
    agrees(page, "Up to $500")


@pytest.mark.parametrize("again", ["reload", "go_back"])
def test_the_day_to_start_and_the_dates_of_the_plan_agree_when_the_page_comes_again(page: Page, again):
    page.goto(FRIEND)
    start = day_to_start(page)
    start.fill("2031-01-06")
    expect(page.get_by_role("heading", name="By week 12, 30 March 2031")).to_be_visible()
    if again == "go_back":
        page.goto("/guide/")
    getattr(page, again)()
    expect(page.get_by_role("heading", name=re.compile("By week 12, "))).to_be_visible()
    last = date.fromisoformat(start.input_value()) + timedelta(days=83)
    expect(page.get_by_role("heading", name=f"By week 12, {last.day} {last:%B %Y}")).to_be_visible()


def test_a_day_that_some_browser_restores_late_is_followed_by_the_dates(page: Page):
    page.goto(FRIEND)
    start = page.get_by_label("The day you start")
    start.evaluate("input => { input.value = '2031-01-06'; dispatchEvent(new PageTransitionEvent('pageshow')); }")
    expect(page.get_by_role("heading", name="By week 12, 30 March 2031")).to_be_visible()


def test_a_page_that_was_kept_shows_what_has_been_forgotten_or_finished_since(page: Page):
    page.goto(FRIEND)
    again = "dispatchEvent(new PageTransitionEvent('pageshow', { persisted: true }))"
    compare = page.get_by_role("link", name="compare it with yours")
    expect(page.get_by_text("This is somebody else’s result")).to_be_visible()
    expect(compare).to_be_hidden()
    other = new_tab(page.context)  # waits for its scripts: a result is one's own by them
    mine = finish(other)
    page.evaluate(again)
    expect(compare).to_have_attribute("href", f"/compare/{mine}{FRIEND.removeprefix('/result')}")
    other.goto("/")
    other.get_by_role("button", name="Forget it").click()
    page.evaluate(again)
    expect(compare).to_be_hidden()


def test_after_a_vote_the_address_is_the_results_and_the_thanks_are_in_view(page: Page):
    page.goto(FRIEND)
    page.get_by_text("Say so in one tap").click()
    page.get_by_role("button", name="Partly").click()
    thanks = page.get_by_text("Thank you.")
    expect(thanks).to_be_in_viewport()
    expect(thanks).to_be_focused()
    expect(page).to_have_url(re.compile(f"{FRIEND}$"))
    page.reload()
    expect(page.get_by_text("Say so in one tap")).to_be_visible()


def test_where_the_browser_cannot_print_share_or_copy_no_button_says_that_it_can(page: Page):
    page.add_init_script(
        "for (const [from, name] of [[window, 'print'], [Navigator.prototype, 'share'], [Navigator.prototype, 'clipboard']])"
        " Object.defineProperty(from, name, { value: undefined })"
    )
    page.goto(FRIEND)
    page.get_by_role("button", name="Copy the link").click()
    expect(page.get_by_text("Press Ctrl+C, or hold the link, to copy it.")).to_be_visible()
    assert page.evaluate("getSelection().toString()") == page.url
    expect(page.get_by_role("button", name=re.compile("Print"))).to_have_count(0)
    expect(page.get_by_role("button", name="Share")).to_have_count(0)
    page.get_by_text("Change the budget or what you own").click()
    page.get_by_label("Money for the first year").select_option(label="Up to $1,500")
    expect(page.get_by_role("heading", name="A starter kit for $1,500")).to_be_visible()
    expect(page.get_by_role("button", name=re.compile("Print"))).to_have_count(0)
    page.goto("/roles/bedroom-producer/checklist/")
    expect(page.get_by_role("button", name="Clear all ticks")).to_be_visible()
    expect(page.get_by_role("button", name="Print")).to_have_count(0)


@pytest.fixture
def elsewhere(base_url) -> Iterator[str]:
    """Another site, with a page of three pictures of this one; it may embed what allows it, and nothing else."""
    pictures = [f"{FRIEND}card.png", static("img/card.png"), static("img/icon-192.png")]
    body = "".join(f'<img src="{base_url}{picture}">' for picture in pictures).encode()

    class Page(BaseHTTPRequestHandler):
        def do_GET(self):
            self.send_response(200)
            self.send_header("Content-Type", "text/html")
            self.send_header("Cross-Origin-Embedder-Policy", "require-corp")
            self.end_headers()
            self.wfile.write(body)

        def log_message(self, *args): ...

    with ThreadingHTTPServer(("127.0.0.1", 0), Page) as server:
        Thread(target=server.serve_forever).start()
        yield f"http://127.0.0.1:{server.server_port}/"
        server.shutdown()


def test_other_sites_can_show_the_cards(page: Page, elsewhere, faults):
    page.goto(elsewhere)
    widths = page.locator("img").evaluate_all("images => images.map((image) => image.naturalWidth)")
    assert widths == [1200, 1200, 0]  # the icon shows that the browser looks
    faults.clear()  # it reports the icon


def test_the_qr_code_decodes_to_the_absolute_address(page: Page, base_url):
    page.goto(FRIEND)
    page.get_by_text("As a QR code").click()
    image = page.get_by_role("img", name="QR code of the link to this result")
    image.scroll_into_view_if_needed()
    page.wait_for_function("image => image.complete && image.naturalWidth > 0", arg=image.element_handle())
    shot = Image.open(BytesIO(image.screenshot()))
    assert [found.text for found in zxingcpp.read_barcodes(shot)] == [base_url + FRIEND]


def test_the_result_prints_without_forms_and_menus(page: Page):
    page.goto(FRIEND)
    page.emulate_media(media="print")
    expect(page.get_by_role("navigation", name="Main")).to_be_hidden()
    expect(page.get_by_role("button", name="Yes")).to_be_hidden()
    expect(page.get_by_role("search")).to_be_hidden()
    expect(page.get_by_role("heading", name="Your next three steps")).to_be_visible()


@pytest.mark.parametrize("path", [FRIEND, f"{FRIEND}plan/"])
def test_a_part_that_is_printed_is_on_paper_and_nothing_else(page: Page, path):
    page.add_init_script("window.print = () => {}")
    page.goto(path)
    for button in page.locator("[data-print]").all():
        page.emulate_media(media="screen")
        button.dispatch_event("click")
        page.emulate_media(media="print")
        part = page.locator(f"#{button.get_attribute('data-print')}")
        expect(part.locator("h2, h3").first).to_be_visible()
        expect(page.locator("h1")).to_be_hidden()
        assert (
            page.locator("h2, h3").locator("visible=true").count()
            == part.locator("h2, h3").locator("visible=true").count()
        )
        page.evaluate("dispatchEvent(new Event('afterprint'))")


def test_the_plan_alone_prints_on_one_page(page: Page):
    page.add_init_script("window.print = () => {}")
    page.goto(FRIEND)
    page.get_by_role("button", name="Print the plan").click()
    paper = page.pdf(format="A4", print_background=False)
    assert len(re.findall(rb"/Type\s*/Page\b", paper)) == 1
    page.evaluate("dispatchEvent(new Event('afterprint'))")
    page.emulate_media(media="print")
    expect(page.get_by_role("heading", name="Your next three steps")).to_be_visible()
