"""What others asked before is shown beside the evidence: found by words and not by spelling, only what stands in public."""

from collections.abc import Callable

import pytest
from sqlalchemy import update

from board.inquiries.asking import ask, search
from board.models import Publication
from board.office import load_matcher_settings
from board.publications import answered
from board.publications.answered import Answered
from board.replies import publishing
from tests.bureau import NOW, Bureau

QUESTIONS = (
    "请问怎样办理居住证？我在本县租房居住半年了，需要带什么材料？",
    "学校门口的路灯坏了一个月，晚上很暗，请尽快维修。",
    "老年人乘坐公交车是否免费？外地户籍能不能办老年卡？",
)


@pytest.fixture
def publish(bureau: Bureau) -> Callable[..., int]:
    """Publishes an answered inquiry; returns the publication's id."""

    def published(text: str, **fields: object) -> int:
        posted = bureau.post(text, **fields)
        bureau.submit(posted)
        bureau.approve(posted)
        with bureau.office.work.transaction() as session:
            publishing.publish(session, posted.inquiry_id, bureau.office.settings, NOW)
            session.flush()
            return session.query(Publication).filter_by(inquiry_id=posted.inquiry_id).one().id

    return published


def shown(bureau: Bureau, question: str) -> list[int]:
    with bureau.office.work.reading() as session:
        return [row.id for row in ask(session, bureau.office.catalogue, bureau.office.settings, question).inquiries]


def test_an_answered_question_is_found_by_its_words_in_any_order_and_script(bureau: Bureau, publish: Callable[..., int]) -> None:
    keys = [publish(text) for text in QUESTIONS]
    assert shown(bureau, "租房居住办居住证要什么材料") == [keys[0]]
    assert shown(bureau, "路燈壞了怎麼維修？") == [keys[1]]
    assert shown(bureau, "外地户籍的老年人坐公交车免费吗？") == [keys[2]]
    assert shown(bureau, "高中什么时候放暑假？") == []
    with bureau.office.work.reading() as session:
        assert [row.id for row in search(session, bureau.office.catalogue, bureau.office.settings, "居住证 材料").inquiries] == [keys[0]]


def test_what_is_published_later_is_found_and_what_is_taken_down_is_gone(bureau: Bureau, publish: Callable[..., int]) -> None:
    assert shown(bureau, "路灯坏了请维修") == []
    key = publish(QUESTIONS[1])
    assert shown(bureau, "路灯坏了请维修") == [key]
    with bureau.office.work.transaction() as session:
        session.execute(update(Publication).where(Publication.id == key).values(withdrawn_at=NOW))
    assert shown(bureau, "路灯坏了请维修") == []


def test_what_only_the_citizen_may_read_is_never_shown(bureau: Bureau, publish: Callable[..., int]) -> None:
    publish(QUESTIONS[1], publish=False)
    assert shown(bureau, "路灯坏了请维修") == []
    assert len(bureau.office.catalogue._answered) == 0


def test_the_newest_are_kept_and_each_call_reads_a_bounded_number(bureau: Bureau, publish: Callable[..., int], monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(answered, "READ_AT_ONCE", 2)
    monkeypatch.setattr(answered, "OVERLAP", 0)
    keys = [publish(text) for text in QUESTIONS]
    index, sizes = Answered(load_matcher_settings(bureau.office.settings)), []
    with bureau.office.work.reading() as session:
        for _ in range(3):
            index.follow(session)
            sizes.append(len(index))
        assert sizes == [2, 3, 3]
        monkeypatch.setattr(answered, "KEPT", 2)
        index._last = keys[1]
        index.follow(session)
    assert len(index) == 2
    assert index.alike("居住证办理材料", 5) == []
    assert index.alike("老年人公交车免费", 5) == [keys[2]]
