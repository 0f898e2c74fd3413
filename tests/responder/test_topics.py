from collections import Counter

import pytest

from responder.topic_words import Said, TopicRules, tokens, without_personal
from responder.topics import nearness, topics

RULES = TopicRules(
    frozenset({"希望", "解决", "请问", "我们", "领导", "怎么", "什么", "的", "办理", "咨询", "问题", "补贴标准"}), frozenset({"小区", "路", "县", "镇", "村"}), frozenset({"道路", "公路"}),
    frozenset({"公租房"}),
)  # fmt: skip
MESSAGES = [
    ("板桥小区夜间施工扰民", "板桥小区旁边工地夜间施工，打桩噪音很大"),
    ("补办社保卡", "社保卡丢失怎么补办，挂失要什么手续"),
    ("板桥小区夜间施工何时停止", "板桥小区外的工地每晚夜间施工，噪音扰民"),
    ("社保卡挂失补办", "社保卡补办挂失在哪里，需要多久"),
    ("公交车次太少", "希望增加公交车次"),
    ("板桥小区噪音", "板桥小区工地夜间施工噪音扰民，无法睡觉"),
]


def said(rows=MESSAGES, subject: str = "") -> list[Said]:
    return [Said(number, title, text, "社会保险" if "社保" in text else subject) for number, (title, text) in enumerate(rows, 1)]


def test_messages_about_one_matter_stand_together_with_places_name_and_subject() -> None:
    found = topics(said(), RULES, 2)
    assert [topic.keys for topic in found] == [(1, 3, 6), (2, 4)]
    assert (found[0].place, found[0].places) == ("板桥小区", (("板桥小区", 3),))
    assert found[0].matter == "夜间施工、噪音"
    assert found[0].name == "板桥小区 夜间施工、噪音"
    assert (found[1].place, found[1].places, found[1].subject) == ("", (), "社会保险")
    assert "补办" in found[1].matter


def test_the_same_input_gives_the_same_topics() -> None:
    assert topics(said(), RULES) == topics(said(), RULES)
    assert sorted(key for topic in topics(said(), RULES) for key in topic.keys) == [1, 2, 3, 4, 5, 6]


def test_a_chance_word_joins_nothing() -> None:
    rows = [("异地搬迁补助何时发放", "村里搬迁户等着补助"), ("小型汽车异地年检", "汽车在外地能年检吗"), ("异地搬迁安置点", "搬迁补助和安置点在哪"), ("年检要预约吗", "汽车年检预约")]
    assert [topic.keys for topic in topics(said(rows), RULES, 2)] == [(1, 3), (2, 4)]


def test_other_subjects_and_other_places_count_less() -> None:
    rows = [("窗口排队太久", "窗口排队两个小时才轮到"), ("窗口排队", "窗口排队很久没人管理"), ("噪音", "工地夜间噪音"), ("路灯", "路灯坏了")]
    near = [topics([Said(1, *rows[0], "社会保险"), Said(2, *rows[1], other), *said(rows[2:])], RULES, 2)[0].near for other in ("社会保险", "不动产")]
    assert near[1] == pytest.approx(0.6 * near[0])
    near = [nearness(said(rows[:2]), [(Counter("甲乙"), Counter([place])) for place in ("板桥小区", other)], RULES)[0, 1] for other in ("板桥小区", "云溪小区")]
    assert near[1] < 0.8 * near[0]


def test_a_name_is_words_in_a_row_without_anything_personal() -> None:
    rows = [(f"张伟明拖欠工资{n}", f"包工头张伟明，电话1380013800{n}，拖欠工资不发，身份证110101199003074512") for n in range(4)]
    name = topics(said(rows), RULES, 2)[0].name
    assert "工资" in name
    assert not any(part in name for part in ("张伟明", "伟明", "138", "1101"))
    assert without_personal("电话13800138000。") == "电话，。"
    rows = [*MESSAGES[:1], ("夜间施工", "板桥小区工地夜间施工噪音，王婆婆的孙女要中考")]
    assert "孙女" not in topics(said(rows), RULES, 2)[0].name


def test_places_are_read_from_larger_to_smaller_and_other_words_are_none() -> None:
    found = tokens("A7县板桥镇新星村的道路和302路公租房", RULES)
    assert [one.word for one in found if one.place] == ["a7县", "板桥镇", "新星村"]
    assert "公租房" in [one.word for one in found if one.telling]
    rows = [("云溪县公交", "云溪县公交车次"), ("云溪县学校", "云溪县学校食堂"), ("云溪县医院", "云溪县医院停车"), ("云溪县养老", "云溪县养老金")]
    assert topics(said(rows), RULES, 2) == []


def test_a_matter_of_most_messages_is_found() -> None:
    rows = [("自来水浑浊", f"第{n}天自来水浑浊不能喝") for n in range(30)] + [(f"其他{n}", f"另外的事情{n}号") for n in range(12)]
    assert len(topics(said(rows), TopicRules(RULES.dull, RULES.place_endings), 3)[0].keys) == 30


@pytest.mark.parametrize("text", ["", "。", "\ud800", "哈" * 20_000])
def test_odd_messages_do_no_harm(text: str) -> None:
    assert len(topics([Said(1, text, text), Said(2, text, text)], RULES)) in {1, 2}


def test_no_messages_no_topics() -> None:
    assert topics([], RULES) == []
