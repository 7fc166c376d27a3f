"""The auditions: scored fairly, played through, and on to the result."""

import re
from math import log2

import pytest
from playwright.sync_api import Page, expect

from tests.browser.axe import COLOURS, RULES, barriers
from tests.browser.sound import phone_loss
from tests.browser.test_labs import LEAVE, RETURN
from tests.conftest import data

CODE = data("golden.toml")["links"][0]["code"]
BEDROOM, STUDIO, MIX = (f"/try/{slug}/" for slug in ("bedroom-producer", "studio-producer", "mix-mastering-engineer"))
ALL = [BEDROOM, STUDIO, MIX]
SEEDS = "Array.from({ length: 300 }, (_, i) => `s${i}`)"
PHONE, DESK = {"width": 390, "height": 844}, {"width": 1280, "height": 800}


class TestScoring:
    def test_perfect_hands_get_all_of_it_and_the_overall_gain_changes_nothing(self, studio):
        least = studio.run(
            "try/score try/seeds",
            f"""Math.min(...{SEEDS}.flatMap((seed, i) => {{
              const goal = m.hiddenMix(seed);
              const louder = {{ ...goal, faders: goal.faders.map((db) => db + (i % 13) - 6) }};
              return [m.mixScore(goal, goal), m.mixScore(louder, goal)];
            }}))""",
        )
        assert least == pytest.approx(1)

    def test_random_hands_stay_near_the_bottom(self, studio):
        mean = studio.run(
            "try/score try/seeds",
            f"""{SEEDS}.reduce((sum, seed) => {{
              const die = m.dice(`hand ${{seed}}`);
              const given = {{
                faders: [0, 1, 2, 3].map(() => 24 * die.next() - 18),
                bell: {{ frequency: 125 * 2 ** (6 * die.next()), gain: 24 * die.next() - 12 }},
              }};
              return sum + m.mixScore(given, m.hiddenMix(seed)) / 300;
            }}, 0)""",
        )
        assert mean < 0.3

    @pytest.mark.parametrize(("small", "asked"), [("false", [0, 1, 2, 3]), ("true", [0, 2, 3])])
    def test_hands_that_touch_nothing_are_never_high(self, studio, small, asked):
        most = studio.run(
            "try/score try/seeds",
            f"""Math.max(...{SEEDS}.map((seed) => {{
              const {{ faders, bell }} = m.hiddenMix(seed, {small});
              const untouched = {{ faders: given.map(() => -6), bell: {{ frequency: 1000, gain: 0 }} }};
              return m.mixScore(untouched, {{ faders: given.map((i) => faders[i]), bell }});
            }}))""",
            asked,
        )
        assert most < 0.7

    def test_two_decibels_are_full_marks_and_six_are_none(self, studio):
        shares = studio.run(
            "try/score",
            """[0, 2, 4, 6, 9].map((off) => {
              const bell = { frequency: 1000, gain: 6 };
              return m.mixScore({ faders: [off, -off, off, -off], bell }, { faders: [0, 0, 0, 0], bell });
            })""",
        )
        assert shares == pytest.approx([1, 1, 2 / 3, 1 / 3, 1 / 3])

    @pytest.mark.parametrize(
        ("octaves", "gain", "share"), [(0, 6, 1), (0.5, 9, 1), (-0.5, 3, 1), (2, 6, 0), (0, 15, 0), (1.25, 6, 0.5)]
    )
    def test_a_bell_is_found_within_half_an_octave_and_three_decibels(self, studio, octaves, gain, share):
        given = {"frequency": 1000 * 2**octaves, "gain": gain}
        found = studio.run("try/score", "m.bellShare(given, { frequency: 1000, gain: 6 })", given)
        assert found == pytest.approx(share)

    def test_every_session_can_be_done_perfectly_and_seldom_by_luck(self, studio):
        best, lucky = studio.run(
            "try/score try/seeds",
            f"""(() => {{
              let [least, high, all] = [1, 0, 0];
              for (const seed of {SEEDS}) {{
                const {{ brief, takes, kind }} = m.session(seed);
                const lasts = Object.values(kind === "place" ? brief.place : m.EARS);
                const scores = takes.flatMap((_, chosen) => Object.keys(m.DIRECTIONS).flatMap((direction) =>
                  lasts.map((last) => m.studioScore({{ takes, chosen, direction, brief, last }}))));
                least = Math.min(least, Math.max(...scores));
                high += scores.filter((score) => m.band(score) === "high").length;
                all += scores.length;
              }}
              return [least, high / all];
            }})()""",
        )
        assert best == pytest.approx(1)
        assert lucky < 0.15

    def test_a_small_loudspeaker_is_asked_for_nothing_in_the_bass_or_the_room(self, studio):
        least, kinds = studio.run(
            "try/seeds",
            f"""[
              Math.min(...{SEEDS}.map((seed) => m.hiddenMix(seed, true).bell.frequency)),
              [...new Set({SEEDS}.map((seed) => m.session(seed, true).kind))],
            ]""",
        )
        assert least > 450 * 2**0.5
        assert kinds == ["ears"]

    def test_the_same_seed_is_the_same_audition_and_another_is_another(self, studio):
        same, other = studio.run(
            "try/seeds",
            """["hiddenMix", "session", "eightBars"].reduce(([same, other], name) => {
              const [a, b, c] = ["abc", "abc", "abd"].map((seed) => JSON.stringify(m[name](seed)));
              return [same && a === b, other && a !== c];
            }, [true, true])""",
        )
        assert same
        assert other


class TestSound:
    def test_every_take_is_equally_loud_wherever_the_microphone_is(self, studio):
        levels = studio.run(
            "engine try/studio try/seeds",
            """m.session("abc").takes.flatMap((take) => ["hand", "arm", "room"].map((place) => m.lufs(m.takeLoop(take, place))))""",
        )
        assert max(levels) - min(levels) <= 0.3
        assert levels[0] == pytest.approx(-20, abs=0.5)

    def test_the_two_mixes_are_equally_loud_whatever_the_hands_do(self, studio):
        levels = studio.run(
            "engine sounds try/mix try/seeds",
            """(async () => {
              const loops = await Promise.all(["drums", "bass", "keys", "lead"].map(m.loopOf));
              const gainOf = m.levels(loops[2]);
              const all = [m.hiddenMix("abc"), m.hiddenMix("abd")];
              all.push({ faders: [-6, -6, -6, -6], bell: { frequency: 1000, gain: 0 } });
              all.push({ faders: [-18, -18, 6, -18], bell: { frequency: 300, gain: 12 } });
              return Promise.all(all.map(async (mix) => {
                const buffer = await m.render(loops[0].duration, (context) => {
                  const output = new GainNode(context, { gain: gainOf(mix) });
                  for (const [i, loop] of loops.entries()) {
                    const bell = new BiquadFilterNode(context, { type: "peaking", Q: 1.41, ...mix.bell });
                    const fader = new GainNode(context, { gain: m.fromDb(mix.faders[i]) });
                    m.chain(m.loop(context, loop), ...(i === 2 ? [bell] : []), fader, output);
                  }
                  return output;
                });
                return m.lufs(buffer);
              }));
            })()""",
        )
        assert max(levels) - min(levels) <= 0.3

    def test_the_eight_bars_are_at_the_level_of_the_labs_in_every_combination(self, studio):
        levels = studio.run(
            "sound/loudness try/band try/seeds",
            """["abc", "abd"].flatMap((seed) => [[], ["swing", "pad", "bell", "notes", "kit", "gap"]].map((more) => {
              const song = m.scoreOf(m.eightBars(seed), { groove: 0, bass: 1, chords: 2, hook: 0 }, new Set(more));
              const lanes = m.LANES.filter((lane) => lane !== "pad" || more.length).map((lane) => m.laneOf(song, lane));
              return m.loudness([0, 1].map((side) => lanes[0][side].map((_, i) => lanes.reduce((sum, lane) => sum + lane[side][i], 0))));
            }))""",
        )
        assert all(abs(level + 20) <= 1 for level in levels)

    def test_the_bass_reaches_a_small_loudspeaker(self, studio):
        def loss(small: str) -> float:
            return phone_loss(
                studio.sound(
                    "try/band try/seeds",
                    f"""(() => {{
                      const chosen = {{ groove: 0, bass: 0, chords: 0, hook: 0 }};
                      return m.laneOf(m.scoreOf(m.eightBars("abc"), chosen, new Set(), {small}), "bass");
                    }})()""",
                )
            )

        assert loss("true") > loss("false") + 1
        assert loss("true") > -5


def start(page: Page, path: str, listen: str = "A loudspeaker") -> None:
    page.goto(path)
    page.get_by_label(listen).check()
    page.get_by_role("button", name="Start the ninety seconds").click()
    expect(page.get_by_role("button", name="Done")).to_be_visible()


def finish(page: Page) -> None:
    page.get_by_role("button", name="Done").click()
    expect(page.get_by_role("heading", name="What you did")).to_be_focused()


def tap(page: Page) -> None:
    page.get_by_label("good", exact=True).check()
    page.get_by_role("button", name="Yes", exact=True).click()


@pytest.mark.parametrize("size", [PHONE, DESK], ids=["phone", "desk"])
@pytest.mark.parametrize("path", ALL)
def test_it_starts_ends_and_goes_on(page, path, size):
    page.set_viewport_size(size)
    start(page, path)
    assert page.locator(".try-panel").bounding_box()["height"] <= size["height"]
    finish(page)
    assert page.evaluate("document.documentElement.scrollWidth <= innerWidth")
    expect(page.locator(".try-said li")).not_to_have_count(0)
    tap(page)
    expect(page).to_have_url(re.compile(r"/try/\?tried=[09]{3}$"))


@pytest.mark.parametrize("path", ALL)
def test_axe_finds_nothing_while_it_is_played_and_after(page, path):
    page.set_viewport_size(PHONE)
    start(page, path)
    for theme, rules in (("dark", RULES), ("light", COLOURS)):
        page.emulate_media(color_scheme=theme, reduced_motion="reduce")
        assert barriers(page, rules) == "", theme
    finish(page)
    assert barriers(page) == ""


@pytest.mark.parametrize("path", ALL)
def test_it_can_be_played_by_keyboard_alone(page, path):
    page.goto(path)
    page.get_by_role("button", name="Start the ninety seconds").focus()
    page.keyboard.press("Enter")
    expect(page.locator(".try-panel input").first).to_be_focused()
    page.keyboard.press("ArrowRight")
    page.get_by_role("button", name="Done").focus()
    page.keyboard.press("Enter")
    expect(page.get_by_role("heading", name="What you did")).to_be_focused()


def test_what_is_hidden_stays_out_of_the_page_until_it_is_done(page, studio):
    goal = studio.run("try/seeds", 'm.hiddenMix("abc", true)')
    start(page, f"{MIX}?seed=abc")
    frequency = f"{goal['bell']['frequency'] / 1000:.1f} kHz"
    assert frequency not in page.content()
    assert page.locator(".goal").get_attribute("d") == ""
    finish(page)
    expect(page.locator(".try-said")).to_contain_text(frequency)
    assert page.locator(".goal").get_attribute("d")


@pytest.mark.parametrize("listen", ["A loudspeaker", "Headphones"])
def test_perfect_hands_are_told_so(page, studio, listen):
    goal = studio.run("try/seeds", f"m.hiddenMix('abc', {'true' if listen == 'A loudspeaker' else 'false'})")
    start(page, f"{MIX}?seed=abc", listen)
    for name, db in zip(["Drums", "Bass", "Keys", "Tune"], goal["faders"], strict=True):
        if name == "Bass" and listen == "A loudspeaker":
            expect(page.get_by_label(name, exact=True)).to_be_hidden()
        else:
            page.get_by_label(name, exact=True).fill(str(db))
    page.get_by_label("Lift or cut").fill(str(goal["bell"]["gain"]))
    page.get_by_label("Bell, on keys").fill(str(round(12 * log2(goal["bell"]["frequency"] / 125))))
    finish(page)
    expect(page.locator(".try-said")).to_contain_text("0.0 dB off")
    assert page.locator("[name=band]").input_value() == "high"


def test_a_fader_follows_a_finger(page):
    start(page, MIX)
    handle = page.locator(".reach").first.bounding_box()
    x, y = handle["x"] + handle["width"] / 2, handle["y"] + handle["height"] / 2
    before = page.get_by_label("Drums").input_value()
    page.mouse.move(x, y)
    page.mouse.down()
    page.mouse.move(x, y - 20, steps=4)
    page.mouse.up()
    assert float(page.get_by_label("Drums").input_value()) > float(before)


def test_the_singer_does_what_she_is_told(page):
    page.set_viewport_size(PHONE)
    start(page, f"{STUDIO}?seed=abc")
    expect(page.locator(".brief")).not_to_be_empty()
    page.get_by_label("Take 2", exact=True).check()
    page.get_by_text("This take in words").click()
    before = page.locator(".take-words").inner_text()
    page.get_by_role("button", name="back row").click()
    expect(page.locator(".take-words")).not_to_have_text(before)
    page.locator("fieldset[data-last]:visible input").first.check()
    assert page.locator(".try-panel").bounding_box()["height"] <= PHONE["height"]
    finish(page)
    assert page.locator("[name=band]").input_value() in ("high", "middle", "low")


def test_a_layer_is_swapped_while_it_plays(page):
    start(page, f"{BEDROOM}?seed=abc")
    notes = page.locator(".notes-groove").get_attribute("d")
    page.locator(".try-layer").first.get_by_label("B", exact=True).check()
    expect(page.locator(".notes-groove")).not_to_have_attribute("d", notes)
    page.locator(".try-bars").click(position={"x": 9, "y": 9})
    expect(page.locator(".try-layer").first.get_by_label("C", exact=True)).to_be_checked()
    finish(page)
    expect(page.locator(".try-said")).to_contain_text("You swapped the beat twice.")
    assert page.locator("[name=band]").input_value() == ""


def test_an_address_without_a_seed_gets_one_that_a_friend_can_take(page):
    start(page, MIX)
    seed = re.search(r"seed=(\w{5})$", page.url)[1]
    finish(page)
    assert page.locator(".try-same").get_attribute("href") == f"{MIX}?seed={seed}"


def test_the_way_from_the_result_through_all_three_and_back(page):
    page.goto(f"/result/{CODE}/")
    page.get_by_role("link", name="Try it for ninety seconds").click()
    for name in ("Making", "Directing", "Mixing"):
        page.get_by_role("link", name=name).click()
        page.get_by_role("button", name="Start the ninety seconds").click()
        finish(page)
        tap(page)
        expect(page).not_to_have_url(re.compile("/done/"))
    expect(page).to_have_url(re.compile(rf"/result/{CODE}/\?tried=999$"))
    expect(page.get_by_role("heading", name="What it was like")).to_be_visible()


def test_a_friend_who_gets_the_address_sees_whose_it_is_and_what_it_was_like(page):
    page.goto(f"/result/{CODE}/?tried=10c")
    expect(page.get_by_text("Your friend is a")).to_be_visible()
    expect(page.get_by_role("heading", name="What it was like")).to_be_visible()


HEARD = """window.heard = [];
for (const kind of [OscillatorNode, AudioBufferSourceNode]) {
  const { start } = kind.prototype;
  kind.prototype.start = function (...given) {
    if (this.context instanceof AudioContext) window.heard.push(kind.name);
    return start.apply(this, given);
  };
}"""


@pytest.mark.parametrize("path", ALL)
def test_sticks_count_in_before_anything_is_made(page, path):
    page.add_init_script(HEARD)
    start(page, path)
    page.wait_for_function("() => heard.includes('AudioBufferSourceNode')")
    assert page.evaluate("heard[0]") == "OscillatorNode"


@pytest.mark.parametrize("path", ALL)
def test_an_audition_whose_code_comes_when_its_tab_was_left_is_silent_until_play_is_pressed(page, path):
    page.route("**/js/labs/*", lambda route: None)  # unanswered until the route is removed
    page.add_init_script(HEARD)
    page.goto(path)
    page.get_by_role("button", name="Start the ninety seconds").click()
    page.evaluate(LEAVE)
    page.unroute("**/js/labs/*")
    expect(page.get_by_role("button", name="Play the sound")).to_be_visible()
    assert page.evaluate("heard") == []
    page.evaluate(RETURN)
    page.get_by_role("button", name="Play the sound").click()
    page.wait_for_function("() => heard.includes('AudioBufferSourceNode')")
    expect(page.get_by_role("button", name="Stop the sound")).to_be_visible()


# Counts the sources that play, those that were stopped and those that have ended; `hurry` is how many times sooner than it is asked to
# each of them begins and ends.
SOURCES = """(() => {
  window.sources = { started: 0, stopped: 0, ended: 0, hurry: 1 };
  const { start, stop } = AudioBufferSourceNode.prototype;
  const sooner = (context, at) => context.currentTime + Math.max(0, at - context.currentTime) / sources.hurry;
  AudioBufferSourceNode.prototype.start = function (at, ...more) {
    sources.started += 1;
    this.addEventListener("ended", () => { sources.ended += 1 });
    start.call(this, sooner(this.context, at), ...more);
  };
  AudioBufferSourceNode.prototype.stop = function (at) {
    sources.stopped += 1;
    stop.call(this, sooner(this.context, at));
  };
})()"""


def test_a_lane_that_was_swapped_is_let_go(page):
    page.add_init_script(SOURCES)
    start(page, f"{BEDROOM}?seed=abc")
    page.wait_for_function("() => sources.started === 4")
    page.locator(".try-layer").first.get_by_label("B", exact=True).check()
    page.wait_for_function("() => sources.started === 5 && sources.ended === 1")
    page.evaluate("sources.stopped = 0")
    page.get_by_role("button", name="Stop the sound").click()
    assert page.evaluate("sources.stopped") == 4


def test_the_piece_ends_and_can_be_played_again(page):
    page.add_init_script(SOURCES)
    start(page, f"{BEDROOM}?seed=abc")
    page.wait_for_function("() => sources.started === 4")
    page.evaluate("sources.hurry = 20")
    finish(page)
    button = page.locator(".try-sound")
    expect(button).to_have_text("Play the sound")
    page.evaluate("sources.started = 0")
    button.click()
    page.wait_for_function("() => sources.started > 4")
    expect(button).to_have_text("Play the sound")


class TestBeforeTheQuiz:
    """Somebody tries first and answers later: the browser has kept it, for a result of their own."""

    @pytest.fixture
    def visitor(self, page):
        for told in ("00c", "500"):
            page.goto(f"/try/?tried={told}")
            page.wait_for_function("() => localStorage.getItem('producerguide.tried')?.includes('c')")
        return page

    def own(self, page: Page) -> None:
        page.evaluate("(code) => localStorage.setItem('producerguide.results', JSON.stringify([{ code }]))", CODE)
        page.goto(f"/result/{CODE}/")

    def test_the_result_offers_to_put_it_beside_the_answers(self, visitor):
        self.own(visitor)
        visitor.get_by_role("link", name="Put what you tried beside your answers").click()
        expect(visitor).to_have_url(re.compile(rf"/result/{CODE}/\?tried=50c$"))

    def test_a_friends_result_does_not(self, visitor):
        visitor.goto(f"/result/{CODE}/")
        expect(visitor.get_by_text("Your friend is a")).to_be_visible()
        expect(visitor.locator("[data-beside-answers]")).to_be_hidden()

    def test_what_a_friend_tried_is_not_kept(self, page):
        page.goto(f"/result/{CODE}/?tried=10c")
        expect(page.get_by_text("Your friend is a")).to_be_visible()
        assert page.evaluate("localStorage.getItem('producerguide.tried')") is None

    def test_it_is_forgotten_with_everything_else(self, visitor):
        visitor.goto("/about/")
        visitor.get_by_role("button", name="Forget all of it").click()
        self.own(visitor)
        expect(visitor.get_by_text("You are a")).to_be_visible()
        expect(visitor.locator("[data-beside-answers]")).to_be_hidden()


def test_without_scripts_two_taps_are_enough(without_scripts):
    without_scripts.goto(MIX)
    expect(without_scripts.get_by_role("heading", name="Without sound")).to_be_visible()
    expect(without_scripts.get_by_role("button", name="Start the ninety seconds")).to_be_hidden()
    tap(without_scripts)
    expect(without_scripts).to_have_url(re.compile(r"/try/\?tried=009$"))
