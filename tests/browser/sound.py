"""Runs the modules of the labs in Chromium, renders their sound offline at 48 kHz, and returns the samples for measuring."""

import base64
from dataclasses import dataclass
from typing import Any

import numpy as np
from django.contrib.staticfiles.storage import staticfiles_storage
from playwright.sync_api import Page

RATE = 48_000
ENCODE = """(samples) => {
  const bytes = new Uint8Array(new Float32Array(samples).buffer);
  let text = "";
  for (let i = 0; i < bytes.length; i += 32768) text += String.fromCharCode(...bytes.subarray(i, i + 32768));
  return btoa(text);
}"""


@dataclass(frozen=True)
class Studio:
    """`modules` are names of files in static/js/labs; in a script, `m` has all their exports."""

    page: Page

    def run(self, modules: str, script: str, argument: Any = None) -> Any:
        """The value of an expression, after awaiting it; `given` is its argument."""
        urls = [staticfiles_storage.url(f"js/labs/{name}.js") for name in modules.split()]
        return self.page.evaluate(
            f"""async ([urls, given]) => {{
              const m = Object.assign({{}}, ...(await Promise.all(urls.map((url) => import(url)))));
              return await ({script});
            }}""",
            [urls, argument],
        )

    def samples(self, modules: str, script: str, argument: Any = None) -> np.ndarray:
        """The samples of the AudioBuffer that an expression returns."""
        text = self.run(modules, f"({ENCODE})((await ({script})).getChannelData(0))", argument)
        return np.frombuffer(base64.b64decode(text), "<f4").astype(float)

    def render(self, modules: str, seconds: float, script: str, argument: Any = None) -> np.ndarray:
        """The samples that the node returned by an expression plays; it is made in `context`."""
        return self.samples(f"engine {modules}", f"m.render({seconds}, async (context) => {script})", argument)


def db(ratio: Any) -> Any:
    return 20 * np.log10(np.maximum(ratio, 1e-9))


def rms(samples: np.ndarray) -> float:
    return float(np.sqrt(np.mean(samples**2)))


def response(impulse: np.ndarray, hertz: float) -> float:
    """The gain of an impulse response at a frequency, in decibels."""
    turns = np.exp(-2j * np.pi * hertz * np.arange(len(impulse)) / RATE)
    return float(db(abs(np.sum(impulse * turns))))
