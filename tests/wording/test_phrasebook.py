"""The phrase book: defaults, changes as versions, entries by unit and kind, variables filled and nothing else; on both databases."""

from pathlib import Path

import pytest
from sqlalchemy import select, text
from sqlalchemy.exc import DBAPIError

from board.errors import Conflict, HuiyingError, InvalidInput, NotAllowed
from board.models import Inquiry, PhraseVersion
from board.wording import phrasebook
from tests.bureau import NOW, Bureau, bureau

__all__ = ["bureau"]
ROOT = Path(__file__).resolve().parents[2]
DEFAULTS = phrasebook.load_defaults(ROOT / "config")


def save(bureau: Bureau, ref: str = "", seen: int = 0, name: str = "查询", text: str = "请到{unit}{window}查询。", who: str = "manager", unit: str = "", kind: str = "", active: bool = True) -> str:
    with bureau.office.work.transaction() as session:
        return str(phrasebook.save(session, bureau.actors[who], ref, seen, name, text, unit, kind, active=active, at=NOW).id)


def names(bureau: Bureau, key: int) -> list[str]:
    with bureau.office.work.reading() as session:
        return [entry.name for entry in phrasebook.fitting(session, DEFAULTS, session.get_one(Inquiry, key))]


def test_every_default_can_be_saved_as_it_is() -> None:
    assert len(DEFAULTS) >= 5
    for entry in DEFAULTS:
        assert phrasebook.checked_texts(entry.name, entry.text) == (entry.name, entry.text)


def test_entries_fit_by_unit_and_kind_the_particular_first(bureau: Bureau) -> None:
    key = bureau.post().inquiry_id
    save(bureau, name="本局咨询", unit="bureau", kind="consultation")
    save(bureau, name="社保局专用", unit="sbj")
    save(bureau, name="投诉专用", kind="complaint")
    save(bureau, name="已停用", active=False)
    found = names(bureau, key)
    assert found[0] == "本局咨询"
    assert not {"社保局专用", "投诉专用", "已停用", "感谢"} & set(found)
    assert "到窗口办理" in found


def test_a_default_is_changed_once_and_its_versions_are_kept(bureau: Bureau) -> None:
    key = bureau.post().inquiry_id
    row = save(bureau, "config:where_to_go", 0, "到窗口办理", "请到{unit}办理。")
    save(bureau, row, 1, "到窗口办理", "请到{unit}{window}办理。")
    assert names(bureau, key).count("到窗口办理") == 1
    with bureau.office.work.reading() as session:
        assert [(one.version, one.text) for one in phrasebook.versions(session, int(row))] == [(2, "请到{unit}{window}办理。"), (1, "请到{unit}办理。")]
        assert phrasebook.entry_of(session, DEFAULTS, row).version == 2
    for statement in ("UPDATE phrase_versions SET text = ''", "DELETE FROM phrase_versions"):
        with pytest.raises(DBAPIError), bureau.office.work.transaction() as session:
            session.execute(text(statement))


def test_two_who_change_the_same_entry_lose_nothing(bureau: Bureau) -> None:
    row = save(bureau)
    save(bureau, row, 1, text="甲的文字")
    with pytest.raises(Conflict) as refused:
        save(bureau, row, 1, text="乙的文字")
    assert refused.value.current == "甲的文字"
    first = save(bureau, "config:thanks", 0, "感谢", "谢谢。")
    with pytest.raises(Conflict):
        save(bureau, "config:thanks", 0, "感谢", "多谢。")
    with bureau.office.work.reading() as session:
        assert len(session.scalars(select(PhraseVersion).where(PhraseVersion.phrase_id == int(first))).all()) == 1


@pytest.mark.parametrize(("values", "error", "field"), [
    ({"name": " "}, InvalidInput, "name"), ({"name": "长" * 61}, InvalidInput, "name"), ({"text": ""}, InvalidInput, "text"), ({"text": "长" * 2001}, InvalidInput, "text"),
    ({"text": "{secret}"}, InvalidInput, "text"), ({"text": "{unit.name}"}, InvalidInput, "text"), ({"unit": "none"}, InvalidInput, "unit"), ({"kind": "odd"}, InvalidInput, "kind"),
    ({"who": "clerk"}, NotAllowed, ""), ({"who": "admin"}, NotAllowed, ""),
])  # fmt: skip
def test_what_is_refused(bureau: Bureau, values: dict[str, str], error: type[HuiyingError], field: str) -> None:
    with pytest.raises(error) as refused:
        save(bureau, **values)
    assert getattr(refused.value, "field", "") == field


def test_variables_are_filled_and_the_citizen_s_words_stay_words(bureau: Bureau) -> None:
    key = bureau.post("失业金怎么领", title="{phone} 13800138000").inquiry_id
    row = save(bureau, text="关于{title}（编号{number}），请到{unit}（{address}）办理，{received}收到。")
    with bureau.office.work.reading() as session:
        inquiry = session.get_one(Inquiry, key)
        made = phrasebook.filled_for(phrasebook.entry_of(session, DEFAULTS, row), inquiry, bureau.office.labels, "本局", NOW)
        assert made == f"关于“{{phone}} 138****8000”（编号{inquiry.number}），请到测试县人力资源和社会保障局办理，2026年11月24日收到。"


def test_entries_are_found_by_the_initials_of_their_names() -> None:
    assert any("dckbl" in entry.finding for entry in DEFAULTS)
