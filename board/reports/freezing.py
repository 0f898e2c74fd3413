"""A year is closed by two people: the first one's snapshot is stored with its SHA-256, a different one confirms it; later versions need a reason."""

import hashlib
import zlib
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import func, select
from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm import Session

from board.errors import Conflict, InvalidInput, NotAllowed
from board.inquiries.deadlines import Calendar
from board.models import FindingOverruling, FreezeConfirmation, YearFreeze
from board.reports.cell_items import canonical
from board.reports.final_report import FinalYear, final_year, year_document
from board.reports.frozen_years import required, waiting
from board.settings import Settings
from board.staff.roles import Actor, Right, require
from board.storage.chains import note

REASON_MOST = 300
SHOWN_MOST = 5


@dataclass(frozen=True, slots=True)
class Room:
    """What a count of the year needs of the office."""

    settings: Settings
    taxonomy: Mapping[str, Any]
    calendar: Calendar

    def year(self, session: Session, year: int, at: datetime, entered_until: datetime | None = None) -> FinalYear:
        """The year as it stands at an instant."""
        return final_year(session, self.settings, self.taxonomy, self.calendar, year, at, entered_until)

    def snapshot(self, session: Session, year: int, at: datetime, entered_until: datetime | None = None) -> bytes:
        """The bytes that are frozen."""
        return snapshot_of(self.year(session, year, at, entered_until), self.settings)


@dataclass(frozen=True, slots=True)
class Verification:
    """``intact``: the stored bytes have the stored SHA-256; ``reproduced``: the records give the same bytes today."""

    year: int
    version: int
    sha256: str
    now: str
    intact: bool
    reproduced: bool


def snapshot_of(whole: FinalYear, settings: Settings) -> bytes:
    """Canonical JSON of a year."""
    return canonical(year_document(whole, settings.office_name))


def checked_reason(reason: str) -> str:
    """The reason on one line; InvalidInput when it is missing or too long."""
    text = " ".join(reason.split())
    if not text or len(text) > REASON_MOST:
        raise InvalidInput(f"请写明理由（最多{REASON_MOST}字），理由会印在报告里。", "reason")
    return text


def overrule(session: Session, actor: Actor, room: Room, year: int, fingerprint: str, reason: str, at: datetime) -> FindingOverruling:
    """Lets a finding stand as it reads now, with the printed reason; Conflict when it reads otherwise or is gone."""
    require(actor, Right.close_year)
    text = checked_reason(reason)
    finding = next((one for one in room.year(session, year, at).findings if one.fingerprint == fingerprint), None)
    if finding is None:
        raise Conflict("这一项校验结果已经变化或者已经解决，请刷新后核对。")
    row = FindingOverruling(
        year=year, form=finding.form, rule=finding.rule, fingerprint=fingerprint, message=finding.message[:1000], reason=text, at=at, overruled_by=actor.name
    )  # fmt: skip
    session.add(row)
    note(session, "overrule_finding", actor.name, at, reason=text, data={"year": year, "form": finding.form, "rule": finding.rule, "fingerprint": fingerprint}, chain="report")
    session.flush()
    return row


def close_year(session: Session, actor: Actor, room: Room, year: int, reason: str, at: datetime) -> YearFreeze:
    """The first person closes: the year is over and every finding solved or overruled; a later version needs the reason of the correction."""
    require(actor, Right.close_year)
    whole = room.year(session, year, at)
    if whole.provisional:
        raise InvalidInput(f"{year}年度还没有结束，不能关账。", "year")
    if whole.open:
        told = "；".join(finding.message for finding in whole.open[:SHOWN_MOST])
        raise InvalidInput(f"还有{len(whole.open)}项校验没有处理，不能关账：{told}", "findings")
    version = (session.scalar(select(func.max(FreezeConfirmation.version)).where(FreezeConfirmation.year == year)) or 0) + 1
    content = snapshot_of(whole, room.settings)
    attempt = session.scalar(select(func.count()).where(YearFreeze.year == year, YearFreeze.version == version)) or 0
    row = YearFreeze(
        year=year, version=version, attempt=attempt + 1, snapshot=zlib.compress(content, 6), sha256=hashlib.sha256(content).hexdigest(),
        reason=checked_reason(reason) if version > 1 else " ".join(reason.split())[:REASON_MOST], counted_at=at, closed_by=actor.name,
    )  # fmt: skip
    session.add(row)
    flushed(session)
    note(session, "close_year", actor.name, at, row.reason, {"year": year, "version": version, "sha256": row.sha256}, chain="report")
    return row


def confirm_year(session: Session, actor: Actor, room: Room, year: int, sha256: str, at: datetime) -> FreezeConfirmation:
    """A different person confirms exactly the snapshot that was shown; Conflict when the records moved since, NotAllowed for the first person."""
    require(actor, Right.close_year)
    row = waiting(session, year)
    if row is None or row.sha256 != sha256:
        raise Conflict(f"{year}年度没有等待确认的关账，或者内容已经变化，请刷新后核对。")
    if row.closed_by == actor.name:
        raise NotAllowed("关账须由另一人确认。")
    if hashlib.sha256(room.snapshot(session, year, row.counted_at)).hexdigest() != row.sha256:
        raise Conflict("关账以后台账有变动，请由关账人重新关账。")
    confirmation = FreezeConfirmation(freeze_id=row.id, year=year, version=row.version, closed_by=row.closed_by, confirmed_by=actor.name, at=at)
    session.add(confirmation)
    flushed(session)
    session.expire(row, ["confirmation"])
    note(session, "confirm_year", actor.name, at, data={"year": year, "version": row.version, "sha256": row.sha256}, chain="report")
    return confirmation


def flushed(session: Session) -> None:
    """Writes; Conflict when another person was faster (the database lets one through)."""
    try:
        session.flush()
    except IntegrityError as error:
        raise Conflict("他人刚处理了这个年度，请刷新后核对。") from error


def verify_year(session: Session, room: Room, year: int, version: int | None = None) -> Verification:
    """Recomputes a frozen version from the records, byte for byte; NotFound when there is none."""
    kept = required(session, year, version)
    stored = stored_bytes(session, kept.row)
    again = room.snapshot(session, year, kept.row.counted_at)
    return Verification(
        year, kept.row.version, kept.row.sha256, hashlib.sha256(again).hexdigest(), hashlib.sha256(stored).hexdigest() == kept.row.sha256, again == stored,
    )  # fmt: skip


def stored_bytes(session: Session, row: YearFreeze) -> bytes:
    """The frozen bytes themselves."""
    packed = session.scalar(select(YearFreeze.snapshot).where(YearFreeze.id == row.id))
    return zlib.decompress(packed or b"")
