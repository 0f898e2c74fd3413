"""The steps of signing: their order by kind and unit, who signs where, never the author, never twice; a step skipped only with a reason."""

from collections.abc import Callable
from dataclasses import replace

import pytest
from sqlalchemy import select
from sqlalchemy.exc import IntegrityError

from board.errors import Conflict, InvalidInput, NotAllowed, NotConfigured
from board.models import Event, Inquiry, InquiryState, OutboxRow, Reply, ReplyState, SignStep, StepState, Unit
from board.replies import review, signing
from board.settings import Settings, merged
from tests.bureau import NOW, Bureau, bureau

__all__ = ["bureau"]
CHAIN = ["unit_head", "office", "leader"]


@pytest.fixture
def chained(bureau: Bureau) -> Settings:
    """Consultations of 就业股 pass three stages."""
    rules = [{"kind": "complaint", "chain": ["leader"]}, {"kind": "consultation", "unit": "jyg", "chain": CHAIN}]
    return replace(bureau.office.settings, tables=merged(bureau.office.settings.tables, {"approval": {"rules": rules}}))


@pytest.fixture
def submitted(bureau: Bureau, chained: Settings) -> Callable[..., int]:
    """``submitted(who)``: an inquiry of 就业股 whose reply that person wrote and submitted; its id."""

    def go(who: str = "clerk") -> int:
        posted = bureau.post()
        with bureau.office.work.transaction() as session:
            inquiry = session.get_one(Inquiry, posted.inquiry_id)
            inquiry.unit_id = session.scalars(select(Unit.id).where(Unit.code == "jyg")).one()
            session.flush()
            session.refresh(inquiry)
            reply = review.save_draft(session, bureau.actors[who], inquiry, "请到窗口办理。", 0, chained, NOW)
            review.submit(session, bureau.actors[who], inquiry, reply.revision, NOW, chained)
        return posted.inquiry_id

    return go


def sign(bureau: Bureau, settings: Settings, key: int, who: str, seen_step: int = 0) -> str:
    with bureau.office.work.transaction() as session:
        inquiry = session.get_one(Inquiry, key)
        shown = review.preview(session, inquiry, settings)
        return review.approve(session, bureau.actors[who], inquiry, shown.content_hash, settings, NOW, seen_step)


def skip(bureau: Bureau, settings: Settings, key: int, who: str, reason: str) -> None:
    with bureau.office.work.transaction() as session:
        inquiry = session.get_one(Inquiry, key)
        signing.bypass(session, bureau.actors[who], inquiry, review.current_reply(session, inquiry), reason, settings, NOW)


def states(bureau: Bureau, key: int) -> list[tuple[str, str]]:
    with bureau.office.work.reading() as session:
        reply = review.current_reply(session, session.get_one(Inquiry, key))
        return [(step.stage, step.state.value) for step in signing.steps_of(session, reply)]


def test_the_first_rule_that_fits_gives_the_order(chained: Settings) -> None:
    assert signing.chain_for(chained, "consultation", "jyg") == CHAIN
    assert signing.chain_for(chained, "complaint", "jyg") == ["leader"]
    assert signing.chain_for(chained, "consultation", "sbj") == ["signatory"]
    broken = replace(chained, tables=merged(chained.tables, {"approval": {"chain": ["nobody"], "rules": []}}))
    with pytest.raises(NotConfigured, match="nobody"):
        signing.chain_for(broken, "help", "jyg")


def test_three_people_sign_one_after_the_other(bureau: Bureau, chained: Settings, submitted: Callable[..., int]) -> None:
    key = submitted()
    assert [sign(bureau, chained, key, who) for who in ("head", "front", "signer")] == ["endorsed", "endorsed", "approved"]
    with bureau.office.work.reading() as session:
        reply = review.current_reply(session, session.get_one(Inquiry, key))
        steps = signing.steps_of(session, reply)
        actions = session.scalars(select(Event.action).where(Event.inquiry_id == key).order_by(Event.sequence)).all()
        assert [(step.stage, step.account.login) for step in steps] == [("unit_head", "head"), ("office", "front"), ("leader", "signer")]
        assert {step.content_hash for step in steps} == {reply.approved_hash}
        assert actions[-4:] == ["submit", "endorse", "endorse", "approve"]
        assert len(session.scalars(select(OutboxRow).where(OutboxRow.task == "publish_reply")).all()) == 1


def test_nobody_signs_at_a_foreign_stage_twice_or_the_own_text(bureau: Bureau, chained: Settings, submitted: Callable[..., int]) -> None:
    key = submitted()
    with pytest.raises(NotAllowed, match="股室负责人"):
        sign(bureau, chained, key, "front")
    assert sign(bureau, chained, key, "signer") == "endorsed"
    with pytest.raises(NotAllowed, match="前面的环节审签过"):
        sign(bureau, chained, key, "signer")
    own = submitted("head")
    with pytest.raises(NotAllowed, match="拟稿人"):
        sign(bureau, chained, own, "head")
    with pytest.raises(NotAllowed):
        sign(bureau, chained, own, "clerk")
    assert states(bureau, own) == [("unit_head", "waiting"), ("office", "waiting"), ("leader", "waiting")]


def test_who_saw_an_earlier_step_does_not_sign_the_next_one(bureau: Bureau, chained: Settings, submitted: Callable[..., int]) -> None:
    key = submitted()
    assert sign(bureau, chained, key, "signer", seen_step=1) == "endorsed"
    with pytest.raises(Conflict, match="刚刚由他人审签"):
        sign(bureau, chained, key, "signer2", seen_step=1)
    assert states(bureau, key)[1] == ("office", "waiting")


def test_a_step_is_skipped_with_a_reason_by_who_signs_later_and_the_last_one_never(bureau: Bureau, chained: Settings, submitted: Callable[..., int]) -> None:
    key = submitted()
    with pytest.raises(InvalidInput):
        skip(bureau, chained, key, "signer", " ")
    with pytest.raises(NotAllowed, match="后面环节"):
        skip(bureau, chained, key, "head", "负责人出差")
    skip(bureau, chained, key, "signer", "负责人出差")
    skip(bureau, chained, key, "signer", "办公室停电")
    with pytest.raises(Conflict, match="最后一个环节不能跳过"):
        skip(bureau, chained, key, "signer", "也跳过")
    assert sign(bureau, chained, key, "signer") == "approved"
    with bureau.office.work.reading() as session:
        events = session.scalars(select(Event).where(Event.action == "bypass").order_by(Event.sequence)).all()
        assert [(e.reason, e.data["stage"]) for e in events] == [("负责人出差", "unit_head"), ("办公室停电", "office")]
    own = submitted("signer")
    with pytest.raises(NotAllowed, match="拟稿人"):
        skip(bureau, chained, own, "signer", "着急")


def test_a_skip_is_counted_in_the_report_with_its_items(bureau: Bureau, chained: Settings, submitted: Callable[..., int]) -> None:
    from board.reports.figures import count, items
    from board.reports.scope import year_scope

    key, _ = submitted(), submitted()
    skip(bureau, chained, key, "signer", "负责人出差")
    with bureau.office.work.reading() as session:
        for year, number in ((2026, 1), (2025, 0)):
            scope = year_scope(session, year, None, NOW)
            assert count(session, scope, "inquiries.bypassed") == number
            assert [item.id for item in items(session, scope, "inquiries.bypassed")] == [key] * number


def test_a_skip_never_skips_the_second_person(bureau: Bureau, chained: Settings, submitted: Callable[..., int]) -> None:
    key = submitted("signer")
    skip(bureau, chained, key, "signer2", "负责人出差")
    skip(bureau, chained, key, "signer2", "负责人出差")
    with pytest.raises(NotAllowed, match="拟稿人"):
        sign(bureau, chained, key, "signer")
    assert sign(bureau, chained, key, "signer2") == "approved"


def test_sending_back_from_a_stage_and_all_stages_again(bureau: Bureau, chained: Settings, submitted: Callable[..., int]) -> None:
    key = submitted()
    sign(bureau, chained, key, "head")
    with pytest.raises(NotAllowed), bureau.office.work.transaction() as session:
        review.send_back(session, bureau.actors["head"], session.get_one(Inquiry, key), "再看", NOW, chained)
    with bureau.office.work.transaction() as session:
        inquiry = session.get_one(Inquiry, key)
        review.send_back(session, bureau.actors["front"], inquiry, "请补充依据", NOW, chained)
        review.submit(session, bureau.actors["clerk"], inquiry, 1, NOW, chained)
    assert states(bureau, key) == [("unit_head", "waiting"), ("office", "waiting"), ("leader", "waiting")]
    with bureau.office.work.reading() as session:
        assert [(r.revision, r.state) for r in review.revisions(session, session.get_one(Inquiry, key))] == [
            (2, ReplyState.submitted), (1, ReplyState.superseded),
        ]  # fmt: skip


def test_an_item_without_steps_is_signed_as_before(bureau: Bureau, submitted: Callable[..., int]) -> None:
    key = submitted()
    with bureau.office.work.transaction() as session:
        session.query(SignStep).delete()
    with pytest.raises(NotAllowed):
        sign(bureau, bureau.office.settings, key, "front")
    assert sign(bureau, bureau.office.settings, key, "signer") == "approved"


def test_the_database_itself_refuses_one_person_twice_and_a_skip_without_reason(bureau: Bureau, chained: Settings, submitted: Callable[..., int]) -> None:
    key = submitted()
    sign(bureau, chained, key, "head")
    head = bureau.actors["head"].account_id
    for values in ({"state": StepState.signed, "account_id": head}, {"state": StepState.skipped, "account_id": head, "reason": ""}):
        with pytest.raises(IntegrityError), bureau.office.work.transaction() as session:
            session.query(SignStep).filter(SignStep.position == 2).update(values)
    with bureau.office.work.reading() as session:
        assert session.scalars(select(Inquiry.state).where(Inquiry.id == key)).one() == InquiryState.awaiting_approval
        assert session.scalars(select(Reply.state).where(Reply.inquiry_id == key)).one() == ReplyState.submitted
