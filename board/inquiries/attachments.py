"""Files that come with a post: told by their content, bounded, pictures drawn anew without position data; never public (RELIABILITY 5, 51 to 58)."""

import io
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path

from PIL import Image, ImageOps
from sqlalchemy import select
from sqlalchemy.orm import Session

from board.errors import InvalidInput, NotFound
from board.intake.file_types import JPEG, PNG, media_type_of
from board.models import Attachment, Inquiry
from board.settings import Settings
from board.storage import files

FIELD = "files"
PIXELS_MOST = 50_000_000
SIDE_MOST = 2560
NAME_MOST = 100
FORMATS = {JPEG: "JPEG", PNG: "PNG"}


@dataclass(frozen=True, slots=True)
class Prepared:
    """A file as it will be kept."""

    name: str
    media_type: str
    content: bytes


def prepare(settings: Settings, sent: Sequence[tuple[bytes, str]]) -> tuple[Prepared, ...]:
    """Checks number, size and type and draws pictures anew; slow, so it belongs before the transaction. InvalidInput names what was wrong."""
    bounds = settings.section("attachments")
    most, size = int(bounds["files_each"]), int(bounds["file_bytes"])
    if len(sent) > most:
        raise InvalidInput(f"附件最多 {most} 个。", FIELD)
    for content, name in sent:
        if not content:
            raise InvalidInput(f"附件“{kept_name(name)}”是空文件。", FIELD)
        if len(content) > size:
            raise InvalidInput(f"附件“{kept_name(name)}”超过 {size // 1_000_000} MB。", FIELD)
    return tuple(prepared(content, kept_name(name)) for content, name in sent)


def prepared(content: bytes, name: str) -> Prepared:
    """One file; InvalidInput for a type that is not taken (by its content, whatever its name says)."""
    media_type = media_type_of(content)
    if media_type is None:
        raise InvalidInput(f"附件“{name}”的格式不支持。只接受 JPG、PNG、PDF、DOCX、XLSX（以内容为准）。", FIELD)
    return Prepared(name, media_type, redrawn(content, FORMATS[media_type], name) if media_type in FORMATS else content)


def redrawn(content: bytes, kind: str, name: str) -> bytes:
    """The picture upright, at most 2560 pixels a side, and nothing but the picture: no place, camera or hidden content."""
    try:
        with Image.open(io.BytesIO(content), formats=[kind]) as picture:
            if picture.width * picture.height > PIXELS_MOST:
                raise InvalidInput(f"图片“{name}”的尺寸过大。", FIELD)
            upright = ImageOps.exif_transpose(picture)
            plain = upright.convert("RGB" if kind == "JPEG" or upright.mode not in ("L", "LA", "RGBA") else upright.mode)
    except (OSError, ValueError, SyntaxError, Image.DecompressionBombError, Image.DecompressionBombWarning) as error:
        raise InvalidInput(f"图片“{name}”已损坏，无法读取。", FIELD) from error
    plain.thumbnail((SIDE_MOST, SIDE_MOST))
    bare = Image.new(plain.mode, plain.size)
    bare.paste(plain)
    written = io.BytesIO()
    bare.save(written, kind, **({"quality": 85} if kind == "JPEG" else {}))
    return written.getvalue()


def kept_name(given: str) -> str:
    """The last part of the name as sent: printable, bounded, without signs that files or headers read in their own way."""
    last = given.replace("\\", "/").rpartition("/")[2]
    clean = "".join(sign for sign in last if sign.isprintable() and sign not in '<>:"|?*').strip(". ")
    return clean[-NAME_MOST:] or "附件"


def attach(session: Session, home: Path, inquiry: Inquiry, kept: Iterable[Prepared], at: datetime) -> None:
    """Stores the files of a new inquiry; the same content twice is one."""
    seen: set[str] = set()
    for one in kept:
        digest = files.put(home, one.content)
        if digest not in seen:
            session.add(Attachment(
                inquiry_id=inquiry.id, name=one.name, media_type=one.media_type, size=len(one.content), digest=digest, at=at
            ))  # fmt: skip
        seen.add(digest)
    session.flush()


def attachments_of(session: Session, inquiry: Inquiry) -> Sequence[Attachment]:
    """The files of an inquiry, in the order in which they were chosen."""
    return session.scalars(select(Attachment).where(Attachment.inquiry_id == inquiry.id).order_by(Attachment.id)).all()


def open_attachment(session: Session, home: Path, inquiry: Inquiry, key: int) -> tuple[Attachment, Path]:
    """A file of this inquiry and where its bytes lie; NotFound for another's, or when the bytes are gone."""
    row = session.scalar(select(Attachment).where(Attachment.id == key, Attachment.inquiry_id == inquiry.id))
    path = files.path_of(home, row.digest) if row is not None else None
    if row is None or path is None or not path.is_file():
        raise NotFound("没有这个附件。")
    return row, path
