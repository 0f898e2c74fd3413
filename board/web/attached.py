"""Files of a post: sent with the form, given back to the citizen with the code and to staff; always to be saved, never shown as part of this site."""

from pathlib import Path
from typing import Any

from flask import Blueprint, request, send_file
from werkzeug.wrappers import Response

from board.errors import NotFound
from board.inquiries.attachments import open_attachment
from board.inquiries.posting import find_by_code
from board.web import forms, limits
from board.web.current import the_office

blueprint = Blueprint("attached", __name__)


def sent_files(name: str = "files") -> list[tuple[bytes, str]]:
    """Bytes and name of each file that was chosen; an empty choice of the browser is none."""
    kept = []
    for sent in request.files.getlist(name):
        with sent.stream:
            if sent.filename:
                kept.append((sent.read(), sent.filename))
    return kept


@blueprint.post("/follow/file")
def own() -> Response:
    """One of the own files, for whoever shows number and code."""
    office = the_office()
    limits.code_tries_left()
    try:
        with office.work.reading() as db:
            inquiry = find_by_code(db, office.key, forms.typed("number"), forms.typed("code"))
    except NotFound:
        limits.note_wrong_code()
        raise
    given = forms.typed("file")
    with office.work.reading() as db:
        return saved(*open_attachment(db, office.settings.home, inquiry, int(given) if given.isascii() and given.isdigit() and len(given) < 10 else 0))


def saved(row: Any, path: Path) -> Response:
    """The bytes, to be saved under the name they came with."""
    return send_file(path, mimetype=row.media_type, as_attachment=True, download_name=row.name, etag=row.digest, conditional=False)
