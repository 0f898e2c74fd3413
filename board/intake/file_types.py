"""What a file handed in is, told by its content: the few types that an office takes."""

import io
import zipfile

PDF, JPEG, PNG = "application/pdf", "image/jpeg", "image/png"
DOCX = "application/vnd.openxmlformats-officedocument.wordprocessingml.document"
XLSX = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
#: first bytes -> type
HEADS = ((b"%PDF-", PDF), (b"\xff\xd8\xff", JPEG), (b"\x89PNG\r\n\x1a\n", PNG))
#: the part that an Office file of this type has
PARTS = (("word/document.xml", DOCX), ("xl/workbook.xml", XLSX))
MEMBERS_MOST = 5_000
MACROS = "vbaProject.bin"


def media_type_of(content: bytes) -> str | None:
    """The media type; None for anything else, for a broken container and for one with macros."""
    for head, media_type in HEADS:
        if content.startswith(head):
            return media_type
    return office_type(content) if content.startswith(b"PK\x03\x04") else None


def office_type(content: bytes) -> str | None:
    """The type of an Office file; only the list of its members is read, nothing is unpacked."""
    try:
        with zipfile.ZipFile(io.BytesIO(content)) as container:
            names = set(container.namelist()[:MEMBERS_MOST])
    except (zipfile.BadZipFile, ValueError, NotImplementedError, OSError):
        return None
    if any(name.endswith(MACROS) for name in names):
        return None
    return next((media_type for part, media_type in PARTS if part in names and "[Content_Types].xml" in names), None)
