"""Telling other programs of public answers: noted in the transaction that publishes, corrects or withdraws; delivered by the worker.

At least once, never lost: each delivery has an id that stays the same at every try, so that the receiver can keep out doubles.
"""

import json
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import Any
from urllib.parse import quote

from sqlalchemy import select
from sqlalchemy.orm import Session

from board.models import HookDelivery, HookKind, HookState, Inquiry, Publication, Webhook
from board.settings import Settings
from board.staff.webhooks import CHAIN, TASK
from board.storage import outbox
from board.storage.chains import note as note_event

#: minutes until the next try after each failure; after the last the delivery is given up and shown
PAUSES = (1, 5, 30, 120, 360, 720, 1440)
#: a worker that claimed a delivery longer ago than this is gone
GONE = timedelta(minutes=1)


@dataclass(frozen=True, slots=True)
class Parcel:
    """What the worker hands over: where to, under which id, and the body, byte for byte."""

    hook_id: int
    generation: int
    address: str
    delivery_id: int
    kind: str
    body: bytes


def note(session: Session, inquiry_id: int, kind: HookKind, at: datetime) -> None:
    """One delivery for each address that is served."""
    for key in session.scalars(select(Webhook.id).where(Webhook.active).order_by(Webhook.id)).all():
        row = HookDelivery(webhook_id=key, inquiry_id=inquiry_id, kind=kind, created_at=at)
        session.add(row)
        session.flush()
        outbox.write(session, TASK, row.id, at)


def public_answer(session: Session, inquiry_id: int) -> Publication | None:
    """What stands in public as the answer."""
    return session.scalar(select(Publication).where(Publication.inquiry_id == inquiry_id, Publication.public, Publication.withdrawn_at.is_(None)))


def claim(session: Session, settings: Settings, row_id: int, delivery_id: int, at: datetime) -> Parcel | str:
    """The parcel to hand over, or why there is none: settled, busy, overtaken, or waiting for an address that is switched off."""
    row = session.get(HookDelivery, delivery_id, with_for_update=True)
    if row is None or row.state in (HookState.delivered, HookState.given_up, HookState.overtaken):
        outbox.finish(session, TASK, delivery_id, at)
        return "settled"
    if row.state == HookState.sending and row.claimed_at is not None and row.claimed_at > at - GONE:
        outbox.put_off(session, row_id, row.claimed_at + GONE, "")
        return "busy"
    if row.tries > len(PAUSES):
        return give_up(session, row_id, row, at)
    hook = session.get_one(Webhook, row.webhook_id)
    if not hook.active:
        row.state = HookState.waiting
        outbox.finish(session, TASK, delivery_id, at)
        return "switched off"
    answer = public_answer(session, row.inquiry_id)
    if (answer is None) != (row.kind == HookKind.withdrawn):
        row.state, row.done_at = HookState.overtaken, at
        outbox.finish(session, TASK, delivery_id, at)
        return "overtaken"
    row.state, row.claimed_at, row.tries = HookState.sending, at, row.tries + 1
    return Parcel(hook.id, hook.generation, hook.address, row.id, row.kind.value, encoded(body_of(session, settings, row, answer)))


def body_of(session: Session, settings: Settings, row: HookDelivery, answer: Publication | None) -> dict[str, Any]:
    """What is said: number and links, for an answer that stands also its title, unit and time; all of it stands on the board."""
    number = session.get_one(Inquiry, row.inquiry_id).number
    domain = str(settings.section("office").get("domain", ""))
    site = f"https://{domain}" if domain else ""
    inquiry: dict[str, Any] = {"number": number}
    if answer is not None:
        inquiry |= {"title": answer.title, "unit": session.get_one(Inquiry, row.inquiry_id).unit.name, "published": stamp(answer.published_at)}
        inquiry |= {"link": f"{site}/inquiries/{quote(number)}", "api": f"{site}/api/v1/answers/{quote(number)}"}
    return {"id": f"answer-{row.id}", "event": f"answer.{row.kind.value}", "at": stamp(row.created_at), "inquiry": inquiry}


def stamp(at: datetime) -> str:
    """An instant as RFC 3339 writes it."""
    return at.astimezone(UTC).strftime("%Y-%m-%dT%H:%M:%SZ")


def encoded(body: dict[str, Any]) -> bytes:
    """The bytes that are signed and sent."""
    return json.dumps(body, ensure_ascii=False, separators=(",", ":")).encode()


def confirm(session: Session, delivery_id: int, status: int, at: datetime) -> None:
    """It was taken: the address is well."""
    row = session.get_one(HookDelivery, delivery_id, with_for_update=True)
    row.state, row.status, row.error, row.done_at = HookState.delivered, status, "", at
    session.get_one(Webhook, row.webhook_id).failing_since = None
    outbox.finish(session, TASK, delivery_id, at)


def put_off(session: Session, settings: Settings, row_id: int, delivery_id: int, status: int | None, error: str, at: datetime) -> str:
    """Not taken: tried again later, or given up; an address that took nothing for too long is switched off, for the administrator to see."""
    row = session.get_one(HookDelivery, delivery_id, with_for_update=True)
    hook = session.get_one(Webhook, row.webhook_id, with_for_update=True)
    row.status, row.error, row.state = status, error[:200], HookState.waiting
    hook.failing_since = hook.failing_since or at
    if at - hook.failing_since >= timedelta(days=int(settings.section("webhooks")["disable_after_days"])) and hook.active:
        hook.active, hook.disabled_at, hook.disabled_by_system = False, at, True
        note_event(session, "hook_disable", "system", at, data={"hook": hook.id}, chain=CHAIN)
    if row.tries > len(PAUSES):
        return give_up(session, row_id, row, at)
    outbox.put_off(session, row_id, at + timedelta(minutes=PAUSES[row.tries - 1]), row.error)
    return "put off"


def give_up(session: Session, row_id: int, row: HookDelivery, at: datetime) -> str:
    """No further try by itself; the pages show it."""
    row.state, row.done_at = HookState.given_up, at
    outbox.give_up(session, row_id, "推送多次没有成功，可在“接口”页面重新推送")
    return "given up"
