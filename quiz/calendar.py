"""The plan of a result as a calendar."""

from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
from textwrap import shorten

from icalendar import Calendar, Event

from quiz.catalogue import Catalogue
from quiz.plan import Milestone, Part, Session
from quiz.result import Result

LONGEST_TITLE = 100  # of an event; calendars cut longer ones anywhere
FIRST = datetime(2026, 1, 1, tzinfo=UTC)  # revisions of an event are counted in minutes from here


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


def build(result: Result, timing: Timing, url: str, catalogue: Catalogue) -> bytes:
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
