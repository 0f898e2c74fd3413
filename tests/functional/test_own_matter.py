"""What a citizen does with the own inquiry: rate, have it taken up again, withdraw consent, see and erase own data; a lost code is replaced."""

import re
from collections.abc import Callable

import pytest
from sqlalchemy import select

from board.models import Event, Inquiry, InquiryWords, Rating
from tests.bureau import Bureau
from tests.functional.conftest import Citizen
from tests.staff import Staff, enter

__all__ = ["enter"]


def stored(bureau: Bureau, number: str) -> Inquiry:
    with bureau.office.work.reading() as session:
        return session.scalars(select(Inquiry).where(Inquiry.number == number)).one()


def test_a_poor_rating_opens_the_matter_again_once(bureau: Bureau, citizen: Citizen, answered: Callable) -> None:
    posted = answered()
    number, code = posted.number, posted.tracking_code
    empty = citizen.follow(number, code, "/follow/rate", words="字打了一半", speed="good")
    assert empty.status_code == 422
    assert "请选择总体评价" in empty.get_data(as_text=True)
    assert "字打了一半" in empty.get_data(as_text=True)
    assert citizen.follow(number, code, "/follow/reopen", words="再办一次").status_code == 409
    mute = citizen.follow(number, code, "/follow/rate", grade="poor", again="yes")
    assert mute.status_code == 422
    done = citizen.follow(number, code, "/follow/rate", grade="very_poor", speed="poor", words="窗口说不归他们办", again="yes")
    page = done.get_data(as_text=True)
    assert done.status_code == 200
    assert "将重新办理" in page
    assert "正在重新办理" in page
    inquiry = stored(bureau, number)
    assert (inquiry.state, inquiry.reopened) == ("assigned", True)
    with bureau.office.work.reading() as session:
        row = session.scalars(select(Rating)).one()
        events = session.scalars(select(Event).where(Event.inquiry_id == inquiry.id)).all()
    assert (row.grade, row.speed, row.attitude, row.words) == ("very_poor", "poor", None, "窗口说不归他们办")
    assert not [e for e in events if "窗口说" in f"{e.reason}{e.data}"], "events hold no words of the citizen"
    assert citizen.follow(number, code, "/follow/rate", grade="poor").status_code == 409
    assert citizen.follow(number, code, "/follow/reopen", words="又一次").status_code == 409


def test_a_good_rating_is_given_once_and_opens_nothing(bureau: Bureau, citizen: Citizen, answered: Callable) -> None:
    posted = answered()
    citizen.follow(posted.number, posted.tracking_code, "/follow/rate", grade="good", again="yes", words="<b>谢谢</b>")
    page = citizen.follow(posted.number, posted.tracking_code).get_data(as_text=True)
    assert "您的评价" in page
    assert "&lt;b&gt;谢谢" in page
    assert citizen.follow(posted.number, posted.tracking_code, "/follow/rate", grade="poor").status_code == 409
    assert stored(bureau, posted.number).state == "closed"


def test_one_question_after_the_answer(bureau: Bureau, citizen: Citizen, answered: Callable) -> None:
    posted = answered()
    assert citizen.follow(posted.number, posted.tracking_code, "/follow/more", text="要带几张照片？").status_code == 200
    assert stored(bureau, posted.number).state == "assigned"


def test_consent_withdrawn_takes_the_answer_off_every_public_page(bureau: Bureau, citizen: Citizen, answered: Callable) -> None:
    posted = answered()
    card = f"/inquiries/{posted.number}"
    assert citizen.client.get(card).status_code == 200
    assert citizen.follow(posted.number, posted.tracking_code, "/follow/publication").status_code == 422
    citizen.follow(posted.number, posted.tracking_code, "/follow/publication", publish="no")
    assert citizen.client.get(card).status_code == 404
    assert posted.number not in citizen.client.get("/board").get_data(as_text=True)
    found = citizen.client.get("/api/v1/search?q=失业保险金").get_json()
    assert posted.number not in str(found)
    assert "请到就业股2号窗口办理" in citizen.follow(posted.number, posted.tracking_code).get_data(as_text=True)
    assert citizen.follow(posted.number, posted.tracking_code, "/follow/publication", publish="yes").status_code == 409


def test_own_data_are_seen_corrected_and_erased_for_the_search_as_well(bureau: Bureau, citizen: Citizen) -> None:
    number, code = citizen.receipt(nickname="老王", contact="13800138000")
    page = citizen.follow(number, code).get_data(as_text=True)
    assert "老王" in page
    assert "13800138000" in page
    assert citizen.follow(number, code, "/follow/contact", contact=" ").status_code == 422
    citizen.follow(number, code, "/follow/contact", contact="13900139000")
    assert stored(bureau, number).contact == "13900139000"
    gone = citizen.follow(number, code, "/follow/contact/erase").get_data(as_text=True)
    assert "13900139000" not in gone
    assert "老王" not in gone
    with bureau.office.work.reading() as session:
        grams = session.scalars(select(InquiryWords.grams)).one()
        events = session.scalars(select(Event)).all()
    assert not [gram for gram in grams if gram[0] in "nc"]
    assert not [e for e in events if "139" in f"{e.reason}{e.data}" or "老王" in f"{e.reason}{e.data}"]
    assert citizen.follow(number, code, "/follow/contact/erase").status_code == 409


@pytest.mark.parametrize("path", ["rate", "reopen", "publication", "contact", "contact/erase", "notices"])
def test_without_the_code_nothing_is_done(bureau: Bureau, citizen: Citizen, path: str) -> None:
    number, _ = citizen.receipt(contact="13800138000")
    refused = citizen.follow(number, "AAAA-AAAA-AAAA-AAAA", f"/follow/{path}", grade="poor", publish="no", contact="x", words="x")
    assert refused.status_code == 422
    assert "没有找到这条留言" in refused.get_data(as_text=True)
    assert (stored(bureau, number).contact, stored(bureau, number).version) == ("13800138000", 1)


def test_a_lost_code_is_replaced_after_a_check_and_the_old_one_is_dead(bureau: Bureau, citizen: Citizen, enter: Callable[[str], Staff]) -> None:
    number, code = citizen.receipt()
    front = enter("front")
    path = f"/desk/inquiries/{number}/new-code"
    assert front.get(path).status_code == 200
    for given in ({}, {"asked_by": "self"}, {"asked_by": "self", "checked": "fate"}, {"asked_by": "self", "checked": "call_back"}):
        assert front.send(path, **given).status_code == 422, given
    assert citizen.follow(number, code).status_code == 200
    page = front.send(path, asked_by="self", checked="id_card").get_data(as_text=True)
    fresh = re.search(r'aria-label="查询码 ([0-9A-Z ]+)"', page)[1]
    assert citizen.follow(number, code).status_code == 422
    shown = citizen.follow(number, fresh).get_data(as_text=True)
    assert "原查询码作废" in shown
    with bureau.office.work.reading() as session:
        event = session.scalars(select(Event).where(Event.action == "renew_code")).one()
    assert event.actor == f"account:{bureau.actors['front'].account_id}"
    assert event.data == {"asked_by": "self", "checked": "id_card"}
    assert fresh.replace(" ", "-") not in f"{event.reason}{event.data}"
    assert enter("clerk").send(path, asked_by="self", checked="id_card").status_code == 403
