"""Inquiries (网民留言) and the append-only events of everything."""

from datetime import date, datetime
from enum import StrEnum
from typing import Any

from sqlalchemy import JSON, CheckConstraint, ForeignKey, Index, String, Text, UniqueConstraint, false, text
from sqlalchemy.orm import Mapped, mapped_column, relationship

from board.models.base import Base, Instant, named
from board.models.offices import Account, Unit

#: what the queues of the desk hold: their partial indexes and their queries both say exactly this, so that the indexes are used
#: (coalesce keeps SQLite from entering an index by the list of states, which would cost it the order of the others)
LIVE = "coalesce({0}state, '') IN ('received', 'accepted', 'assigned', 'in_hand', 'returned', 'awaiting_approval') AND NOT {0}imported"
ENDED = f"NOT ({LIVE.format('')})"
LIVE_URGENT = f"{LIVE.format('')} AND urgency <> 'ordinary'"


def live_index(name: str, *columns: str) -> Index:
    """An index over what is live alone: history does not weigh on the queues."""
    return Index(f"ix_inquiries_live_{name}", *columns, sqlite_where=text(LIVE.format("")), postgresql_where=text(LIVE.format("")))


class InquiryKind(StrEnum):
    """咨询 求助 建议 投诉 举报 感谢."""

    consultation = "consultation"
    help = "help"
    suggestion = "suggestion"
    complaint = "complaint"
    report = "report"
    thanks = "thanks"


class InquiryState(StrEnum):
    """The life of an inquiry (DOMAIN 4); the moves are in board.inquiries.lifecycle."""

    received = "received"
    accepted = "accepted"
    assigned = "assigned"
    in_hand = "in_hand"
    returned = "returned"
    awaiting_approval = "awaiting_approval"
    answered = "answered"
    closed = "closed"
    archived = "archived"
    declined = "declined"
    invalid = "invalid"
    merged = "merged"
    withdrawn = "withdrawn"
    transferred = "transferred"


class Urgency(StrEnum):
    """Whether an inquiry is 急件: not, proposed by the machine (treated as one at once), or confirmed by a person."""

    ordinary = "ordinary"
    proposed = "proposed"
    confirmed = "confirmed"


class SupplementKind(StrEnum):
    """Why a citizen wrote again: 补充 of the own accord, 补正 that was asked for, 追问 after the answer."""

    supplement = "supplement"
    correction = "correction"
    follow_up = "follow_up"


class Channel(StrEnum):
    """How the inquiry came."""

    web = "web"
    api = "api"
    phone = "phone"
    letter = "letter"
    window = "window"
    referral = "referral"
    imported = "import"


class Inquiry(Base):
    """One citizen's message; ``version`` rises with every event and is the sequence number of the newest one.

    The clock: ``term_days`` is the limit in force (working days), ``paused_at`` is set and ``due_on`` empty while the clock stands,
    ``answer_due_on`` is the day that the first answer is measured by.
    """

    __tablename__ = "inquiries"
    __table_args__ = (
        Index(
            "uq_inquiries_import", "import_source", "import_ref", unique=True, sqlite_where=text("import_ref <> ''"), postgresql_where=text("import_ref <> ''")
        ),
        Index("ix_inquiries_desk", "state", "due_on"),
        live_index("due", "due_on", "id"),
        Index("ix_inquiries_ended", "received_at", "id", sqlite_where=text(ENDED), postgresql_where=text(ENDED)),
        Index("ix_inquiries_board_unit", "unit_id", "subject", "kind", "state"),
        Index("ix_inquiries_board_subject", "subject", "kind", "state"),
        Index("ix_inquiries_live_urgent", "id", sqlite_where=text(LIVE_URGENT), postgresql_where=text(LIVE_URGENT)),
        live_index("received", "received_at", "id"),
        live_index("unit", "unit_id", "due_on", "id"),
        live_index("claimed", "claimed_by_id", "due_on", "id"),
        live_index("kind", "kind", "due_on", "id"),
        live_index("state", "state", "due_on", "id"),
        live_index("subject", "subject", "due_on", "id"),
        live_index("channel", "channel", "due_on", "id"),
        live_index("supervised", "supervised_until", "id"),
        live_index("tally", "state", "unit_id", "claimed_by_id", "due_on", "received_at", "held_reason", "urgency", "imported"),
        CheckConstraint("text <> ''", name="text"),
        CheckConstraint("kind <> 'report' OR NOT publish", name="report_never_public"),
        CheckConstraint("(state = 'merged') = (merged_into_id IS NOT NULL)", name="merged_into"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    number: Mapped[str] = mapped_column(String(120), unique=True)
    kind: Mapped[InquiryKind] = mapped_column(named(InquiryKind), default=InquiryKind.consultation)
    title: Mapped[str] = mapped_column(String(200), default="")
    text: Mapped[str] = mapped_column(Text)
    original_text: Mapped[str] = mapped_column(Text, default="")
    nickname: Mapped[str] = mapped_column(String(60), default="")
    contact: Mapped[str] = mapped_column(String(200), default="")
    place: Mapped[str] = mapped_column(String(200), default="", server_default="")
    asked_unit: Mapped[str] = mapped_column(String(100), default="", server_default="")
    notice_to: Mapped[str] = mapped_column(String(200), default="", server_default="")
    publish: Mapped[bool]
    channel: Mapped[Channel] = mapped_column(named(Channel), default=Channel.web)
    unit_id: Mapped[int] = mapped_column(ForeignKey("units.id"), index=True)
    subject: Mapped[str] = mapped_column(String(60), default="")
    state: Mapped[InquiryState] = mapped_column(named(InquiryState), default=InquiryState.received)
    version: Mapped[int] = mapped_column(default=1)
    claimed_by_id: Mapped[int | None] = mapped_column(ForeignKey("accounts.id"))
    merged_into_id: Mapped[int | None] = mapped_column(ForeignKey("inquiries.id"))
    held_reason: Mapped[str] = mapped_column(String(200), default="")
    nonce_hash: Mapped[str | None] = mapped_column(String(64), unique=True)
    tracking_hash: Mapped[str | None] = mapped_column(String(64), unique=True)
    received_at: Mapped[datetime] = mapped_column(Instant, index=True)
    due_on: Mapped[date | None]
    due_provisional: Mapped[bool] = mapped_column(default=False)
    term_days: Mapped[int | None]
    answer_due_on: Mapped[date | None]
    paused_at: Mapped[datetime | None] = mapped_column(Instant)
    correction_asked: Mapped[bool] = mapped_column(default=False, server_default=false())
    extended: Mapped[bool] = mapped_column(default=False, server_default=false())
    reopened: Mapped[bool] = mapped_column(default=False, server_default=false())
    urgency: Mapped[Urgency] = mapped_column(named(Urgency), default=Urgency.ordinary, server_default="ordinary")
    supervised_until: Mapped[date | None]
    transferred_to: Mapped[str] = mapped_column(String(200), default="", server_default="")
    accepted_at: Mapped[datetime | None] = mapped_column(Instant)
    answered_at: Mapped[datetime | None] = mapped_column(Instant)
    closed_at: Mapped[datetime | None] = mapped_column(Instant, index=True)
    imported: Mapped[bool] = mapped_column(default=False)
    released: Mapped[bool] = mapped_column(default=False)
    import_source: Mapped[str] = mapped_column(String(80), default="")
    import_ref: Mapped[str] = mapped_column(String(120), default="")
    fingerprint: Mapped[str] = mapped_column(String(64), default="", index=True)

    unit: Mapped[Unit] = relationship()
    claimed_by: Mapped[Account | None] = relationship()
    events: Mapped[list["Event"]] = relationship(order_by="Event.sequence", viewonly=True)
    supplements: Mapped[list["Supplement"]] = relationship(order_by="Supplement.id", viewonly=True)
    accused: Mapped[list["AccusedParty"]] = relationship(order_by="AccusedParty.id", viewonly=True)


class Supplement(Base):
    """What the citizen wrote later: never changed, shown and answered with the inquiry; ``sequence`` is the event that brought it."""

    __tablename__ = "supplements"
    __table_args__ = (UniqueConstraint("inquiry_id", "sequence"), CheckConstraint("text <> ''", name="text"))

    id: Mapped[int] = mapped_column(primary_key=True)
    inquiry_id: Mapped[int] = mapped_column(ForeignKey("inquiries.id"))
    sequence: Mapped[int]
    kind: Mapped[SupplementKind] = mapped_column(named(SupplementKind))
    text: Mapped[str] = mapped_column(Text)
    at: Mapped[datetime] = mapped_column(Instant)


class AccusedParty(Base):
    """Whom a complaint or report speaks against: a unit of the office (never gets it to handle), or a person or firm by ``name`` (never public)."""

    __tablename__ = "accused_parties"
    __table_args__ = (
        UniqueConstraint("inquiry_id", "unit_id"),
        UniqueConstraint("inquiry_id", "name"),
        CheckConstraint("(unit_id IS NULL) = (name IS NOT NULL)", name="unit_or_name"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    inquiry_id: Mapped[int] = mapped_column(ForeignKey("inquiries.id"))
    unit_id: Mapped[int | None] = mapped_column(ForeignKey("units.id"))
    name: Mapped[str | None] = mapped_column(String(100))

    unit: Mapped[Unit | None] = relationship()


class Event(Base):
    """What happened, when, by whom; append-only (a trigger refuses UPDATE and DELETE), never with personal text.

    Events of an inquiry form the inquiry's chain; all others belong to the named ``chain`` of their area (account, sign_in, setting, ...).
    """

    __tablename__ = "events"
    __table_args__ = (
        UniqueConstraint("inquiry_id", "sequence"),
        Index("uq_events_chain", "chain", "sequence", unique=True, sqlite_where=text("chain <> ''"), postgresql_where=text("chain <> ''")),
        Index("ix_events_at", "at"),
        Index("ix_events_action_at", "action", "at"),
        CheckConstraint("actor <> ''", name="actor"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    inquiry_id: Mapped[int | None] = mapped_column(ForeignKey("inquiries.id"))
    chain: Mapped[str] = mapped_column(String(40), default="", server_default="")
    sequence: Mapped[int] = mapped_column(default=0)
    action: Mapped[str] = mapped_column(String(40))
    actor: Mapped[str] = mapped_column(String(80))
    at: Mapped[datetime] = mapped_column(Instant)
    from_state: Mapped[str] = mapped_column(String(32), default="")
    to_state: Mapped[str] = mapped_column(String(32), default="")
    reason: Mapped[str] = mapped_column(String(500), default="")
    data: Mapped[dict[str, Any]] = mapped_column(JSON, default=dict)
    previous_hash: Mapped[str] = mapped_column(String(64), default="")
    hash: Mapped[str] = mapped_column(String(64))


class ChainHead(Base):
    """How long a chain of events is and what its last hash is, sealed with the server's key: a removed last event is missed."""

    __tablename__ = "chain_heads"

    chain: Mapped[str] = mapped_column(String(60), primary_key=True)
    length: Mapped[int]
    hash: Mapped[str] = mapped_column(String(64))
    seal: Mapped[str] = mapped_column(String(64))


class NumberSeries(Base):
    """Counters from which numbers are drawn, e.g. one a day for inquiries."""

    __tablename__ = "number_series"

    name: Mapped[str] = mapped_column(String(60), primary_key=True)
    value: Mapped[int]
