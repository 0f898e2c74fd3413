"""Two texts become one by picks; words that differ are marked; nothing gets lost unless somebody says so."""

from hypothesis import given
from hypothesis import strategies as st

from board.replies.differences import side_by_side
from board.replies.merging_texts import merged, parts
from responder.differing import changed_words, cut_words

LINES = st.lists(st.sampled_from(["甲", "乙", "丙", "请到窗口办理。", ""]), max_size=6).map("\n".join)


def test_words_not_letters_are_marked() -> None:
    old, new = "请到就业股窗口办理，5个工作日内办结。", "请到社保局窗口办理，15个工作日内办结，谢谢。"
    before, after = changed_words(old, new)
    assert [old[a:b] for a, b in before] == ["就业股", "5"]
    assert [new[a:b] for a, b in after] == ["社保局", "15", "，谢谢"]


@given(st.text(alphabet="网民您好请到窗口办理，。 a1\n", max_size=60), st.text(alphabet="网民您好请到窗口办理，。 a1\n", max_size=60))
def test_what_is_not_marked_is_the_same_on_both_sides(old: str, new: str) -> None:
    before, after = changed_words(old, new)
    assert without(old, before) == without(new, after)
    assert "".join(cut_words(old)) == old


def without(text: str, spans: list[tuple[int, int]]) -> str:
    return "".join(letter for place, letter in enumerate(text) if not any(a <= place < b for a, b in spans))


def test_each_place_is_picked_by_itself() -> None:
    theirs, mine = "网民您好！\n\n请到一楼办理。\n谢谢。", "网民您好！\n\n请到二楼办理。\n谢谢。\n电话12333。"
    assert [part.number for part in parts(theirs, mine)] == [0, 1, 0, 2]
    assert merged(theirs, mine, {1: "mine", 2: "theirs"}) == "网民您好！\n\n请到二楼办理。\n谢谢。"
    assert merged(theirs, mine, {1: "theirs", 2: "mine"}) == "网民您好！\n\n请到一楼办理。\n谢谢。\n电话12333。"
    assert merged(theirs, mine, {}) == "网民您好！\n\n请到一楼办理。\n请到二楼办理。\n谢谢。\n电话12333。"


@given(LINES, LINES)
def test_all_of_one_side_is_that_side_and_no_pick_loses_no_line(theirs: str, mine: str) -> None:
    numbers = [part.number for part in parts(theirs, mine) if part.number]
    assert merged(theirs, mine, dict.fromkeys(numbers, "theirs")) == theirs or not numbers
    assert merged(theirs, mine, dict.fromkeys(numbers, "mine")) == mine
    assert set(merged(theirs, mine, {}).split("\n")) >= set(theirs.split("\n")) | set(mine.split("\n"))


@given(LINES, LINES)
def test_both_sides_stand_in_the_table(old: str, new: str) -> None:
    rows = side_by_side(old, new)
    assert "\n".join("".join(p.text for p in row.left) for row in rows if row.left is not None) == old
    assert "\n".join("".join(p.text for p in row.right) for row in rows if row.right is not None) == new
