import pytest

from responder.citing import cite


@pytest.mark.parametrize(
    ("text", "wanted"),
    [
        ("补卡要多少钱？", "补卡要多少钱？"),
        ("我叫王建国，电话13812345678，我的养老金为什么停发了？", "我的养老金为什么停发了？"),
        ("为什么不给13812345678回电话？", "为什么不给138****5678回电话？"),
        ("“试用期”\n多久？【请补充：甲】", "‘试用期’ 多久？〔请补充：甲〕"),
        ("我家住城关镇东街，" + "很远" * 40 + "要交多少钱？", "……" + ("很远" * 40 + "要交多少钱？")[-28:]),
    ],
)
def test_a_citizens_words_for_quotation_marks(text: str, wanted: str) -> None:
    assert cite(text, 0, len(text), 30) == wanted


def test_what_only_the_words_around_betray_is_masked_too() -> None:
    text = "联系人：欧阳娜娜。欧阳娜娜能领多少钱？"
    cited = cite(text, 9, len(text), 60)
    assert "娜娜" not in cited or cited == "欧阳娜娜能领多少钱？"
    assert cite(text, 0, len(text), 60).endswith("能领多少钱？")
