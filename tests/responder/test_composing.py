from responder.composing import Source, compose, distinct, gaps, parse_reply, quotation


def test_what_was_composed_is_read_back() -> None:
    source = Source("关于（试行）的通知", "测人社发〔2016〕8号", "2016-03-01", "现行有效", "/documents/12")
    blocks = parse_reply(compose(["网民您好！", "## 一、材料", quotation("第一行\n第二行", source), "【请补充：结论】"]))
    assert [(block.kind, block.text) for block in blocks] == [
        ("paragraph", "网民您好！"), ("heading", "一、材料"), ("quotation", "第一行\n第二行"), ("paragraph", "【请补充：结论】"),
    ]  # fmt: skip
    assert blocks[2].source == source


def test_gaps_are_found() -> None:
    assert gaps("甲【请补充：电话】乙【请补充：时限】") == ["【请补充：电话】", "【请补充：时限】"]
    assert gaps("没有") == []


def test_nothing_is_quoted_twice() -> None:
    long = "申领社会保障卡需要提交的材料：身份证原件、近期照片一张、单位证明"
    assert distinct([long, "需要提交的材料：身份证原件、近期照片一张、单位证明。另需户口簿", "补卡工本费十六元"]) == [0, 2]
    assert distinct(["……", "甲"]) == [1]
