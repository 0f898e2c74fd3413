"""The page of the drafts' quality: figures with the items behind them, the file, who may see it."""

from board.reports.measured import keep_run
from responder.measures import Bin
from tests.bureau import NOW, Bureau
from tests.staff import enter

__all__ = ["enter"]


def test_an_approval_shows_with_the_item_behind_it(bureau: Bureau, enter) -> None:
    posted = bureau.post("申领失业保险金需要提交哪些材料？")
    bureau.draft(posted)
    bureau.submit(posted, "网民您好！请携带身份证到就业股窗口办理。")
    bureau.approve(posted)
    page = enter("signer").page("/desk/quality")
    assert "2026年拟稿质量" in page
    assert 'class="chart"' in page
    assert "/desk/quality/items?year=2026&outcome=rewritten" in page
    items = enter("signer").page("/desk/quality/items?year=2026&outcome=rewritten&month=11月")
    assert posted.number in items
    assert page.count('<tr class="total"><td class="title">合计') == 2
    assert "平均修改幅度只算修改后采用的" in page
    assert posted.number not in enter("signer").page("/desk/quality/items?year=2026&outcome=unchanged")


def test_an_empty_year_says_what_will_be_here(bureau: Bureau, enter) -> None:
    assert "2026年还没有审签的答复" in enter("signer").page("/desk/quality")
    assert "这一项没有内容" in enter("signer").page("/desk/quality/items?year=2026")


def test_odd_addresses_are_refused_in_words(bureau: Bureau, enter) -> None:
    assert "没有这一项" in enter("signer").page("/desk/quality/items?outcome=nonsense", 404)
    assert "年份应在" in enter("signer").page("/desk/quality?year=99999", 422)


def test_who_may_see_and_take_it_away(bureau: Bureau, enter) -> None:
    assert [enter(who).get("/desk/quality").status_code for who in ("signer", "manager", "auditor", "clerk", "admin")] == [200, 200, 200, 403, 403]
    assert [enter(who).get("/desk/quality.csv").status_code for who in ("manager", "signer")] == [200, 403]
    assert enter("manager").get("/desk/quality.csv").data.startswith(b"\xef\xbb\xbf")


def test_the_last_measurement_stands_beside_the_live_figures(bureau: Bureau, enter) -> None:
    assert "还没有测量过" in enter("signer").page("/desk/quality")
    with bureau.office.work.transaction() as session:
        keep_run(session, {"questions": 40.0, "recall@1": 0.8256, "auroc": 0.93}, [Bin(0.35, 0.5, 12), Bin(0.9, 0.96, 28)], 4.2, "问题.jsonl", 0, "console:test", NOW)
    page = enter("signer").page("/desk/quality")
    assert "第一件即是所需文件" in page
    assert "0.826" in page
    assert '有答案的问题 <span class="num">40</span>' in page
    assert "把握 0.90，答对 0.96，28 个问题" in page
    assert "随产品附带的权重" in page
