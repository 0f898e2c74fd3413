"""What the desk shows of each question: its words, its evidence, and rules that contradict each other."""

from datetime import date

from sqlalchemy import select

from board.models import Disclosure, Inquiry, Unit, Validity
from board.replies import desk_view, questions_view
from board.replies.marked_texts import marked_text
from board.replies.questions_view import ShownQuestion
from tests.bureau import Bureau, document_row

TODAY = date(2026, 11, 24)
SEVERAL = "您好！申领失业保险金需要提交哪些材料？补办社会保障卡的工本费是多少？302路公交车几点收车？谢谢"
STANDARD = "失业保险金发放标准为每人每月{}元，由失业保险经办机构按月发放到个人账户。"


def shown(bureau: Bureau, text: str, title: str = "") -> tuple[str, list[ShownQuestion]]:
    """Posts, drafts, and reads what the item's page gets: the citizen's words with their marks, and the questions."""
    posted = bureau.post(text, title=title)
    bureau.draft(posted)
    with bureau.office.work.reading() as session:
        inquiry = session.get_one(Inquiry, posted.inquiry_id)
        evidence, rows = desk_view.evidence_rows(session, inquiry), questions_view.question_rows(session, inquiry)
        whole = marked_text(inquiry.text, (), (), [span for row in evidence for span in row.question_marks])
        pieces = questions_view.numbered(whole, rows)
        marked = "".join(f"[{piece.text}]" if piece.kind == "number" else piece.text for piece in pieces)
        quotes = desk_view.shown_evidence(session, evidence, bureau.office.labels, TODAY)
        return marked, questions_view.shown_questions(session, inquiry, rows, evidence, quotes)


def test_each_question_has_its_words_decision_and_evidence(bureau: Bureau) -> None:
    marked, questions = shown(bureau, SEVERAL)
    assert marked == SEVERAL.replace("申领失业", "[1]申领失业").replace("补办社会", "[2]补办社会").replace("302路", "[3]302路")
    assert [question.words for question in questions] == ["申领失业保险金需要提交哪些材料？", "补办社会保障卡的工本费是多少？", "302路公交车几点收车？"]
    assert [question.type for question in questions] == ["papers", "amount", "date"]
    assert [question.decision == "hand_over" for question in questions] == [False, False, True]
    assert questions[2].reason
    assert [question.groups[0][0].title for question in questions[:2]] == ["失业保险金申领办事指南", "社会保障卡补办须知"]
    assert all(piece.used for question in questions[:2] for piece in question.groups[0][:1])


def test_one_question_alone_has_no_number(bureau: Bureau) -> None:
    marked, questions = shown(bureau, "申领失业保险金需要提交哪些材料？")
    assert marked == "申领失业保险金需要提交哪些材料？"
    assert len(questions) == 1
    assert questions[0].groups


def test_a_question_in_the_title_is_shown_with_the_titles_words(bureau: Bureau) -> None:
    _, questions = shown(bureau, "我在外地，家里老人腿脚不便，麻烦帮忙看看。", title="补办社会保障卡需要什么材料？")
    assert [question.words for question in questions] == ["补办社会保障卡需要什么材料？"]


def test_old_and_new_figures_are_shown_with_the_newer_first(bureau: Bureau) -> None:
    with bureau.office.work.transaction() as session:
        unit = session.get_one(Unit, bureau.root_id)
        old = document_row(session, unit, "关于失业保险金发放标准的通知", "测人社发〔2015〕1号", Validity.in_force, STANDARD.format(700))
        new = document_row(session, unit, "关于调整失业保险金发放标准的通知", "测人社发〔2016〕9号", Validity.in_force, STANDARD.format(980))
        session.get_one(Disclosure, old).made_on = date(2015, 1, 5)
        session.get_one(Disclosure, new).made_on = date(2016, 9, 5)
    _, (question,) = shown(bureau, "失业保险金发放标准是每人每月多少元？")
    newer = next(pair for pair in question.contradictions if pair.why == "newer")
    assert (newer.first.disclosure_id, newer.second.disclosure_id) == (new, old)
    assert newer.told == (("980元", "700元"),)
    assert newer.days == (date(2016, 9, 5), date(2015, 1, 5))
    assert newer.first.used
    assert not newer.second.used


def test_a_repealed_rule_is_shown_beside_the_one_in_force_and_not_used(bureau: Bureau) -> None:
    with bureau.office.work.transaction() as session:
        unit = session.get_one(Unit, bureau.root_id)
        document_row(session, unit, "关于失业保险金发放标准的通知", "测人社发〔2016〕9号", Validity.in_force, "失业保险金发放标准为每人每月980元，自2016年10月1日起执行。失业保险金发放标准由就业股核定。")
    _, (question,) = shown(bureau, "失业保险金发放标准每人每月多少元？")
    pair = next(pair for pair in question.contradictions if pair.why == "in_force")
    assert (pair.first.quotable, pair.second.quotable, pair.second.used) == (True, False, False)
    assert pair.second.validity == "repealed"
    assert ("980元", "560元") in pair.told


def test_a_reply_from_before_questions_were_told_apart_is_shown_as_one(bureau: Bureau) -> None:
    posted = bureau.post("申领失业保险金需要提交哪些材料？")
    bureau.draft(posted)
    with bureau.office.work.reading() as session:
        inquiry = session.scalars(select(Inquiry).where(Inquiry.id == posted.inquiry_id)).one()
        evidence = desk_view.evidence_rows(session, inquiry)
        quotes = desk_view.shown_evidence(session, evidence, bureau.office.labels, TODAY)
        (question,) = questions_view.shown_questions(session, inquiry, [], evidence, quotes)
        assert [piece.id for group in question.groups for piece in group] == [row.id for row in evidence]
        assert questions_view.shown_questions(session, inquiry, [], [], []) == []
