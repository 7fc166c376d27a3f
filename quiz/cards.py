"""A result as a picture, a QR code and a calendar."""

from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
from functools import cache
from io import BytesIO
from itertools import cycle
from pathlib import Path
from textwrap import shorten

import segno
from icalendar import Calendar, Event
from PIL import Image, ImageDraw, ImageFont

from quiz.catalogue import Catalogue
from quiz.inks import ink
from quiz.plan import Milestone, Part, Session
from quiz.result import Result

FONT = Path(__file__).parent.parent / "static" / "fonts" / "archivo-700-112.woff2"
SIZE = (1200, 630)
MARGIN = 80
WIDTH = SIZE[0] - 2 * MARGIN
METERS = 210  # the height of all level meters together
# A card is always dark, in either theme.
GROUND, TRACK, TEXT, MUTED = (ink(name).dark for name in ("ground", "raised", "text", "muted"))
BARS = (22, 6, 32)  # the top of each bar in the mark
SEGMENTS = 40
LONGEST_TITLE = 100  # of an event; calendars cut longer ones anywhere
FIRST = datetime(2026, 1, 1, tzinfo=UTC)  # revisions of an event are counted in minutes from here


def card(result: Result, catalogue: Catalogue) -> bytes:
    """A PNG of 1200 × 630 with the role and its accent, the strongest reason, and each role's fit as a level meter."""
    image = Image.new("RGB", SIZE, GROUND)
    draw = ImageDraw.Draw(image)
    profile = result.profile
    head(draw, catalogue)
    name = catalogue.roles[profile.role].name
    large = next(font(size) for size in range(92, 40, -4) if font(size).getlength(name) <= WIDTH)
    draw.text((MARGIN, 132), name, ink(profile.role).dark, large)
    below = 244
    if result.accent:
        under = 132 + round(1.2 * large.size)
        draw.text((MARGIN, under), result.accent.name, ink(profile.role).dark, font(36))
        below = max(below, under + 56)
    if result.reasons_for:
        reason = "because " + result.reasons_for[0].options[0].because[profile.role]
        draw.multiline_text((MARGIN, below), _wrap(reason, font(32)), TEXT, font(32), spacing=8)
    apart = min(66, METERS // len(profile.ranking))
    for row, role in enumerate(profile.ranking):
        y, fit = 400 + apart * row, profile.fit[role]
        draw.text((MARGIN, y), catalogue.roles[role].name, TEXT, font(28))
        level(draw, MARGIN + 500, SIZE[0] - MARGIN - 120, y, fit, ink(role).dark)
        draw.text((SIZE[0] - MARGIN, y), str(int(fit + 0.5)), TEXT, font(30), anchor="ra")
    buffer = BytesIO()
    image.quantize(64).save(buffer, "PNG")
    return buffer.getvalue()


def qr(url: str) -> bytes:
    """A QR code as an SVG, dark on light, with the quiet zone that scanners need."""
    buffer = BytesIO()
    segno.make(url, error="m", micro=False).save(buffer, kind="svg", scale=8, border=4, light="#ffffff", dark=GROUND)
    return buffer.getvalue()


@dataclass(frozen=True)
class Timing:
    """When a plan takes place. Sessions are at `at`, or all day without it.

    `made` is when the calendar was asked for: of two with the same events, programs take the later one for the right one.
    """

    start: date
    at: time | None = None
    made: datetime | None = None

    @property
    def modified(self) -> datetime:
        """Where nobody says when it was made, a later start is a later plan."""
        return self.made or datetime.combine(self.start, time(), UTC)

    def when(self, days: int) -> date | datetime:
        day = self.start + timedelta(days=days)
        return datetime.combine(day, self.at) if self.at else day


def calendar(result: Result, timing: Timing, url: str, catalogue: Catalogue) -> bytes:
    """The plan as an iCalendar: its sessions, and an all-day event on the last day of each later milestone, always with the same UIDs."""
    plan = Calendar()
    plan.add("prodid", "-//ProducerGuide//plan//EN")
    plan.add("version", "2.0")
    plan.add("x-wr-calname", "ProducerGuide plan")
    for session in result.plan.sessions:
        event = _event(result, f"week-{session.week}-day-{session.day + 1}", timing, url)
        event.add("dtstart", timing.when(session.after))
        if timing.at:
            event.add("duration", timedelta(minutes=session.minutes))
        event.add("summary", _title(_what(session.parts[0], catalogue)))
        event.add("description", _session_text(session))
        plan.add_component(event)
    for milestone in result.plan.milestones[1:]:
        event = _event(result, f"week-{milestone.week}", timing, url)
        event.add("dtstart", timing.start + timedelta(weeks=milestone.week, days=-1))
        names = ", ".join(skill.name for skill in milestone.skills)
        event.add("summary", _title(f"Week {milestone.week}: {names or 'look back at what you have done'}"))
        event.add("description", _milestone_text(milestone))
        plan.add_component(event)
    return bytes(plan.to_ical())


def _event(result: Result, id_: str, timing: Timing, url: str) -> Event:
    event = Event()
    event.add("uid", f"{result.code}-{id_}@producerguide")
    event.add("dtstamp", timing.modified)
    event.add("last-modified", timing.modified)
    event.add("sequence", max(0, int((timing.modified - FIRST).total_seconds()) // 60))
    event.add("url", url)
    event.add("transp", "TRANSPARENT")
    return event


def _title(text: str) -> str:
    return shorten(text, LONGEST_TITLE, placeholder=" …")


def _what(part: Part, catalogue: Catalogue) -> str:
    skill = catalogue.skills.get(part.skill)
    return f"{skill.name}: {part.step.title}" if skill else part.step.title


def _session_text(session: Session) -> str:
    lines = []
    for part in session.parts:
        of = f", part {part.number} of {part.of}" if part.of > 1 else ""
        lines.append(f"{part.minutes} minutes{of}: {part.step.do}")
    return "\n\n".join([*lines, f"You can show: {session.end or 'half of it, saved under today’s date.'}"])


def _milestone_text(milestone: Milestone) -> str:
    if not (milestone.skills or milestone.steps):
        return "The whole list lies behind you. Finish one piece a month from here, and play each to somebody new."
    skills = [f"{skill.name}. Done when: {skill.done}" for skill in milestone.skills]
    return "\n\n".join(skills or [f"On the way: {step.done}" for step in milestone.steps])


@cache
def font(size: int) -> ImageFont.FreeTypeFont:
    return ImageFont.truetype(FONT, size)


def head(draw: ImageDraw.ImageDraw, catalogue: Catalogue) -> None:
    """The mark, with a bar for each role, and the name of the site."""
    x = MARGIN
    for role, top in zip(catalogue.roles, cycle(BARS), strict=False):
        draw.rounded_rectangle((x, 56 + top, x + 9, 104), 4, ink(role).dark)
        x += 18
    draw.text((x + 6, 62), "ProducerGuide", MUTED, font(32))


def level(draw: ImageDraw.ImageDraw, left: int, right: int, y: int, fit: float, colour: str) -> None:
    """A level meter that shows a fit of 0 to 100."""
    step = (right - left) / SEGMENTS
    for segment in range(SEGMENTS):
        x = left + segment * step
        lit = (segment + 0.5) / SEGMENTS <= fit / 100
        draw.rectangle((x, y + 2, x + step * 0.66, y + 34), colour if lit else TRACK)


def _wrap(text: str, letters: ImageFont.FreeTypeFont) -> str:
    lines = [""]
    for word in text.split():
        longer = f"{lines[-1]} {word}".strip()
        if letters.getlength(longer) <= WIDTH:
            lines[-1] = longer
        else:
            lines.append(word)
    return "\n".join(lines)
