"""What staff take down for somebody: the channel, the slip with its own number, the earlier of two deadlines; on both databases."""

from datetime import date

import pytest
from sqlalchemy import select

from board.errors import InvalidInput, NotAllowed
from board.inquiries.events import broken_chain
from board.inquiries.posting import Post, Posted
from board.inquiries.taking_down import Slip, as_date, take_down
from board.models import Channel, Event, Inquiry, OutboxRow, Referral
from tests.bureau import NOW, Bureau, bureau

__all__ = ["bureau"]


def taken(bureau: Bureau, channel: Channel, slip: Slip | None = None, who: str = "clerk", **fields: str) -> Posted:
    office = bureau.office
    post = Post(fields.pop("text", "来电人问社保卡丢了怎么补办。"), publish=False, channel=channel, **fields)
    with office.work.transaction() as session:
        return take_down(session, office.settings, office.labels, office.key, office.calendar, bureau.actors[who], post, slip, NOW)


@pytest.mark.parametrize("channel", [Channel.phone, Channel.window, Channel.letter])
def test_a_call_or_visit_becomes_an_inquiry_with_its_clerk_as_actor(bureau: Bureau, channel: Channel) -> None:
    posted = taken(bureau, channel, contact="0900-5551234", nickname="张先生")
    with bureau.office.work.reading() as session:
        inquiry = session.get_one(Inquiry, posted.inquiry_id)
        first = session.scalars(select(Event).where(Event.inquiry_id == inquiry.id)).one()
        assert (inquiry.channel, inquiry.nickname) == (channel, "张先生")
        assert (first.action, first.actor, first.data) == ("post", bureau.actors["clerk"].name, {"channel": channel.value, "kind": "consultation", "days": 5})
        assert session.scalar(select(OutboxRow.task).where(OutboxRow.subject == str(inquiry.id))) == "draft_reply"
    assert posted.tracking_code


@pytest.mark.parametrize(("slip_due", "due"), [(date(2026, 11, 26), date(2026, 11, 26)), (date(2026, 12, 9), date(2026, 12, 1)), (None, date(2026, 12, 1))])
def test_the_earlier_deadline_rules(bureau: Bureau, slip_due: date | None, due: date) -> None:
    posted = taken(bureau, Channel.referral, Slip("12345热线", " GD-2026 0001 ", slip_due))
    assert posted.due == due
    with bureau.office.work.reading() as session:
        slip = session.scalars(select(Referral)).one()
        assert (slip.source, slip.slip_number, slip.due_on) == ("12345热线", "GD-2026 0001", slip_due)
        actions = session.scalars(select(Event.action).where(Event.inquiry_id == posted.inquiry_id).order_by(Event.sequence)).all()
        assert actions == ["post", "slip"]
        assert broken_chain(session, posted.inquiry_id) is None


def test_one_slip_is_one_inquiry(bureau: Bureau) -> None:
    first = taken(bureau, Channel.referral, Slip("信访", "X1"))
    with pytest.raises(InvalidInput, match=first.number):
        taken(bureau, Channel.referral, Slip("信访", "X1"), text="另一段文字")
    taken(bureau, Channel.referral, Slip("领导信箱", "X1"))
    with bureau.office.work.reading() as session:
        assert len(session.scalars(select(Inquiry.id)).all()) == 2


@pytest.mark.parametrize(("channel", "slip", "field"), [
    (Channel.web, None, "channel"), (Channel.referral, None, "slip_number"), (Channel.phone, Slip("信访", "1"), "slip_number"),
    (Channel.referral, Slip("没有的来源", "1"), "source"), (Channel.referral, Slip("信访", "  "), "slip_number"),
    (Channel.referral, Slip("信访", "1" * 81), "slip_number"), (Channel.referral, Slip("信访", "1", date(2030, 1, 1)), "slip_due"),
])  # fmt: skip
def test_what_does_not_fit_names_its_field_and_stores_nothing(bureau: Bureau, channel: Channel, slip: Slip | None, field: str) -> None:
    with pytest.raises(InvalidInput) as refused:
        taken(bureau, channel, slip)
    assert refused.value.field == field
    with bureau.office.work.reading() as session:
        assert session.scalars(select(Inquiry.id)).all() == []


def test_the_admin_takes_nothing_down(bureau: Bureau) -> None:
    with pytest.raises(NotAllowed):
        taken(bureau, Channel.phone, who="admin")


def test_days_of_forms() -> None:
    assert as_date(" 2026-12-01 ", "slip_due") == date(2026, 12, 1)
    assert as_date("", "slip_due") is None
    with pytest.raises(InvalidInput) as refused:
        as_date("2026-02-30", "slip_due")
    assert refused.value.field == "slip_due"
