"""Runs the modules of the labs in Chromium, renders their sound offline at 48 kHz, and returns the samples for measuring."""

import base64
from dataclasses import dataclass
from functools import cache
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
    """`modules` are names of files in static/js/labs, or in another folder of static/js (`sound/drums`); in a script, `m` has all their
    exports."""

    page: Page

    def run(self, modules: str, script: str, argument: Any = None) -> Any:
        """The value of an expression, after awaiting it; `given` is its argument."""
        paths = [name if "/" in name else f"labs/{name}" for name in modules.split()]
        urls = [staticfiles_storage.url(f"js/{path}.js") for path in paths]
        return self.page.evaluate(
            f"""async ([urls, given]) => {{
              const m = Object.assign({{}}, ...(await Promise.all(urls.map((url) => import(url)))));
              return await ({script});
            }}""",
            [urls, argument],
        )

    def samples(self, modules: str, script: str, argument: Any = None) -> np.ndarray:
        """The samples of the AudioBuffer that an expression returns."""
        return decoded(self.run(modules, f"({ENCODE})((await ({script})).getChannelData(0))", argument))

    def sound(self, modules: str, script: str, argument: Any = None) -> np.ndarray:
        """The two sides of a sound of static/js/sound, or of an AudioBuffer, as rows."""
        sides = "Array.from(s.getChannelData ? [0, Math.min(1, s.numberOfChannels - 1)].map((n) => s.getChannelData(n)) : s)"
        texts = self.run(modules, f"Promise.resolve({script}).then((s) => {sides}.map({ENCODE}))", argument)
        return np.array([decoded(text) for text in texts])

    def sounds(self, modules: str, script: str, argument: Any = None) -> list[np.ndarray]:
        """The two sides of each of the AudioBuffers that an expression returns: what is made at once is asked for once."""
        sides = "[0, Math.min(1, s.numberOfChannels - 1)].map((n) => s.getChannelData(n))"
        made = self.run(modules, f"({script}).then((all) => all.map((s) => {sides}.map({ENCODE})))", argument)
        return [np.array([decoded(text) for text in texts]) for texts in made]

    def stereo(self, modules: str, seconds: float, script: str, argument: Any = None) -> np.ndarray:
        """The two sides of what the node returned by an expression plays."""
        return self.sound(f"engine {modules}", f"m.render({seconds}, async (context) => {script})", argument)

    def render(self, modules: str, seconds: float, script: str, argument: Any = None) -> np.ndarray:
        """The left side of what the node returned by an expression plays; it is made in `context`."""
        return self.samples(f"engine {modules}", f"m.render({seconds}, async (context) => {script})", argument)


def decoded(text: str) -> np.ndarray:
    return np.frombuffer(base64.b64decode(text), "<f4").astype(float)


def db(ratio: Any) -> Any:
    return 20 * np.log10(np.maximum(ratio, 1e-9))


def rms(samples: np.ndarray) -> float:
    return float(np.sqrt(np.mean(samples**2)))


def response(impulse: np.ndarray, hertz: float) -> float:
    """The gain of an impulse response at a frequency, in decibels."""
    turns = np.exp(-2j * np.pi * hertz * np.arange(len(impulse)) / RATE)
    return float(db(abs(np.sum(impulse * turns))))


def _length(samples: int) -> int:
    """The next length that is quickly taken apart: that of a song may be any number, even a prime."""
    return 1 << (samples - 1).bit_length()


def _powers(sides: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
    """Frequencies, and the power of both sides at each."""
    length = _length(sides.shape[1])
    return np.fft.rfftfreq(length, 1 / RATE), (np.abs(np.fft.rfft(sides, length)) ** 2).sum(axis=0)


def lufs(sides: np.ndarray) -> float:
    """Integrated loudness after ITU-R BS.1770-4, written apart from static/js/sound/loudness.js: by spectra. A single side is played on
    both."""
    if sides.ndim == 1:
        sides = np.array([sides, sides])
    size, step = round(0.4 * RATE), round(0.1 * RATE)
    starts = range(0, max(1, sides.shape[1] - size + 1), step)
    length = _length(sides.shape[1] + RATE)  # a second for what the filters ring
    filtered = np.fft.irfft(np.fft.rfft(sides, length) * _weights(length))[:, : sides.shape[1]]
    blocks = np.array([(filtered[:, at : at + size] ** 2).mean(axis=1).sum() for at in starts])
    loud = blocks[blocks > 10 ** ((-70 + 0.691) / 10)]
    if not len(loud):
        return -np.inf
    return float(-0.691 + 10 * np.log10(loud[loud > loud.mean() / 10].mean()))


@cache
def _weights(length: int) -> np.ndarray:
    return _weighting(np.fft.rfftfreq(length, 1 / RATE))


def _weighting(hertz: np.ndarray) -> np.ndarray:
    """The two filters of BS.1770 at 48 kHz."""
    z = np.exp(-2j * np.pi * hertz / RATE)
    head = (1.53512485958697 - 2.69169618940638 * z + 1.19839281085285 * z**2) / (
        1 - 1.69065929318241 * z + 0.73248077421585 * z**2
    )
    return head * (1 - z) ** 2 / (1 - 1.99004745483398 * z + 0.99007225036621 * z**2)


def _heard(sides: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
    """Frequencies, and the power at each as BS.1770 weighs it."""
    hertz, powers = _powers(sides)
    return hertz, powers * np.abs(_weights(2 * len(hertz) - 2)) ** 2


def phone_loss(sides: np.ndarray) -> float:
    """What the speaker of a phone (450 Hz, fourth order) takes away, in LU: 0 or less."""
    hertz, heard = _heard(sides)
    return float(10 * np.log10((heard / (1 + (450 / np.maximum(hertz, 1e-9)) ** 8)).sum() / heard.sum()))


def mono_loss(sides: np.ndarray) -> float:
    """What is lost when both sides go to one speaker, in LU: 0 or less."""
    middle = sides.mean(axis=0, keepdims=True)
    return float(10 * np.log10(2 * _heard(middle)[1].sum() / _heard(sides)[1].sum()))


def octaves(sides: np.ndarray, middles: tuple[float, ...]) -> np.ndarray:
    """The power in the octave around each frequency, in decibels."""
    hertz, powers = _powers(sides)
    return np.array(
        [10 * np.log10(powers[(hertz >= m / 2**0.5) & (hertz < m * 2**0.5)].sum() + 1e-15) for m in middles]
    )


def off_slope(sides: np.ndarray) -> float:
    """How far the octaves from 125 Hz to 8 kHz are from the nearest slope of 3 to 4.5 dB an octave, at most, in decibels."""
    levels = octaves(sides, (125, 250, 500, 1000, 2000, 4000, 8000))
    errors = []
    for slope in np.linspace(-4.5, -3, 16):
        rest = levels - slope * np.arange(7)
        errors.append((rest.max() - rest.min()) / 2)
    return float(min(errors))


def flatness(samples: np.ndarray, low: float, high: float) -> float:
    """The geometric over the arithmetic mean of the powers in a band: 0.56 for noise, near 0 for tones."""
    hertz = np.fft.rfftfreq(len(samples), 1 / RATE)
    powers = np.abs(np.fft.rfft(samples))[(hertz > low) & (hertz < high)] ** 2
    return float(np.exp(np.log(powers + 1e-20).mean()) / powers.mean())


def rt60(samples: np.ndarray, middle: float) -> float:
    """How many seconds an octave of an impulse response takes to fall by 60 dB, from its fall between -5 and -25 dB."""
    # A band without corners, and room for what it rings: otherwise that is measured too.
    length = 2 * len(samples)
    hertz = np.maximum(np.fft.rfftfreq(length, 1 / RATE), 1)
    inside = np.exp(-0.5 * (np.log2(hertz / middle) / 0.35) ** 2)
    band = np.fft.irfft(np.fft.rfft(samples, length) * inside, length)[: len(samples)]
    left = np.cumsum(band[::-1] ** 2)[::-1]
    level = 10 * np.log10(np.maximum(left / left[0], 1e-12))
    fall = (level < -5) & (level > -25)
    slope, _ = np.polyfit(np.arange(len(samples))[fall] / RATE, level[fall], 1)
    return float(-60 / slope)
