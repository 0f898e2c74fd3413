"""What the office learned from its answered inquiries: versions of the routing, and the traces by which alike messages find one another."""

from datetime import datetime

from sqlalchemy import BigInteger, CheckConstraint, ForeignKey, Index, LargeBinary, String, false, text
from sqlalchemy.orm import Mapped, mapped_column

from board.models.base import Base, Instant


class RouterVersion(Base):
    """A learned routing with its cross-validated figures beside those of the rules on the same messages; at most one is in use.

    ``content`` holds the model of the units, ``subjects`` that of the subjects (empty when no message had one); ``refused`` says why a
    version was not taken into use.
    """

    __tablename__ = "router_versions"
    __table_args__ = (
        Index("uq_router_versions_in_use", "in_use", unique=True, sqlite_where=text("in_use"), postgresql_where=text("in_use")),
        CheckConstraint("NOT in_use OR refused = ''", name="refused_not_in_use"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    made_at: Mapped[datetime] = mapped_column(Instant)
    made_by: Mapped[str] = mapped_column(String(80))
    messages: Mapped[int]
    units: Mapped[int]
    macro_f1: Mapped[float]
    rules_f1: Mapped[float]
    not_sure: Mapped[float]
    sure_right: Mapped[float]
    in_use: Mapped[bool] = mapped_column(default=False, server_default=false())
    refused: Mapped[str] = mapped_column(String(200), default="", server_default="")
    digest: Mapped[str] = mapped_column(String(64))
    content: Mapped[bytes] = mapped_column(LargeBinary, deferred=True)
    subjects: Mapped[bytes] = mapped_column(LargeBinary, deferred=True)


class InquiryTrace(Base):
    """One of the few numbers that stand for an inquiry's words; alike messages share many of them. Written with the inquiry itself."""

    __tablename__ = "inquiry_traces"

    trace: Mapped[int] = mapped_column(BigInteger, primary_key=True, autoincrement=False)
    inquiry_id: Mapped[int] = mapped_column(ForeignKey("inquiries.id", ondelete="CASCADE"), primary_key=True, autoincrement=False, index=True)
