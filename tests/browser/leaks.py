"""What plays of a lab leave behind in the browser."""

from playwright.sync_api import Page

# The last play goes on, because a context frees nodes only while it runs.
PLAYS = """async (plays) => {
  if (!window.again) {
    const { mount } = await import([...document.querySelectorAll("head link[rel=modulepreload]")].at(-1).href);
    window.sounding = new AudioContext({ sampleRate: 48000 });
    window.again = mount(document.querySelector(".lab"), sounding);
  }
  for (let i = 0; i < plays; i++) {
    window.again.stop();
    await window.again.play();
  }
}"""


def left_by(page: Page, plays: int) -> dict[str, float]:
    """What more there is after so many plays than after five: nothing that a lab which frees what it made would leave.

    Of twenty plays it catches one node leaked by each, of fifty one leaked by every second play. A few are allowed, which the audio
    thread has not freed yet or which an arrangement has just made for its next bars.
    """
    most = {"AudioHandlers": max(15, plays / 2), "Nodes": plays, "JSHeapUsedSize": 500_000}
    session = page.context.new_cdp_session(page)
    session.send("Performance.enable")

    def there() -> dict[str, float]:
        # Twice: objects freed in the first round release others for the second.
        session.send("HeapProfiler.collectGarbage")
        session.send("HeapProfiler.collectGarbage")
        found = {found["name"]: found["value"] for found in session.send("Performance.getMetrics")["metrics"]}
        return {name: found[name] for name in most}

    page.evaluate(PLAYS, 5)
    play_on(page)
    first = there()
    page.evaluate(PLAYS, plays)
    # On a busy machine the audio thread frees them late.
    for _ in range(20):
        more = {name: count - first[name] for name, count in there().items()}
        if all(more[name] <= most[name] for name in most):
            return {}
        play_on(page)
    return more


def play_on(page: Page) -> None:
    """Until the audio thread, which frees what has stopped, is a quarter of a second further. On a busy machine a device may take so long
    to begin that the player gives it up, and nothing would go on."""
    page.wait_for_function(
        "until => { if (sounding.state !== 'running') sounding.resume(); return sounding.currentTime >= until; }",
        arg=page.evaluate("sounding.currentTime") + 0.25,
    )
