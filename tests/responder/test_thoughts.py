"""A quotation is a whole thought, and nothing is quoted twice."""

import pytest

from responder.composing import titled
from responder.quoting import Evidence
from responder.thoughts import LONGEST_THOUGHT, apart, in_full, repeats, whole

GUIDE = "补贴按月发放。\n一、申报条件\n（一）年满十八周岁；（二）在本县开办企业满一年；（三）没有其他贷款。\n二、补贴标准\n每户每年补贴3000元，由财政承担。\n三、附则\n本办法由就业股解释。"


def thought(text: str, quote: str) -> str:
    start = text.index(quote)
    begin, end = whole(text, start, start + len(quote))
    return text[begin:end]


@pytest.mark.parametrize(
    ("quote", "wanted"),
    [
        ("一、申报条件", "一、申报条件\n（一）年满十八周岁；（二）在本县开办企业满一年；（三）没有其他贷款。"),
        ("（一）年满十八周岁；", "（一）年满十八周岁；（二）在本县开办企业满一年；（三）没有其他贷款。"),
        ("每户每年补贴3000", "每户每年补贴3000元，由财政承担。"),
        ("补贴按月发放。\n一、申报条件", "补贴按月发放。"),
        ("没有其他贷款。\n二、补贴标准", "没有其他贷款。"),
        ("三、附则\n本办法", "三、附则\n本办法由就业股解释。"),
    ],
)
def test_a_quotation_goes_on_to_its_end_and_is_never_a_bare_heading(quote, wanted):
    assert thought(GUIDE, quote) == wanted


def test_an_answer_stands_with_its_question_or_without_its_label():
    assert thought("问：能补吗？\n答：可以补缴三年。\n", "答：可以补缴三年。") == "问：能补吗？\n答：可以补缴三年。"
    assert thought("补缴说明\n答：可以补缴三年。\n", "答：可以补缴三年。") == "可以补缴三年。"


@pytest.mark.parametrize("quote", ["问：我去年断交了。想问能不能补？\n答：您好，来信收悉。", "能补多少年？", "您好，来信收悉。"])
def test_questions_and_courtesies_alone_are_no_evidence(quote):
    assert thought(f"{quote}\n二、能补三年。", quote) == ""


def test_a_question_at_the_end_belongs_to_what_follows():
    assert thought("补缴最多三年。\n短工也要补吗？\n要补。", "补缴最多三年。\n短工也要补吗？") == "补缴最多三年。"


def test_a_thought_has_an_end():
    endless = "一、条件：" + "；".join(f"（{n}）第{n}项材料" for n in range(1, 400))
    begin, end = whole(endless, 0, 5)
    assert (begin, end <= LONGEST_THOUGHT) == (0, True)
    assert whole("", 0, 0) == (0, 0)
    assert whole("。。。", 0, 3) == (0, 3)


def test_quotations_of_one_document_do_not_overlap():
    text = "第一句话说明办理的时间。第二句话说明办理的地点。第三句话说明办理的材料。"
    spans = apart(text, [(0, 24), (12, 36), (0, 12)])
    assert [text[a:b] for a, b in spans] == ["第一句话说明办理的时间。第二句话说明办理的地点。", "第三句话说明办理的材料。", ""]


def test_near_equal_sentences_repeat_each_other():
    policy = "首次申领社会保障卡不收取任何费用。补办收取工本费20元，由银行开具收据。"
    assert repeats("补办的收取工本费20元，由银行开具收据。", policy)
    assert not repeats("补办收取工本费20元，由银行开具收据。遗失的应当先办理口头挂失。", policy)
    assert not repeats("一、费用", policy)


def test_titles_inside_titles_stand_in_their_own_brackets():
    assert titled("《失业登记办法》解读") == "《〈失业登记办法〉解读》"


def test_marks_move_with_a_quotation_that_is_made_whole():
    first, second = GUIDE.index("（一）"), GUIDE.index("每户每年")
    pieces = [
        Evidence(GUIDE[first : first + 10], first, first + 10, ((3, 6),), (), 1.0),
        Evidence(GUIDE[first + 4 : second + 4], first + 4, second + 4, ((second - first - 4, second - first - 2),), (), 0.5),
    ]
    whole_ones = in_full(GUIDE, pieces)
    assert [piece.quote for piece in whole_ones] == ["（一）年满十八周岁；（二）在本县开办企业满一年；（三）没有其他贷款。", "二、补贴标准\n每户每年补贴3000元，由财政承担。"]
    assert [piece.quote[a:b] for piece in whole_ones for a, b in piece.marks] == ["年满十", "每户"]
    assert all(GUIDE[piece.start : piece.end] == piece.quote for piece in whole_ones)
    assert in_full("别的文字", pieces) == pieces
