"""The registers of 依申请公开 (with its letters) and of 复议、诉讼、申诉."""

from datetime import date, datetime
from enum import StrEnum

from sqlalchemy import CheckConstraint, ForeignKey, Index, String, Text, UniqueConstraint, false, text
from sqlalchemy.orm import Mapped, mapped_column, relationship

from board.models.base import Base, Instant, named
from board.models.offices import Account, Unit


class ApplicantKind(StrEnum):
    """The six columns of table 三 (国办公开办函〔2021〕30号): 自然人, and 商业企业 科研机构 社会公益组织 法律服务机构 其他."""

    person = "person"
    business = "business"
    research = "research"
    welfare = "welfare"
    legal = "legal"
    other = "other"


class ApplicationChannel(StrEnum):
    """当面, 口头（代填）, 挂号信等须签收的邮寄, 平信, 互联网, 传真: the day of receipt depends on it (条例 Art. 31)."""

    window = "window"
    oral = "oral"
    registered_post = "registered_post"
    ordinary_post = "ordinary_post"
    web = "web"
    fax = "fax"


class ApplicationState(StrEnum):
    """The life of an application; the moves are in board.applications.life."""

    submitted = "submitted"
    in_hand = "in_hand"
    awaiting_correction = "awaiting_correction"
    hearing = "hearing"
    awaiting_fee = "awaiting_fee"
    awaiting_signature = "awaiting_signature"
    concluded = "concluded"
    withdrawn = "withdrawn"
    void = "void"


class Application(Base):
    """A statutory request for information (依申请公开); another clock and other statistics than an inquiry.

    ``received_at`` is when it was entered (the system's), ``received_on`` the day of receipt in law (empty until confirmed where the law asks for it).
    ``waiting_until`` is the last day that the applicant or third party has. Who applied, with ``identity``, ``contact``, ``address``, is never public.
    """

    __tablename__ = "applications"
    __table_args__ = (
        CheckConstraint("subject <> ''", name="subject"),
        CheckConstraint("(state = 'concluded') = (concluded_at IS NOT NULL)", name="concluded"),
        CheckConstraint("(state = 'concluded') = (outcome <> '')", name="outcome"),
        CheckConstraint("received_on IS NOT NULL OR state IN ('submitted', 'withdrawn', 'void')", name="received"),
        Index("ix_applications_desk", "state", "due_on"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    number: Mapped[str] = mapped_column(String(60), unique=True)
    unit_id: Mapped[int] = mapped_column(ForeignKey("units.id"), index=True)
    kind: Mapped[ApplicantKind] = mapped_column(named(ApplicantKind), default=ApplicantKind.person)
    applicant: Mapped[str] = mapped_column(String(100))
    identity: Mapped[str] = mapped_column(String(60), default="")
    agent: Mapped[str] = mapped_column(String(60), default="")
    contact: Mapped[str] = mapped_column(String(200), default="")
    address: Mapped[str] = mapped_column(String(200), default="")
    channel: Mapped[ApplicationChannel] = mapped_column(named(ApplicationChannel))
    subject: Mapped[str] = mapped_column(Text)
    correction: Mapped[str] = mapped_column(Text, default="")
    medium: Mapped[str] = mapped_column(String(20), default="")
    delivery: Mapped[str] = mapped_column(String(20), default="")
    state: Mapped[ApplicationState] = mapped_column(named(ApplicationState))
    version: Mapped[int] = mapped_column(default=1)
    claimed_by_id: Mapped[int | None] = mapped_column(ForeignKey("accounts.id"))
    held_reason: Mapped[str] = mapped_column(String(200), default="")
    inquiry_id: Mapped[int | None] = mapped_column(ForeignKey("inquiries.id"), index=True)
    nonce_hash: Mapped[str | None] = mapped_column(String(64), unique=True)
    tracking_hash: Mapped[str | None] = mapped_column(String(64), unique=True)
    received_at: Mapped[datetime] = mapped_column(Instant, index=True)
    received_on: Mapped[date | None] = mapped_column(index=True)
    registered_by: Mapped[str] = mapped_column(String(80))
    due_on: Mapped[date | None]
    due_provisional: Mapped[bool] = mapped_column(default=False)
    term_days: Mapped[int | None]
    paused_at: Mapped[datetime | None] = mapped_column(Instant)
    waiting_until: Mapped[date | None]
    correction_asked: Mapped[bool] = mapped_column(default=False, server_default=false())
    extended: Mapped[bool] = mapped_column(default=False, server_default=false())
    outcome: Mapped[str] = mapped_column(String(40), default="")
    concluded_at: Mapped[datetime | None] = mapped_column(Instant, index=True)

    unit: Mapped[Unit] = relationship()
    claimed_by: Mapped[Account | None] = relationship()
    letters: Mapped[list["ApplicationLetter"]] = relationship(order_by="ApplicationLetter.id", viewonly=True)


class LetterKind(StrEnum):
    """登记回执, 补正告知书, 延期告知书, 第三方意见征询书, 收费通知, 答复书."""

    registration = "registration"
    correction = "correction"
    extension = "extension"
    third_party = "third_party"
    fee = "fee"
    decision = "decision"


class ApplicationLetter(Base):
    """A letter of an application, its text frozen as it was made; a decision is signed by another person than its author and has a number.

    ``addressee`` is set for a third party alone: to the applicant the letter is addressed by the application. Both are never public.
    """

    __tablename__ = "application_letters"
    __table_args__ = (
        UniqueConstraint("year", "running"),
        CheckConstraint("signatory_id IS NULL OR signatory_id <> author_id", name="two_people"),
        CheckConstraint("(year IS NULL) = (running IS NULL)", name="number"),
        CheckConstraint("kind <> 'decision' OR (signed_at IS NULL) = (running IS NULL)", name="signed"),
        CheckConstraint("(delivered_at IS NULL) = (delivered_way = '')", name="delivered"),
        Index(
            "uq_application_letters_decision", "application_id", unique=True, sqlite_where=text("kind = 'decision' AND in_force"),
            postgresql_where=text("kind = 'decision' AND in_force"),
        ),
    )  # fmt: skip

    id: Mapped[int] = mapped_column(primary_key=True)
    application_id: Mapped[int] = mapped_column(ForeignKey("applications.id"), index=True)
    kind: Mapped[LetterKind] = mapped_column(named(LetterKind))
    in_force: Mapped[bool] = mapped_column(default=True)
    outcome: Mapped[str] = mapped_column(String(40), default="")
    addressee: Mapped[str] = mapped_column(String(100), default="")
    body: Mapped[str] = mapped_column(Text)
    year: Mapped[int | None]
    running: Mapped[int | None]
    number: Mapped[str] = mapped_column(String(80), default="")
    author_id: Mapped[int | None] = mapped_column(ForeignKey("accounts.id"))
    signatory_id: Mapped[int | None] = mapped_column(ForeignKey("accounts.id"))
    made_at: Mapped[datetime] = mapped_column(Instant)
    signed_at: Mapped[datetime | None] = mapped_column(Instant)
    delivered_at: Mapped[datetime | None] = mapped_column(Instant)
    delivered_way: Mapped[str] = mapped_column(String(20), default="")
    delivered_note: Mapped[str] = mapped_column(String(200), default="")

    author: Mapped[Account | None] = relationship(foreign_keys=[author_id])
    signatory: Mapped[Account | None] = relationship(foreign_keys=[signatory_id])


class ReviewResult(StrEnum):
    """The rows of table 四: 尚未审结, 结果维持, 结果纠正, 其他结果."""

    pending = "pending"
    upheld = "upheld"
    corrected = "corrected"
    other = "other"


class Review(Base):
    """A case of 行政复议, 行政诉讼 or 申诉 about government information; ``after_review`` marks a suit that followed a reconsideration (复议后起诉)."""

    __tablename__ = "reviews"
    __table_args__ = (
        CheckConstraint("kind IN ('行政复议', '行政诉讼', '申诉')", name="kind"),
        CheckConstraint("kind = '行政诉讼' OR NOT after_review", name="after_review"),
        CheckConstraint("(result = 'pending') = (concluded_on IS NULL)", name="concluded"),
        CheckConstraint("concluded_on IS NULL OR concluded_on >= received_on", name="order"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    kind: Mapped[str] = mapped_column(String(20))
    unit_id: Mapped[int] = mapped_column(ForeignKey("units.id"), index=True)
    subject: Mapped[str] = mapped_column(Text)
    received_on: Mapped[date]
    registered_by: Mapped[str] = mapped_column(String(80))
    case_number: Mapped[str] = mapped_column(String(100), default="", server_default="")
    authority: Mapped[str] = mapped_column(String(100), default="", server_default="")
    after_review: Mapped[bool] = mapped_column(default=False, server_default=false())
    application_id: Mapped[int | None] = mapped_column(ForeignKey("applications.id"), index=True)
    result: Mapped[ReviewResult] = mapped_column(named(ReviewResult), default=ReviewResult.pending, server_default="pending")
    concluded_on: Mapped[date | None]

    application: Mapped[Application | None] = relationship()
