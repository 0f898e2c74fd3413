"""Documents and passages."""

import itertools

from hypothesis import given
from hypothesis import strategies as st

from responder.corpus import LONGEST_QUOTE, Document, document_from_plain, fingerprint, passages


def cut(text: str) -> list[str]:
    return [text[p.start : p.end] for p in passages(text)]


def test_passages_end_at_sentence_borders_and_keep_closing_quotes():
    assert cut("他说“可以。”然后走了!真的?\n第二段;第三") == ["他说“可以。”", "然后走了!", "真的?", "第二段;", "第三"]


def test_spaces_between_paragraphs_are_borders_but_not_inside_latin():
    assert cut("通知 各单位: 请登录 open data portal 查询") == ["通知", "各单位:", "请登录", "open data portal 查询"]


def test_long_sentences_are_cut_at_commas_and_never_exceed_the_limit():
    pieces = cut("甲乙丙丁戊己庚辛,".rstrip() * 60)
    assert max(map(len, pieces)) <= LONGEST_QUOTE
    assert all(piece.endswith(",") for piece in pieces)
    assert max(map(len, cut("字" * 1_000))) == LONGEST_QUOTE


@given(st.text(alphabet="甲乙。,;!? \n”a1", max_size=1_500))
def test_passages_lose_only_white_space(text):
    found = passages(text)
    assert all(0 < p.end - p.start <= LONGEST_QUOTE for p in found)
    assert all(a.end <= b.start for a, b in itertools.pairwise(found))
    assert "".join("".join(cut(text)).split()) == "".join(text.split())


def test_a_plain_text_starts_with_its_title():
    document = document_from_plain("1", "  关于补贴的通知 各单位: 正文")
    assert document.title == "关于补贴的通知"
    assert document.text == "  关于补贴的通知 各单位: 正文"
    assert document_from_plain("2", "").title == ""
    assert len(document_from_plain("3", "长" * 500).title) == 80


def test_fingerprint_sees_through_script_width_and_layout():
    one = Document("1", "社會保障卡補辦", "工本費２０元。\n十五日內領取")
    two = Document("2", "社会保障卡补办", "工本费20元。 十五日内领取", number="x")
    assert fingerprint(one) == fingerprint(two)
    assert fingerprint(one) != fingerprint(Document("3", "社会保障卡补办", "工本费30元。 十五日内领取"))
