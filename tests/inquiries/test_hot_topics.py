from datetime import timedelta

from board.clock import local_day
from board.inquiries.hot_topics import agreed_topics, hot_topics
from board.models import Inquiry, InquiryKind, InquiryState
from board.replies.knowledge_gaps import knowledge_gaps
from tests.bureau import NOW, Bureau

NOISE = "云溪花园北门工地夜间施工，打桩噪音扰民"
TODAY = local_day(NOW)


def add(bureau: Bureau, text: str, days: float = 0, number: int = 1, **values) -> None:
    """So many alike messages received some days ago."""
    with bureau.office.work.transaction() as session:
        for turn in range(number):
            at = NOW - timedelta(days=days, minutes=turn)
            values = {"kind": InquiryKind.consultation, "publish": True, **values}
            session.add(Inquiry(number=f"T{days}-{turn}-{text[:5]}-{len(values)}", text=f"{text}，第{turn}次反映", unit_id=bureau.root_id, received_at=at, **values))


def found(bureau: Bureau, days: int = 30, which=hot_topics):
    with bureau.office.work.reading() as session:
        return which(session, bureau.office.settings, TODAY, days)


def test_topics_are_ranked_with_growth_against_the_window_before(bureau: Bureau) -> None:
    add(bureau, NOISE, number=4)
    add(bureau, NOISE, days=40, number=1)
    add(bureau, "社会保障卡挂失补办要多久领取", number=2)
    add(bureau, "社会保障卡挂失补办要多久领取", days=35, number=3)
    listed = found(bureau)
    assert [(topic.count, topic.before, topic.growth) for topic in listed.topics] == [(4, 1, 3), (2, 3, -1)]
    assert listed.topics[0].place == "云溪花园"
    assert listed.topics[0].unit == "本局"
    assert (listed.read, listed.cut, (listed.last - listed.first).days) == (6, False, 29)
    assert [one.received_at for one in listed.topics[0].inquiries] == sorted((one.received_at for one in listed.topics[0].inquiries), reverse=True)


def test_the_window_has_both_its_days_and_not_one_more(bureau: Bureau) -> None:
    add(bureau, NOISE, days=6, number=2)
    assert found(bureau, 7).topics[0].count == 2
    assert found(bureau, 6).topics == ()


def test_reports_and_invalid_ones_are_not_listed(bureau: Bureau) -> None:
    add(bureau, NOISE, number=3, kind=InquiryKind.report, publish=False)
    add(bureau, "社会保障卡挂失补办", number=2, state=InquiryState.invalid)
    assert found(bureau).read == 0


def test_the_public_sees_what_several_agreed_to_publish(bureau: Bureau) -> None:
    add(bureau, NOISE, number=4)
    add(bureau, NOISE, days=1, number=3, publish=False)
    assert found(bureau).topics[0].count == 7
    assert found(bureau, which=agreed_topics).topics == ()
    add(bureau, NOISE, days=2, number=1)
    assert found(bureau, which=agreed_topics).topics[0].count == 5


def test_a_cut_list_says_so(bureau: Bureau) -> None:
    bureau.office.settings.tables["topics"]["read_most"] = 3
    add(bureau, NOISE, number=5)
    assert (found(bureau).read, found(bureau).cut) == (3, True)


def test_gaps_are_questions_without_a_document(bureau: Bureau) -> None:
    asked = ["中级职称评审几月报名？", "中级职称评审需要几篇论文？", "退休人员体检每年几次？", "申领失业保险金需要提交哪些材料？"]
    posted = [bureau.post(text) for text in asked]
    for one in posted:
        bureau.draft(one)
    with bureau.office.work.reading() as session:
        gaps = knowledge_gaps(session, bureau.office.settings, TODAY)
    assert gaps.read == 3
    assert [{one.id for one in gap.inquiries} for gap in gaps.gaps] == [{posted[0].inquiry_id, posted[1].inquiry_id}]
    assert [one.id for one in gaps.alone] == [posted[2].inquiry_id]
    assert "职称" in gaps.gaps[0].matter
    assert gaps.gaps[0].reasons
