"""The song on home, in the quiz, in the guide, on a result and beside another, as it is heard."""

import re
from collections.abc import Callable

import pytest
from playwright.sync_api import Locator, Page, expect

from quiz import codes
from quiz.catalogue import catalogue
from quiz.result import result
from tests.browser.test_journey import seen
from tests.conftest import V, data, leaning

# Whatever goes to the speakers goes to a meter as well.
METER = """
const meters = [];
window.contexts = new Set();
const connect = AudioNode.prototype.connect;
AudioNode.prototype.connect = function (to, ...rest) {
  if (to instanceof AudioDestinationNode) {
    contexts.add(this.context);
    const meter = this.context.createAnalyser();
    connect.call(this, meter);
    meters.push(meter);
  }
  return connect.call(this, to, ...rest);
};
// The meter of a context that does not run shows for ever what was heard last.
window.loudest = () => Math.max(0, ...meters.filter(({ context }) => context.state === "running").flatMap((meter) => {
  const samples = new Float32Array(meter.fftSize);
  meter.getFloatTimeDomainData(samples);
  return [...samples].map(Math.abs);
}));
"""
# Sound and its clock go eight times as fast, so that what ends by itself ends soon.
FAST = """(() => {
  const { get } = Object.getOwnPropertyDescriptor(BaseAudioContext.prototype, "currentTime");
  Object.defineProperty(BaseAudioContext.prototype, "currentTime", { get() { return 8 * get.call(this); } });
  const { start } = AudioBufferSourceNode.prototype;
  AudioBufferSourceNode.prototype.start = function (when = 0, ...rest) {
    this.playbackRate.value = 8;
    return start.call(this, when / 8, ...rest);
  };
  const { stop } = AudioScheduledSourceNode.prototype;
  AudioScheduledSourceNode.prototype.stop = function (when = 0) { return stop.call(this, when / 8); };
})()"""
SOUNDS = "() => window.loudest() > 0.02"
SILENT = "() => window.loudest() < 0.001"
ASLEEP = "() => [...contexts].every(({ state }) => state === 'suspended')"
SLEEP = "() => [...contexts].forEach((context) => context.suspend())"
KEPT = "dispatchEvent(new PageTransitionEvent('{}', {{ persisted: true }}))"
ANSWERED = f"/quiz/?a={V}11"  # without an answer there is nothing to hear
MINE, THEIRS = (codes.build(leaning(role)) for role in ("mix", "bedroom"))
CLOSE = next(
    link["code"]
    for link in data("golden.toml")["links"]
    if result(link["code"], catalogue()).profile.confidence == "close call"
)


@pytest.fixture
def page(page: Page) -> Page:
    page.add_init_script(METER)
    return page


def is_heard_until_stopped(page: Page, name: str) -> None:
    page.get_by_role("button", name=name).first.click()
    page.wait_for_function(SOUNDS)
    page.get_by_role("button", name="Stop").click()
    page.wait_for_function(SILENT)
    expect(page.get_by_role("button", name=name).first).to_be_visible()


def remember(page: Page, code: str) -> None:
    page.goto("/robots.txt")
    page.evaluate(
        "(code) => localStorage.setItem('producerguide.results', JSON.stringify([{ code, role: 'Mine' }]))", code
    )


def test_home_plays_a_song_and_its_playhead_goes_along(page: Page):
    page.goto("/")
    is_heard_until_stopped(page, "Play a song")
    page.locator(".hear .art").click()
    page.wait_for_function("() => document.querySelector('[data-head]').hasAttribute('transform')")
    page.wait_for_function(SOUNDS)
    page.locator(".hear .art").click()
    page.wait_for_function("() => !document.querySelector('[data-head]').hasAttribute('transform')")


def test_home_plays_the_song_of_the_last_result(page: Page):
    remember(page, MINE)
    page.goto("/")
    is_heard_until_stopped(page, "Play the song of your last result")


@pytest.mark.parametrize("name", ["Play the first song", "Play the second song", "Play the two together"])
def test_two_results_are_heard_alone_and_together(page: Page, name):
    page.goto(f"/compare/{MINE}/{THEIRS}/")
    is_heard_until_stopped(page, name)


def test_another_song_takes_the_place_of_the_one_that_plays(page: Page):
    page.goto(f"/compare/{MINE}/{THEIRS}/")
    page.get_by_role("button", name="Play the first song").click()
    page.wait_for_function(SOUNDS)
    page.get_by_role("button", name="Play the second song").click()
    expect(page.get_by_role("button", name="Stop")).to_have_count(1)
    expect(page.get_by_role("button", name="Play the first song")).to_be_visible()
    page.get_by_role("button", name="Stop").click()
    page.wait_for_function(SILENT)


def test_beside_a_friend_the_reader_is_called_you_until_there_are_names(page: Page):
    remember(page, MINE)
    page.goto(f"/compare/{THEIRS}/{MINE}/")
    people = page.locator(".card .eyebrow")
    expect(people).to_have_text(["Your friend", "You"])
    if page.get_by_label("First").is_hidden():
        page.get_by_text("Names", exact=True).click()
    page.get_by_label("First").fill("Ada")
    expect(people).to_have_text(["Ada", "You"])
    assert page.url.endswith("#names=Ada&names=")
    page.reload()
    expect(people).to_have_text(["Ada", "You"])


@pytest.mark.parametrize("way", ["button", "keyboard"])
def test_a_result_plays_its_song(page: Page, way):
    page.goto(f"/result/{MINE}/")
    if way == "button":
        return is_heard_until_stopped(page, "Play")
    page.get_by_role("button", name="Play").focus()
    page.keyboard.press("Enter")
    page.wait_for_function(SOUNDS)
    page.keyboard.press("Enter")
    page.wait_for_function(SILENT)


def test_presses_while_the_code_of_a_song_is_on_its_way_leave_it_playing(page: Page):
    code = "**/js/song/player.*.js"
    page.route(code, lambda route: None)  # unanswered until the route is removed
    page.goto(f"/result/{MINE}/")
    play = page.locator("[data-play]")
    for _ in range(2):
        play.click()
    expect(play).to_have_text("Opening…")
    page.unroute(code)
    expect(play).to_have_text("Stop")
    page.wait_for_function(SOUNDS)


every_button = pytest.mark.parametrize(
    ("path", "name"), [("/", "Play a song"), (f"/result/{MINE}/", "Play"), (ANSWERED, "Hear your answers")]
)


def sounding(page: Page, name: str) -> Locator:
    """The button of that name after it was pressed, whatever it says now."""
    button = page.get_by_role("button", name=name).first.element_handle()
    button.click()
    page.wait_for_function(SOUNDS)
    button.evaluate("button => { button.id = 'pressed' }")
    return page.locator("#pressed")


@pytest.mark.parametrize(("path", "name"), [("/", "Play a song"), (ANSWERED, "Hear your answers")])
def test_where_no_sound_comes_out_it_is_said(page: Page, path, name):
    page.add_init_script("Object.defineProperty(BaseAudioContext.prototype, 'state', { get: () => 'suspended' })")
    page.goto(path)
    button = page.get_by_role("button", name=name).first.element_handle()
    button.click()
    expect(page.get_by_text("No sound came out")).to_be_visible()
    assert button.get_attribute("aria-pressed") in (None, "false")


def test_a_song_that_is_pressed_again_right_after_its_stop_is_heard(page: Page):
    page.add_init_script("""(() => {
      const { resume } = AudioContext.prototype;
      // As when the pause after a stop comes between the press and the song.
      AudioContext.prototype.resume = function () {
        const done = resume.call(this);
        if (window.late) this.suspend();
        window.late = false;
        return done;
      };
    })()""")
    page.goto("/")
    is_heard_until_stopped(page, "Play a song")
    page.evaluate("window.late = true")
    page.get_by_role("button", name="Play a song").click()
    page.wait_for_function(SOUNDS)


def test_a_browser_without_sound_is_not_offered_the_music_of_the_quiz(page: Page):
    page.add_init_script("delete window.AudioContext")
    page.goto(ANSWERED)
    expect(page.get_by_role("button", name="Hear your answers")).to_be_hidden()


@every_button
def test_after_a_stop_nothing_keeps_a_phone_awake_and_it_plays_again(page: Page, path, name):
    page.goto(path)
    for _ in range(2):
        button = sounding(page, name)
        button.click()
        page.wait_for_function(ASLEEP)


@every_button
def test_a_page_that_was_left_and_kept_is_silent(page: Page, path, name):
    page.goto(path)
    button = sounding(page, name)
    page.evaluate(KEPT.format("pagehide"))
    page.wait_for_function(SILENT)
    expect(button).to_have_accessible_name(re.compile(name))
    expect(page.get_by_role("button", name=name, pressed=True)).to_have_count(0)
    page.wait_for_function(ASLEEP)


def test_a_song_whose_sound_was_taken_away_says_so_and_plays_again(page: Page):
    page.goto(f"/result/{MINE}/")
    button = sounding(page, "Play")
    page.evaluate(SLEEP)  # as a call does
    expect(page.get_by_text("then press Play again")).to_be_visible()
    expect(button).to_have_text("Play")
    button.click()
    page.wait_for_function(SOUNDS)
    expect(button).to_have_text("Stop")
    expect(page.get_by_text("then press Play again")).to_have_count(0)


def choose(page: Page, reached: Callable[[], bool]) -> None:
    """Step through the clips with the keyboard until one is reached."""
    page.get_by_role("button", name="Play").hover()  # whoever reaches for it fetches the code
    clips = page.get_by_role("slider", name="clips of the song")
    clips.focus()
    for _ in range(page.locator(".clip").count()):
        if reached():
            return
        page.keyboard.press("ArrowRight")
    raise AssertionError("No clip is like that")


def test_every_clip_names_its_answer_by_keyboard_and_by_press(page: Page):
    page.goto(f"/result/{MINE}/")
    said = page.locator("[data-says]")
    choose(page, lambda: "chose the fill" in said.inner_text())
    box = page.locator(".clip").first.bounding_box()
    page.mouse.click(box["x"] + 5, box["y"] + 5)
    expect(said).to_contain_text("chose the groove")


def test_in_a_close_call_the_song_of_another_answer_can_be_heard(page: Page):
    page.goto(f"/result/{CLOSE}/")
    other = page.locator("[data-says]").get_by_role("button", name="Hear that one")
    choose(page, other.is_visible)
    other.press("Enter")
    page.wait_for_function(SOUNDS)
    page.wait_for_function("() => document.querySelector('[data-time]').textContent")  # the playhead has moved
    expect(other).to_be_focused()
    page.get_by_role("button", name="Stop").click()
    page.wait_for_function(SILENT)


def test_the_quiz_is_silent_until_asked_and_remembers_that_it_was(page: Page):
    page.goto("/quiz/")
    page.locator(".option").first.click()
    expect(page.locator("#question-text")).to_contain_text("Question 2")
    assert page.locator("head link[href*=growing]").count() == 0  # its code comes at once, the sound only later
    page.get_by_role("button", name="Hear your answers").click()
    page.wait_for_function("() => document.querySelector('head link[href*=growing]')")
    page.wait_for_function(SOUNDS)
    page.locator(".option").first.click()
    expect(page.locator("#question-text")).to_contain_text("Question 3")
    page.wait_for_function(SOUNDS)
    page.get_by_role("button", name="Hear your answers").click()
    page.wait_for_function(SILENT)
    assert page.evaluate("localStorage.getItem('producerguide.sound')") == "off"


def test_the_music_of_the_quiz_comes_back_after_a_call(page: Page):
    page.goto(ANSWERED)
    button = sounding(page, "Hear your answers")
    page.evaluate(SLEEP)
    page.wait_for_function(ASLEEP)
    button.click()
    button.click()
    page.wait_for_function(SOUNDS)


def test_the_remembered_music_of_the_quiz_begins_with_the_first_answer_by_keyboard(page: Page):
    page.goto("/robots.txt")
    page.evaluate("localStorage.setItem('producerguide.sound', 'on')")
    page.goto(ANSWERED)
    expect(page.get_by_role("heading", level=1)).to_be_focused()
    seen(page)
    page.keyboard.press("1")
    page.wait_for_function(SOUNDS)
    expect(page.get_by_role("button", name="Hear your answers")).to_have_attribute("aria-pressed", "true")
    page.evaluate(KEPT.format("pagehide"))
    page.evaluate(KEPT.format("pageshow"))
    expect(page.get_by_text("Question 4 of")).to_be_visible()
    seen(page)
    page.keyboard.press("1")
    page.wait_for_function(SOUNDS)


def test_the_remembered_music_of_the_quiz_does_not_begin_with_a_touch_which_may_scroll(page: Page):
    page.goto("/robots.txt")
    page.evaluate("localStorage.setItem('producerguide.sound', 'on')")
    page.goto(ANSWERED)
    page.evaluate("document.body.dispatchEvent(new PointerEvent('pointerdown', { bubbles: true }))")
    button = page.get_by_role("button", name="Hear your answers")
    expect(button).to_have_attribute("aria-pressed", "false")
    page.get_by_role("heading", level=1).click()
    expect(button).to_have_attribute("aria-pressed", "true")
    page.wait_for_function(SOUNDS)


def test_the_parts_of_a_song_can_be_taken_home(page: Page):
    page.goto(f"/result/{MINE}/")
    page.get_by_role("button", name="Play").hover()
    page.get_by_role("button", name="Download the parts").click()
    links = page.locator("[data-taking] a")
    expect(links).not_to_have_count(0, timeout=60_000)
    names = links.all_inner_texts()
    assert "core.mid" in names
    assert {"drums.wav", "bass.wav", "chords.wav", "hook.wav"} <= set(names)
    with page.expect_download() as download:
        links.filter(has_text="core.mid").click()
    assert download.value.path().read_bytes().startswith(b"MThd")


def test_the_picture_of_a_result_is_shown_and_saved(page: Page):
    page.goto(f"/result/{MINE}/")
    page.get_by_text("The picture that goes with it").click()
    page.wait_for_function("() => document.querySelector('.card-shown').naturalWidth === 1200")
    with page.expect_download() as download:
        page.get_by_role("link", name="a tall one for stories").click()
    assert download.value.path().read_bytes().startswith(b"\x89PNG")


def test_the_platform_is_given_the_picture_where_it_takes_one(page: Page):
    page.add_init_script("""
      navigator.canShare = ({ files }) => files.length === 1;
      navigator.share = async (what) => { window.shared = { ...what, files: (what.files ?? []).map(({ size }) => size) }; };
    """)
    page.request.get(f"/result/{MINE}/card.png")  # the first of a role takes nearly as long to make as the button waits
    page.goto(f"/result/{MINE}/")
    page.get_by_role("button", name="Share…").click()
    page.wait_for_function("() => window.shared")
    shared = page.evaluate("window.shared")
    assert shared["url"].endswith(f"/result/{MINE}/")
    assert shared["text"].endswith("Which are you?")
    assert shared["files"][0] > 10_000


SHARE = "navigator.share = async (what) => {{ {} }}"
SHARED = "window.shared = what;"
REFUSED = "throw new DOMException('refused', '{}');"


def test_a_picture_that_is_slow_to_come_is_left_out_while_the_press_counts(page: Page):
    page.add_init_script(f"navigator.canShare = () => true; {SHARE.format(SHARED)}")
    page.route("**/card.png", lambda route: None)  # never answered
    page.goto(f"/result/{MINE}/")
    page.get_by_role("button", name="Share…").click()
    page.wait_for_function("() => window.shared")
    assert page.evaluate("[window.shared.url.endsWith(location.pathname), 'files' in window.shared]") == [True, False]


@pytest.mark.parametrize(
    ("error", "said"), [("NotAllowedError", "Sharing did not work. Copy the link instead."), ("AbortError", "")]
)
def test_what_the_platform_refuses_is_said_and_what_the_visitor_closes_is_not(page: Page, error, said):
    page.add_init_script(SHARE.format(f"window.asked = true; {REFUSED.format(error)}"))
    page.goto(f"/result/{MINE}/")
    page.get_by_role("button", name="Share…").click()
    page.wait_for_function("() => window.asked")
    expect(page.locator(".copy [role=status]")).to_have_text(said)


def test_without_a_script_the_drawing_and_the_words_are_there(without_scripts: Page):
    without_scripts.goto(f"/result/{CLOSE}/")
    expect(without_scripts.locator(".clip").first).to_be_attached()
    expect(without_scripts.locator("[data-says]")).to_contain_text("chose")
    expect(without_scripts.locator("[data-play]")).to_be_hidden()


@pytest.mark.parametrize(
    ("path", "name"),
    [("/", "Play"), (f"/result/{MINE}/", "Play"), (f"/compare/{MINE}/{THEIRS}/", "Play"), ("/guide/", "Hear the mix")],
)
def test_a_browser_that_cannot_play_a_song_says_so(page: Page, path, name):
    page.add_init_script("delete window.AudioContext")
    page.goto(path)
    page.get_by_role("button", name=name).first.click()
    expect(page.get_by_role("button", name="This browser cannot play it")).to_be_visible()


def test_a_song_whose_code_does_not_come_offers_to_reload(page: Page, faults):
    page.route("**/js/song/song.*.js", lambda route: route.abort())
    page.goto("/")
    page.get_by_role("button", name="Play a song").click()
    expect(page.get_by_role("button", name="Reload to play")).to_be_visible()
    faults.clear()  # the browser reports the lost request


STAGES = ["Hear the idea", "Hear the takes", "Hear the mix", "Hear the master"]


@pytest.mark.parametrize("name", STAGES)
def test_each_stage_of_the_song_in_the_guide_is_heard_until_stopped(page: Page, name):
    page.goto("/guide/")
    is_heard_until_stopped(page, name)


def test_one_stage_takes_the_place_of_another_and_ends_by_itself(page: Page):
    page.add_init_script(FAST)
    page.goto("/guide/")
    page.get_by_role("button", name="Hear the idea").click()
    page.wait_for_function(SOUNDS)
    page.get_by_role("button", name="Hear the takes").click()
    expect(page.get_by_role("button", name="Stop")).to_have_count(1)
    expect(page.get_by_role("button", name="Hear the idea")).to_be_visible()
    expect(page.get_by_role("button", name="Hear the takes")).to_be_visible(timeout=60_000)  # eight bars later
    page.wait_for_function(SILENT)


def test_the_guide_without_a_script_has_no_button_that_does_nothing(without_scripts: Page):
    without_scripts.goto("/guide/")
    expect(without_scripts.locator("[data-hear]")).to_have_count(len(STAGES))
    for button in without_scripts.locator("[data-hear]").all():
        expect(button).to_be_hidden()


def test_nothing_in_the_guide_moves_when_its_buttons_appear(page: Page):
    page.add_init_script(
        """window.shift = 0;
        new PerformanceObserver((list) => { for (const e of list.getEntries()) window.shift += e.value })
          .observe({ type: 'layout-shift', buffered: true })"""
    )
    page.goto("/guide/")
    expect(page.get_by_role("button", name="Hear the idea")).to_be_visible()
    assert page.evaluate("window.shift") <= 0.001
