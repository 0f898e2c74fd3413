from datetime import timedelta

from sqlalchemy import event, func, select

from board.models import Inquiry, InquiryState, InquiryTrace
from board.replies import same_matter
from board.storage import traces
from tests.bureau import NOW, Bureau

NOISE = "云溪花园北门工地每天夜里施工到凌晨两点，打桩声音很大，老人孩子无法休息，请求制止。"


def found(bureau: Bureau, inquiry_id: int) -> list[same_matter.PossibleDuplicate]:
    with bureau.office.work.reading() as session:
        return same_matter.possible_duplicates(session, bureau.office.settings, session.get_one(Inquiry, inquiry_id))


def test_who_asked_nearly_the_same_is_proposed_and_never_the_item_itself(bureau: Bureau) -> None:
    first = bureau.post(NOISE)
    second = bureau.post(f"尊敬的领导，{NOISE}谢谢！")
    bureau.post("失业保险金怎么申领？")
    bureau.post("青石花园南门工地每天夜里施工，打桩声音很大，请求制止。")  # the same complaint about another place
    proposed = found(bureau, second.inquiry_id)
    assert [one.inquiry.id for one in proposed] == [first.inquiry_id]
    assert proposed[0].percent >= 80
    assert "打桩" in {piece.text for piece in proposed[0].own if piece.kind == "mark"}
    assert [one.inquiry.id for one in found(bureau, first.inquiry_id)] == [second.inquiry_id]


def test_what_left_the_office_is_not_proposed(bureau: Bureau) -> None:
    first, second = bureau.post(NOISE), bureau.post(f"{NOISE}谢谢")
    with bureau.office.work.transaction() as session:
        session.get_one(Inquiry, first.inquiry_id).state = InquiryState.withdrawn
    assert found(bureau, second.inquiry_id) == []


def test_other_words_leave_no_old_traces(bureau: Bureau) -> None:
    posted, other = bureau.post(NOISE), bureau.post(f"{NOISE}谢谢")
    with bureau.office.work.transaction() as session:
        row = session.get_one(Inquiry, posted.inquiry_id)
        row.text, row.title = "（已按规定删除）", ""
    with bureau.office.work.reading() as session:
        kept = session.scalar(select(func.count()).where(InquiryTrace.inquiry_id == posted.inquiry_id))
    assert kept <= 6
    assert found(bureau, other.inquiry_id) == []


def test_a_piece_that_everybody_says_stays_bounded(bureau: Bureau) -> None:
    mine = bureau.post(NOISE)
    with bureau.office.work.transaction() as session:
        session.add_all([
            Inquiry(number=f"N{number}", text=NOISE, publish=True, unit_id=bureau.root_id, received_at=NOW + timedelta(seconds=number)) for number in range(300)
        ])  # fmt: skip
    statements: list[str] = []
    with bureau.office.work.reading() as session:
        keys = traces.sharing(session, mine.inquiry_id, NOISE)
        event.listen(bureau.office.engine, "before_cursor_execute", lambda *args: statements.append(args[2]))
        proposed = same_matter.possible_duplicates(session, bureau.office.settings, session.get_one(Inquiry, mine.inquiry_id))
    assert len(keys) == traces.CANDIDATES_MOST
    assert keys == sorted(keys, reverse=True)
    assert len(proposed) == 5
    assert len(statements) <= 4
