"""The colours of static/css/inks.css, for cards, icons and the browser's own frame, which no style sheet reaches."""

import re
from functools import cache
from pathlib import Path
from typing import NamedTuple

FILE = Path(__file__).parent.parent / "static" / "css" / "inks.css"
TOKEN = re.compile(r"--([a-z0-9-]+): light-dark\((#[0-9a-f]{6}), (#[0-9a-f]{6})\);")


class Ink(NamedTuple):
    light: str
    dark: str


class InkError(LookupError):
    """inks.css has no such colour."""


def ink(name: str) -> Ink:
    """A colour by its name; a role's colour has the role's id."""
    try:
        return inks()[name]
    except KeyError:
        raise InkError(f"{FILE.name} has no line “--{name}: light-dark(#rrggbb, #rrggbb);”") from None


@cache
def inks() -> dict[str, Ink]:
    """Every colour, in the order of the file."""
    return {name: Ink(light, dark) for name, light, dark in TOKEN.findall(FILE.read_text(encoding="utf-8"))}
