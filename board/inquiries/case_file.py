"""The case file: internal notes, telephone records, the three opinions of a case slip, evidence. Nothing of it is ever public."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path

from sqlalchemy import func, select
from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm import Session, joinedload

from board.errors import InvalidInput, NotAllowed, NotFound
from board.inquiries.lifecycle import move
from board.inquiries.posting import bounded
from board.intake.file_types import media_type_of
from board.models import CaseFile, CaseNote, FileKind, Inquiry, NoteKind, Referral
from board.settings import Settings
from board.staff.roles import Actor, Right, require
from board.storage import files

NAME_MOST = 200


@dataclass(frozen=True, slots=True)
class Case:
    """All that belongs to one case: notes and files, oldest first, and the referral slip it came with."""

    notes: Sequence[CaseNote]
    files: Sequence[CaseFile]
    slip: Referral | None


def case_of(session: Session, actor: Actor, inquiry: Inquiry) -> Case:
    """The case file of an inquiry; NotAllowed without the right to read inquiries."""
    require(actor, Right.read_inquiry)
    notes = select(CaseNote).where(CaseNote.inquiry_id == inquiry.id).options(joinedload(CaseNote.author)).order_by(CaseNote.id)
    kept = select(CaseFile).where(CaseFile.inquiry_id == inquiry.id).options(joinedload(CaseFile.added_by)).order_by(CaseFile.id)
    return Case(session.scalars(notes).all(), session.scalars(kept).all(), session.scalar(select(Referral).where(Referral.inquiry_id == inquiry.id)))


def add_note(session: Session, settings: Settings, actor: Actor, inquiry: Inquiry, kind: str, text: str, counterpart: str, at: datetime) -> CaseNote:
    """Adds an entry; a telephone record says with whom. InvalidInput names the field."""
    if kind not in set(NoteKind):
        raise InvalidInput("请选择记录的种类。", "note_kind")
    clean = bounded(settings, text, "note", "记录")
    if not clean:
        raise InvalidInput("请填写记录内容。", "note")
    who = bounded(settings, counterpart, "nickname", "通话对象").replace("\n", " ")
    if kind == NoteKind.call and not who:
        raise InvalidInput("请写明与谁通话。", "counterpart")
    entry = CaseNote(inquiry_id=inquiry.id, kind=NoteKind(kind), counterpart=who, text=clean, author_id=account(actor), at=at)
    session.add(entry)
    session.flush()
    move(session, inquiry, "case_note", actor, at, data={"note": entry.id, "kind": kind})
    return entry


def add_file(session: Session, settings: Settings, actor: Actor, inquiry: Inquiry, kind: str, name: str, content: bytes, at: datetime) -> CaseFile:
    """Adds a file whose type is told by its content; the same file twice is one. InvalidInput for a type, size or number that is not taken."""
    require(actor, Right.keep_case_file, inquiry)
    if kind not in set(FileKind):
        raise InvalidInput("请选择材料的种类。", "file_kind")
    limits = settings.section("case_files")
    most = int(limits["file_bytes"])
    if not content:
        raise InvalidInput("请选择文件（空文件不能加入）。", "file")
    if len(content) > most:
        raise InvalidInput(f"文件超过 {most // 1_000_000} MB。", "file")
    media_type = media_type_of(content)
    if media_type is None:
        raise InvalidInput("只接受 PDF、JPG、PNG、DOCX、XLSX 文件（以内容为准）。", "file")
    digest = files.digest_of(content)
    found = session.scalar(select(CaseFile).where(CaseFile.inquiry_id == inquiry.id, CaseFile.digest == digest))
    if found is not None:
        return found
    if (session.scalar(select(func.count(CaseFile.id)).where(CaseFile.inquiry_id == inquiry.id)) or 0) >= int(limits["files_each"]):
        raise InvalidInput(f"每件最多 {limits['files_each']} 份材料。", "file")
    files.put(settings.home, content)
    row = CaseFile(
        inquiry_id=inquiry.id, kind=FileKind(kind), name=file_name(name), media_type=media_type, size=len(content), digest=digest, added_by_id=account(actor), at=at
    )  # fmt: skip
    try:
        with session.begin_nested():
            session.add(row)
    except IntegrityError:
        return session.scalars(select(CaseFile).where(CaseFile.inquiry_id == inquiry.id, CaseFile.digest == digest)).one()
    move(session, inquiry, "case_file", actor, at, data={"file": row.id, "kind": kind, "digest": digest})
    return row


def open_file(session: Session, settings: Settings, actor: Actor, inquiry: Inquiry, key: int) -> tuple[CaseFile, Path]:
    """A file of this case and where its bytes lie; NotFound for another case's, or when the bytes are gone."""
    require(actor, Right.read_inquiry)
    row = session.scalar(select(CaseFile).where(CaseFile.id == key, CaseFile.inquiry_id == inquiry.id))
    path = files.path_of(settings.home, row.digest) if row is not None else None
    if row is None or path is None or not path.is_file():
        raise NotFound("没有这份材料。")
    return row, path


def file_name(given: str) -> str:
    """The last part of the name as sent, printable and bounded."""
    last = given.replace("\\", "/").rpartition("/")[2]
    clean = "".join(sign for sign in last if sign.isprintable() and sign not in '<>:"|?*').strip(". ")
    return clean[-NAME_MOST:] or "材料"


def account(actor: Actor) -> int:
    """Who writes; NotAllowed for a machine or the console, which keep no case files."""
    if actor.account_id is None:
        raise NotAllowed("案卷记录须由工作人员账号填写。")
    return actor.account_id
