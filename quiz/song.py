"""Answers → the song of a result, as it is drawn: sections, and clips that each say which answer made them.

The library of parts is static/js/song/parts.js, which the browser plays. score.js there makes notes of the same decisions.
"""

import json
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Any, NamedTuple

from quiz.domain import Answers

PARTS = Path(__file__).parent.parent / "static" / "js" / "song" / "parts.js"
# The rows of the drawing, and the lanes of the song in each: a phone has room for four.
ROWS = {
    "Drums": ("drums", "percussion"),
    "Bass": ("bass", "song"),
    "Chords": ("chords", "pad", "space"),
    "Hook": ("hook",),
}
TOPS = {name: 24 + 40 * number for number, name in enumerate(ROWS)}  # where a row is drawn
PLAYED = {
    "Drums": "groove",
    "Bass": "bass",
    "Chords": "chords",
    "Hook": "hook",
}  # what the notes of a row are drawn from
# What is shown where: the row, the decision, the first bar of the section and the number of bars. Every decision stands somewhere.
LAYOUT = {
    "first": (
        ("Drums", "groove", 0, 7), ("Drums", "fill", 7, 1), ("Bass", "bass", 0, 8), ("Chords", "chords", 0, 5),
        ("Chords", "comping", 5, 3), ("Hook", "hook", 0, 8),
    ),
    "verse": (
        ("Drums", "kit", 0, 4), ("Drums", "percussion", 4, 4), ("Bass", "tempo", 1, 7), ("Chords", "key", 0, 4),
        ("Chords", "space", 4, 4), ("Hook", "voice", 3, 5),
    ),
    "last": (("Drums", "feel", 0, 8), ("Bass", "bass", 0, 8), ("Chords", "chords", 0, 8), ("Hook", "hook", 0, 8)),
}  # fmt: skip


class Clip(NamedTuple):
    """A block of the drawing, in bars from the first chorus on, of all the bars there are. `number` is the question whose answer made it, from 0."""

    row: str
    start: int
    bars: int
    of: int
    number: int
    decision: str
    choice: str
    notes: str  # an SVG path, 16 wide for each bar and 10 high

    @property
    def x(self) -> str:
        return place(self.start, self.of)

    @property
    def y(self) -> int:
        return TOPS[self.row]

    @property
    def width(self) -> str:
        return place(self.bars - 0.1, self.of)


@dataclass(frozen=True)
class Section:
    name: str
    start: int
    bars: int


@dataclass(frozen=True)
class Song:
    """`seconds` is its length, `bar` how long a bar takes."""

    bars: int
    bar: float
    tempo: int
    sections: tuple[Section, ...]
    clips: tuple[Clip, ...]

    @property
    def seconds(self) -> float:
        return (self.bars + 0.5) * self.bar


@dataclass(frozen=True)
class Slot:
    """The place of an answer while the questionnaire is filled in."""

    number: int
    row: str
    decision: str


@cache
def _parts() -> dict[str, Any]:
    text = PARTS.read_text(encoding="utf-8")
    loaded: dict[str, Any] = json.loads(text.partition("\nexport default")[2].strip().removesuffix(";"))
    return loaded


def slots(count: int) -> tuple[Slot, ...]:
    """A slot for each of so many answers; those beyond the decisions of a song change the player's hand."""
    decisions = _parts()["decisions"]
    return tuple(
        Slot(number, _row(decision["lane"]), decision["name"]) for number, decision in enumerate(decisions[:count])
    )


def song_of(answers: Answers) -> Song:
    """The song of complete answers, as drawn."""
    chosen = _chosen(answers.picks)
    tempo = chosen["tempo"][1]["tempo"]
    sections = tuple(_sections(tempo))
    bars = sections[-1].start + sections[-1].bars + 1
    return Song(bars, 240 / tempo, tempo, sections, tuple(_clips(sections, bars, chosen)))


def place(bars: float, of: int) -> str:
    """A place in the drawing as a share of its width, in per cent."""
    return f"{100 * bars / of:.2f}"


def _chosen(picks: tuple[int, ...]) -> dict[str, tuple[int, dict[str, Any], str]]:
    """By decision: the number of its question, what was chosen, and what one calls the decision."""
    chosen = {}
    for number, decision in enumerate(_parts()["decisions"]):
        pick = picks[number] if number < len(picks) else 0
        chosen[decision["id"]] = (number, decision["choices"][pick % len(decision["choices"])], decision["name"])
    return chosen


def _sections(tempo: int) -> Iterator[Section]:
    """60 to 90 seconds: the slower, the fewer bars; like formOf in score.js."""
    last = [4] if tempo < 84 else [8] if tempo < 112 else [8, 4]
    start = 0
    for name, bars in [("Chorus", 8), ("Verse", 8), ("Break", 4), *(("Chorus", bars) for bars in last)]:
        yield Section(name, start, bars)
        start += bars


def _clips(
    sections: tuple[Section, ...], of: int, chosen: dict[str, tuple[int, dict[str, Any], str]]
) -> Iterator[Clip]:
    def clip(row: str, start: int, bars: int, decision: str) -> Clip:
        number, choice, name = chosen[decision]
        notes = _notes(row, chosen[PLAYED[row]][1]["name"], bars)
        return Clip(row, start, bars, of, number, name, choice["name"], notes)

    heard = {_row(lane) for lane in chosen["break"][1]["lanes"]}
    for section in sections:
        if section.name == "Break":
            yield from (clip(row, section.start, section.bars, "break") for row in ROWS if row in heard)
            continue
        layout = LAYOUT["verse" if section.name == "Verse" else "last" if section.start else "first"]
        for row, decision, start, bars in layout:
            yield clip(row, section.start + start, min(bars, section.bars), decision)
    end = sections[-1].start + sections[-1].bars
    yield from (clip(row, end, 1, "ending") for row in ROWS)


@cache
def _notes(row: str, name: str, bars: int) -> str:
    """The notes of a clip as an SVG path: hits, steps, three lines a chord, or a tune."""
    (decision,) = (one for one in _parts()["decisions"] if one["id"] == PLAYED[row])
    (choice,) = (one for one in decision["choices"] if one["name"] == name)
    return "".join(f"M{x} {y}{'v' if row == 'Drums' else 'h'}{length}" for x, y, length in DRAWN[row](choice, bars))


def _hits(choice: dict[str, Any], bars: int) -> Iterator[tuple[float, float, float]]:
    for voice, height in (("kick", 9), ("snare", 6)):
        pattern = (choice[voice] * bars)[: 16 * bars]
        yield from ((x + 0.5, 10 - height, height) for x, mark in enumerate(pattern) if mark != ".")


def _steps(choice: dict[str, Any], bars: int) -> Iterator[tuple[float, float, float]]:
    heights = {"r": 8, "f": 5, "o": 2, "a": 6.5}
    for x, mark in enumerate(choice["bass"] * bars):
        if mark in heights:
            yield x, heights[mark], 1.6


def _chords(choice: dict[str, Any], bars: int) -> Iterator[tuple[float, float, float]]:
    for bar, degree in enumerate(choice["chords"][:bars]):
        yield from ((16 * bar + 1, round(9 - 0.6 * degree - 2 * voice, 1), 14) for voice in range(3))


def _tune(choice: dict[str, Any], bars: int) -> Iterator[tuple[float, float, float]]:
    for half in range(0, 16 * bars, 64):
        yield from (
            (half + x, 9 - degree, length - 0.4) for x, length, degree in choice["notes"] if half + x < 16 * bars
        )


DRAWN = {"Drums": _hits, "Bass": _steps, "Chords": _chords, "Hook": _tune}


def _row(lane: str) -> str:
    return next(row for row, lanes in ROWS.items() if lane in lanes)
