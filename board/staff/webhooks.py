"""Web hooks: who is told of public answers; the secret for signing is derived from the server's key and stands in no table."""

import base64
import hashlib
import hmac
from collections.abc import Sequence
from datetime import datetime

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from board.errors import Conflict, InvalidInput, NotFound
from board.models import HookDelivery, HookState, Inquiry, Webhook
from board.settings import Settings
from board.staff.hook_addresses import checked_address
from board.staff.roles import Actor, Right, require
from board.storage import outbox
from board.storage.chains import note

CHAIN, TASK = "interface", "send_webhook"
NAME_MOST, HOOKS_MOST, SHOWN = 80, 50, 50


def create(session: Session, actor: Actor, settings: Settings, name: str, address: str, at: datetime) -> Webhook:
    """A new address; InvalidInput names the field."""
    require(actor, Right.manage_interface)
    if not name.strip() or len(name) > NAME_MOST or not name.isprintable():
        raise InvalidInput(f"请填写接收单位，最多 {NAME_MOST} 个字。", "name")
    clean = checked_address(address, settings.section("webhooks")["networks"])
    if (session.scalar(select(func.count()).select_from(Webhook)) or 0) >= HOOKS_MOST:
        raise Conflict(f"最多登记 {HOOKS_MOST} 个推送地址。")
    row = Webhook(name=name.strip(), address=clean, created_at=at)
    session.add(row)
    session.flush()
    note(session, "hook_add", actor.name, at, data={"hook": row.id}, chain=CHAIN)
    return row


def secret_of(key: bytes, row: Webhook) -> str:
    """What body and time are signed with; another one after each renewal."""
    made = hmac.digest(hmac.digest(key, b"web hooks", hashlib.sha256), f"{row.id}|{row.generation}".encode(), hashlib.sha256)
    return f"whsec_{base64.b64encode(made).decode()}"


def all_hooks(session: Session, actor: Actor) -> Sequence[Webhook]:
    """All addresses, those that are served first."""
    require(actor, Right.manage_interface)
    return session.scalars(select(Webhook).order_by(Webhook.active.desc(), Webhook.id)).all()


def hook(session: Session, actor: Actor, hook_id: int) -> Webhook:
    """One address, locked; NotFound when there is none."""
    require(actor, Right.manage_interface)
    row = session.get(Webhook, hook_id, with_for_update=True) if 0 < hook_id < 2**31 else None
    if row is None:
        raise NotFound("没有这个推送地址。")
    return row


def switch_off(session: Session, actor: Actor, row: Webhook, at: datetime) -> None:
    """停用: nothing more is noted for it; what waits is not sent."""
    require(actor, Right.manage_interface)
    if not row.active:
        raise Conflict("这个推送地址已经停用。")
    row.active, row.disabled_at, row.disabled_by_system = False, at, False
    note(session, "hook_disable", actor.name, at, data={"hook": row.id}, chain=CHAIN)


def switch_on(session: Session, actor: Actor, row: Webhook, at: datetime) -> None:
    """启用 again; what waits is sent."""
    require(actor, Right.manage_interface)
    if row.active:
        raise Conflict("这个推送地址正在使用。")
    row.active, row.disabled_at, row.disabled_by_system, row.failing_since = True, None, False, None
    for key in session.scalars(select(HookDelivery.id).where(HookDelivery.webhook_id == row.id, HookDelivery.state == HookState.waiting)):
        outbox.write(session, TASK, key, at)
    note(session, "hook_enable", actor.name, at, data={"hook": row.id}, chain=CHAIN)


def renew_secret(session: Session, actor: Actor, row: Webhook, at: datetime) -> None:
    """A new secret; the old one signs nothing more."""
    require(actor, Right.manage_interface)
    row.generation += 1
    note(session, "hook_secret", actor.name, at, data={"hook": row.id}, chain=CHAIN)


def last_deliveries(session: Session, actor: Actor, row: Webhook) -> list[tuple[HookDelivery, str]]:
    """The newest 50 deliveries with the number of their inquiry."""
    require(actor, Right.manage_interface)
    rows = select(HookDelivery, Inquiry.number).join(Inquiry, Inquiry.id == HookDelivery.inquiry_id).where(HookDelivery.webhook_id == row.id)
    return [(delivery, number) for delivery, number in session.execute(rows.order_by(HookDelivery.id.desc()).limit(SHOWN))]


def send_again(session: Session, actor: Actor, row: Webhook, delivery_id: int, at: datetime) -> None:
    """Another delivery under the same id; Conflict for one that is under way or whose address is switched off."""
    require(actor, Right.manage_interface)
    delivery = session.get(HookDelivery, delivery_id, with_for_update=True) if 0 < delivery_id < 2**31 else None
    if delivery is None or delivery.webhook_id != row.id:
        raise NotFound("没有这次推送。")
    if not row.active:
        raise Conflict("这个推送地址已经停用，请先启用。")
    if delivery.state in (HookState.waiting, HookState.sending):
        raise Conflict("这次推送正在进行。")
    delivery.state, delivery.tries, delivery.done_at = HookState.waiting, 0, None
    outbox.write(session, TASK, delivery.id, at)
    note(session, "hook_again", actor.name, at, data={"hook": row.id, "delivery": delivery.id}, chain=CHAIN)


def in_trouble(session: Session) -> int:
    """How many addresses the system itself has switched off."""
    return session.scalar(select(func.count()).select_from(Webhook).where(Webhook.disabled_by_system)) or 0
