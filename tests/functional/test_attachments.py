"""What comes with a post: files told by their content, place, the unit asked for, and a number found in the text."""

import io
import re
import zipfile
from collections.abc import Callable
from contextlib import closing

import pytest
from PIL import Image
from sqlalchemy import select

from board.errors import InvalidInput
from board.inquiries.attachments import kept_name, prepare
from board.inquiries.found_phone import phone_in
from board.models import Attachment, Inquiry
from board.settings import Settings, load_settings
from board.storage import files
from tests.bureau import Bureau
from tests.functional.conftest import Citizen
from tests.staff import Staff, enter

__all__ = ["enter"]


def picture(kind: str = "JPEG", size: tuple[int, int] = (40, 20)) -> bytes:
    """A picture with a place, a camera and a comment in it."""
    exif = Image.Exif()
    exif[0x010F] = "SECRETCAMERA"
    exif[0x8825] = {1: "N", 2: (36.0, 30.0, 0.0), 3: "E", 4: (104.0, 40.0, 0.0)}
    written = io.BytesIO()
    Image.new("RGB", size, (200, 30, 30)).save(written, kind, exif=exif)
    return written.getvalue()


def office_file(*names: str) -> bytes:
    """A container with these members."""
    written = io.BytesIO()
    with zipfile.ZipFile(written, "w") as container:
        for name in names:
            container.writestr(name, "x")
    return written.getvalue()


@pytest.fixture(scope="module")
def chosen(tmp_path_factory: pytest.TempPathFactory) -> Settings:
    return load_settings({"HUIYING_HOME": str(tmp_path_factory.mktemp("home"))})


@pytest.mark.parametrize("kind", ["JPEG", "PNG"])
def test_a_picture_keeps_nothing_but_the_picture(chosen: Settings, kind: str) -> None:
    sent = picture(kind) + b"<script>alert(1)</script>"
    assert b"SECRETCAMERA" in sent
    (kept,) = prepare(chosen, [(sent, "C:\\fakepath\\..\\现场.jpg")])
    assert kept.name == "现场.jpg"
    assert b"SECRETCAMERA" not in kept.content
    assert b"<script>" not in kept.content
    with Image.open(io.BytesIO(kept.content)) as shown:
        assert shown.format == kind
        assert not shown.getexif()
        assert not shown.getexif().get_ifd(0x8825)


@pytest.mark.parametrize("content", [
    b"", b"<html><script>1</script>", b"<svg onload=alert(1)>", b"MZ\x90\x00", b"\xff\xd8\xff" + b"x" * 50, picture()[:200], picture("PNG")[:60],
    b"PK\x03\x04broken", office_file("a.txt"), office_file("[Content_Types].xml", "word/document.xml", "word/vbaProject.bin"), b"%PDF-" + b"x" * 4_000_000,
])  # fmt: skip
def test_what_is_no_honest_file_is_refused_in_words(chosen: Settings, content: bytes) -> None:
    with pytest.raises(InvalidInput) as refused:
        prepare(chosen, [(content, "照片.jpg")])
    assert refused.value.field == "files"
    assert "照片.jpg" in refused.value.message


def test_a_flood_of_pixels_is_refused_by_its_header(chosen: Settings) -> None:
    small = picture("PNG")
    width = (50_000).to_bytes(4, "big")
    with pytest.raises(InvalidInput):
        prepare(chosen, [(small[:16] + width + width + small[24:], "大.png")])
    with pytest.raises(InvalidInput, match="最多 5 个"):
        prepare(chosen, [(picture(), "1.jpg")] * 6)


@pytest.mark.parametrize(("given", "kept"), [("../../etc/passwd", "passwd"), ("\u202egpj.exe", "gpj.exe"), ("a\r\nb\0.pdf", "ab.pdf"), ("...", "附件"), ("长" * 300, "长" * 100)])
def test_names_are_harmless(given: str, kept: str) -> None:
    assert kept_name(given) == kept


@pytest.mark.parametrize(("text", "found"), [("电话13800138000。", "13800138000"), ("１３８-0013-8000", "13800138000"), ("+86 13800138000", "13800138000"), ("拨打12333", ""), ("单号138001380001", "")])
def test_a_number_in_the_text(text: str, found: str) -> None:
    assert phone_in(text) == found


def test_files_place_and_unit_reach_the_desk_and_only_it(bureau: Bureau, citizen: Citizen, enter: Callable[[str], Staff]) -> None:
    pdf = b"%PDF-1.4 notice"
    chosen = [(io.BytesIO(picture()), "现场.jpg"), (io.BytesIO(pdf), "通知.pdf"), (io.BytesIO(pdf), "再一次.pdf")]
    number, code = citizen.receipt(files=chosen, place="东街路口", unit="jyg", text="路灯坏了，电话13800138000")
    with bureau.office.work.reading() as session:
        row = session.scalars(select(Inquiry)).one()
        kept = session.scalars(select(Attachment).order_by(Attachment.id)).all()
    assert (row.place, row.asked_unit, row.contact) == ("东街路口", "就业股", "")
    assert [one.name for one in kept] == ["现场.jpg", "通知.pdf"]
    path = f"/desk/inquiries/{number}/attachments/{kept[1].id}"
    clerk = enter("clerk")
    page = clerk.get(f"/desk/inquiries/{number}").get_data(as_text=True)
    assert "东街路口" in page
    assert path in page
    with closing(clerk.get(path)) as answer:
        assert answer.get_data() == pdf
        assert answer.headers["Content-Disposition"].startswith("attachment")
        assert answer.headers["X-Content-Type-Options"] == "nosniff"
    assert clerk.get(f"/desk/inquiries/{number}/attachments/99").status_code == 404
    with closing(citizen.follow(number, code, "/follow/file", file=str(kept[1].id))) as own:
        assert own.get_data() == pdf
    other, other_code = citizen.receipt()
    for args in ((number, "AAAA-AAAA-AAAA-AAAA"), (other, other_code)):
        assert citizen.follow(*args, "/follow/file", file=str(kept[1].id)).status_code == 404
    assert citizen.client.get(path).status_code == 302


def test_a_refused_file_costs_no_words_and_leaves_no_file(bureau: Bureau, citizen: Citizen) -> None:
    answer = citizen.send(files=[(io.BytesIO(picture()), "好.jpg"), (io.BytesIO(b"MZ"), "坏.jpg")], text="写了很久的话", unit="sbj")
    page = answer.get_data(as_text=True)
    assert answer.status_code == 422
    assert "坏.jpg" in page
    assert "写了很久的话" in page
    assert '<option value="sbj" selected>' in page
    assert "附件没有保留" in page
    with bureau.office.work.reading() as session:
        assert session.scalars(select(Inquiry)).all() == []
    assert not list(files.path_of(bureau.office.settings.home, "00").parent.parent.glob("*/*"))
    assert citizen.send(unit="nowhere").status_code == 422
    assert citizen.client.post("/post", data={"text": "x" * 21_000_000}).status_code == 413


def test_a_number_in_the_text_is_offered_as_contact_and_taken_only_when_asked(bureau: Bureau, citizen: Citizen) -> None:
    assert citizen.send(text="请回电１３８ 0013 8000").status_code == 303
    page = citizen.client.get("/post/receipt").get_data(as_text=True)
    assert "用作联系电话（不公开）" in page
    number, code = re.search(r'name="number" value="([^"]+)"', page)[1], re.search(r'name="code" value="([^"]+)"', page)[1]
    assert citizen.follow(number, code, "/follow/contact", contact="13800138000").status_code == 200
    with bureau.office.work.reading() as session:
        assert session.scalars(select(Inquiry.contact)).one() == "13800138000"
