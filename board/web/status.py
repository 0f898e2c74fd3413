"""Health: /healthz says that the process lives, /readyz what works and what does not, in words."""

from flask import Blueprint, Response, jsonify

from board.web.current import the_office

blueprint = Blueprint("status", __name__)


@blueprint.get("/healthz")
def healthz() -> Response:
    """The process answers."""
    return jsonify({"status": "ok"})
