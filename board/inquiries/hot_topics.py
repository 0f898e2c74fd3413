"""Hot topics: what people asked in the last days, in clusters with name, place, subject, count and growth against the days before."""

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from hashlib import blake2b
from typing import Any

from sqlalchemy import ColumnElement, func, select
from sqlalchemy.orm import Session

from board.clock import day_start
from board.inquiries.delicate import not_against
from board.inquiries.queries import public_statement
from board.models import Inquiry, InquiryKind, InquiryState, Publication, Unit
from board.settings import Settings
from board.staff.roles import SYSTEM, Actor
from board.wording.dull_words import load_topic_words
from responder.topic_words import Said, TopicRules
from responder.topics import Topic, topics

#: 举报 is hidden and nobody shall read it out of a list; invalid and withdrawn messages asked nothing
NOT_COUNTED = (InquiryState.invalid, InquiryState.withdrawn)
DAYS_MOST = 366
KEPT_MOST = 16
#: digest of the messages and the rules -> their topics (ids and names, no texts): the same page is asked for again and again
KEPT: dict[bytes, list[Topic]] = {}


@dataclass(frozen=True, slots=True)
class Asked:
    """One message behind a topic."""

    id: int
    number: str
    title: str
    received_at: datetime
    state: str
    unit: str


@dataclass(frozen=True, slots=True)
class HotTopic:
    """A topic: what it is about, the place that half of its messages name, all places with how many messages name each, subject and unit, how many
    messages in the window, how many in the one before, and the window's messages, newest first.
    """

    matter: str
    place: str
    places: tuple[tuple[str, int], ...]
    subject: str
    unit: str
    count: int
    before: int
    inquiries: tuple[Asked, ...]

    @property
    def name(self) -> str:
        """Place and matter."""
        return " ".join(part for part in (self.place, self.matter) if part)

    @property
    def growth(self) -> int:
        """By how many it grew."""
        return self.count - self.before


@dataclass(frozen=True, slots=True)
class HotTopics:
    """The window (both days included), how many messages were read in it, whether some were left out, and the topics by rank."""

    first: date
    last: date
    read: int
    cut: bool
    topics: tuple[HotTopic, ...]


def hot_topics(session: Session, settings: Settings, today: date, days: int = 0, actor: Actor = SYSTEM) -> HotTopics:
    """The topics of the last days (``topics.days`` unless told, at most 366) for staff, without what speaks against the reader."""
    chosen = settings.section("topics")
    return ranked(session, settings, today, min(days or int(chosen["days"]), DAYS_MOST), (Inquiry.kind != InquiryKind.report) & not_against(actor), int(chosen["least"]))


@dataclass(frozen=True, slots=True)
class PublicItem:
    """A message of a public topic as it stands on the board."""

    number: str
    title: str
    received_at: datetime


@dataclass(frozen=True, slots=True)
class PublicTopic:
    """A topic of the public board: what it is about, its place, and the published messages, newest first; nothing of any other message is in it."""

    matter: str
    place: str
    asked: tuple[PublicItem, ...]


#: what stands on the board (its count and its newest), with the rules -> its topics; nothing that is not public is kept
PUBLIC: dict[tuple[Any, ...], list[PublicTopic]] = {}


def published_topics(session: Session, settings: Settings, today: date) -> list[PublicTopic]:
    """What people asked, out of what stands on the public board as it stands there: topics of at least ``topics.public_least`` messages received in
    the last ``topics.public_days`` days. Two figures are read as long as nothing changes.
    """
    chosen = settings.section("topics")
    since = day_start(today - timedelta(days=int(chosen["public_days"]) - 1))
    standing = public_statement().where(Inquiry.received_at >= since, Inquiry.kind != InquiryKind.report)
    seen = session.execute(standing.order_by(None).with_only_columns(func.count(), func.max(Publication.id), func.max(Publication.published_at))).one()
    state = (str(settings.home), str(session.get_bind().engine.url), today, *seen, tuple(sorted((name, str(value)) for name, value in chosen.items())))
    if state not in PUBLIC:
        PUBLIC.clear()
        PUBLIC[state] = clustered_board(session.scalars(standing.limit(int(chosen["read_most"]))).all()[::-1], settings)
    return PUBLIC[state]


def clustered_board(rows: Sequence[Publication], settings: Settings) -> list[PublicTopic]:
    """The topics of published messages, given oldest first."""
    chosen, shown = settings.section("topics"), {row.id: PublicItem(row.inquiry.number, row.title or row.question[:30], row.inquiry.received_at) for row in rows}
    found = topics([Said(row.id, row.title, row.question, row.inquiry.subject) for row in rows], rules_of(settings), int(chosen["public_least"]))
    kept = [topic for topic in found if topic.matter][: int(chosen["public_shown"])]
    return [PublicTopic(topic.matter, topic.place, tuple(shown[key] for key in reversed(topic.keys))) for topic in kept]


def agreed_topics(session: Session, settings: Settings, today: date, days: int = 0) -> HotTopics:
    """The same for the report: only messages whose writers agreed to publication, and only topics of several of them."""
    chosen = settings.section("topics")
    allowed = (Inquiry.kind != InquiryKind.report) & Inquiry.publish & (Inquiry.imported.is_(False) | Inquiry.released)
    return ranked(session, settings, today, min(days or int(chosen["days"]), DAYS_MOST), allowed, int(chosen["public_least"]))


def ranked(session: Session, settings: Settings, today: date, days: int, allowed: ColumnElement[bool], least: int) -> HotTopics:
    """Both windows clustered together; topics by count, then by growth, then by age."""
    chosen = settings.section("topics")
    first, most = today - timedelta(days=days - 1), int(chosen["read_most"])
    now_rows = rows_between(session, first, today + timedelta(days=1), allowed, most)
    before_rows = rows_between(session, first - timedelta(days=days), first, allowed, most)
    names = {unit.id: unit.short_name for unit in session.scalars(select(Unit))}
    rows = {row.id: row for row in (*before_rows, *now_rows)}
    present = frozenset(row.id for row in now_rows)
    found = kept_topics([said(row) for row in rows.values()], rules_of(settings), least)
    shown = [shown_topic(topic, rows, present, names) for topic in found if topic.matter]
    hot = sorted((topic for topic in shown if topic.count >= least), key=lambda topic: (-topic.count, -topic.growth, topic.inquiries[-1].id))
    return HotTopics(first, today, len(now_rows), len(now_rows) == most, tuple(hot[: int(chosen["shown"])]))


def rows_between(session: Session, first: date, behind: date, allowed: ColumnElement[bool], most: int) -> Sequence[Any]:
    """The newest messages received from the first day to before the last one, oldest first."""
    columns = (Inquiry.id, Inquiry.number, Inquiry.title, Inquiry.text, Inquiry.subject, Inquiry.received_at, Inquiry.state, Inquiry.unit_id)
    came = (Inquiry.received_at >= day_start(first)) & (Inquiry.received_at < day_start(behind))
    query = select(*columns).where(came, allowed, Inquiry.state.not_in(NOT_COUNTED)).order_by(Inquiry.received_at.desc(), Inquiry.id.desc()).limit(most)
    return session.execute(query).all()[::-1]


def kept_topics(messages: Sequence[Said], rules: TopicRules, least: int) -> list[Topic]:
    """The topics of the messages, found once a process as long as nothing changes."""
    digest = blake2b(repr((least, rules, messages)).encode("utf-8", "surrogatepass")).digest()
    if digest not in KEPT:
        if len(KEPT) >= KEPT_MOST:
            KEPT.clear()
        KEPT[digest] = topics(messages, rules, least)
    return KEPT[digest]


def said(row: Any) -> Said:
    """A row as the engine reads it; a title that only repeats the beginning counts once."""
    return Said(row.id, "" if row.text.startswith(row.title.rstrip("…")) else row.title, row.text, row.subject)


def rules_of(settings: Settings) -> TopicRules:
    """How the office has them found."""
    words = load_topic_words(settings.config_dir)
    return TopicRules(words.dull, words.place_endings, words.no_places, words.own_words, float(settings.section("topics")["nearness"]))


def shown_topic(
    topic: Topic, rows: Mapping[int, Any], present: frozenset[int], names: Mapping[int, str]
) -> HotTopic:
    """A cluster for the page, with the unit that has most of it."""
    inside = [rows[key] for key in reversed(topic.keys) if key in present]
    units = Counter(names[row.unit_id] for row in inside)
    unit = min(units, key=lambda name: (-units[name], name)) if units else ""
    asked = tuple(Asked(row.id, row.number, row.title or row.text[:40], row.received_at, row.state.value, names[row.unit_id]) for row in inside)
    return HotTopic(topic.matter, topic.place, topic.places, topic.subject, unit, len(inside), len(topic.keys) - len(inside), asked)
