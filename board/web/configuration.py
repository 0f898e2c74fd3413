"""Flask's own settings, derived from the office's."""

import hashlib
import hmac
import json
from collections.abc import Callable
from datetime import timedelta
from pathlib import Path
from typing import Any

from flask import Flask, request
from flask.json.provider import DefaultJSONProvider
from flask_bootstrap import Bootstrap5
from flask_compress import Compress
from jinja2 import FileSystemBytecodeCache
from werkzeug.middleware.proxy_fix import ProxyFix

from board.office import Office

#: RFC 9457, as error_pages writes it
PROBLEM = {
    "type": "object",
    "properties": {
        "type": {"type": "string"}, "title": {"type": "string"}, "status": {"type": "integer"}, "detail": {"type": "string"},
        "errors": {"type": "array", "items": {"type": "object", "properties": {"field": {"type": "string"}, "detail": {"type": "string"}}}},
    },
    "required": ["type", "title", "status", "detail"],
}  # fmt: skip
FORM_PARTS_MOST = 100
JSON_DEPTH_MOST = 20
#: routes that take a file
FILE_ROUTES = frozenset({"case_file.add", "slip_lists.preview"})
#: routes that take the files of a post, sent as parts; as a plain form they keep the small bound
POST_ROUTES = frozenset({"posting.send", "suggestions.show"})


def compiled_pages(home: Path) -> FileSystemBytecodeCache:
    """Where templates stay compiled from process to process: the first page of each takes 50 ms less."""
    directory = home / "cache" / "templates"
    directory.mkdir(parents=True, exist_ok=True)
    return FileSystemBytecodeCache(str(directory))


def configure(app: Flask, office: Office) -> None:
    """Bounds of a request, cookies, compression, the stylesheet of the wheel, and the trusted proxies."""
    web, limits = office.settings.section("web"), office.settings.section("limits")
    app.jinja_options = {**app.jinja_options, "bytecode_cache": compiled_pages(office.settings.home)}
    app.secret_key = hmac.digest(office.key, b"session cookies", hashlib.sha256)
    app.config.update(
        MAX_CONTENT_LENGTH=int(limits["body_bytes"]),
        MAX_FORM_MEMORY_SIZE=int(limits["body_bytes"]),
        MAX_FORM_PARTS=FORM_PARTS_MOST,
        PROVIDE_AUTOMATIC_OPTIONS=False,
        SESSION_COOKIE_NAME="huiying",
        SESSION_COOKIE_HTTPONLY=True,
        SESSION_COOKIE_SAMESITE="Lax",
        SESSION_COOKIE_SECURE=bool(web.get("https", False)),
        SESSION_REFRESH_EACH_REQUEST=False,
        PERMANENT_SESSION_LIFETIME=timedelta(hours=12),
        BOOTSTRAP_SERVE_LOCAL=True,
        COMPRESS_ALGORITHM=["gzip"],
        COMPRESS_MIN_SIZE=500,
        OPENAPI_VERSION="3.1.0",
        HTTP_ERROR_SCHEMA=PROBLEM,
        VALIDATION_ERROR_SCHEMA=PROBLEM,
        VALIDATION_ERROR_DESCRIPTION="有的内容不符合要求，请按提示修改。",
    )
    app.before_request(larger_bodies(office))
    app.json = StrictJson(app)
    app.jinja_env.trim_blocks = app.jinja_env.lstrip_blocks = True
    Bootstrap5(app)
    Compress(app)
    hops = int(web["trusted_proxies"])
    if hops > 0:
        app.wsgi_app = ProxyFix(app.wsgi_app, x_for=hops, x_proto=hops, x_host=0)  # type: ignore[method-assign]  # Flask's documented way


def larger_bodies(office: Office) -> Callable[[], None]:
    """A file handed in may be larger than a form; everything else keeps the small bound."""
    most, chosen = int(office.settings.section("case_files")["file_bytes"]) + 100_000, office.settings.section("attachments")
    attached = int(chosen["file_bytes"]) * int(chosen["files_each"]) + 100_000

    def allow() -> None:
        if request.endpoint in FILE_ROUTES:
            request.max_content_length = most
        elif request.endpoint in POST_ROUTES and request.mimetype == "multipart/form-data":
            request.max_content_length = attached

    return allow


class StrictJson(DefaultJSONProvider):
    """JSON as RFC 8259 has it: no NaN, no name twice, bounded depth; answers keep Chinese readable."""

    ensure_ascii = False
    sort_keys = False

    def loads(self, s: str | bytes, **kwargs: Any) -> Any:
        """The value of a request's body; ValueError for anything odd."""
        try:
            value = json.loads(s, object_pairs_hook=unique, parse_constant=refuse_constant)
        except RecursionError as error:
            raise ValueError("nested too deeply") from error
        check_depth(value)
        return value


def unique(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    """An object whose names are all different."""
    result = dict(pairs)
    if len(result) != len(pairs):
        raise ValueError("a name occurs twice")
    return result


def refuse_constant(name: str) -> Any:
    """NaN and Infinity are no JSON."""
    raise ValueError(f"{name} is no JSON")


def check_depth(value: Any, left: int = JSON_DEPTH_MOST) -> None:
    """ValueError when arrays and objects are nested more than ``left`` deep."""
    if isinstance(value, dict | list):
        if left == 0:
            raise ValueError("nested too deeply")
        for item in value.values() if isinstance(value, dict) else value:
            check_depth(item, left - 1)

