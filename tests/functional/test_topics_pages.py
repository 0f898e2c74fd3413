"""Topics, gaps and possible duplicates as staff see them."""

from board.replies.publishing import publish
from tests.bureau import NOW, Bureau
from tests.staff import enter

__all__ = ["enter"]


def test_topics_with_the_messages_behind_them(bureau: Bureau, enter) -> None:
    numbers = [bureau.post(f"云溪花园北门工地夜间施工噪音扰民，第{n}次反映").number for n in range(3)]
    page = enter("clerk").page("/desk/topics")
    assert "云溪花园" in page
    assert "新出现" in page
    assert all(f"/desk/inquiries/{number}" in page for number in numbers)
    assert "最近 7 天" in enter("clerk").page("/desk/topics?days=7")
    assert "最近 30 天" in enter("clerk").page("/desk/topics?days=abc")


def test_empty_pages_say_what_will_be_here(bureau: Bureau, enter) -> None:
    assert "这段时间没有热点" in enter("clerk").page("/desk/topics")
    assert "没有知识缺口" in enter("clerk").page("/desk/gaps")


def test_a_gap_leads_to_a_new_document(bureau: Bureau, enter) -> None:
    for text in ("中级职称评审几月报名？", "中级职称评审需要几篇论文？"):
        bureau.draft(bureau.post(text))
    page = enter("signer").page("/desk/gaps")
    assert "就此发布解读" in page
    link = page.split("/desk/disclosures/new?title=")[1].split('"')[0]
    assert "职称" in enter("signer").page(f"/desk/disclosures/new?title={link}")
    assert "new?title=" not in enter("clerk").page("/desk/gaps")


def test_an_open_question_of_the_public_page_is_a_gap(bureau: Bureau, client, enter) -> None:
    desk = enter("signer")
    for text in ("中级职称评审几月报名？", "中级职称评审需要几篇论文？", "失业保险金怎么申领？需要提交什么材料？"):
        assert client.get("/ask", query_string={"q": text}).status_code == 200
    page = desk.page("/desk/gaps")
    assert "0 件留言、2 个网页提问" in page
    assert "中级职称评审几月报名？" in page
    assert "就此发布解读" in page
    assert "失业保险金怎么申领" not in page


def test_the_board_shows_what_many_asked_and_only_what_stands_there(bureau: Bureau, client, enter) -> None:
    enter("clerk")
    posted = [bureau.post(f"失业保险金怎么申领？第{n}次来问，需要提交什么材料？", publish=n < 5) for n in range(6)]
    for number, one in enumerate(posted):
        bureau.submit(one)
        bureau.approve(one)
        assert ("最近大家在问" in client.get("/inquiries").get_data(as_text=True)) == (number == 5)
        with bureau.office.work.transaction() as session:
            publish(session, one.inquiry_id, bureau.office.settings, NOW)
    page = client.get("/inquiries").get_data(as_text=True)
    section = page.split("最近大家在问")[1].split("</section>")[0]
    assert "5 件" in section
    assert [one.number in section for one in posted] == [True] * 5 + [False]
    assert "最近大家在问" not in client.get("/inquiries?q=失业").get_data(as_text=True)


def test_possible_duplicates_stand_on_the_item(bureau: Bureau, enter) -> None:
    first = bureau.post("云溪花园北门工地每天夜里施工到凌晨两点，打桩声音很大，请制止。")
    second = bureau.post("领导您好，云溪花园北门工地每天夜里施工到凌晨两点，打桩声音很大，请制止。谢谢！")
    page = enter("clerk").page(f"/desk/inquiries/{second.number}")
    assert "可能重复" in page
    assert first.number in page
    assert "<mark>施工</mark>" in page
