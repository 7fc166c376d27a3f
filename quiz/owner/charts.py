"""The geometry of drawings: numbers → the path data of an SVG, which templates draw."""

from collections.abc import Sequence

FEW = 100  # columns, up to which there is a gap between them
STEPS = (10, 20, 30, 40, 60, 80, 100)


def axis(most: int) -> int:
    """The end of an axis: the first round number, with a round half, that is not below `most`."""
    power = 1
    while STEPS[-1] * power < most:
        power *= 10
    return next(step * power for step in STEPS if step * power >= most)


def stacks(columns: Sequence[Sequence[int]], end: int) -> list[str]:
    """For each series the path data of its part of every column, on a canvas as wide as there are columns and `end` high."""
    width = 0.8 if len(columns) <= FEW else 1
    paths: list[list[str]] = [[] for _ in columns[0]]
    for x, column in enumerate(columns):
        y = end
        for path, value in zip(paths, column, strict=True):
            if value:
                path.append(f"M{x} {y}h{width}v-{value}h-{width}z")
            y -= value
    return ["".join(path) for path in paths]
