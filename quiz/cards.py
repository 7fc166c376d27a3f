"""A result as a picture, a QR code and a calendar."""

from datetime import UTC, date, datetime, time, timedelta
from functools import cache
from io import BytesIO
from pathlib import Path

import segno
from icalendar import Calendar, Event
from PIL import Image, ImageDraw, ImageFont

from quiz.catalogue import Catalogue
from quiz.domain import RoleId
from quiz.result import Result

FONT = Path(__file__).parent.parent / "static" / "fonts" / "archivo-700-112.woff2"
SIZE = (1200, 630)
MARGIN = 80
# The dark theme of tokens.css.
GROUND, TRACK, TEXT, MUTED = "#14110f", "#2a2420", "#f4ede4", "#bfb2a5"
INKS: dict[RoleId, str] = {"bedroom": "#bda5ff", "studio": "#ffb64a", "mix": "#4fd6c4"}
SEGMENTS = 40


def card(result: Result, catalogue: Catalogue) -> bytes:
    """A PNG of 1200 × 630: the role, the three fits as level meters, and the strongest reason."""
    image = Image.new("RGB", SIZE, GROUND)
    draw = ImageDraw.Draw(image)
    profile = result.profile
    _mark(draw)
    draw.text((MARGIN + 60, 62), "ProducerGuide", MUTED, font(32))
    draw.text((MARGIN, 132), catalogue.roles[profile.role].name, INKS[profile.role], _fitting(catalogue, profile.role))
    if result.reasons_for:
        reason = "because " + result.reasons_for[0].options[0].because[profile.role]
        draw.multiline_text((MARGIN, 244), _wrap(draw, reason, font(32)), TEXT, font(32), spacing=10)
    for row, role in enumerate(profile.ranking):
        _meter(draw, 400 + 66 * row, catalogue.roles[role].name, profile.fit[role], INKS[role])
    buffer = BytesIO()
    image.quantize(64).save(buffer, "PNG")
    return buffer.getvalue()


def qr(url: str) -> bytes:
    """The address as a QR code: an SVG in dark on light, with the quiet zone that scanners need."""
    buffer = BytesIO()
    segno.make(url, error="m", micro=False).save(buffer, kind="svg", scale=8, border=4, light="#ffffff", dark="#14110f")
    return buffer.getvalue()


def calendar(result: Result, start: date, url: str) -> bytes:
    """The plan as an iCalendar: one all-day event a milestone, on the last day of its week; the same UIDs every time."""
    found = Calendar()
    found.add("prodid", "-//ProducerGuide//plan//EN")
    found.add("version", "2.0")
    found.add("x-wr-calname", "ProducerGuide plan")
    for milestone in result.plan.milestones:
        if not milestone.skills:
            continue
        event = Event()
        event.add("uid", f"{result.code}-week-{milestone.week}@producerguide")
        event.add("dtstamp", datetime.combine(start, time(), UTC))
        event.add("dtstart", start + timedelta(weeks=milestone.week, days=-1))
        event.add("summary", f"Week {milestone.week}: {', '.join(skill.name for skill in milestone.skills)}")
        event.add("description", "\n\n".join(f"{skill.name}. Done when: {skill.done}" for skill in milestone.skills))
        event.add("url", url)
        event.add("transp", "TRANSPARENT")
        found.add_component(event)
    return bytes(found.to_ical())


@cache
def font(size: int) -> ImageFont.FreeTypeFont:
    return ImageFont.truetype(FONT, size)


def _mark(draw: ImageDraw.ImageDraw) -> None:
    for x, top, ink in ((0, 22, "bedroom"), (18, 6, "studio"), (36, 32, "mix")):
        draw.rounded_rectangle((MARGIN + x, 56 + top, MARGIN + x + 9, 104), 4, INKS[ink])


def _fitting(catalogue: Catalogue, role: RoleId) -> ImageFont.FreeTypeFont:
    """The largest letters in which the name of the role fits on one line."""
    name = catalogue.roles[role].name
    return next(font(size) for size in range(92, 40, -4) if font(size).getlength(name) <= SIZE[0] - 2 * MARGIN)


def _wrap(draw: ImageDraw.ImageDraw, text: str, letters: ImageFont.FreeTypeFont) -> str:
    lines = [""]
    for word in text.split():
        longer = f"{lines[-1]} {word}".strip()
        if draw.textlength(longer, letters) <= SIZE[0] - 2 * MARGIN:
            lines[-1] = longer
        else:
            lines.append(word)
    return "\n".join(lines)


def _meter(draw: ImageDraw.ImageDraw, y: int, name: str, fit: float, ink: str) -> None:
    left, right = MARGIN + 500, SIZE[0] - MARGIN - 120
    draw.text((MARGIN, y), name, TEXT, font(28))
    step = (right - left) / SEGMENTS
    for segment in range(SEGMENTS):
        x = left + segment * step
        lit = (segment + 0.5) / SEGMENTS <= fit / 100
        draw.rectangle((x, y + 2, x + step * 0.66, y + 34), ink if lit else TRACK)
    draw.text((SIZE[0] - MARGIN, y), str(fit), TEXT, font(30), anchor="ra")
