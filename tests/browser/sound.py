"""The labs' own modules, run in Chromium: sound is rendered offline at 48 kHz, and its samples come back to be measured."""

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
    """`modules` are named as in static/js/labs; a script is JavaScript that finds what they export in `m`."""

    page: Page

    def run(self, modules: str, script: str, argument: Any = None) -> Any:
        """What an expression gives, promises awaited; `given` is the argument."""
        urls = [staticfiles_storage.url(f"js/labs/{name}.js") for name in modules.split()]
        return self.page.evaluate(
            f"""async ([urls, given]) => {{
              const m = Object.assign({{}}, ...(await Promise.all(urls.map((url) => import(url)))));
              return await ({script});
            }}""",
            [urls, argument],
        )

    def samples(self, modules: str, script: str, argument: Any = None) -> np.ndarray:
        """The samples of the AudioBuffer that an expression gives."""
        text = self.run(modules, f"({ENCODE})((await ({script})).getChannelData(0))", argument)
        return np.frombuffer(base64.b64decode(text), "<f4").astype(float)

    def render(self, modules: str, seconds: float, script: str, argument: Any = None) -> np.ndarray:
        """The sound of a node, or a chain's end, that an expression makes in `context`."""
        return self.samples(f"engine {modules}", f"m.render({seconds}, async (context) => {script})", argument)


def db(ratio: Any) -> Any:
    return 20 * np.log10(np.maximum(ratio, 1e-9))


def rms(samples: np.ndarray) -> float:
    return float(np.sqrt(np.mean(samples**2)))


def response(impulse: np.ndarray, hertz: float) -> float:
    """The gain in decibels that an impulse response has at a frequency."""
    turns = np.exp(-2j * np.pi * hertz * np.arange(len(impulse)) / RATE)
    return float(db(abs(np.sum(impulse * turns))))
