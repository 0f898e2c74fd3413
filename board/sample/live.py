"""The live inquiries of the sample: posted in the last days before ``init`` and brought to their states by the office's own functions."""

from dataclasses import replace
from datetime import datetime, time, timedelta

from sqlalchemy.orm import Session

from board.clock import from_local, local, local_day
from board.inquiries.deadlines import Calendar
from board.inquiries.posting import Post, post_inquiry, withdraw
from board.inquiries.term_clock import Rules
from board.models import Inquiry
from board.replies import drafting, publishing, review
from board.sample.parts import Parts, People, Row, read_lines
from board.sample.wording import reply_text
from board.settings import merged
from board.staff.units import counted_body

OPENS, CLOSES = time(8, 30), time(18, 0)
#: States to which each target is carried on the way.
ACCEPTED = frozenset({"accepted", "assigned", "in_hand", "awaiting_approval", "returned", "answered", "closed", "withdrawn"})
ASSIGNED = ACCEPTED - {"accepted", "withdrawn"}
TAKEN = ASSIGNED - {"assigned"}
WRITTEN = TAKEN - {"in_hand"}
GIVEN_OUT = frozenset({"answered", "closed"})


class Clock:
    """The office's time for one inquiry: moves on by steps within office hours, never past the present."""

    def __init__(self, calendar: Calendar, start: datetime, present: datetime) -> None:
        self.calendar, self.at, self.present = calendar, min(start, present), present

    def seconds(self, number: int) -> datetime:
        """A step of the machine."""
        self.at = min(self.at + timedelta(seconds=number), self.present)
        return self.at

    def work(self, minutes: int) -> datetime:
        """A step of a person."""
        self.at = min(office_time(self.calendar, self.at + timedelta(minutes=minutes)), self.present)
        return self.at


def office_time(calendar: Calendar, at: datetime) -> datetime:
    """The time itself within office hours, else ten minutes after the next opening."""
    wall = local(at)
    day = wall.date()
    if calendar.day(day)[0] and OPENS <= wall.time() <= CLOSES:
        return at
    day += timedelta(days=wall.time() > CLOSES)
    while not calendar.day(day)[0]:
        day += timedelta(days=1)
    return from_local(datetime.combine(day, time(8, 40)))


def load_live(session: Session, parts: Parts, people: People, at: datetime) -> int:
    """Posts and carries on all live inquiries, the oldest first; returns how many."""
    parts.catalogue.follow(session)
    rows = sorted(read_lines("inquiries_live.jsonl"), key=lambda row: received(row, at))
    for row in rows:
        live_one(session, parts, people, row, at)
    return len(rows)


def received(row: Row, at: datetime) -> datetime:
    """The written time of day so many days ago; what would lie in the future came a few minutes ago."""
    day = local_day(at) - timedelta(days=row["days_ago"])
    written = from_local(datetime.combine(day, time.fromisoformat(row["time"])))
    return written if written < at else at - timedelta(minutes=5)


def live_one(session: Session, parts: Parts, people: People, row: Row, present: datetime) -> None:
    """One inquiry from its post to its target."""
    clock = Clock(parts.calendar, received(row, present), present)
    post = Post(row["text"], row["publish"], row["title"], row["kind"], row["nickname"], row["contact"])
    posted = post_inquiry(session, parts.settings, parts.labels, parts.key, parts.calendar, post, clock.at)
    inquiry = session.get_one(Inquiry, posted.inquiry_id)
    draft(session, parts, inquiry, clock.seconds(2))
    session.refresh(inquiry)
    if row["target"] in {"declined", "invalid"}:
        refuse = review.decline if row["target"] == "declined" else review.mark_invalid
        refuse(session, people.actors["manager"], inquiry, row["note"], clock.work(20))
    if row["target"] in ACCEPTED:
        carry_on(session, parts, people, inquiry, row, clock)


def draft(session: Session, parts: Parts, inquiry: Inquiry, at: datetime) -> None:
    """What the worker does, within this transaction."""
    material = drafting.gather(session, inquiry.id)
    made = None
    if material is not None and material.wanted:
        match = parts.catalogue.match_message(material.asked, len(material.heading))
        made = drafting.composed(session, material, match, parts.labels, parts.phrases, parts.taxonomy)
    drafting.record(session, inquiry.id, made, at)


def carry_on(session: Session, parts: Parts, people: People, inquiry: Inquiry, row: Row, clock: Clock) -> None:
    """Accepted, assigned, taken in hand, as far as the target goes."""
    target = row["target"]
    review.accept(session, people.actors["clerk"], inquiry, clock.work(25))
    if target in ASSIGNED:
        review.assign(session, people.actors["manager"], inquiry, people.unit(row["unit"]), clock.work(6))
    if target in TAKEN:
        review.take(session, people.actors["clerk"], inquiry, clock.work(50))
    if target in WRITTEN:
        write(session, parts, people, inquiry, row, clock)
    if target == "withdrawn":
        withdraw(session, Rules(parts.settings, parts.calendar), inquiry, clock.seconds(2400))


def write(session: Session, parts: Parts, people: People, inquiry: Inquiry, row: Row, clock: Clock) -> None:
    """The clerk's reply, submitted; then sent back, or approved and given out."""
    clerk, signer, settings = people.actors["clerk"], people.actors["signer"], parts.settings
    at = clock.work(90)
    before = review.current_reply(session, inquiry)
    text = reply_text(people, parts.labels, row["edit"], counted_body(people.unit(row["unit"])), local_day(at))
    reply = review.save_draft(session, clerk, inquiry, text, before.revision if before else 0, settings, at)
    review.submit(session, clerk, inquiry, reply.revision, clock.work(15), settings)
    if row["target"] == "returned":
        review.send_back(session, signer, inquiry, row["note"], clock.work(120), settings)
    if row["target"] in GIVEN_OUT:
        shown = review.preview(session, inquiry, settings)
        review.approve(session, signer, inquiry, shown.content_hash, settings, clock.work(120))
        closing = replace(settings, tables=merged(settings.tables, {"life": {"close_on_answer": row["target"] == "closed"}}))
        publishing.publish(session, inquiry.id, closing, clock.seconds(2))
