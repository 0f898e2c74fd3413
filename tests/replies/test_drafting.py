from sqlalchemy import func, select

from board.clock import local_day
from board.inquiries.asking import ask
from board.models import Disclosure, Evidence, Inquiry, OutboxRow, OutboxState, Reply, Validity
from board.publications.disclosures import set_validity
from board.replies import review
from board.replies.reply_checks import out_of_force
from responder.composing import parse_reply
from tests.bureau import DOCUMENTS, NOW, Bureau


def reply_of(bureau: Bureau, posted) -> Reply:
    with bureau.office.work.reading() as session:
        reply = session.scalars(select(Reply).where(Reply.inquiry_id == posted.inquiry_id)).one()
        assert reply.evidence is not None
        return reply


def test_a_draft_quotes_its_evidence_word_for_word(bureau: Bureau) -> None:
    posted = bureau.post("申领失业保险金需要提交哪些材料？")
    assert bureau.draft(posted) == "drafted"
    reply = reply_of(bureau, posted)
    quotes = [block for block in parse_reply(reply.text) if block.kind == "quotation"]
    assert quotes
    for block in quotes:
        assert any(block.text in text for _, _, _, text in DOCUMENTS)
        assert block.source
        assert block.source.title == "失业保险金申领办事指南"
        assert block.source.number == "测人社发〔2016〕8号"
        assert block.source.published == "2016-03-01"
        assert block.source.link == f"/documents/{bureau.document_ids[0]}"


def test_every_sentence_is_a_phrase_or_a_quotation(bureau: Bureau) -> None:
    posted = bureau.post("申领失业保险金需要提交哪些材料？我叫小明，急急急")
    bureau.draft(posted)
    reply = reply_of(bureau, posted)
    assert "小明" not in reply.text
    assert "经查" not in reply.text
    assert "经核实" not in reply.text


def test_twice_is_once(bureau: Bureau) -> None:
    posted = bureau.post()
    assert [bureau.draft(posted), bureau.draft(posted)] == ["drafted", "skipped"]
    with bureau.office.work.reading() as session:
        assert session.scalar(select(func.count()).select_from(Reply)) == 1
        assert session.scalars(select(OutboxRow)).one().state == OutboxState.done


def test_a_person_who_was_faster_is_not_overwritten(bureau: Bureau) -> None:
    posted = bureau.post()
    bureau.submit(posted, "人工答复")
    assert bureau.draft(posted) == "skipped"
    assert reply_of(bureau, posted).text == "人工答复"


def test_what_is_not_answered_is_handed_over_with_a_reason(bureau: Bureau) -> None:
    posted = bureau.post("302路公交车末班车几点发车？")
    bureau.draft(posted)
    reply = reply_of(bureau, posted)
    assert (reply.decision, bool(reply.reason)) == ("hand_over", True)
    assert "【请补充" in reply.text


def test_a_repealed_document_is_never_quoted(bureau: Bureau) -> None:
    posted = bureau.post("失业保险金发放标准每人每月多少元？")
    bureau.draft(posted)
    assert "560元" not in reply_of(bureau, posted).text
    with bureau.office.work.transaction() as session:
        set_validity(session, session.get_one(Disclosure, bureau.document_ids[1]), Validity.repealed)
    posted = bureau.post("补办社会保障卡多少个工作日领取新卡？")
    bureau.draft(posted)
    assert "15个工作日" not in reply_of(bureau, posted).text


def test_a_repealed_document_that_is_asked_for_is_named_with_its_successor(bureau: Bureau) -> None:
    with bureau.office.work.transaction() as session:
        set_validity(session, session.get_one(Disclosure, bureau.document_ids[2]), Validity.repealed, session.get_one(Disclosure, bureau.document_ids[0]))
    question = "请问测人社发【2013】第2号规定的失业保险金发放标准还有效吗？"
    said = ("《关于失业保险金标准的通知》（测人社发〔2013〕2号）已废止，不能作为现在的办理依据。", "现行文件为《失业保险金申领办事指南》（测人社发〔2016〕8号）。")
    posted = bureau.post(question)
    bureau.draft(posted)
    text = reply_of(bureau, posted).text
    assert all(f"\n\n{sentence}\n" in text for sentence in said)
    assert "560元" not in text
    with bureau.office.work.reading() as session:
        found = ask(session, bureau.office.catalogue, bureau.office.settings, question)
        assert not list(out_of_force(session, text, local_day(NOW)))
    (one,) = found.ended
    assert (one.disclosure_id, one.state, one.successor_id) == (bureau.document_ids[2], "repealed", bureau.document_ids[0])
    assert bureau.document_ids[2] not in [piece.disclosure_id for piece in found.evidence]


def test_a_number_that_is_not_published_is_told_and_not_answered_by_another(bureau: Bureau) -> None:
    posted = bureau.post("请问白人社发〔2016〕8号规定申领失业保险金需要提交哪些材料？")
    bureau.draft(posted)
    reply = reply_of(bureau, posted)
    assert (reply.decision, reply.reason) == ("hand_over", "no_such_document")
    assert "您提到的文号在已公开的文件中没有查到" in reply.text
    assert "身份证" not in reply.text


def test_the_item_goes_to_the_unit_of_its_subject(bureau: Bureau) -> None:
    posted = bureau.post("失业保险金怎么申领？")
    bureau.draft(posted)
    with bureau.office.work.reading() as session:
        inquiry = session.get_one(Inquiry, posted.inquiry_id)
        assert (inquiry.unit.code, inquiry.subject) == ("jyg", "失业保险")


def test_evidence_is_marked_in_both_texts(bureau: Bureau) -> None:
    posted = bureau.post("申领失业保险金需要提交哪些材料？", title="材料")
    bureau.draft(posted)
    with bureau.office.work.reading() as session:
        first = session.scalars(select(Evidence).order_by(Evidence.rank)).first()
        text = session.get_one(Inquiry, posted.inquiry_id).text
        assert first.marks
        assert first.question_marks
        assert all(0 <= start < end <= len(first.quote) for start, end in first.marks)
        assert all(0 <= start < end <= len(text) for start, end in first.question_marks)
        row = session.get_one(Disclosure, first.disclosure_id)
        assert row.text[first.start : first.start + len(first.quote)] == first.quote
        assert review.current_reply(session, session.get_one(Inquiry, posted.inquiry_id)).created_at == NOW
