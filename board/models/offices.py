"""Units (股室, 下属单位) and the accounts of staff."""

from datetime import datetime
from enum import StrEnum

from sqlalchemy import CheckConstraint, ForeignKey, String, Text, false, true
from sqlalchemy.orm import Mapped, mapped_column, relationship

from board.models.base import Base, Instant, named


class Role(StrEnum):
    """What a member of staff may do; the table is in board.staff.roles."""

    editor = "editor"
    approver = "approver"
    manager = "manager"
    admin = "admin"
    front_office = "front_office"
    unit_head = "unit_head"
    auditor = "auditor"


class Unit(Base):
    """A unit of the office; the root is the bureau itself, ``subordinate`` marks a body counted by itself."""

    __tablename__ = "units"

    id: Mapped[int] = mapped_column(primary_key=True)
    code: Mapped[str] = mapped_column(String(40), unique=True)
    name: Mapped[str] = mapped_column(String(100))
    short_name: Mapped[str] = mapped_column(String(40))
    parent_id: Mapped[int | None] = mapped_column(ForeignKey("units.id"), index=True)
    subordinate: Mapped[bool] = mapped_column(default=False)
    phone: Mapped[str] = mapped_column(String(60), default="")
    address: Mapped[str] = mapped_column(String(200), default="")
    hours: Mapped[str] = mapped_column(String(200), default="")
    window: Mapped[str] = mapped_column(String(100), default="")
    duties: Mapped[str] = mapped_column(Text, default="")
    keywords: Mapped[str] = mapped_column(Text, default="")
    signature: Mapped[str] = mapped_column(String(200), default="", server_default="")

    parent: Mapped["Unit | None"] = relationship(remote_side=[id])


class Account(Base):
    """A member of staff; ``session_epoch`` ends all sessions when it is raised, ``sample`` accounts work on loopback only.

    ``expires_at`` ends the account by itself; ``totp_secret`` is sealed with the server's key ("" without a second factor), ``totp_step`` the
    last accepted thirty-second step; ``must_change`` asks for a new password first; ``shortcuts`` switches the keys of the desk on.
    """

    __tablename__ = "accounts"
    __table_args__ = (CheckConstraint("failed_attempts >= 0", name="failed_attempts"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    login: Mapped[str] = mapped_column(String(60), unique=True)
    display_name: Mapped[str] = mapped_column(String(60))
    role: Mapped[Role] = mapped_column(named(Role))
    unit_id: Mapped[int] = mapped_column(ForeignKey("units.id"))
    password_hash: Mapped[str] = mapped_column(String(200))
    active: Mapped[bool] = mapped_column(default=True)
    sample: Mapped[bool] = mapped_column(default=False)
    failed_attempts: Mapped[int] = mapped_column(default=0)
    locked_until: Mapped[datetime | None] = mapped_column(Instant)
    session_epoch: Mapped[int] = mapped_column(default=0)
    created_at: Mapped[datetime] = mapped_column(Instant)
    email: Mapped[str] = mapped_column(String(200), default="", server_default="")
    expires_at: Mapped[datetime | None] = mapped_column(Instant)
    must_change: Mapped[bool] = mapped_column(default=False, server_default=false())
    totp_secret: Mapped[str] = mapped_column(String(200), default="", server_default="")
    totp_step: Mapped[int] = mapped_column(default=0, server_default="0")
    shortcuts: Mapped[bool] = mapped_column(default=True, server_default=true())

    unit: Mapped[Unit] = relationship()
