"""Candidates for duplicates among 100,000 inquiries: how many, and how long; run as ``python tests/bench/bench_duplicates.py``."""

import random
import statistics
import sys
import tempfile
import time
from datetime import UTC, datetime
from pathlib import Path

from sqlalchemy import insert

from board.models import Inquiry, InquiryState, InquiryTrace, Unit
from board.office import open_office
from board.replies.same_matter import possible_duplicates
from board.settings import load_settings
from responder.duplicates import traces

NOW = datetime(2026, 11, 24, 2, tzinfo=UTC)
PLACES = [f"{a}{b}花园" for a in "云山江湖林桥石青白丰" for b in "溪泉岭湾田坪滩谷原川"]
MATTERS = ["夜间施工噪音扰民", "路灯不亮晚上危险", "社保卡补办要多久", "物业乱收停车费", "垃圾站气味很大", "公交车次太少", "自来水经常停水", "幼儿园收费过高", "电梯坏了没人修", "下雨天积水很深"]
WISHES = ["请尽快处理", "希望有关部门管一管", "已经反映多次", "请给个答复", "谢谢领导"]


def words(chance: random.Random) -> str:
    """A message of its own with a matter that many have."""
    detail = "".join(chance.choice("一二三四五六七八九十东西南北上下前后大小多少新旧高低") for _ in range(30))
    return f"{chance.choice(PLACES)}{chance.choice(MATTERS)}，{detail}，{chance.choice(WISHES)}"


def main(number: int) -> None:
    """Fills a database and asks for the duplicates of 200 inquiries."""
    chance = random.Random(7)
    with tempfile.TemporaryDirectory() as home:
        office = open_office(load_settings({"HUIYING_HOME": str(Path(home))}))
        with office.work.transaction() as session:
            session.add(Unit(code="bureau", name="局", short_name="局"))
        texts = [words(chance) for _ in range(number)]
        for place in range(20, number, 50):  # every fiftieth says what another said before
            texts[place] = texts[place - 20] + "，再次反映"
        with office.work.transaction() as session:
            connection = session.connection()
            for begin in range(0, number, 5000):
                part = texts[begin : begin + 5000]
                rows = [
                    {"id": begin + k + 1, "number": f"B{begin + k}", "text": text, "publish": True, "unit_id": 1, "received_at": NOW, "state": InquiryState.received}
                    for k, text in enumerate(part)
                ]
                connection.execute(insert(Inquiry), rows)
                connection.execute(insert(InquiryTrace), [{"trace": trace, "inquiry_id": begin + k + 1} for k, text in enumerate(part) for trace in traces(f"\n{text}")])
        report(office, number)


def report(office, number: int) -> None:
    """Prints median and p95 in milliseconds, and how many of the repeated ones were found."""
    spent, found = [], 0
    repeated = list(range(21, number, 50))[-200:]
    with office.work.reading() as session:
        for key in repeated:
            inquiry = session.get_one(Inquiry, key)
            begun = time.perf_counter()
            proposed = possible_duplicates(session, office.settings, inquiry)
            spent.append(1000 * (time.perf_counter() - begun))
            found += any(one.inquiry.id == key - 20 for one in proposed)
    print(f"{number} inquiries: median {statistics.median(spent):.1f} ms, p95 {sorted(spent)[int(0.95 * len(spent))]:.1f} ms, repeated found {found}/{len(repeated)}")


if __name__ == "__main__":
    main(int(sys.argv[1]) if len(sys.argv) > 1 else 100_000)
