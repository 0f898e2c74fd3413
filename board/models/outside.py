"""What belongs to other programs: keys of the interface, and web hooks with what was sent to them."""

from datetime import date, datetime
from enum import StrEnum

from sqlalchemy import CheckConstraint, ForeignKey, Index, String
from sqlalchemy.orm import Mapped, mapped_column

from board.models.base import Base, Instant, named


class ApiKey(Base):
    """A key of another office's program: of its secret only the hash is kept; ``expires_on`` is the last day (Shanghai) on which it works."""

    __tablename__ = "api_keys"
    __table_args__ = (CheckConstraint("per_minute > 0", name="per_minute"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    name: Mapped[str] = mapped_column(String(80))
    prefix: Mapped[str] = mapped_column(String(12), unique=True)
    secret_hash: Mapped[str] = mapped_column(String(64))
    scopes: Mapped[str] = mapped_column(String(120))
    per_minute: Mapped[int]
    created_at: Mapped[datetime] = mapped_column(Instant)
    expires_on: Mapped[date | None]
    revoked_at: Mapped[datetime | None] = mapped_column(Instant)
    last_used_on: Mapped[date | None]


class Webhook(Base):
    """An address that is told of public answers; its secret is derived from the server's key, ``generation`` counts its renewals."""

    __tablename__ = "webhooks"

    id: Mapped[int] = mapped_column(primary_key=True)
    name: Mapped[str] = mapped_column(String(80))
    address: Mapped[str] = mapped_column(String(500))
    generation: Mapped[int] = mapped_column(default=1)
    active: Mapped[bool] = mapped_column(default=True)
    created_at: Mapped[datetime] = mapped_column(Instant)
    failing_since: Mapped[datetime | None] = mapped_column(Instant)
    disabled_at: Mapped[datetime | None] = mapped_column(Instant)
    disabled_by_system: Mapped[bool] = mapped_column(default=False)


class HookKind(StrEnum):
    """What happened to a public answer."""

    published = "published"
    corrected = "corrected"
    withdrawn = "withdrawn"


class HookState(StrEnum):
    """How one delivery stands; ``overtaken``: the answer was not public any more when its turn came."""

    waiting = "waiting"
    sending = "sending"
    delivered = "delivered"
    given_up = "given_up"
    overtaken = "overtaken"


class HookDelivery(Base):
    """One event for one address; the body is put together when it goes out, so that nothing is sent that is not public any more."""

    __tablename__ = "hook_deliveries"
    __table_args__ = (Index("ix_hook_deliveries_hook", "webhook_id", "id"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    webhook_id: Mapped[int] = mapped_column(ForeignKey("webhooks.id"))
    inquiry_id: Mapped[int] = mapped_column(ForeignKey("inquiries.id"))
    kind: Mapped[HookKind] = mapped_column(named(HookKind))
    state: Mapped[HookState] = mapped_column(named(HookState), default=HookState.waiting)
    tries: Mapped[int] = mapped_column(default=0)
    status: Mapped[int | None]
    error: Mapped[str] = mapped_column(String(200), default="")
    created_at: Mapped[datetime] = mapped_column(Instant)
    claimed_at: Mapped[datetime | None] = mapped_column(Instant)
    done_at: Mapped[datetime | None] = mapped_column(Instant)
