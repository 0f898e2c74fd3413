"""The sample bureau's documents: the figures that its reports of 2016 must show, and the quality of every row."""

from __future__ import annotations

import json
from collections import Counter
from datetime import date, datetime, time, timedelta
from pathlib import Path
from typing import Any

import chinese_calendar
import pytest

SAMPLE = Path(__file__).resolve().parents[2] / "board" / "sample"
FIELDS = {
    "ref", "kind", "title", "document_number", "index_number", "unit", "origin", "category", "key_area", "five_open", "regularity", "made_on",
    "published_at", "channels", "keywords", "validity", "valid_until", "successor", "text",
}  # fmt: skip
FINANCE = "财政性资金和社会公共性资金使用、监管"
FINANCE_AREA = "财政预算、决算、三公经费"
CATEGORIES = {"人事任免", "就业", "社会保险", "权威解读", "网民留言", FINANCE, "劳动关系", "政策法规", "机构职能"}
REPLIES_AS_DISCLOSURES = {"D2016-25", "D2016-26"}  # the sample inquiries give these two: category 网民留言, made by the bureau itself


def rows_of(name: str) -> list[dict[str, Any]]:
    lines = (SAMPLE / f"{name}.jsonl").read_text(encoding="utf-8").splitlines()
    return [json.loads(line) for line in lines]


def year_of(row: dict[str, Any]) -> int:
    return datetime.fromisoformat(row["published_at"]).year


def working_days_taken(row: dict[str, Any]) -> int:
    """Working days from the day after the document was made up to its publication (Art. 18 of the rules of 2008)."""
    made, published = date.fromisoformat(row["made_on"]), datetime.fromisoformat(row["published_at"]).date()
    days = (made + timedelta(days=n) for n in range(1, (published - made).days + 1))
    return sum(chinese_calendar.is_workday(day) for day in days)


OWN = rows_of("disclosures")
REPOSTED = rows_of("interpretations")
REFERENCES = rows_of("references")
ALL = OWN + REPOSTED + REFERENCES
UNITS = {unit["code"]: unit for unit in json.loads((SAMPLE / "units.json").read_text(encoding="utf-8"))}
OF_2016 = [row for row in OWN if year_of(row) == 2016]


def test_eighty_three_own_disclosures_of_which_twenty_four_in_2016() -> None:
    assert len(OWN) == 83
    assert len(OF_2016) == 24
    assert {year_of(row) for row in OWN} == set(range(2008, 2017))
    assert not REPLIES_AS_DISCLOSURES & {row["ref"] for row in ALL}
    assert (len(OWN) + len(REPLIES_AS_DISCLOSURES), len(OF_2016) + len(REPLIES_AS_DISCLOSURES)) == (85, 26)


def test_2016_by_unit() -> None:
    shares = Counter("社保局" if UNITS[row["unit"]]["subordinate"] else "本局" for row in OF_2016)
    assert shares == {"本局": 14, "社保局": 10}


def test_2016_by_category_channel_and_key_area() -> None:
    assert Counter(row["category"] for row in OF_2016) == {"人事任免": 9, "就业": 2, "社会保险": 8, "权威解读": 1, FINANCE: 4}
    assert all(row["channels"] == ["政府网站"] for row in ALL)
    assert Counter(row["key_area"] for row in OF_2016) == {"人事任免": 9, "就业": 2, "社会保险": 7, FINANCE_AREA: 5, "": 1}
    assert sum(bool(row["key_area"]) for row in OF_2016) == 23


def test_the_fifth_financial_disclosure_of_2016_is_the_settlement_of_the_insurance_funds() -> None:
    (fifth,) = [row for row in OF_2016 if row["key_area"] == FINANCE_AREA and row["category"] != FINANCE]
    assert fifth["category"] == "社会保险"
    assert "社会保险基金决算" in fifth["title"]


def test_the_own_interpretation_of_2016_is_linked() -> None:
    (own,) = [row for row in OF_2016 if row["kind"] == "interpretation"]
    assert own["category"] == "权威解读"
    assert own["interprets"] == ["D2016-13"]


def test_reposted_interpretations_are_linked_to_policies_that_exist_and_came_before() -> None:
    assert len(REPOSTED) >= 12
    published = {row["ref"]: row["published_at"] for row in OWN}
    for row in REPOSTED:
        assert row["interprets"], row["ref"]
        assert all(published[ref] < row["published_at"] for ref in row["interprets"]), row["ref"]
        assert len(row["text"]) >= 250, row["ref"]


def test_references_say_that_they_are_samples() -> None:
    assert 6 <= len(REFERENCES) <= 10
    assert all("样例摘编" in row["title"] and "样例摘编" in row["text"] for row in REFERENCES)


def test_origins_keep_foreign_items_out_of_the_own_count() -> None:
    for rows, origin in ((OWN, "own"), (REPOSTED, "reposted"), (REFERENCES, "reference")):
        assert {row["origin"] for row in rows} == {origin}


@pytest.mark.parametrize("field", ["ref", "index_number", "document_number", "title", "text"])
def test_nothing_is_given_twice(field: str) -> None:
    values = Counter(row[field] for row in ALL if row[field])
    assert [value for value, times in values.items() if times > 1] == []


@pytest.mark.parametrize("row", ALL, ids=lambda row: row["ref"])
def test_every_row_is_complete_and_well_formed(row: dict[str, Any]) -> None:
    assert FIELDS <= set(row) <= FIELDS | {"interprets"}
    assert row["kind"] in {"disclosure", "interpretation"}
    assert row["unit"] in UNITS
    assert row["category"] in CATEGORIES
    assert row["key_area"] in {"", "人事任免", "就业", "社会保险", FINANCE_AREA}
    assert row["five_open"] in {"决策", "执行", "管理", "服务", "结果"}
    assert row["regularity"] in {"regular", "at_once", "standing"}
    assert row["validity"] in {"unstated", "in_force", "amended", "repealed", "expired"}
    assert row["index_number"].startswith(f"11620900MB000001X/{year_of(row)}-")
    assert row["document_number"] == "" or f"〔{row['made_on'][:4]}〕" in row["document_number"]
    assert len(row["text"]) >= 150
    assert len(row["keywords"].split(",")) >= 2


@pytest.mark.parametrize("row", ALL, ids=lambda row: row["ref"])
def test_publication_falls_in_office_hours_of_a_working_day(row: dict[str, Any]) -> None:
    published = datetime.fromisoformat(row["published_at"])
    assert published.utcoffset() == timedelta(hours=8)
    assert chinese_calendar.is_workday(published.date())
    assert time(8, 30) <= published.time() <= time(12) or time(14, 30) <= published.time() <= time(18)
    assert row["made_on"] <= published.date().isoformat()


def test_exactly_two_own_disclosures_were_late() -> None:
    assert [row["ref"] for row in OWN if working_days_taken(row) > 20] == ["D2013-10", "D2015-11"]


def test_repealed_documents_name_a_later_successor_that_says_so() -> None:
    by_ref = {row["ref"]: row for row in OWN}
    repealed = [row for row in OWN if row["validity"] == "repealed"]
    assert {row["ref"]: row["successor"] for row in repealed} == {"D2013-02": "D2016-07", "D2013-03": "D2015-07", "D2013-04": "D2016-13"}
    for row in repealed:
        successor = by_ref[row["successor"]]
        assert successor["validity"] == "in_force"
        assert successor["published_at"] > row["published_at"]
        assert "废止" in successor["text"]
    assert all(row["successor"] in by_ref for row in ALL if row["successor"])


def test_units_form_one_tree_with_one_subordinate_body() -> None:
    assert set(UNITS) == {"bureau", "bgs", "jyg", "ylg", "ldg", "rsg", "jcd", "sbj"}
    assert {code: unit["parent"] for code, unit in UNITS.items() if code != "bureau"} == dict.fromkeys(set(UNITS) - {"bureau"}, "bureau")
    assert UNITS["bureau"]["short_name"] == "本局"
    assert [unit["short_name"] for unit in UNITS.values() if unit["subordinate"]] == ["社保局"]
    assert all(unit["phone"].startswith("0900-55501") and unit["keywords"] and unit["duties"] for unit in UNITS.values())
