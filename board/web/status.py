"""Health: /healthz says that the process lives, /readyz what works and what does not, in words."""

from collections.abc import Callable
from datetime import timedelta
from typing import Any

from flask import Blueprint, Response, jsonify

from board.clock import now
from board.errors import HuiyingError
from board.inquiries.reconciling import heartbeats
from board.storage import outbox
from board.web.current import the_office

blueprint = Blueprint("status", __name__)
FRESH = timedelta(seconds=40)


@blueprint.get("/healthz")
def healthz() -> Response:
    """The process answers."""
    return jsonify({"status": "ok"})


@blueprint.get("/readyz")
def readyz() -> Response:
    """200 "ok", 200 "degraded" while only the broker is away (posting goes on), 503 with the reasons."""
    failed: list[str] = []
    body: dict[str, Any] = {}
    for check in (database_and_index, waiting):
        part, reason = attempted(check)
        body |= part
        failed += [reason] if reason else []
    degraded = [] if failed else broker_reasons(body)
    body["status"] = "unavailable" if failed else "degraded" if degraded else "ok"
    body["reasons"] = failed + degraded
    response = jsonify(body)
    response.status_code = 503 if failed else 200
    return response


def attempted(check: Callable[[], dict[str, Any]]) -> tuple[dict[str, Any], str]:
    """What a check found, or why it could not."""
    try:
        return check(), ""
    except HuiyingError as error:
        return {}, error.message


def database_and_index() -> dict[str, Any]:
    """Reads the database and brings the index up to its sequence."""
    office = the_office()
    with office.work.reading() as db:
        office.catalogue.follow(db)
    return {"database": "ok", "index": {"documents": len(office.catalogue), "sequence": office.catalogue.sequence}}


def waiting() -> dict[str, Any]:
    """Heartbeats and the age of the oldest row that waits for the worker, in seconds."""
    at = now()
    with the_office().work.reading() as db:
        signs = {name: max(0, round((at - seen).total_seconds())) for name, seen in heartbeats(db).items()}
        oldest = outbox.oldest_open(db)
    return {"heartbeats": signs, "oldest_outbox_seconds": max(0, round((at - oldest).total_seconds())) if oldest else None}


def broker_reasons(body: dict[str, Any]) -> list[str]:
    """What a stale heartbeat means."""
    signs: dict[str, int] = body["heartbeats"]
    most = FRESH.total_seconds()
    stale = [words for name, words in (("worker", "消息队列或后台任务没有响应"), ("relay", "转发进程没有响应")) if signs.get(name, most + 1) > most]
    return [f"{'、'.join(stale)}，留言照常接收，拟稿和发布会推迟。"] if stale else []
