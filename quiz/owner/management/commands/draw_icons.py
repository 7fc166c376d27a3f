from collections.abc import Iterator
from io import BytesIO
from itertools import cycle
from pathlib import Path
from typing import Any

from django.conf import settings
from django.core.management.base import BaseCommand, CommandParser
from PIL import Image, ImageDraw

from quiz import cards
from quiz.catalogue import Catalogue, catalogue
from quiz.inks import ink

# The icon's measures are in units of the SVG; ICO and PNG are one large drawing, scaled down.
UNITS, CORNER, WIDTH, APART, FOOT = 24, 5, 3.4, 5.5, 18
HEIGHTS = (7, 12, 4)
DRAWN = 3072  # a multiple of every size
ICO = (16, 32, 48)
QUESTION = "Which kind of music\nproducer should you\nbecome?"
SIZE = (1200, 630)  # of the card
MARGIN = 80
LEVELS = (73, 47, 86)
LEVELS_HEIGHT = 170
SEGMENTS = 40

# A role's line in the icon: its colour, the x of its middle, and the y of its top, without the round end.
Bar = tuple[str, float, float]


class Command(BaseCommand):
    help = (
        "Redraw the icons and the site's own card in the colours of static/css/inks.css. Commit the files afterwards."
    )

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("--folder", type=Path, default=settings.BASE_DIR / "static" / "img")

    def handle(self, *args: Any, folder: Path, **options: Any) -> None:
        for name, content in pictures(catalogue()).items():
            (folder / name).write_bytes(content)
            self.stdout.write(f"{name}: {len(content):,} bytes")


def pictures(catalogue: Catalogue) -> dict[str, bytes]:
    """Every picture by file name."""
    bars = list(_bars(catalogue))
    square, rounded = _icon(bars, 0).convert("RGB"), _icon(bars, CORNER)
    largest, *others = [rounded.reduce(DRAWN // size) for size in sorted(ICO, reverse=True)]
    return {
        "icon.svg": _svg(bars).encode(),
        "icon-192.png": _png(square.reduce(DRAWN // 192)),
        "icon-512.png": _png(square.reduce(DRAWN // 512)),
        "icon.ico": _saved(largest, "ICO", sizes=[(size, size) for size in ICO], append_images=others),
        "card.png": _png(_card(catalogue)),
    }


def _bars(catalogue: Catalogue) -> Iterator[Bar]:
    left = (UNITS - APART * (len(catalogue.roles) - 1)) / 2
    for number, (role, height) in enumerate(zip(catalogue.roles, cycle(HEIGHTS), strict=False)):
        yield ink(role).dark, left + APART * number, FOOT - height


def _svg(bars: list[Bar]) -> str:
    lines = "".join(f'<path d="M{x:g} {FOOT}V{top}" stroke="{colour}"/>' for colour, x, top in bars)
    return (
        f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {UNITS} {UNITS}">'
        f'<rect width="{UNITS}" height="{UNITS}" rx="{CORNER}" fill="{ink("ground").dark}"/>'
        f'<g fill="none" stroke-width="{WIDTH}" stroke-linecap="round">{lines}</g></svg>\n'
    )


def _icon(bars: list[Bar], corner: float) -> Image.Image:
    image, unit, half = Image.new("RGBA", (DRAWN, DRAWN)), DRAWN / UNITS, WIDTH / 2
    draw = ImageDraw.Draw(image)
    draw.rounded_rectangle((0, 0, DRAWN - 1, DRAWN - 1), corner * unit, ink("ground").dark)
    for colour, x, top in bars:
        edges = (x - half, top - half, x + half, FOOT + half)
        draw.rounded_rectangle([edge * unit for edge in edges], half * unit, colour)
    return image


def _card(catalogue: Catalogue) -> Image.Image:
    """The card of all pages but results."""
    image = Image.new("RGB", SIZE, ink("ground").dark)
    draw = ImageDraw.Draw(image)
    _head(draw, catalogue)
    draw.multiline_text((MARGIN, 140), QUESTION, ink("text").dark, cards.font(72), spacing=12)
    apart = min(56, LEVELS_HEIGHT // len(catalogue.roles))
    for row, (role, level) in enumerate(zip(catalogue.roles, cycle(LEVELS), strict=False)):
        _level(draw, 430 + apart * row, level, ink(role).dark)
    return image


def _head(draw: ImageDraw.ImageDraw, catalogue: Catalogue) -> None:
    """The mark, with a bar for each role, and the name of the site."""
    x = MARGIN
    for role, top in zip(catalogue.roles, cycle(cards.BARS), strict=False):
        draw.rounded_rectangle((x, 56 + top, x + 9, 104), 4, ink(role).dark)
        x += 18
    draw.text((x + 6, 62), "ProducerGuide", ink("muted").dark, cards.font(32))


def _level(draw: ImageDraw.ImageDraw, y: int, level: float, colour: str) -> None:
    """A level meter that shows 0 to 100."""
    step = (SIZE[0] - 2 * MARGIN) / SEGMENTS
    for segment in range(SEGMENTS):
        x = MARGIN + segment * step
        lit = (segment + 0.5) / SEGMENTS <= level / 100
        draw.rectangle((x, y + 2, x + step * 0.66, y + 34), colour if lit else ink("raised").dark)


def _png(image: Image.Image) -> bytes:
    return _saved(image.quantize(64), "PNG", optimize=True)


def _saved(image: Image.Image, form: str, **options: Any) -> bytes:
    buffer = BytesIO()
    image.save(buffer, form, **options)
    return buffer.getvalue()
