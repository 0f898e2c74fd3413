"""Forms carry a token; the interface has no ambient authority (it reads no cookie) and needs none."""

from flask import Flask
from flask_wtf.csrf import CSRFProtect

from board.web import api


def register(app: Flask) -> None:
    """Flask-WTF's protection over every form; a token lives as long as its session."""
    app.config.update(WTF_CSRF_TIME_LIMIT=None, WTF_CSRF_SSL_STRICT=True, WTF_CSRF_METHODS=["POST", "PUT", "PATCH", "DELETE"])
    protection = CSRFProtect()
    protection.exempt(api.blueprint)
    protection.init_app(app)
