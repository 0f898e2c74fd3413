"""The sample bureau's inquiries keep the promises that the loader and the yearly report rely on."""

from __future__ import annotations

import json
from collections import Counter
from datetime import datetime, timedelta
from itertools import pairwise
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo

import chinese_calendar
import pytest

SAMPLE = Path(__file__).resolve().parents[2] / "board" / "sample"
SHANGHAI = ZoneInfo("Asia/Shanghai")
KINDS = {"consultation", "help", "suggestion", "complaint", "report", "thanks"}
STATES = {
    "received", "accepted", "assigned", "in_hand", "returned", "awaiting_approval", "answered", "closed",
    "archived", "declined", "invalid", "merged", "withdrawn", "transferred",
}  # fmt: skip
ACTORS = {
    "post": {"citizen"}, "withdraw": {"citizen"}, "draft": {"system"}, "publish": {"system"},
    "close": {"system"}, "archive": {"system"}, "approve": {"signer"}, "return": {"signer"},
    "claim": {"clerk"}, "edit": {"clerk"}, "submit": {"clerk"}, "accept": {"clerk"},
    "assign": {"manager"}, "decline": {"manager"}, "mark_invalid": {"manager"}, "merge": {"manager"},
    "transfer": {"manager"},
}  # fmt: skip
LAST_ACTIONS = {
    "received": {"post", "draft"}, "accepted": {"accept"}, "assigned": {"assign"}, "in_hand": {"claim"},
    "returned": {"return"}, "awaiting_approval": {"submit"}, "answered": {"publish"}, "closed": {"close"},
    "archived": {"archive"}, "declined": {"decline"}, "invalid": {"mark_invalid"}, "merged": {"merge"},
    "withdrawn": {"withdraw"}, "transferred": {"transfer"},
}  # fmt: skip
ANSWERED = {"answered", "closed", "archived"}
WRITTEN = ANSWERED | {"awaiting_approval", "returned"}
WORKING_DAY_LIMIT = {"complaint": 15, "report": 15}
DEFAULT_LIMIT = 5
OPENING = "网民您好，您的留言收悉。现就您反映的问题答复如下："

Row = dict[str, Any]


def rows(name: str) -> list[Row]:
    """Rows of one JSONL file of the sample, in file order."""
    text = (SAMPLE / f"{name}.jsonl").read_text(encoding="utf-8")
    return [json.loads(line) for line in text.splitlines()]


@pytest.fixture(scope="module")
def of_2016() -> list[Row]:
    """The inquiries of the sample's reporting year."""
    return rows("inquiries_2016")


@pytest.fixture(scope="module")
def live() -> list[Row]:
    """The inquiries that are dated relative to the day of init."""
    return rows("inquiries_live")


@pytest.fixture(scope="module")
def documents() -> dict[str, Row]:
    """Every sample document by its reference."""
    names = ("disclosures", "interpretations", "references")
    return {row["ref"]: row for name in names for row in rows(name)}


@pytest.fixture(scope="module")
def units() -> set[str]:
    """Codes of the sample's units."""
    return {unit["code"] for unit in json.loads((SAMPLE / "units.json").read_text(encoding="utf-8"))}


def moment(text: str) -> datetime:
    """A time stamp of the sample with its zone."""
    return datetime.fromisoformat(text).astimezone(SHANGHAI)


def time_of(row: Row, action: str) -> datetime:
    """When the last event of this action happened."""
    return moment([event["at"] for event in row["history"] if event["action"] == action][-1])


def quotes_of(row: Row) -> list[dict[str, str]]:
    """The quoting blocks of a 2016 reply or of a live edit."""
    blocks = row.get("edit") or (row.get("reply") or {}).get("blocks", [])
    return [block for block in blocks if "quote" in block]


def working_days(start: datetime, end: datetime) -> int:
    """Working days from the day after start up to the day of end."""
    span = range(1, (end.date() - start.date()).days + 1)
    return sum(chinese_calendar.is_workday(start.date() + timedelta(days=day)) for day in span)


def test_there_are_enough_inquiries_and_every_reference_is_unique(of_2016: list[Row], live: list[Row]) -> None:
    refs = [row["ref"] for row in of_2016 + live]
    assert len(of_2016) >= 64
    assert len(live) >= 24
    assert len(refs) == len(set(refs))
    assert len({row["text"] for row in of_2016 + live}) == len(refs)


def test_every_state_occurs_and_the_history_ends_in_it(of_2016: list[Row]) -> None:
    assert {row["state"] for row in of_2016} == STATES
    for row in of_2016:
        assert row["history"][-1]["action"] in LAST_ACTIONS[row["state"]], row["ref"]


def test_the_usual_end_is_an_answer(of_2016: list[Row]) -> None:
    states = Counter(row["state"] for row in of_2016)
    assert states["closed"] + states["archived"] >= 45
    assert 2 <= states["answered"] <= 3
    assert (states["declined"], states["transferred"], states["invalid"], states["merged"], states["withdrawn"]) == (1, 1, 2, 2, 1)


def test_kinds_and_units_are_known_and_reports_are_never_public(of_2016: list[Row], live: list[Row], units: set[str]) -> None:
    for row in of_2016 + live:
        assert row["kind"] in KINDS, row["ref"]
        assert row["unit"] in units | {""}, row["ref"]
        assert not (row["kind"] == "report" and row["publish"]), row["ref"]
    assert {row["kind"] for row in of_2016} == KINDS


def test_times_rise_and_stay_within_2016(of_2016: list[Row]) -> None:
    for row in of_2016:
        times = [moment(event["at"]) for event in row["history"]]
        assert times == sorted(times), row["ref"]
        assert len(times) == len(set(times)), row["ref"]
        assert row["history"][0]["action"] == "post"
        assert times[0] == moment(row["received"]), row["ref"]
        assert {time.year for time in times} == {2016}, row["ref"]
    received = [moment(row["received"]) for row in of_2016]
    assert received == sorted(received)


def test_each_step_of_the_work_follows_the_one_before(of_2016: list[Row]) -> None:
    before = {
        "accept": {"post", "draft"}, "assign": {"accept"}, "claim": {"assign", "return"}, "edit": {"claim"}, "submit": {"edit"},
        "return": {"submit"}, "approve": {"submit"}, "publish": {"approve"}, "close": {"publish"}, "archive": {"close"},
    }  # fmt: skip
    for row in of_2016:
        actions = [event["action"] for event in row["history"]]
        for earlier, later in pairwise(actions):
            assert earlier in before.get(later, {earlier}), (row["ref"], earlier, later)


def test_staff_act_in_office_hours_of_working_days(of_2016: list[Row]) -> None:
    for row in of_2016:
        for event in row["history"]:
            assert event["by"] in ACTORS[event["action"]], (row["ref"], event)
            if event["by"] in {"citizen", "system"}:
                continue
            at = moment(event["at"])
            assert chinese_calendar.is_workday(at.date()), (row["ref"], event)
            clock = at.strftime("%H:%M")
            assert "08:30" <= clock < "12:00" or "14:30" <= clock < "18:00", (row["ref"], event)


def test_drafts_come_within_seconds_and_closing_with_publication(of_2016: list[Row]) -> None:
    for row in of_2016:
        actions = [event["action"] for event in row["history"]]
        if "draft" in actions:
            assert time_of(row, "draft") - time_of(row, "post") < timedelta(seconds=60), row["ref"]
        if "close" in actions:
            assert time_of(row, "close") - time_of(row, "publish") < timedelta(seconds=60), row["ref"]
        if "publish" in actions:
            assert actions.index("approve") < actions.index("publish"), row["ref"]


def test_three_answers_are_late_and_the_others_in_time(of_2016: list[Row]) -> None:
    late = [
        row["ref"]
        for row in of_2016
        if row["state"] in ANSWERED and working_days(moment(row["received"]), time_of(row, "publish")) > WORKING_DAY_LIMIT.get(row["kind"], DEFAULT_LIMIT)
    ]
    assert len(late) == 3, late


def test_who_is_turned_away_or_sent_back_learns_why(of_2016: list[Row], live: list[Row]) -> None:
    for row in of_2016:
        for event in row["history"]:
            if event["action"] in {"decline", "mark_invalid", "merge", "return", "withdraw"}:
                assert event.get("reason"), row["ref"]
    for row in live:
        if row["target"] in {"declined", "invalid", "returned", "withdrawn"}:
            assert row.get("note"), row["ref"]


def test_merged_inquiries_name_an_earlier_main_item(of_2016: list[Row]) -> None:
    order = {row["ref"]: (place, row["state"]) for place, row in enumerate(of_2016)}
    for place, row in enumerate(of_2016):
        assert (row["state"] == "merged") == (row["merged_into"] is not None), row["ref"]
        if row["merged_into"]:
            assert order[row["merged_into"]][0] < place
            assert order[row["merged_into"]][1] != "merged"


def test_answers_have_a_reply_in_the_register_of_the_office(of_2016: list[Row], live: list[Row]) -> None:
    for row in of_2016:
        wanted = row["state"] in WRITTEN
        assert (row["reply"] is not None) == wanted, row["ref"]
        if wanted:
            assert row["reply"]["blocks"][0] == {"p": OPENING}, row["ref"]
            assert row["reply"]["signed_by_unit"] == row["unit"] != "", row["ref"]
    for row in live:
        assert ("edit" in row) == (row["target"] in WRITTEN), row["ref"]
        if "edit" in row:
            assert row["edit"][0] == {"p": OPENING}, row["ref"]


def test_quotes_are_verbatim_short_and_from_documents_in_force(of_2016: list[Row], live: list[Row], documents: dict[str, Row]) -> None:
    quoted = [(row["ref"], quote) for row in of_2016 + live for quote in quotes_of(row)]
    assert len(quoted) >= 60
    for ref, quote in quoted:
        document = documents[quote["document"]]
        assert 0 < len(quote["quote"]) <= 240, ref
        assert quote["quote"] in document["text"], (ref, quote["quote"])
        assert document["validity"] not in {"repealed", "expired"}, ref
        if ref.startswith("L-"):
            assert not document.get("valid_until"), ref


def test_replies_quote_only_what_was_published_by_then(of_2016: list[Row], documents: dict[str, Row]) -> None:
    for row in of_2016:
        for quote in quotes_of(row):
            published = documents[quote["document"]].get("published_at")
            if published:
                assert moment(published) < time_of(row, "submit"), (row["ref"], quote["document"])


def test_exactly_two_answers_count_as_disclosures(of_2016: list[Row]) -> None:
    disclosed = [row for row in of_2016 if row["disclosed"]]
    assert [row["unit"] for row in disclosed] == ["jyg", "ldg"]
    assert [row["disclosure"]["ref"] for row in disclosed] == ["D2016-25", "D2016-26"]
    for row in disclosed:
        assert row["publish"]
        assert row["state"] == "closed"
        assert row["disclosure"]["five_open"] == "服务"
    assert sum("disclosure" in row for row in of_2016) == 2


def test_live_inquiries_give_the_desk_work_in_every_stage(live: list[Row]) -> None:
    targets = Counter(row["target"] for row in live)
    assert targets["received"] >= 9
    assert targets["in_hand"] >= 5
    assert targets["awaiting_approval"] >= 3
    assert targets["closed"] >= 3
    assert set(targets) <= STATES - {"archived", "merged"}
    for row in live:
        assert 0 <= row["days_ago"] <= 12, row["ref"]
        assert datetime.strptime(row["time"], "%H:%M"), row["ref"]
    assert any(row["kind"] == "report" for row in live)


def test_some_texts_carry_personal_data_so_that_masking_shows(of_2016: list[Row], live: list[Row]) -> None:
    texts = "".join(row["text"] for row in of_2016 + live)
    assert "110101199003071233" in texts
    assert sum(start in texts for start in ("138001380", "139000000")) == 2
    for row in of_2016 + live:
        assert row["contact"] == "" or row["contact"][:9] in {"138001380", "139000000"}, row["ref"]
