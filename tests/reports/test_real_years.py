"""Real messages of ten years: the report against a count that shares nothing with it."""

import json
from datetime import datetime
from pathlib import Path

import pytest

from board.clock import from_local
from board.models import Channel, Inquiry, InquiryState
from tests.reports.conftest import World


def stamp(text: str) -> datetime | None:
    """A written time; None where there is none."""
    for form in ("%Y-%m-%d %H:%M:%S", "%Y/%m/%d %H:%M:%S", "%Y/%m/%d %H:%M", "%Y-%m-%d %H:%M"):
        try:
            return datetime.strptime(text.strip(), form)
        except ValueError:
            continue
    return None


@pytest.fixture(scope="module")
def messages(shared_dir: Path) -> list[tuple[datetime, datetime | None]]:
    """Times of receipt and of reply, naive Shanghai wall-clock times."""
    lines = (shared_dir / "data" / "messages_with_replies.jsonl").read_text(encoding="utf-8").splitlines()
    rows = [json.loads(line) for line in lines]
    return [(stamp(row["留言时间"]), stamp(row["答复时间"] or "")) for row in rows]


def test_the_years_2011_to_2020(lite_world: World, messages) -> None:
    assert all(received for received, _ in messages)
    lite_world.session.add_all(
        Inquiry(
            number=f"R{k}", text="x", publish=False, channel=Channel.imported, unit_id=lite_world.units["bureau"].id, imported=True,
            received_at=from_local(received), answered_at=replied and from_local(replied), closed_at=replied and from_local(replied),
            state=InquiryState.closed if replied else InquiryState.received,
        )
        for k, (received, replied) in enumerate(messages)
    )  # fmt: skip
    for year in range(2011, 2021):
        told = lite_world.report(year).inquiries
        closed = [(replied - received).total_seconds() / 86400 for received, replied in messages if replied and replied.year == year]
        assert told["received"] == sum(received.year == year for received, _ in messages)
        assert told["closed"] == len(closed)
        assert told["mean_handling_days"] == pytest.approx(sum(closed) / len(closed) if closed else 0.0, abs=0.0501)
    told = lite_world.report(2018).inquiries
    assert (told["received"], told["closed"], told["mean_handling_days"]) == (847, 821, 18.9)
