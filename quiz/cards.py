"""A result as pictures and a QR code."""

from dataclasses import dataclass
from functools import cache
from io import BytesIO
from itertools import cycle
from pathlib import Path

import segno
from PIL import Image, ImageDraw, ImageFont
from resvg_py import svg_to_bytes

from quiz.catalogue import Catalogue
from quiz.domain import RoleId
from quiz.inks import ink
from quiz.result import Result, first_person

HERE = Path(__file__).parent.parent
FONT = HERE / "static" / "fonts" / "archivo-700-112.woff2"
ART = HERE / "templates" / "art"
# A card is always dark, in either theme. Of these the drawings of the roles are made, see static/css/art.css.
INKS = {name: ink(name).dark for name in ("ground", "panel", "raised", "line", "muted", "text")}
WALL_AND_DESK = 3  # shapes, with which a drawing begins
DESK = 200  # the height at which the desk begins
BARS = (22, 6, 32)  # the top of each bar in the mark
COLOURS = 128


@dataclass(frozen=True)
class Sheet:
    """Where things are on a picture, in pixels. `art` is the left edge of the drawing, `desk` the top of its desk, and `scale` the
    pixels to a unit of it; `words` is how wide and how high the reason may be, `letters` the sizes of name, reason, question and
    address."""

    size: tuple[int, int]
    margin: int
    name: int
    reason: int
    question: int
    art: int
    desk: int
    scale: float
    words: tuple[int, int]
    letters: tuple[int, int, int, int]


CARD = Sheet((1200, 630), 64, 48, 112, 506, 438, 470, 1.6, (424, 344), (34, 76, 48, 26))
STORY = Sheet((1080, 1350), 72, 62, 140, 1144, -22, 887, 2.34, (936, 320), (50, 104, 88, 38))


def picture(result: Result, catalogue: Catalogue, site: str, sheet: Sheet, felt: str = "") -> bytes:
    """A PNG: the role in its room, its side, the strongest reason as the taker would say it, what they `felt` in the auditions, a
    question to whoever sees it, and the host of the site as `site`."""
    profile = result.profile
    image = _room(profile.role, tuple(catalogue.roles), site, sheet).copy()
    draw = ImageDraw.Draw(image)
    name = ", ".join(part.name for part in (catalogue.roles[profile.role], result.accent) if part)
    width = sheet.size[0] - 2 * sheet.margin
    draw.text((sheet.margin, sheet.name), name, ink(profile.role).dark, _fitting(name, sheet.letters[0], width))
    says = first_person(result.reasons_for[0].options[0].because[profile.role]) if result.reasons_for else "Here I am"
    text, letters = set_in(f"{says}. {felt}." if felt else says, sheet)
    draw.multiline_text((sheet.margin, sheet.reason), text, INKS["text"], letters, spacing=letters.size / 16)
    buffer = BytesIO()
    image.quantize(COLOURS, Image.Quantize.FASTOCTREE, dither=Image.Dither.NONE).save(buffer, "PNG")
    return buffer.getvalue()


@cache
def _room(role: RoleId, roles: tuple[RoleId, ...], site: str, sheet: Sheet) -> Image.Image:
    """What all pictures of a role have in common."""
    width, height = sheet.size
    image = Image.new("RGB", sheet.size, INKS["panel"])
    draw = ImageDraw.Draw(image)
    draw.rectangle((0, sheet.desk, width, height), INKS["raised"])
    draw.line((0, sheet.desk, width, sheet.desk), INKS["line"], round(3 * sheet.scale))
    art = _art(role, sheet.scale)
    image.paste(art, (sheet.art, sheet.desk - round(DESK * sheet.scale)), art)
    x, y = sheet.margin, sheet.question
    big, small = font(sheet.letters[2]), font(sheet.letters[3])
    draw.text((x, y), "Which are you?", INKS["text"], big)
    y += round(1.3 * big.size)
    for name, top in zip(roles, cycle(BARS), strict=False):
        draw.rounded_rectangle(
            (x, y + top * small.size / 38, x + small.size / 4, y + 1.15 * small.size), 3, ink(name).dark
        )
        x += round(small.size / 2.2)
    draw.text((x + small.size / 3, y), site, INKS["text"], small)
    return image


def _art(role: RoleId, scale: float) -> Image.Image:
    """The drawing of a role without its wall and its desk."""
    head, *shapes = (ART / f"_{role}.html").read_text(encoding="utf-8").splitlines()
    inks = INKS | {"ink": ink(role).dark}
    style = "svg { fill: none; stroke-width: 3; stroke-linecap: round; stroke-linejoin: round }"
    style += "".join(f".{name}-line {{ stroke: {colour} }}" for name, colour in inks.items())
    style += f".line {{ stroke: {INKS['line']} }}" + "".join(
        f".{name} {{ fill: {colour} }}" for name, colour in inks.items() if name != "line"
    )
    svg = "\n".join([head.replace("<svg", '<svg xmlns="http://www.w3.org/2000/svg"'), *shapes[WALL_AND_DESK:]])
    return Image.open(BytesIO(svg_to_bytes(svg, zoom=scale, style_sheet=style, skip_system_fonts=True))).convert("RGBA")


def _fitting(text: str, size: int, width: int) -> ImageFont.FreeTypeFont:
    """The largest letters, up to this size, in which a line is no wider."""
    return next(font(smaller) for smaller in range(size, 0, -2) if font(smaller).getlength(text) <= width)


def set_in(text: str, sheet: Sheet) -> tuple[str, ImageFont.FreeTypeFont]:
    """The text in lines, and the largest letters in which they fit."""
    width, height = sheet.words
    tried = ((_lines(text, font(size), width), size) for size in range(sheet.letters[1], 0, -2))
    lines, size = next((lines, size) for lines, size in tried if lines and len(lines) * 1.2 * size <= height)
    return "\n".join(lines), font(size)


def _lines(text: str, letters: ImageFont.FreeTypeFont, width: int) -> list[str]:
    """None where a word is wider than a line."""
    lines = [""]
    for word in text.split():
        if letters.getlength(word) > width:
            return []
        longer = f"{lines[-1]} {word}".strip()
        if letters.getlength(longer) <= width:
            lines[-1] = longer
        else:
            lines.append(word)
    return lines


def qr(url: str) -> bytes:
    """A QR code as an SVG, dark on light, with the quiet zone that scanners need."""
    buffer = BytesIO()
    segno.make(url, error="m", micro=False).save(
        buffer, kind="svg", scale=8, border=4, light="#ffffff", dark=INKS["ground"]
    )
    return buffer.getvalue()


@cache
def font(size: int) -> ImageFont.FreeTypeFont:
    # Another engine kerns more, but needs a library that a bare system lacks, and a picture must be the same everywhere.
    return ImageFont.truetype(FONT, size, layout_engine=ImageFont.Layout.BASIC)
