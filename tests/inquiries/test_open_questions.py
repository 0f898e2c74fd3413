from datetime import timedelta

from sqlalchemy import select

from board.clock import local_day
from board.inquiries.asking import Answer, Part
from board.inquiries.open_questions import note_open, open_parts, open_questions
from board.models import OpenQuestion
from board.replies.knowledge_gaps import knowledge_gaps
from tests.bureau import NOW, Bureau

TODAY = local_day(NOW)


def answer(question: str, reason: str = "nothing_found", **fields) -> Answer:
    return Answer(question, found=False, decision="hand_over", reason=reason, confidence=0.1, evidence=(), inquiries=(), **fields)


def test_only_what_a_document_could_answer_is_kept_and_nothing_personal() -> None:
    assert open_parts(answer("我叫张伟明，电话13800138000，职称评审几月报名？"))[0][0].find("13800138000") == -1
    assert open_parts(answer("我的养老金为什么停了", "personal_case")) == []
    assert open_parts(answer("问")) == []
    assert open_parts(Answer("问", found=True, decision="answer", reason="", confidence=0.9, evidence=(), inquiries=())) == []
    parts = (Part("职称评审几月报名", "nothing_found", "", ()), Part("护照在哪办", "not_our_duty", "公安局", ()))
    assert open_parts(answer("职称评审几月报名，护照在哪办", parts=parts)) == [("职称评审几月报名", "nothing_found")]


def test_a_question_is_kept_once_a_day_counted_bounded_and_forgotten(bureau: Bureau) -> None:
    settings = bureau.office.settings
    settings.tables["asking"] = {"keep_days": 30, "each_day": 2}
    with bureau.office.work.transaction() as session:
        for text in ("职称评审几月报名？", "职称评审几月报名?", "职称评审要几篇论文？", "第三个问题放不下了"):
            note_open(session, settings, [(text, "nothing_found")], TODAY)
        assert [(row.text, row.times) for row in open_questions(session, TODAY, 9)] == [("职称评审几月报名？", 2), ("职称评审要几篇论文？", 1)]
        gaps = knowledge_gaps(session, settings, TODAY)
        assert (gaps.read, gaps.asked, [gap.count for gap in gaps.gaps], gaps.gaps[0].unit) == (0, 2, [2], "")
        note_open(session, settings, [], TODAY + timedelta(days=29))
        assert len(session.scalars(select(OpenQuestion)).all()) == 2
        note_open(session, settings, [], TODAY + timedelta(days=30))
        assert session.scalars(select(OpenQuestion)).all() == []
        settings.tables["asking"] = {"keep_days": 0, "each_day": 2}
        note_open(session, settings, [("职称评审几月报名？", "nothing_found")], TODAY)
        assert session.scalars(select(OpenQuestion)).all() == []
