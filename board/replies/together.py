"""会办: several units answer parts of one inquiry; the unit in charge joins what they wrote into its reply."""

from collections.abc import Sequence
from datetime import date, datetime

from sqlalchemy import select, update
from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm import Session, joinedload

from board.clock import local_day
from board.errors import Conflict, InvalidInput, NotAllowed, NotFound
from board.inquiries.delicate import refuse_accused_unit
from board.inquiries.lifecycle import move
from board.models import Inquiry, PartState, ReplyPart, Unit
from board.settings import Settings
from board.staff.roles import Actor, Right, may, require
from responder.repair import clean_input

TASK_MOST = 500


def ask_unit(session: Session, actor: Actor, inquiry: Inquiry, unit: Unit | None, task: str, due_on: date | None, at: datetime) -> ReplyPart:
    """Asks another unit for its part by its own day; InvalidInput names the field that is missing or impossible."""
    asked = clean_input(task[: 10 * TASK_MOST])
    if unit is None:
        raise InvalidInput("请选择会办的单位。", "unit")
    if unit.id == inquiry.unit_id:
        raise InvalidInput("这是主办单位，请选择另一个单位。", "unit")
    refuse_accused_unit(session, inquiry, unit.id)
    if not asked or len(asked) > TASK_MOST:
        raise InvalidInput(f"请写明需要该单位答复的内容，最多 {TASK_MOST} 个字。", "task")
    if due_on is None or not local_day(at) <= due_on <= date(2200, 1, 1):
        raise InvalidInput("会办期限应为今天或以后的日期。", "due_on")
    part = ReplyPart(inquiry_id=inquiry.id, unit_id=unit.id, task=asked, due_on=due_on, asked_by_id=actor.account_id or 0, asked_at=at)
    move(session, inquiry, "co_handle", actor, at, asked, {"unit": unit.id, "due": due_on.isoformat()})
    try:
        with session.begin_nested():
            session.add(part)
    except IntegrityError as error:
        raise Conflict(f"已请{unit.short_name}会办，还没有答复。") from error
    return part


def parts_of(session: Session, inquiry: Inquiry) -> Sequence[ReplyPart]:
    """All parts, in the order in which they were asked for."""
    statement = select(ReplyPart).where(ReplyPart.inquiry_id == inquiry.id).options(joinedload(ReplyPart.unit), joinedload(ReplyPart.answered_by))
    return session.scalars(statement.order_by(ReplyPart.id)).all()


def part_of(session: Session, inquiry: Inquiry, part_id: int) -> ReplyPart:
    """One part of the inquiry; NotFound for any other."""
    part = session.get(ReplyPart, part_id) if 0 < part_id < 2**31 else None
    if part is None or part.inquiry_id != inquiry.id:
        raise NotFound("没有这项会办。")
    return part


def may_answer(actor: Actor, part: ReplyPart) -> bool:
    """Whether the part waits for an answer from the actor's units."""
    return part.state == PartState.asked and may(actor, Right.co_answer) and part.unit_id in actor.unit_ids


def answer_part(session: Session, actor: Actor, inquiry: Inquiry, part: ReplyPart, text: str, settings: Settings, at: datetime) -> None:
    """The unit's own text; InvalidInput when it is empty or over-long, Conflict when the part was settled meanwhile."""
    most = settings.limit("reply")
    clean = clean_input(text[: 10 * most])
    if not clean or len(clean) > most:
        raise InvalidInput(f"会办意见不能为空，最多 {most} 个字。", f"part-{part.id}")
    settle(session, actor, part, at, state=PartState.answered, text=clean)
    move(session, inquiry, "co_answer", actor, at, data={"part": part.id, "unit": part.unit_id})


def return_part(session: Session, actor: Actor, inquiry: Inquiry, part: ReplyPart, reason: str, at: datetime) -> None:
    """The unit says why the part is not its own; the unit in charge asks another."""
    clean = clean_input(reason[: 10 * TASK_MOST])
    if not clean or len(clean) > TASK_MOST:
        raise InvalidInput("请填写退回会办的理由。", f"part-{part.id}")
    settle(session, actor, part, at, state=PartState.returned, reason=clean)
    move(session, inquiry, "co_answer", actor, at, clean, {"part": part.id, "unit": part.unit_id, "returned": True})


def settle(session: Session, actor: Actor, part: ReplyPart, at: datetime, **values: object) -> None:
    """Compare-and-set of a part that is still asked for, by somebody of its unit."""
    require(actor, Right.co_answer)
    if part.unit_id not in actor.unit_ids:
        raise NotAllowed("这项会办不由您的单位答复。")
    found = session.execute(
        update(ReplyPart)
        .where(ReplyPart.id == part.id, ReplyPart.state == PartState.asked)
        .values(answered_by_id=actor.account_id, answered_at=at, **values)
        .execution_options(synchronize_session=False)
        .returning(ReplyPart.id)
    ).first()
    if found is None:
        session.refresh(part)
        raise Conflict("这项会办已经答复或退回。", part.text)
    session.refresh(part)


def open_parts(parts: Sequence[ReplyPart]) -> list[ReplyPart]:
    """Parts that still wait."""
    return [part for part in parts if part.state == PartState.asked]


def joined(text: str, parts: Sequence[ReplyPart]) -> str:
    """The reply with the answered parts behind it, each under its unit's name; a part that stands in the text already is left out."""
    new = [part for part in parts if part.state == PartState.answered and part.text not in text]
    return "\n\n".join([*([text.rstrip()] if text.strip() else []), *(f"## {part.unit.name}答复\n\n{part.text}" for part in new)]) + "\n"
