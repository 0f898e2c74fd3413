"""Importing inquiries as history: a message with its reply is closed, one without stays open; nothing is drafted anew.

Identity is source and number, never text: people send the same words twice, and these are two messages.
"""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import select
from sqlalchemy.orm import Session

from board.clock import local_day
from board.inquiries.deadlines import due_after
from board.inquiries.events import chained, last_hash
from board.inquiries.history_rows import HistoryRules, Message, message_of
from board.inquiries.public_text import content_hash
from board.intake.reading import BadRow, Line
from board.intake.rejects import Rejected
from board.intake.runs import Outcome
from board.models import Channel, Event, Inquiry, InquiryKind, InquiryState, Publication, Reply, ReplyState
from responder.privacy import mask

CITIZEN, OFFICE = "citizen", "imported"
OPEN_VERSION = 2  # of an open inquiry that nobody has touched since it came in: post, import


@dataclass(slots=True)
class Stored:
    """An inquiry of a batch with its message and what must still be written for it."""

    inquiry: Inquiry
    message: Message
    news: str  # "new", "answered", "released", ""


def history_taker(rules: HistoryRules, actor: str, at: datetime) -> Callable[[Session, Sequence[Line]], Outcome]:
    """What ``carry_out`` calls for each batch of rows."""
    return lambda session, lines: take_history(session, rules, lines, actor, at)


def take_history(session: Session, rules: HistoryRules, lines: Sequence[Line], actor: str, at: datetime) -> Outcome:
    """Adds the inquiries of a batch with replies and events; an open one that has been answered since is closed."""
    outcome = Outcome()
    messages: list[tuple[Line, Message]] = []
    for line in lines:
        try:
            messages.append((line, message_of(line.values, rules)))
        except BadRow as error:
            outcome.rejected.append(Rejected(line, str(error)))
    known, replies = known_inquiries(session, rules.source, [message.ref for _, message in messages])
    stored: list[Stored] = []
    for line, message in messages:
        try:
            one = place(known, replies, rules, message)
        except BadRow as error:
            outcome.rejected.append(Rejected(line, str(error)))
            continue
        count(outcome, one)
        if one.news:
            stored.append(one)
        if one.news == "new":
            session.add(one.inquiry)
            known[message.ref], replies[message.ref] = one.inquiry, message.reply
    session.flush()
    write_replies(session, rules, stored, at)
    session.add_all(event for one in stored for event in events_of(session, rules, one, actor, at))
    return outcome


def count(outcome: Outcome, one: Stored) -> None:
    """Counts one row."""
    outcome.added += one.news == "new"
    outcome.changed += one.news in {"answered", "released"}
    outcome.unchanged += one.news == ""


def known_inquiries(session: Session, source: str, refs: Sequence[str]) -> tuple[dict[str, Inquiry], dict[str, str]]:
    """Inquiries of the source that are there already, and the replies that came with them, by number of the source."""
    found = session.scalars(select(Inquiry).where(Inquiry.import_source == source, Inquiry.import_ref.in_(refs))).all()
    texts = select(Reply.inquiry_id, Reply.text).where(Reply.inquiry_id.in_([one.id for one in found]), Reply.in_force)
    by_id = {key: text for key, text in session.execute(texts)} if found else {}  # noqa: C416  # rows are not typed as pairs
    return {one.import_ref: one for one in found}, {one.import_ref: by_id.get(one.id, "") for one in found}


def place(known: Mapping[str, Inquiry], replies: Mapping[str, str], rules: HistoryRules, message: Message) -> Stored:
    """A new inquiry, or what the row changes in the one that is there; BadRow when it does not agree with what is stored."""
    found = known.get(message.ref)
    if found is None:
        return Stored(new_inquiry(rules, message), message, "new")
    if found.fingerprint != message.fingerprint:
        raise BadRow(f"编号 {message.ref} 已经导入，留言内容不同")
    if message.answered_at is None:
        return Stored(found, message, "")
    if found.state == InquiryState.accepted and found.version == OPEN_VERSION:
        close_with(found, message, rules)
        return Stored(found, message, "answered")
    if found.closed_at is None:
        raise BadRow(f"编号 {message.ref} 已在本系统办理，文件中的答复没有导入")
    if found.closed_at != message.answered_at or replies[message.ref] != message.reply:
        raise BadRow(f"编号 {message.ref} 已经导入，答复不同")
    if rules.released and not found.released and found.kind != InquiryKind.report:
        open_to_public(found, rules)
        return Stored(found, message, "released")
    return Stored(found, message, "")


def close_with(inquiry: Inquiry, message: Message, rules: HistoryRules) -> None:
    """The reply closes the inquiry at its historic time."""
    inquiry.state, inquiry.answered_at, inquiry.closed_at = InquiryState.closed, message.answered_at, message.answered_at
    open_to_public(inquiry, rules)


def open_to_public(inquiry: Inquiry, rules: HistoryRules) -> None:
    """Marks a closed inquiry as released when the import says so; a report (举报) never."""
    inquiry.released = inquiry.publish = rules.released and inquiry.kind != InquiryKind.report


def new_inquiry(rules: HistoryRules, message: Message) -> Inquiry:
    """The row of a message: closed when it has a reply, else accepted with the term that runs from its receipt."""
    inquiry = Inquiry(
        number=message.number, kind=message.kind, title=message.title, text=message.text, original_text=message.original_text,
        nickname=message.nickname, contact=message.contact, publish=False, released=False, channel=Channel.imported, unit_id=rules.unit_id,
        subject=message.subject, received_at=message.received_at, imported=True, import_source=rules.source, import_ref=message.ref,
        fingerprint=message.fingerprint, due_provisional=False, version=0,
    )  # fmt: skip
    if message.answered_at is not None:
        close_with(inquiry, message, rules)
        inquiry.version = 3
    else:
        due = due_after(rules.calendar, local_day(message.received_at), rules.deadlines[message.kind.value])
        inquiry.state, inquiry.due_on, inquiry.due_provisional, inquiry.version = InquiryState.accepted, due.day, due.provisional, OPEN_VERSION
    return inquiry


def write_replies(session: Session, rules: HistoryRules, stored: Sequence[Stored], at: datetime) -> None:
    """Replies and what was given out of them: masked, private unless released; a release opens what is there."""
    answered = [one for one in stored if one.news in {"new", "answered"} and one.message.answered_at is not None]
    replies = [
        Reply(inquiry_id=one.inquiry.id, revision=1, state=ReplyState.published, text=one.message.reply, author_id=None, created_at=one.message.answered_at)
        for one in answered
    ]
    session.add_all(replies)
    session.flush()
    session.add_all(given_out(rules, one, reply.id, at) for one, reply in zip(answered, replies, strict=True))
    released = [one.inquiry.id for one in stored if one.news == "released"]
    for publication in session.scalars(select(Publication).where(Publication.inquiry_id.in_(released), Publication.withdrawn_at.is_(None))):
        publication.public, publication.published_at = True, at
        publication.content_hash = content_hash(publication.title, publication.question, publication.reply, public=True)


def given_out(rules: HistoryRules, one: Stored, reply_id: int, at: datetime) -> Publication:
    """The masked version; it became visible here and now, whatever the reply's own date."""
    title, question = mask(one.inquiry.title), mask(one.inquiry.text)
    reply = mask(one.message.reply, rules.own_numbers)
    return Publication(
        reply_id=reply_id, inquiry_id=one.inquiry.id, public=one.inquiry.released, title=title, question=question, reply=reply,
        content_hash=content_hash(title, question, reply, public=one.inquiry.released), published_at=at,
    )  # fmt: skip


def events_of(session: Session, rules: HistoryRules, one: Stored, actor: str, at: datetime) -> list[Event]:
    """The chained events that the row adds: post and close at their historic times, import (or release) now."""
    inquiry, steps = one.inquiry, steps_of(one, actor, at)
    state = inquiry.state.value
    previous, before = "", ""
    if one.news != "new":
        inquiry.version += len(steps)
        previous = last_hash(session, inquiry.id)
        before = InquiryState.accepted.value if one.news == "answered" else state
    events = []
    for number, (who, action, when) in enumerate(steps, inquiry.version - len(steps) + 1):
        after = InquiryState.received.value if action == "post" else state
        event = Event(
            inquiry_id=inquiry.id, sequence=number, action=action, actor=who, at=when, from_state=before, to_state=after, reason="",
            data={"imported": True, "source": rules.source, "released": inquiry.released},
        )  # fmt: skip
        events.append(chained(previous, event))
        previous, before = event.hash, after
    return events


def steps_of(one: Stored, actor: str, at: datetime) -> list[tuple[str, str, datetime]]:
    """(actor, action, time) of each event; nobody claims an acceptance or a publication that was never recorded."""
    if one.news == "released":
        return [(actor, "release", at)]
    post = [(CITIZEN, "post", one.message.received_at)] if one.news == "new" else []
    close = [(OFFICE, "close", one.message.answered_at)] if one.message.answered_at is not None else []
    return [*post, *close, (actor, "import", at)]
