"""Every lab plays in every browser, whatever is chosen in it, and says so when the sound is taken away."""

from pathlib import Path

import pytest

from tests.browser.server import Site
from tests.browser.test_labs import LABS
from tests.browsers.drivers import KINDS, start_firefox
from tests.browsers.visitor import Visitor

lab = pytest.mark.parametrize("lab", LABS)

SOUNDS = r"return /−\d+ dB/.test(document.querySelector('.lab-transport .meter-value').textContent);"
SAYS = "return document.querySelector('.lab-status').textContent;"
CATCH = """const { resume } = AudioContext.prototype;
AudioContext.prototype.resume = function () {
  window.caught = this;
  return resume.call(this);
};"""
# Takes one choice after another that can be seen and was not taken yet, waits until it is heard, and tells what the lab has said.
TAKE_ALL = r"""const done = arguments[arguments.length - 1];
const part = (name) => document.querySelector(`.${name}`);
const said = [];
new MutationObserver(() => said.push(part("lab-status").textContent)).observe(part("lab-status"), { childList: true });
const taken = new Set();
const heard = () => /−\d+ dB/.test(part("meter-value").textContent);
const pause = () => new Promise((go) => setTimeout(go, 20));
async function all() {
  for (;;) {
    const choices = [...document.querySelectorAll(".lab input[type=radio]")];
    const choice = choices.find((radio) => !taken.has(radio) && radio.closest("label").checkVisibility());
    if (!choice || said.some(Boolean)) return;
    taken.add(choice);
    choice.click();
    if (part("lab-play").textContent === "Play") part("lab-play").click();
    part("meter-value").textContent = "";
    const latest = performance.now() + 20_000;
    while (!heard() && !said.some(Boolean)) {
      if (performance.now() > latest) said.push(`${choice.name} ${choice.value} is not heard`);
      await pause();
    }
  }
}
all().then(() => done([taken.size, said.filter(Boolean)]));"""


def open_and_play(visitor: Visitor, lab: str) -> None:
    visitor.open(f"/learn/{lab}/")
    visitor.tap(".lab-play")
    visitor.until(SOUNDS)


@pytest.mark.least
@lab
def test_a_lab_plays_within_one_tap(visitor: Visitor, lab: str):
    open_and_play(visitor, lab)
    assert visitor.run(SAYS) == ""


@lab
def test_a_lab_plays_whatever_is_chosen_in_it_and_stops(visitor: Visitor, lab: str):
    open_and_play(visitor, lab)
    taken, said = visitor.driver.execute_async_script(TAKE_ALL)
    assert said == []
    assert taken >= 2
    visitor.tap(".lab-play", "Stop")
    visitor.until("return document.querySelector('.meter-value').textContent === 'silent';")


def test_a_lab_says_that_the_sound_was_taken_away_and_plays_on_at_the_next_tap(visitor: Visitor):
    visitor.open(f"/learn/{LABS[0]}/")
    visitor.run(CATCH)
    visitor.tap(".lab-play")
    visitor.until(SOUNDS)
    visitor.run("return window.caught.suspend();")  # as a call does
    visitor.sees(".lab-status", "There is no sound")
    visitor.tap(".lab-play", "Play")
    visitor.until(SOUNDS)
    assert visitor.run(SAYS) == ""


def test_a_lab_says_that_there_is_no_sound_device(site: Site, tmp_path: Path):
    firefox = next(kind for kind in KINDS if kind.name == "Firefox")  # the others play into nothing
    if firefox.missing:
        pytest.skip(firefox.missing)
    with start_firefox(tmp_path, deaf=True) as driver:
        visitor = Visitor(driver, site.url)
        visitor.open(f"/learn/{LABS[0]}/")
        visitor.tap(".lab-play")
        visitor.sees(".lab-status", "There is no sound")
        visitor.sees(".lab-play", "Play")
