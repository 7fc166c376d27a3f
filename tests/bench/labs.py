"""`make labs`: how soon and how cleanly each listening lab plays, as a table.

The page's thread is slowed down four times, to the speed of a cheap phone. The browser cannot slow down the audio thread, so its
CPU time is measured: below a quarter of a core it would keep up on a core four times slower.

A last column names what fifty plays leave behind.
"""

import os
import tempfile
import time
from pathlib import Path

from playwright.sync_api import Browser, Page, sync_playwright

from quiz.catalogue import catalogue
from tests.bench.speed import cpu_seconds
from tests.browser import chromium
from tests.browser.leaks import left_by
from tests.browser.server import collect, serve

SLOWER, SECONDS, PLAYS = 4, 8, 50
# Also connects the output to an analyser, to find the first sample that is not silent.
TAP = """(() => {
  const connect = AudioNode.prototype.connect;
  AudioNode.prototype.connect = function (to, ...more) {
    if (to instanceof AudioDestinationNode && this.context instanceof AudioContext) {
      const tap = new AnalyserNode(this.context, { fftSize: 32768 });
      const samples = new Float32Array(32768);
      connect.call(this, tap);
      window.heard = this.context;
      const look = setInterval(() => {
        tap.getFloatTimeDomainData(samples);
        const before = samples.findIndex((sample) => Math.abs(sample) > 1e-5);
        if (before < 0) return;
        window.first = performance.now() - ((32768 - before) / this.context.sampleRate) * 1000 - window.tapped;
        clearInterval(look);
      }, 2);
    }
    return connect.call(this, to, ...more);
  };
  addEventListener("click", ({ timeStamp }) => { window.tapped ??= timeStamp; }, { capture: true });
})()"""


def main() -> None:
    os.environ["DJANGO_SETTINGS_MODULE"] = "producerguide.settings"
    settings = chromium.launch_settings()
    print(
        f"| lab | first sound, ms | at 1/{SLOWER} speed | cold, by touch | gaps in {SECONDS} s at 1/{SLOWER} | sound thread, % of a core "
        f"| left by {PLAYS} plays |"
    )
    print("|---|--:|--:|--:|--:|--:|---|")
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        collect(folder / "static")
        with serve(folder, folder / "static") as site, sync_playwright() as playwright:
            browser = playwright.chromium.launch(**settings)
            for lab in catalogue().topics:
                url = f"{site.url}/learn/{lab}/"
                warm, slow, cold = (first_sound(browser, url, how) for how in ("warm", "slow", "cold"))
                print(
                    f"| {lab} | **{warm[0]:.0f}** | {slow[0]:.0f} | {cold[0]:.0f} | **{slow[1]}** | {slow[2]:.1f} "
                    f"| {left(browser, url)} |",
                    flush=True,
                )
            browser.close()


def first_sound(browser: Browser, url: str, how: str) -> tuple[float, int, float]:
    """Milliseconds from the tap to the first sound, gaps, and the share of a core that the audio thread takes, in percent."""
    context = browser.new_context(has_touch=True)
    page = context.new_page()
    page.add_init_script(TAP)
    page.goto(url)
    if how == "slow":
        context.new_cdp_session(page).send("Emulation.setCPUThrottlingRate", {"rate": SLOWER})
    button = page.locator(".lab-play")
    button.scroll_into_view_if_needed()
    if how == "cold":
        button.tap()
    else:
        button.hover()
        page.wait_for_timeout(1500)  # a hand takes its time before it clicks
        button.click()
    page.wait_for_function("() => window.first !== undefined")
    milliseconds = page.evaluate("window.first")
    gaps, share = played(page) if how == "slow" else (0, 0.0)
    context.close()
    return milliseconds, gaps, share


def left(browser: Browser, url: str) -> str:
    with browser.new_context() as context:
        page = context.new_page()
        page.goto(url)
        page.locator(".lab-play").click()
        page.get_by_role("button", name="Stop").wait_for()
        found = left_by(page, PLAYS)
        return ", ".join(f"{count:g} {name}" for name, count in found.items()) or "nothing"


def played(page: Page) -> tuple[int, float]:
    before, started = sound_seconds(), time.monotonic()
    page.wait_for_timeout(1000 * SECONDS)
    share = 100 * (sound_seconds() - before) / (time.monotonic() - started)
    return page.evaluate("window.heard.playbackStats.underrunEvents"), share


def sound_seconds() -> float:
    """CPU time of every audio thread, of all Chromiums on this machine."""
    names = Path("/proc").glob("[0-9]*/task/*/comm")
    return sum(
        cpu_seconds(int(name.parts[2]), name.parts[4]) for name in names if name.read_text().startswith("AudioOutput")
    )


if __name__ == "__main__":
    main()
