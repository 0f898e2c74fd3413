"""The steps on which a reply is signed: unit head, office, leader, as config/approval says; the last one signs for the office.

The steps are fixed when a version is submitted. Nobody signs the own text, nobody signs twice; a step may be skipped with a reason, the
last one never.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import select, update
from sqlalchemy.orm import Session, joinedload

from board.errors import Conflict, InvalidInput, NotAllowed, NotConfigured
from board.inquiries.lifecycle import move
from board.models import Inquiry, Reply, ReplyState, SignStep, StepState
from board.settings import Settings
from board.staff.roles import Actor, Right, may, require


@dataclass(frozen=True, slots=True)
class Stage:
    """Who signs at a stage: a label for the page, the names of the roles, and whether only for the person's own units."""

    name: str
    label: str
    roles: frozenset[str]
    own_unit: bool


def stages(settings: Settings) -> Mapping[str, Stage]:
    """All stages that the settings know (approval.stages), by name."""
    table = settings.section("approval")["stages"]
    return {name: Stage(name, str(row["label"]), frozenset(row["roles"]), bool(row.get("own_unit", False))) for name, row in table.items()}


def chain_for(settings: Settings, kind: str, unit_code: str) -> list[str]:
    """The stages of a reply of this kind and unit: the first rule that fits (approval.rules), else approval.chain; NotConfigured for an unknown one."""
    section: Mapping[str, Any] = settings.section("approval")
    fitting = (rule["chain"] for rule in section.get("rules", ()) if rule.get("kind", kind) == kind and rule.get("unit", unit_code) == unit_code)
    chain = [str(name) for name in next(fitting, section["chain"])]
    unknown = [name for name in chain if name not in section["stages"]]
    if unknown or not chain:
        raise NotConfigured(f"审签顺序中有未定义的环节：{'、'.join(unknown) or '（空）'}。")
    return chain


def lay_out(session: Session, inquiry: Inquiry, reply: Reply, settings: Settings) -> None:
    """Fixes the steps of a version that is being submitted; one submitted again after it came back begins anew only as a new version."""
    if steps_of(session, reply):
        return
    for position, stage in enumerate(chain_for(settings, inquiry.kind.value, inquiry.unit.code), 1):
        session.add(SignStep(reply_id=reply.id, position=position, stage=stage))
    session.flush()


def steps_of(session: Session, reply: Reply) -> Sequence[SignStep]:
    """The steps of a version, first to last; none for one that was submitted before there were steps."""
    return session.scalars(select(SignStep).where(SignStep.reply_id == reply.id).order_by(SignStep.position).options(joinedload(SignStep.account))).all()


def waiting_step(steps: Sequence[SignStep]) -> SignStep | None:
    """The first step that waits."""
    return next((step for step in steps if step.state == StepState.waiting), None)


def is_last(steps: Sequence[SignStep], step: SignStep | None) -> bool:
    """Whether this step signs for the office; without steps the approval itself does."""
    return step is None or step.position == steps[-1].position


def may_sign(actor: Actor, inquiry: Inquiry, stage: str, settings: Settings) -> bool:
    """Whether the person's role signs at this stage (for this unit)."""
    known = stages(settings).get(stage)
    if known is None or actor.role is None or actor.role.value not in known.roles or not may(actor, Right.endorse, inquiry):
        return False
    return not known.own_unit or inquiry.unit_id in actor.unit_ids


def require_turn(session: Session, actor: Actor, inquiry: Inquiry, reply: Reply, settings: Settings) -> SignStep | None:
    """The step that the actor may sign now (None: there are no steps); NotAllowed for the author, for other roles, and for who signed before."""
    require(actor, Right.endorse, inquiry)
    if reply.author_id == actor.account_id:
        raise NotAllowed("拟稿人不能审签自己的答复，请由另一位签发人审签。")
    steps = steps_of(session, reply)
    step = waiting_step(steps)
    if step is None or is_last(steps, step):
        require(actor, Right.approve, inquiry)
    require_stage(session, actor, inquiry, reply, settings)
    if any(done.account_id == actor.account_id for done in steps if done.state == StepState.signed):
        raise NotAllowed("您已在前面的环节审签过这份答复，请由另一位审签。")
    return step


def require_stage(session: Session, actor: Actor, inquiry: Inquiry, reply: Reply, settings: Settings) -> None:
    """NotAllowed unless the waiting step is one at which the actor signs."""
    require(actor, Right.send_back, inquiry)
    step = waiting_step(steps_of(session, reply))
    if step is not None and not may_sign(actor, inquiry, step.stage, settings):
        raise NotAllowed(f"现在是“{label_of(settings, step.stage)}”环节，您的账号不能在这一环节审签。")


def label_of(settings: Settings, stage: str) -> str:
    """The name of a stage for people; of one that the settings no longer know, the stored one."""
    known = stages(settings).get(stage)
    return known.label if known else stage


@dataclass(frozen=True, slots=True)
class StepShown:
    """One step for the page: its stage in words, how it stands, who signed or skipped it and why."""

    position: int
    label: str
    state: str
    who: str
    at: datetime | None
    reason: str


@dataclass(frozen=True, slots=True)
class Turn:
    """Where the signing of a version stands for one person: the steps, the waiting one (0: none), what the person can do with it, and why not."""

    steps: tuple[StepShown, ...]
    waiting: int
    last: bool
    may_sign: bool
    may_bypass: bool
    why_not: str


def turn(session: Session, actor: Actor, inquiry: Inquiry, reply: Reply, settings: Settings) -> Turn:
    """What the review page shows of the steps."""
    steps = steps_of(session, reply)
    step = waiting_step(steps)
    why_not = ""
    try:
        require_turn(session, actor, inquiry, reply, settings)
    except NotAllowed as error:
        why_not = error.message
    later = step is not None and any(may_sign(actor, inquiry, other.stage, settings) for other in steps if other.position > step.position)
    shown = tuple(
        StepShown(s.position, label_of(settings, s.stage), s.state.value, s.account.display_name if s.account else "", s.at, s.reason) for s in steps
    )  # fmt: skip
    return Turn(shown, step.position if step else 0, is_last(steps, step), not why_not, later and reply.author_id != actor.account_id, why_not)


def sign_step(session: Session, actor: Actor, step: SignStep, content_hash: str, at: datetime) -> None:
    """Signs the step, for exactly the text of this hash."""
    pass_step(session, step, StepState.signed, actor, at, content_hash=content_hash)


def bypass(session: Session, actor: Actor, inquiry: Inquiry, reply: Reply, reason: str, settings: Settings, at: datetime) -> None:
    """越级: the waiting step is skipped with a reason by somebody who signs later on; the last step cannot be skipped.

    NotAllowed for the author and for anybody without a later step, InvalidInput without a reason, Conflict when nothing waits.
    """
    require(actor, Right.endorse, inquiry)
    if reply.author_id == actor.account_id:
        raise NotAllowed("拟稿人不能跳过自己答复的审签环节。")
    if not reason.strip():
        raise InvalidInput("请填写跳过这一环节的理由。", "bypass_reason")
    steps = steps_of(session, reply)
    step = waiting_step(steps)
    if step is None or reply.state != ReplyState.submitted:
        raise Conflict("这份答复没有等待审签的环节，可能已由他人处理。", reply.text)
    if is_last(steps, step):
        raise Conflict("最后一个环节不能跳过：签发必须由拟稿人以外的第二人进行。", reply.text)
    if not any(may_sign(actor, inquiry, later.stage, settings) for later in steps if later.position > step.position):
        raise NotAllowed("只有后面环节的审签人可以跳过这一环节。")
    pass_step(session, step, StepState.skipped, actor, at, reason=reason.strip()[:500])
    move(session, inquiry, "bypass", actor, at, reason, {"reply": reply.id, "stage": step.stage})


def for_whom(actor: Actor) -> dict[str, int]:
    """What the event adds when somebody records the signature of another (on paper): whose it is."""
    return {"signatory": actor.account_id} if actor.account_id is not None and actor.name != f"account:{actor.account_id}" else {}


def carry_on(session: Session, before: Reply, corrected: Reply) -> None:
    """The steps of a version that a signatory corrects go on at the same place: who signed or passed one keeps that, for the text of that time."""
    for step in steps_of(session, before):
        kept = {name: getattr(step, name) for name in ("position", "stage", "state", "account_id", "at", "content_hash", "reason")}
        session.add(SignStep(reply_id=corrected.id, **kept))
    session.flush()


def pass_step(session: Session, step: SignStep, state: StepState, actor: Actor, at: datetime, **values: object) -> None:
    """Compare-and-set of a step; Conflict when somebody was faster."""
    changed = session.execute(
        update(SignStep)
        .where(SignStep.id == step.id, SignStep.state == StepState.waiting)
        .values(state=state, account_id=actor.account_id, at=at, **values)
        .execution_options(synchronize_session=False)
    )
    if changed.rowcount != 1:  # type: ignore[attr-defined]  # an UPDATE's result has it
        raise Conflict("这一环节刚刚由他人处理，您的操作没有执行。")
    session.refresh(step)
