"""Every lab plays in every browser, whatever is chosen in it, and says so when the sound is taken away."""

import pytest

from tests.browser.test_labs import LABS
from tests.browsers.visitor import Visitor

lab = pytest.mark.parametrize("lab", LABS)

SOUNDS = r"return /−\d+ dB/.test(document.querySelector('.lab-transport .meter-value').textContent);"
SAYS = "return document.querySelector('.lab-status').textContent;"
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
    while (!heard() && !said.some(Boolean)) await pause();
  }
}
all().then(() => done([taken.size, said.filter(Boolean)]));"""


@pytest.mark.least
@lab
def test_a_lab_plays_whatever_is_chosen_in_it(visitor: Visitor, lab: str):
    visitor.open(f"/learn/{lab}/")
    visitor.tap(".lab-play")
    visitor.until(SOUNDS)
    taken, said = visitor.driver.execute_async_script(TAKE_ALL)
    assert said == []
    assert taken >= 2
    visitor.tap(".lab-play", "Stop")
    visitor.until("return document.querySelector('.meter-value').textContent === 'silent';")
