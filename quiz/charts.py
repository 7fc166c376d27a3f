"""The geometry of drawings: numbers → the path data of an SVG, which templates draw."""

from collections.abc import Iterable, Sequence
from itertools import count

WIDTH = 0.8  # of a column; the rest is the gap to the next


def axis(most: int) -> int:
    """The end of an axis: the first of 10, 20, 50, 100, 200 … that is not below `most`."""
    return next(end for power in count(1) for end in (10**power, 2 * 10**power, 5 * 10**power) if end >= most)


def stacks(columns: Iterable[Sequence[int]], end: int) -> list[str]:
    """For each series the path data of its part of every column, on a canvas as wide as there are columns and `end` high."""
    paths: list[list[str]] = []
    for x, column in enumerate(columns):
        y = end
        paths = paths or [[] for _ in column]
        for path, value in zip(paths, column, strict=True):
            if value:
                path.append(f"M{x} {y}h{WIDTH}v-{value}h-{WIDTH}z")
            y -= value
    return ["".join(path) for path in paths]
