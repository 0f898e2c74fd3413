"""Topics, gaps and possible duplicates as staff see them."""

from tests.bureau import Bureau
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


def test_possible_duplicates_stand_on_the_item(bureau: Bureau, enter) -> None:
    first = bureau.post("云溪花园北门工地每天夜里施工到凌晨两点，打桩声音很大，请制止。")
    second = bureau.post("领导您好，云溪花园北门工地每天夜里施工到凌晨两点，打桩声音很大，请制止。谢谢！")
    page = enter("clerk").page(f"/desk/inquiries/{second.number}")
    assert "可能重复" in page
    assert first.number in page
    assert "<mark>施工</mark>" in page
