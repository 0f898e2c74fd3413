"""One step for many inquiries: first what it will do, item by item; then each item by itself, so that one refusal stops no other."""

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import select
from sqlalchemy.orm import Session, joinedload

from board.errors import Conflict, InvalidInput, Refused
from board.inquiries import side_moves
from board.inquiries.delicate import not_against
from board.inquiries.lifecycle import TRANSITIONS
from board.models import Inquiry, InquiryState, Unit
from board.replies import review
from board.replies.possible import open_to
from board.staff.roles import Actor, Right, may, require

ITEMS_MOST = 200


@dataclass(frozen=True, slots=True)
class Order:
    """What is to be done to every item: a step, a unit where it needs one, and a reason."""

    step: str
    unit: Unit | None = None
    reason: str = ""


@dataclass(frozen=True, slots=True)
class Planned:
    """One item of the preview: ``refusal`` says why nothing will happen to it, "" when the step will be taken; ``what`` in words."""

    inquiry: Inquiry
    what: str
    refusal: str


@dataclass(frozen=True, slots=True)
class Done:
    """What came of one item: ``refusal`` "" when the step was taken."""

    number: str
    title: str
    refusal: str


Act = Callable[[Session, Actor, Inquiry, Order, datetime], object]


def assign(session: Session, actor: Actor, inquiry: Inquiry, order: Order, at: datetime) -> None:
    """转办."""
    if order.unit is None:
        raise InvalidInput("请选择转办的单位。", "unit")
    review.assign(session, actor, inquiry, order.unit, at, order.reason)


#: step -> what does it; each is the same function that the item's own page calls
STEPS: Mapping[str, Act] = {
    "accept": lambda session, actor, inquiry, order, at: review.accept(session, actor, inquiry, at) if order else None,
    "assign": assign,
    "remind": lambda session, actor, inquiry, order, at: side_moves.remind(session, actor, inquiry, at, order.reason),
    "mark_invalid": lambda session, actor, inquiry, order, at: review.mark_invalid(session, actor, inquiry, order.reason, at),
}


def steps_for(actor: Actor) -> list[str]:
    """The steps that this person may take on many items at once."""
    return [name for name in STEPS if isinstance(by := TRANSITIONS[name].by, Right) and may(actor, by)]


def needs_reason(step: str) -> bool:
    """Whether the step takes a reason that must be given."""
    return step in STEPS and TRANSITIONS[step].needs_reason


def checked(actor: Actor, order: Order, numbers: Iterable[str], *, complete: bool = True) -> list[str]:
    """The numbers, each once; InvalidInput for none, for more than 200, for an unknown step and, when complete, for a missing unit or reason."""
    require(actor, Right.read_inquiry)
    asked = list(dict.fromkeys(number[:120] for number in numbers))
    if order.step not in STEPS:
        raise InvalidInput("请选择要做的操作。", "step")
    if not asked:
        raise InvalidInput("请先勾选留言。", "number")
    if len(asked) > ITEMS_MOST:
        raise InvalidInput(f"一次最多处理 {ITEMS_MOST} 件，现选了 {len(asked)} 件。", "number")
    if complete and order.step == "assign" and order.unit is None:
        raise InvalidInput("请选择转办的单位。", "unit")
    if complete and needs_reason(order.step) and not order.reason.strip():
        raise InvalidInput("请填写理由。", "reason")
    return asked


def preview(session: Session, actor: Actor, order: Order, numbers: Sequence[str]) -> list[Planned]:
    """What would happen to each item now, in the order of the numbers; unknown numbers are left out."""
    statement = select(Inquiry).where(Inquiry.number.in_(numbers), not_against(actor)).options(joinedload(Inquiry.unit), joinedload(Inquiry.claimed_by))
    found = {inquiry.number: inquiry for inquiry in session.scalars(statement)}
    return [planned(actor, order, found[number]) for number in numbers if number in found]


def planned(actor: Actor, order: Order, inquiry: Inquiry) -> Planned:
    """One line of the preview."""
    if order.unit is not None and order.unit.id == inquiry.unit_id and inquiry.state == InquiryState.assigned:
        return Planned(inquiry, "", f"已在{order.unit.short_name}")
    if not takeable(actor, order.step, inquiry):
        return Planned(inquiry, "", "现在的状态不能这样处理，或不在您的权限内")
    return Planned(inquiry, {"accept": "受理", "assign": "转办", "remind": "催办", "mark_invalid": "标记为无效"}.get(order.step, order.step), "")


def takeable(actor: Actor, step: str, inquiry: Inquiry) -> bool:
    """Whether the step can be taken now; a new item is accepted with its assignment."""
    if step == "assign" and inquiry.state == InquiryState.received:
        return may(actor, Right.assign, inquiry) and may(actor, Right.accept, inquiry)
    return open_to(actor, step, inquiry)


def carry_out(session: Session, actor: Actor, order: Order, items: Sequence[tuple[str, int]], at: datetime) -> list[Done]:
    """Takes the step on each (number, version as it was previewed), each in a savepoint of its own."""
    return [one(session, actor, order, number, version, at) for number, version in items]


def one(session: Session, actor: Actor, order: Order, number: str, version: int, at: datetime) -> Done:
    """One item; what is refused is said and leaves nothing behind."""
    title = ""
    try:
        with session.begin_nested():
            inquiry = review.inquiry_for_staff(session, actor, number)
            title = inquiry.title
            if inquiry.version != version:
                raise Conflict("在您预览之后有了新的进展，没有处理")
            STEPS[order.step](session, actor, inquiry, order, at)
    except Refused as error:
        return Done(number, title, error.message)
    return Done(number, title, "")
