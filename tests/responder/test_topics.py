import pytest

from responder.topics import Said, TopicRules, telling_words, topics, without_personal

RULES = TopicRules(frozenset({"希望", "解决", "请问", "我们", "领导", "怎么", "什么"}), frozenset({"小区", "路", "县"}), 0.28, 0.5)
MESSAGES = [
    ("板桥小区夜间施工扰民", "板桥小区旁边工地夜间施工，打桩噪音很大"),
    ("补办社保卡", "社保卡丢失怎么补办，挂失要什么手续"),
    ("夜间施工何时停止", "板桥小区外的工地每晚夜间施工，噪音扰民"),
    ("社保卡挂失", "社保卡补办挂失在哪里，需要多久"),
    ("公交车次太少", "希望增加公交车次"),
    ("板桥小区噪音", "板桥小区工地夜间施工噪音扰民，无法睡觉"),
]


def said(rows=MESSAGES) -> list[Said]:
    return [Said(number, title, text, "社会保险" if "社保" in text else "") for number, (title, text) in enumerate(rows, 1)]


def test_messages_about_one_matter_stand_together_with_place_words_and_subject() -> None:
    found = topics(said(), RULES, 2)
    assert [topic.keys for topic in found] == [(1, 3, 6), (2, 4)]
    assert found[0].place == "板桥小区"
    assert found[0].name.startswith("板桥小区 ")
    assert "施工" in found[0].name
    assert (found[1].place, found[1].subject) == ("", "社会保险")
    assert "挂失" in found[1].name


def test_the_same_input_gives_the_same_topics() -> None:
    assert topics(said(), RULES) == topics(said(), RULES)
    assert sorted(key for topic in topics(said(), RULES) for key in topic.keys) == [1, 2, 3, 4, 5, 6]


def test_nothing_personal_gets_into_a_name() -> None:
    rows = [(f"张伟明拖欠工资{n}", f"包工头张伟明，电话1380013800{n}，拖欠工资不发，身份证110101199003074512") for n in range(4)]
    name = topics(said(rows), RULES, 2)[0].name
    assert "工资" in name
    assert not any(part in name for part in ("张伟明", "伟明", "138", "1101"))
    assert without_personal("电话13800138000。") == "电话，。"


def test_a_word_of_one_message_is_no_name() -> None:
    rows = [*MESSAGES[:1], ("夜间施工", "板桥小区工地夜间施工噪音，王婆婆的孙女要中考")]
    assert "孙女" not in topics(said(rows), RULES, 2)[0].name


def test_a_place_keeps_name_and_ending_and_counts_half() -> None:
    assert "板桥小区" in telling_words("板桥小区的路灯", RULES)
    rows = [("云溪县公交", "云溪县公交车次"), ("云溪县学校", "云溪县学校食堂"), ("云溪县医院", "云溪县医院停车"), ("云溪县养老", "云溪县养老金")]
    assert topics(said(rows), RULES, 2) == []


@pytest.mark.parametrize("text", ["", "。", "\ud800", "哈" * 20_000])
def test_odd_messages_do_no_harm(text: str) -> None:
    assert len(topics([Said(1, text, text), Said(2, text, text)], RULES)) in {1, 2}


def test_no_messages_no_topics() -> None:
    assert topics([], RULES) == []
