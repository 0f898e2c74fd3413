import pytest

from responder.quoting import whole_numbers


@pytest.mark.parametrize(
    ("text", "spans", "kept"),
    [
        ("电话13800138000。", [(0, 4), (5, 7), (9, 11)], ["电话"]),
        ("自60日内办理", [(1, 4)], ["60日"]),
        ("自160日内办理", [(2, 5)], ["日"]),
        ("拨打0900-5550111", [(0, 2), (4, 6), (8, 10)], ["拨打"]),
        ("第2016号", [(0, 3)], ["第"]),
        ("2016", [(0, 4)], ["2016"]),
        ("", [], []),
    ],
)
def test_marks_never_cut_a_number(text: str, spans: list[tuple[int, int]], kept: list[str]) -> None:
    assert [text[a:b] for a, b in whole_numbers(text, spans)] == kept
