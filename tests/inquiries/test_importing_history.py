import click
import pytest
from sqlalchemy import func, select

from board.clock import local
from board.inquiries import importing_history
from board.inquiries.events import broken_chain
from board.inquiries.public_board import Choice, public_board
from board.intake import runs
from board.models import Event, ImportRun, Inquiry, InquiryKind, InquiryState, OutboxRow, Publication, Reply, ReplyState
from tests.bureau import Bureau
from tests.import_files import QUESTIONS, Console, as_csv, as_jsonl, as_xlsx, console_on


@pytest.fixture
def console(bureau: Bureau, tmp_path, monkeypatch, capsys) -> Console:
    return console_on(bureau.office, tmp_path, monkeypatch, capsys)


def all_of(console: Console, table):
    with console.office.work.reading() as session:
        return session.scalars(select(table).order_by(table.id)).all()


def events_of(console: Console, inquiry: Inquiry) -> list[tuple]:
    with console.office.work.reading() as session:
        assert broken_chain(session, inquiry.id) is None
        return [
            (e.sequence, e.action, e.from_state, e.to_state)
            for e in session.scalars(select(Event).where(Event.inquiry_id == inquiry.id).order_by(Event.sequence))
        ]


@pytest.mark.parametrize(
    ("name", "content"),
    [
        ("q.jsonl", as_jsonl(QUESTIONS)),
        ("q.csv", as_csv(QUESTIONS, "utf-8-sig")),
        ("q.gb.csv", as_csv(QUESTIONS, "gb18030")),
        ("q.xlsx", as_xlsx(QUESTIONS, ["汇总表"])),
    ],
)
def test_history_is_closed_and_private(console: Console, name, content) -> None:
    code, said = console.run("inquiries", console.file(name, content))
    assert (code, "新增 4，更新 0，未变 0，拒收 0" in said) == (0, True)
    first, second, third, fourth = all_of(console, Inquiry)
    assert [one.number for one in (first, second, third, fourth)] == ["IM-101", "IM-102", "IM-103", "IM-104"]
    assert (first.state, first.kind, first.publish, first.released, first.imported, first.version) == (
        InquiryState.closed,
        InquiryKind.consultation,
        False,
        False,
        True,
        3,
    )
    assert (first.tracking_hash, first.nonce_hash, first.due_on, first.title, first.nickname) == (None, None, None, "养老金什么时候到账", "山里人")
    assert local(first.received_at).isoformat() == "2016-03-01T09:05:07+08:00"
    assert first.answered_at == first.closed_at
    assert local(first.closed_at).isoformat() == "2016-03-09T15:00:00+08:00"
    assert second.closed_at == second.received_at, "a reply dated with the day alone is not before its message"
    assert local(third.closed_at).year == 2017
    assert (fourth.state, fourth.closed_at, fourth.version, str(fourth.due_on)) == (InquiryState.accepted, None, 2, "2017-01-09")
    assert events_of(console, first) == [(1, "post", "", "received"), (2, "close", "received", "closed"), (3, "import", "closed", "closed")]
    assert events_of(console, fourth) == [(1, "post", "", "received"), (2, "import", "received", "accepted")]
    assert all_of(console, OutboxRow) == []
    replies, publications = all_of(console, Reply), all_of(console, Publication)
    assert [(one.state, one.in_force, one.author_id, one.revision) for one in replies] == [(ReplyState.published, True, None, 1)] * 3
    assert not any(one.public for one in publications)
    assert "13800138000" not in publications[0].question
    assert "138****8000" in publications[0].question
    assert "12333" in publications[0].reply
    assert "13800138000" in first.text


def test_the_same_words_twice_are_two_messages_and_again_adds_nothing(console: Console) -> None:
    path = console.file("q.jsonl", as_jsonl(QUESTIONS))
    assert console.run("inquiries", path)[0] == 0
    second, third = all_of(console, Inquiry)[1:3]
    assert second.fingerprint == third.fingerprint
    assert "新增 0，更新 0，未变 4" in console.run("inquiries", path)[1]
    assert "新增 0，更新 0，未变 4" in console.run("inquiries", console.file("q.csv", as_csv(QUESTIONS)))[1]
    assert "新增 4" in console.run("inquiries", path, "--source", "leaderbox")[1]
    assert all_of(console, Inquiry)[4].number == "leaderbox-101"
    assert len(all_of(console, Reply)) == 6


def test_released_history_is_public_and_masked(console: Console) -> None:
    rows = [{**row, "留言类型": "举报" if row["留言编号"] == "102" else "咨询类"} for row in QUESTIONS]
    assert console.run("inquiries", console.file("q.csv", as_csv(rows)), "--released", "--as", "manager")[0] == 0
    with console.office.work.reading() as session:
        shown = [(p.inquiry.number, p.question) for p in public_board(session, Choice()).page.items]
    assert sorted(number for number, _ in shown) == ["IM-101", "IM-103"]
    assert all("13800138000" not in question for _, question in shown)
    first, report, third, waiting = all_of(console, Inquiry)
    assert [(one.released, one.publish) for one in (first, report, third, waiting)] == [(True, True), (False, False), (True, True), (False, False)]
    assert report.kind == InquiryKind.report


def test_private_history_is_released_later_by_the_same_file(console: Console) -> None:
    path = console.file("q.jsonl", as_jsonl(QUESTIONS))
    console.run("inquiries", path)
    assert "新增 0，更新 3，未变 1" in console.run("inquiries", path, "--released")[1]
    assert "新增 0，更新 0，未变 4" in console.run("inquiries", path, "--released")[1]
    first = all_of(console, Inquiry)[0]
    assert events_of(console, first)[3] == (4, "release", "closed", "closed")
    assert (first.version, first.released) == (4, True)
    assert all(one.public for one in all_of(console, Publication))


def test_a_reply_that_came_later_closes_the_message(console: Console) -> None:
    console.run("inquiries", console.file("q.jsonl", as_jsonl(QUESTIONS)))
    answered = [{**QUESTIONS[3], "答复意见": "公告已发布。", "答复时间": "2017-01-03 10:00"}]
    assert "新增 0，更新 1，未变 0" in console.run("inquiries", console.file("q2.jsonl", as_jsonl(answered)))[1]
    fourth = all_of(console, Inquiry)[3]
    assert (fourth.state, fourth.version) == (InquiryState.closed, 4)
    assert events_of(console, fourth)[2:] == [(3, "close", "accepted", "closed"), (4, "import", "closed", "closed")]
    assert "未变 4" in console.run("inquiries", console.file("q.jsonl", as_jsonl(QUESTIONS)))[1]


def test_bad_rows_and_contradictions(console: Console) -> None:
    good = QUESTIONS[0]
    bad = [
        {**good, "留言详情": ""},
        {**good, "留言时间": ""},
        {**good, "答复时间": "2016-02-28 10:00"},
        {**good, "答复时间": ""},
        {**good, "答复意见": ""},
        {**good, "留言类型": "不知道"},
        {**good, "留言详情": ["一", "二"]},
        {**good, "留言详情": "同一编号的另一条留言"},
        {**good, "答复意见": "另一个答复"},
        {**good, "留言用户": "长" * 61},
    ]
    code, said = console.run("inquiries", console.file("q.jsonl", as_jsonl([good, *bad])))
    assert (code, "新增 1，更新 0，未变 0，拒收 10" in said) == (1, True)
    assert sorted((entry["line"], entry["reason"]) for entry in console.rejects("q.jsonl")) == [
        (2, "没有留言内容"), (3, "没有留言时间"), (4, "答复时间早于留言时间"), (5, "有答复，没有答复时间"), (6, "有答复时间，没有答复内容"),
        (7, "留言类型不认识：不知道（可在 config/import_headings.toml 的 [kinds] 中对应）"), (8, "留言内容应为文字"),
        (9, "编号 101 已经导入，留言内容不同"), (10, "编号 101 已经导入，答复不同"), (11, "留言用户超过 60 个字"),
    ]  # fmt: skip


def test_columns_that_are_not_understood_are_named_and_can_be_said(console: Console) -> None:
    path = console.file("q.csv", as_csv([{"流水": "7", "留言时间": "2016-1-1", "所写": "几点上班？", "紧急程度": "急"}]))
    code, said = console.run("inquiries", path)
    assert (code, "认不出列名" in said, "紧急程度" in said) == (2, True, True)
    code, said = console.run("inquiries", path, "--column", "所写=text", "--column", "流水=ref")
    assert (code, "没有用到的列：紧急程度（" in said) == (0, True)
    assert [(one.number, one.text) for one in all_of(console, Inquiry)] == [("IM-7", "几点上班？")]
    code, said = console.run("inquiries", path, "--column", "所写=nothing")
    assert (code, "列名=字段" in said) == (2, True)


def test_numbers_of_other_boards(console: Console) -> None:
    rows = [
        {"编号": "来信/2016 号1", "留言时间": "2016-1-1", "内容": "甲"},
        {"编号": "", "留言时间": "2016-1-1", "内容": "乙"},
        {"编号": "", "留言时间": "2016-1-2", "内容": "乙"},
    ]
    path = console.file("q.csv", as_csv(rows))
    assert console.run("inquiries", path)[0] == 0
    first, second, third = all_of(console, Inquiry)
    assert first.number.startswith("IM-来信_2016_号1-")
    assert first.import_ref == "来信/2016 号1"
    assert second.number != third.number
    assert second.title == "乙"
    assert "未变 3" in console.run("inquiries", path)[1]


def many(count: int) -> list[dict[str, str]]:
    return [{**QUESTIONS[0], "留言编号": str(number), "留言时间": "坏" if number % 10 == 0 else "2016-1-1"} for number in range(1, count + 1)]


def test_interrupted_and_resumed(console: Console, monkeypatch) -> None:
    monkeypatch.setattr(runs, "BATCH", 20)
    path, taken = console.file("q.jsonl", as_jsonl(many(95))), []
    take = importing_history.take_history

    def until_the_third(session, rules, lines, actor, at):
        taken.append(len(lines))
        if len(taken) == 3:
            raise KeyboardInterrupt
        return take(session, rules, lines, actor, at)

    monkeypatch.setattr(importing_history, "take_history", until_the_third)
    with pytest.raises(click.exceptions.Abort):
        console.run("inquiries", path)
    console.capture.readouterr()
    (run,) = all_of(console, ImportRun)
    assert (run.lines_done, run.added, run.rejected, run.finished_at, len(all_of(console, Inquiry))) == (40, 36, 4, None, 36)
    monkeypatch.setattr(importing_history, "take_history", take)
    code, said = console.run("inquiries", path)
    assert (code, "从第 41 行起" in said, "新增 86，更新 0，未变 0，拒收 9" in said) == (1, True, True)
    (run,) = all_of(console, ImportRun)
    assert (run.lines_done, run.finished_at is not None, len(all_of(console, Inquiry))) == (95, True, 86)
    assert [entry["line"] for entry in console.rejects("q.jsonl")] == list(range(10, 91, 10))


def test_reimport_begins_at_the_first_line(console: Console) -> None:
    path = console.file("q.jsonl", as_jsonl(QUESTIONS))
    console.run("inquiries", path)
    with console.office.work.transaction() as session:
        session.scalars(select(ImportRun)).one().finished_at = None
    assert "新增 4，更新 0，未变 0" in console.run("inquiries", path)[1], "a run that only lacked its end is ended"
    assert "新增 0，更新 0，未变 4" in console.run("inquiries", path, "--reimport")[1]


def test_events_hold_no_personal_text(console: Console) -> None:
    console.run("inquiries", console.file("q.jsonl", as_jsonl(QUESTIONS)))
    kept = "".join(f"{event.data}{event.reason}{event.actor}" for event in all_of(console, Event))
    assert not any(row[name] and row[name] in kept for row in QUESTIONS for name in ("留言用户", "留言主题", "留言详情", "答复意见"))
    with console.office.work.reading() as session:
        assert session.scalar(select(func.count()).where(Event.action == "import", Event.inquiry_id.is_(None)).select_from(Event)) == 1
