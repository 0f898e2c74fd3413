"""The case file: notes, telephone records, files told by their content; each an event without personal text."""

import io
import zipfile
from pathlib import Path

import pytest
from sqlalchemy import select

from board.errors import InvalidInput, NotAllowed, NotFound
from board.inquiries.case_file import add_file, add_note, case_of, file_name, open_file
from board.inquiries.events import broken_chain
from board.intake.file_types import DOCX, XLSX, media_type_of
from board.models import CaseFile, Event, FileKind, Inquiry
from board.storage import files
from tests.bureau import NOW, Bureau, bureau

__all__ = ["bureau"]
PDF = b"%PDF-1.7\n%%EOF\n"


def note(bureau: Bureau, key: int, who: str = "clerk", kind: str = "note", text: str = "已与经办人核对。", counterpart: str = "") -> None:
    with bureau.office.work.transaction() as session:
        add_note(session, bureau.office.settings, bureau.actors[who], session.get_one(Inquiry, key), kind, text, counterpart, NOW)


def put(bureau: Bureau, key: int, content: bytes, name: str = "证明.pdf", who: str = "clerk") -> int:
    with bureau.office.work.transaction() as session:
        return add_file(session, bureau.office.settings, bureau.actors[who], session.get_one(Inquiry, key), FileKind.evidence, name, content, NOW).id


def packed(*names: str) -> bytes:
    target = io.BytesIO()
    with zipfile.ZipFile(target, "w") as container:
        for name in names:
            container.writestr(name, "<x/>")
    return target.getvalue()


def test_notes_are_kept_in_order_and_events_hold_no_text(bureau: Bureau) -> None:
    key = bureau.post().inquiry_id
    note(bureau, key)
    note(bureau, key, "signer", "call", "告知需带身份证，电话13800138000。", "网民张先生")
    with bureau.office.work.reading() as session:
        case = case_of(session, bureau.actors["manager"], session.get_one(Inquiry, key))
        assert [(entry.kind, entry.author.login, entry.counterpart) for entry in case.notes] == [("note", "clerk", ""), ("call", "signer", "网民张先生")]
        events = session.scalars(select(Event).where(Event.action == "case_note")).all()
        assert "13800138000" not in str([event.data for event in events])
        assert broken_chain(session, key) is None


@pytest.mark.parametrize(("kind", "text", "counterpart", "field"), [("odd", "文", "", "note_kind"), ("note", " ", "", "note"), ("call", "文", "", "counterpart"), ("note", "长" * 5001, "", "note")])
def test_an_incomplete_note_names_its_field(bureau: Bureau, kind: str, text: str, counterpart: str, field: str) -> None:
    key = bureau.post().inquiry_id
    with pytest.raises(InvalidInput) as refused:
        note(bureau, key, kind=kind, text=text, counterpart=counterpart)
    assert refused.value.field == field


def test_another_unit_s_clerk_and_the_admin_add_nothing(bureau: Bureau) -> None:
    key = bureau.post().inquiry_id
    for who in ("clerk-sbj", "admin"):
        with pytest.raises(NotAllowed):
            note(bureau, key, who)
        with pytest.raises(NotAllowed):
            put(bureau, key, PDF, who=who)


def test_the_same_file_twice_is_one_and_its_bytes_come_back(bureau: Bureau) -> None:
    key, other = bureau.post().inquiry_id, bureau.post("另一件").inquiry_id
    first = put(bureau, key, PDF, "C:\\扫描\\证明?.pdf")
    assert put(bureau, key, PDF) == first
    second = put(bureau, other, PDF)
    with bureau.office.work.reading() as session:
        row, path = open_file(session, bureau.office.settings, bureau.actors["signer"], session.get_one(Inquiry, key), first)
        assert (row.name, row.media_type, path.read_bytes()) == ("证明.pdf", "application/pdf", PDF)
        with pytest.raises(NotFound):
            open_file(session, bureau.office.settings, bureau.actors["signer"], session.get_one(Inquiry, key), second)
        assert len(session.scalars(select(CaseFile)).all()) == 2


@pytest.mark.parametrize("content", [b"", b"MZ\x90\x00", b"<html><script>", b"GIF89a", b"PK\x03\x04broken", packed("word/document.xml"), packed("[Content_Types].xml", "word/document.xml", "word/vbaProject.bin"), b"%PDF-" + b"0" * 10_000_001])
def test_other_contents_are_refused_whatever_they_are_called(bureau: Bureau, content: bytes) -> None:
    key = bureau.post().inquiry_id
    with pytest.raises(InvalidInput) as refused:
        put(bureau, key, content, "证明.pdf")
    assert refused.value.field == "file"
    assert not (bureau.office.settings.home / "files").exists()


def test_office_files_are_told_by_their_parts() -> None:
    assert media_type_of(packed("[Content_Types].xml", "word/document.xml")) == DOCX
    assert media_type_of(packed("[Content_Types].xml", "xl/workbook.xml")) == XLSX


def test_no_more_files_than_the_office_allows(bureau: Bureau) -> None:
    key = bureau.post().inquiry_id
    for number in range(20):
        put(bureau, key, PDF + str(number).encode())
    with pytest.raises(InvalidInput, match="最多 20 份"):
        put(bureau, key, PDF)


def test_a_write_that_fails_leaves_nothing_half_written(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def full(_handle: int) -> None:
        raise OSError(28, "No space left on device")

    monkeypatch.setattr(files.os, "fsync", full)
    with pytest.raises(OSError, match="No space"):
        files.put(tmp_path, PDF)
    assert [path for path in tmp_path.rglob("*") if path.is_file()] == []


def test_names_are_bounded_and_plain() -> None:
    assert file_name("../../etc/passwd") == "passwd"
    assert file_name("a" * 500 + ".pdf").endswith(".pdf")
    assert len(file_name("a" * 500 + ".pdf")) == 200
    assert file_name("\x00\n..") == "材料"
