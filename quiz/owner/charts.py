"""Numbers → SVG path data for the charts that templates draw."""

from collections.abc import Sequence

FEW = 100  # up to so many columns there is a gap between them
STEPS = (10, 20, 30, 40, 60, 80, 100)


def axis(most: int) -> int:
    """The end of an axis: the smallest round number from `most` on whose half is round too."""
    power = 1
    while STEPS[-1] * power < most:
        power *= 10
    return next(step * power for step in STEPS if step * power >= most)


def stacks(columns: Sequence[Sequence[int]], end: int) -> list[str]:
    """The path data of each series in a stacked column chart, one unit wide for each column and `end` units high."""
    width = 0.8 if len(columns) <= FEW else 1
    paths: list[list[str]] = [[] for _ in columns[0]]
    for x, column in enumerate(columns):
        y = end
        for path, value in zip(paths, column, strict=True):
            if value:
                path.append(f"M{x} {y}h{width}v-{value}h-{width}z")
            y -= value
    return ["".join(path) for path in paths]
