from datetime import UTC, datetime

import pytest
from sqlalchemy import func, select

from board.errors import InvalidInput, NotFound
from board.inquiries.posting import Post, find_by_code, headline, post_inquiry
from board.inquiries.tracking import ALPHABET, SYMBOLS
from board.models import Event, Inquiry, OutboxRow
from tests.bureau import NOW, Bureau


def counts(bureau: Bureau) -> tuple[int, ...]:
    with bureau.office.work.reading() as session:
        return tuple(session.scalar(select(func.count()).select_from(table)) or 0 for table in (Inquiry, Event, OutboxRow))


def test_row_event_and_outbox_row_are_one_commit(bureau: Bureau) -> None:
    posted = bureau.post()
    assert counts(bureau) == (1, 1, 1)
    with bureau.office.work.reading() as session:
        row = session.scalars(select(OutboxRow)).one()
        event = session.scalars(select(Event)).one()
        assert (row.task, row.subject, event.action, event.actor, event.at) == ("draft_reply", str(posted.inquiry_id), "post", "citizen", NOW)


def test_a_failure_before_the_commit_leaves_nothing(bureau: Bureau) -> None:
    office = bureau.office
    with pytest.raises(RuntimeError), office.work.transaction() as session:
        post_inquiry(session, office.settings, office.labels, office.key, office.calendar, Post("失业金怎么领？", True), NOW)
        raise RuntimeError
    assert counts(bureau) == (0, 0, 0)


def test_the_same_form_five_times_is_one_inquiry_with_one_code(bureau: Bureau) -> None:
    receipts = [bureau.post(nonce="one-form-nonce") for _ in range(5)]
    assert counts(bureau) == (1, 1, 1)
    assert len({(r.number, r.tracking_code) for r in receipts}) == 1
    assert [r.repeated for r in receipts] == [False, True, True, True, True]


def test_the_code_has_eighty_bits_and_only_its_hash_is_stored(bureau: Bureau) -> None:
    posted = bureau.post()
    symbols = posted.tracking_code.replace("-", "")
    assert len(symbols) == SYMBOLS
    assert set(symbols) <= set(ALPHABET)
    assert len(ALPHABET) ** SYMBOLS >= 2**64
    with bureau.office.work.reading() as session:
        inquiry = session.get_one(Inquiry, posted.inquiry_id)
        stored = {str(getattr(inquiry, column.name)) for column in Inquiry.__table__.columns}
    assert not any(symbols in value.replace("-", "") for value in stored)


@pytest.mark.parametrize("spoken", [str.lower, lambda c: c.replace("-", " "), lambda c: c.replace("0", "O").replace("1", "l"), lambda c: f"　{c} "])
def test_a_code_may_be_written_as_it_was_heard(bureau: Bureau, spoken) -> None:
    posted = bureau.post()
    with bureau.office.work.reading() as session:
        assert find_by_code(session, bureau.office.key, posted.number.lower(), spoken(posted.tracking_code)).id == posted.inquiry_id


def test_wrong_number_and_wrong_code_sound_the_same(bureau: Bureau) -> None:
    first, second = bureau.post(), bureau.post("另一个问题")
    said = set()
    with bureau.office.work.reading() as session:
        for number, code in ((first.number, second.tracking_code), ("LY209901010001", first.tracking_code), (first.number, "")):
            with pytest.raises(NotFound) as refused:
                find_by_code(session, bureau.office.key, number, code)
            said.add(refused.value.message)
    assert len(said) == 1


@pytest.mark.parametrize(
    ("fields", "field"),
    [
        ({"text": ""}, "text"), ({"text": " \u3000\n\u200b"}, "text"), ({"text": "问" * 10_001}, "text"), ({"text": "问", "title": "题" * 101}, "title"),
        ({"text": "问", "kind": "表扬信"}, "kind"), ({"text": "问", "nickname": "名" * 31}, "nickname"), ({"text": "问", "contact": "1" * 101}, "contact"),
        ({"text": "问", "nonce": "长" * 201}, "nonce"),
    ],
)  # fmt: skip
def test_bad_input_names_its_field_and_stores_nothing(bureau: Bureau, fields: dict[str, str], field: str) -> None:
    with pytest.raises(InvalidInput) as refused:
        bureau.post(**fields)
    assert refused.value.field == field
    assert counts(bureau) == (0, 0, 0)


def test_no_choice_of_publication_is_no_choice(bureau: Bureau) -> None:
    with pytest.raises(InvalidInput) as refused:
        bureau.post(publish=None)
    assert refused.value.field == "publish"


def test_a_report_is_never_public(bureau: Bureau) -> None:
    posted = bureau.post("举报某公司不签合同", kind="举报", publish=True)
    with bureau.office.work.reading() as session:
        assert session.get_one(Inquiry, posted.inquiry_id).publish is False


def test_days_are_counted_in_shanghai(bureau: Bureau) -> None:
    posted = bureau.post(at=datetime(2016, 12, 31, 16, 0, tzinfo=UTC))
    assert posted.number == "LY201701010001"
    assert bureau.post(at=datetime(2016, 12, 31, 15, 59, tzinfo=UTC)).number == "LY201612310001"


def test_hidden_signs_are_removed_and_the_original_is_kept(bureau: Bureau) -> None:
    posted = bureau.post("失业金\u202e怎么\x00领？")
    with bureau.office.work.reading() as session:
        inquiry = session.get_one(Inquiry, posted.inquiry_id)
        assert inquiry.text == "失业金怎么领？"


def test_a_message_without_title_gets_its_first_sentence() -> None:
    assert headline("失业金怎么领？我上个月下岗了。") == "失业金怎么领"
    assert len(headline("长" * 200)) == 30


def test_a_form_that_comes_again_with_other_words_loses_nothing_and_tells_no_code(bureau: Bureau) -> None:
    bureau.post("第一个问题", nonce="n1")
    with pytest.raises(InvalidInput) as refused:
        bureau.post("别人的问题", nonce="n1")
    assert refused.value.field == "nonce"
    assert counts(bureau) == (1, 1, 1)
