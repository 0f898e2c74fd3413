import pytest
from sqlalchemy import func, select

from board.clock import local, local_day
from board.intake.sniffing import Format, sniff
from board.models import CatalogueChange, Disclosure, DocumentKind, Event, ImportRun, Origin, Unit, Validity
from board.publications.pages import is_page, page_text
from tests.bureau import Bureau
from tests.import_files import NOTICES, Console, as_csv, as_jsonl, console_on

PAGE = """索??引??號(hào): | 62000000/1970-000123 | 生成日期: | 2016-05-06 |
文???????號(hào): | 測(cè)人社函〔2016〕9號(hào) | 關(guān)鍵字: | 公開,服務(wù) |
所屬機(jī)構(gòu): | 云溪縣人社局 | 發(fā)布機(jī)構(gòu): | 云溪縣人社局 |
關(guān)于開展培訓(xùn)的通知 | |
信息來(lái)源:請(qǐng)選擇
發(fā)布時(shí)間:2016-05-07 09:30
瀏覽次數(shù):
|
各單位：為提高窗口人員服務(wù)能力，現(xiàn)將培訓(xùn)有關(guān)事項(xiàng)通知如下。一、培訓(xùn)時(shí)間。二、培訓(xùn)內(nèi)容。請(qǐng)按時(shí)參加，不得無(wú)故缺席，參訓(xùn)情況將予以通報(bào)。 |
"""
HTML = """<!DOCTYPE html><html><head><title>培训通知</title><script>var x = "索引号：0";</script></head><body>
<table><tr><td>索引号：</td><td>620000/2016-00045</td><td>生成日期：</td><td>2016-05-06</td></tr>
<tr><td>文号：</td><td>测人社函〔2016〕10号</td><td>发布时间：</td><td>2016-05-07</td></tr></table>
<h1>关于举办招聘会的通知</h1><p>各单位：现将招聘会有关事项通知如下。一、时间地点。</p><p>二、参加单位 &lt;名单另发&gt;。</p></body></html>"""


@pytest.fixture
def console(bureau: Bureau, tmp_path, monkeypatch, capsys) -> Console:
    return console_on(bureau.office, tmp_path, monkeypatch, capsys)


def rows(console: Console) -> list[Disclosure]:
    with console.office.work.reading() as session:
        found = session.scalars(select(Disclosure).where(Disclosure.imported).order_by(Disclosure.id)).all()
        return [one for one in found if (one.channels, one.findings, one.unit) is not None]


def test_rows_become_published_disclosures(console: Console) -> None:
    code, said = console.run("disclosures", console.file("n.jsonl", as_jsonl(NOTICES)))
    assert (code, "新增 2，更新 0，未变 0，拒收 0" in said) == (0, True)
    first, second = rows(console)
    assert (first.title, first.category, first.unit.code, first.import_ref) == ("关于做好就业援助工作的通知", "就业", "bureau", "D1")
    assert (first.document_number, second.document_number) == ("测人社发〔2015〕7号", "")
    assert local(first.published_at).isoformat() == "2015-02-03T10:00:00+08:00"
    assert [channel.channel for channel in first.channels] == ["政府网站"]
    assert (first.origin, second.origin, second.validity, second.channels) == (Origin.own, Origin.reference, Validity.unstated, [])
    assert first.original_text == ""
    with console.office.work.reading() as session:
        changed = set(session.scalars(select(CatalogueChange.disclosure_id)))
        run = session.scalars(select(ImportRun)).one()
        event = session.scalars(select(Event).where(Event.action == "import")).one()
    assert {first.id, second.id} <= changed
    assert run.actor == event.actor
    assert run.actor.startswith("console:")
    assert (run.added, run.lines_done, run.finished_at is None, event.data["added"]) == (2, 2, False, 2)


def test_again_adds_nothing_and_a_change_is_taken_over(console: Console) -> None:
    path = console.file("n.csv", as_csv(NOTICES, "gb18030"))
    assert console.run("disclosures", path)[0] == 0
    assert "新增 0，更新 0，未变 2" in console.run("disclosures", path)[1]
    changed = console.file("n2.csv", as_csv([NOTICES[0], {**NOTICES[1], "text": NOTICES[1]["text"] + "自公布之日起施行。"}]))
    assert "新增 0，更新 1，未变 1" in console.run("disclosures", changed)[1]
    first, second = rows(console)
    assert (first.version, second.version, second.text.endswith("自公布之日起施行。")) == (1, 2, True)
    with console.office.work.reading() as session:
        assert session.scalar(select(func.count()).where(CatalogueChange.disclosure_id == second.id)) == 2


def test_identity_by_number_and_title(console: Console) -> None:
    row = {
        "文号": "测人社发〔2016〕1号",
        "标题": "关于甲事的通知",
        "正文": "甲事的正文，写得足够长，以免被当作没有正文的记录，并且与乙事的正文完全不同，一看便知。",
        "发布时间": "2016-1-5",
    }
    other = {**row, "标题": "关于乙事的通知", "正文": "乙事的正文，同一个文号被误写在了另一份文件上，两份文件都应当保留，不得互相覆盖，否则公众看不到。"}
    code, said = console.run("disclosures", console.file("a.csv", as_csv([row, other, row])))
    assert (code, "新增 2，更新 0，未变 1" in said) == (0, True)
    assert "新增 0，更新 0，未变 2" in console.run("disclosures", console.file("b.csv", as_csv([other, row])), "--source", "other")[1]
    typed = {"文号": "测人社发〔2016〕8号", "标题": "失业保险金申领办事指南", "正文": "导入的不得覆盖手工录入的。", "发布时间": "2016-1-5"}
    assert "新增 0，更新 0，未变 1" in console.run("disclosures", console.file("c.csv", as_csv([typed])))[1]
    assert [one.title for one in rows(console)] == ["关于甲事的通知", "关于乙事的通知"]


def test_identity_by_source_and_id_then_fingerprint(console: Console) -> None:
    same = [{"编号": "1", "标题": "公告", "正文": "同样的正文。"}, {"编号": "2", "标题": "公告", "正文": "同样的正文。"}]
    assert "新增 2" in console.run("disclosures", console.file("a.csv", as_csv(same)))[1]
    bare = [{"标题": "另一公告", "正文": "没有编号的正文。"}, {"标题": "另一公告", "正文": "没有编号的正文。 "}]
    assert "新增 1，更新 0，未变 1" in console.run("disclosures", console.file("b.csv", as_csv(bare)))[1]
    assert "新增 0，更新 0，未变 2" in console.run("disclosures", console.file("c.csv", as_csv(bare)), "--source", "x")[1]


def test_labels_origin_and_kind(console: Console) -> None:
    row = {
        "标题": "政策解读",
        "正文": "解读正文。",
        "信息类型": "政策解读",
        "有效性": "现行有效",
        "来源性质": "转载",
        "类别": "就业",
        "索引号": "00/2016-1",
        "生成日期": "2016-2-3",
        "浏览次数": "17",
        "公开渠道": "政府网站、政务微信",
    }
    assert console.run("disclosures", console.file("a.csv", as_csv([row])))[0] == 0
    assert console.run("disclosures", console.file("b.csv", as_csv([{**row, "正文": "另一正文。"}])), "--origin", "reference")[0] == 0
    first, second = rows(console)
    assert (first.kind, first.validity, first.origin, first.views) == (DocumentKind.interpretation, Validity.in_force, Origin.reposted, 17)
    assert sorted(channel.channel for channel in first.channels) == ["政务微信", "政府网站"]
    assert (str(first.made_on), local_day(first.published_at)) == ("2016-02-03", first.made_on)
    assert second.origin == Origin.reference


def test_bad_rows_are_rejected_with_line_and_reason(console: Console) -> None:
    good = {"编号": "1", "标题": "公告", "正文": "正文。", "发布时间": "2016-1-1", "网址": "", "有效性": ""}
    bad = [
        {**good, "正文": " "},
        {**good, "发布时间": "2016-2-30"},
        {**good, "标题": "长" * 501},
        {**good, "网址": "javascript:alert(1)"},
        {**good, "有效性": "大概"},
        {**good, "发布时间": "2999-1-1"},
    ]
    path = console.file("坏.csv", as_csv([good, *bad, {**good, "编号": "2"}]))
    code, said = console.run("disclosures", path)
    assert (code, "新增 2，更新 0，未变 0，拒收 6" in said) == (1, True)
    rejects = console.rejects("坏.csv")
    assert [entry["line"] for entry in rejects] == [3, 4, 5, 6, 7, 8]
    assert [entry["reason"].split("：")[0] for entry in rejects] == [
        "没有正文",
        "发布时间无法识别或不存在",
        "标题超过 500 个字",
        "网址应以 http:// 或 https:// 开头",
        "有效性不认识",
        "发布时间不可能",
    ]
    assert (rejects[1]["row"]["发布时间"], rejects[0]["file"]) == ("2016-2-30", str(path))
    assert (console.office.settings.home / "imports" / "坏.csv.rejects.jsonl").stat().st_mode & 0o777 == 0o600
    assert console.run("disclosures", path)[0] == 1
    assert len(console.rejects("坏.csv")) == 6


def test_text_is_repaired_and_the_original_kept(console: Console) -> None:
    row = {"标题": "關(guān)于補(bǔ)貼的通知", "正文": "為(wèi)了做好工作，現(xiàn)將有關(guān)事項(xiàng)通知如下。\x07", "发布时间": "2016-1-1"}
    assert console.run("disclosures", console.file("a.csv", as_csv([row])))[0] == 0
    (one,) = rows(console)
    assert (one.title, one.text) == ("关于补贴的通知", "为了做好工作，现将有关事项通知如下。")
    assert one.original_text == row["正文"]


@pytest.mark.parametrize(("name", "content"), [("page.txt", PAGE), ("page.dat", PAGE.encode("gb18030"))])
def test_a_saved_page_is_one_disclosure_with_findings(console: Console, name, content) -> None:
    path = console.file(name, content)
    code, said = console.run("disclosures", path)
    assert (code, "新增 1" in said, "索引号中的年份不可能（1 条，已保留）" in said, "信息来源未选择" in said) == (0, True, True, True)
    (one,) = rows(console)
    assert (one.title, one.index_number, one.document_number) == ("关于开展培训的通知", "62000000/1970-000123", "测人社函〔2016〕9号")
    assert (one.issuer, one.publisher, one.source_text, str(one.made_on)) == ("云溪县人社局", "云溪县人社局", "请选择", "2016-05-06")
    assert local(one.published_at).isoformat() == "2016-05-07T09:30:00+08:00"
    assert one.text.startswith("各单位：为提高窗口人员服务能力，现将培训有关事项通知如下。")
    assert "現(xiàn)將" in one.original_text
    assert {finding.code for finding in one.findings} == {"index_year_impossible", "source_unset"}
    assert "新增 0，更新 0，未变 1" in console.run("disclosures", path)[1]


def test_an_html_page(console: Console) -> None:
    path = console.file("page.html", HTML)
    assert sniff(path, is_page).format == Format.page
    assert console.run("disclosures", path)[0] == 0
    (one,) = rows(console)
    assert (one.title, one.index_number, one.document_number) == ("关于举办招聘会的通知", "620000/2016-00045", "测人社函〔2016〕10号")
    assert "<名单另发>" in one.text
    assert "var x" not in one.text
    assert page_text(HTML)[1] == "培训通知"
    assert console.run("inquiries", path)[0] == 2


def test_a_page_without_body_is_rejected(console: Console) -> None:
    assert console.run("disclosures", console.file("empty.html", "<html><body><p></p></body></html>"))[0] == 1


def test_units(console: Console) -> None:
    path = console.file("n.jsonl", as_jsonl(NOTICES))
    assert console.run("disclosures", path, "--unit", "社保局")[0] == 0
    said = console.run("disclosures", path, "--unit", "云溪县就业中心", "--source", "jyzx")[1]
    assert "已新建" in said
    assert [one.unit.name for one in rows(console)] == ["测试县社会保险事业管理局"] * 2 + ["云溪县就业中心"] * 2
    with console.office.work.reading() as session:
        new = session.scalars(select(Unit).where(Unit.name == "云溪县就业中心")).one()
    assert (new.subordinate, new.parent_id) == (True, rows(console)[0].unit.parent_id)


def test_only_managers_import(console: Console) -> None:
    path = console.file("n.jsonl", as_jsonl(NOTICES))
    for login in ("clerk", "signer", "admin", "nobody"):
        assert console.run("disclosures", path, "--as", login)[0] == 2
    assert rows(console) == []
    assert console.run("disclosures", path, "--as", "manager")[0] == 0
    with console.office.work.reading() as session:
        assert session.scalars(select(ImportRun.actor)).one().startswith("account:")


def test_nothing_is_written_when_one_file_is_refused(console: Console) -> None:
    good, bad = console.file("n.jsonl", as_jsonl(NOTICES)), console.file("x.csv", "姓名,年龄\n1,2\n")
    code, said = console.run("disclosures", good, bad)
    assert (code, "认不出列名" in said, "发布时间" in said) == (2, True, True)
    assert rows(console) == []
    with console.office.work.reading() as session:
        assert session.scalar(select(func.count()).select_from(ImportRun)) == 0


@pytest.mark.parametrize("source", ["", "IM", "9x", "a b", "a-b", "x" * 41])
def test_source_names(console: Console, source) -> None:
    assert console.run("disclosures", console.file("n.jsonl", as_jsonl(NOTICES)), "--source", source)[0] == 2


def test_a_foreign_file_is_never_used_for_rejects(console: Console) -> None:
    mine = console.file("notes.txt", "my notes\n")
    bad = console.file("b.csv", "标题,正文\n公告,\n")
    assert console.run("disclosures", bad, "--rejects", mine)[0] == 2
    assert mine.read_text() == "my notes\n"
    assert console.run("disclosures", bad, bad, "--rejects", console.folder / "r.jsonl")[0] == 1
    assert len((console.folder / "r.jsonl").read_text().splitlines()) == 2
