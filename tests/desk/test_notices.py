"""What others did is told to whom it concerns, once read no more; read from the events."""

from collections.abc import Callable

from sqlalchemy import select

from board.models import Inquiry, Unit
from board.replies import notices, review
from tests.bureau import NOW, Bureau, bureau
from tests.staff import Staff, enter

__all__ = ["bureau", "enter"]
Enter = Callable[[str], Staff]


def told(bureau: Bureau, who: str) -> list[tuple[str, str]]:
    with bureau.office.work.reading() as session:
        return [(notice.action, notice.number) for notice in notices.unread(session, bureau.actors[who])]


def test_sent_back_assigned_and_taken_over_are_told_to_those_concerned(bureau: Bureau) -> None:
    posted, other = bureau.post(), bureau.post("社会保障卡怎么补办？")
    bureau.submit(posted)
    with bureau.office.work.transaction() as session:
        inquiry, second = session.get_one(Inquiry, posted.inquiry_id), session.get_one(Inquiry, other.inquiry_id)
        review.send_back(session, bureau.actors["signer"], inquiry, "请补充依据", NOW, bureau.office.settings)
        review.take(session, bureau.actors["clerk"], second, NOW)
        review.take(session, bureau.actors["signer2"], second, NOW, reason="经办人外出")
        unit = session.scalars(select(Unit).where(Unit.code == "sbj")).one()
        review.assign(session, bureau.actors["manager"], second, unit, NOW)
    assert told(bureau, "clerk") == [("assign", other.number), ("take_over", other.number), ("send_back", posted.number)]
    assert told(bureau, "clerk-sbj") == [("assign", other.number)]
    assert told(bureau, "signer") == [("assign", other.number)]
    assert told(bureau, "admin") == []


def test_read_is_read_and_never_comes_back(bureau: Bureau, enter: Enter) -> None:
    posted = bureau.post()
    bureau.submit(posted)
    with bureau.office.work.transaction() as session:
        review.send_back(session, bureau.actors["signer"], session.get_one(Inquiry, posted.inquiry_id), "请补充依据", NOW, bureau.office.settings)
    clerk = enter("clerk")
    assert clerk.get("/desk/live").json["counts"]["notices"] == 1
    page = clerk.page("/desk/notices")
    assert "请补充依据" in page
    key = page.split('name="up_to" value="')[1].split('"')[0]
    assert clerk.send("/desk/notices", up_to=key).status_code == 303
    assert clerk.send("/desk/notices", up_to="1").status_code == 303
    assert clerk.send("/desk/notices", up_to="x").status_code == 303
    assert "没有未读的提醒" in clerk.page("/desk/notices")
    assert "<kbd>?</kbd>" in clerk.page("/desk/shortcuts")
