"""Measure the desk's pages over very many open inquiries: server time of each page, without the network.

    python -m tests.bench.bench_desk [--rows 100000] [--postgresql URL]

The inquiries are made by bulk insert in a temporary home (SQLite) or in an empty database that is given; nothing is left behind in the home.
"""

import random
import re
import statistics
import time
from collections.abc import Iterator
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import insert, select

from board.app import create_app
from board.clock import local_day, now
from board.models import Account, Inquiry, InquiryKind, InquiryState, InquiryWords, Reply, ReplyState, Role, Unit
from board.office import Office
from board.staff.accounts import add_account
from board.storage import words
from tests.bench.on_databases import on_databases

BATCH, TIMES = 2000, 21
LOGIN, PASSWORD = "bench", "Measure-2026-Pass"
TOPICS = ("失业保险金申领", "社会保障卡补办", "养老金资格认证", "拖欠工资投诉", "创业担保贷款", "技能培训补贴", "工伤认定进度", "灵活就业缴费", "职称评审安排", "劳动合同解除")
TAILS = ("请问需要什么材料", "多久能办好", "打电话没有人接", "去年交的为什么查不到", "在外地能不能办", "流程能否说明一下", "孩子上学着急用", "希望尽快答复")
SURNAMES = "赵钱孙李周吴郑王冯陈褚卫蒋沈韩杨"
STATES = (InquiryState.received, InquiryState.accepted, InquiryState.assigned, InquiryState.in_hand, InquiryState.returned, InquiryState.awaiting_approval)
PAGES = {
    "the queue, first page": "/desk",
    "the queue, 500 pages on": "/desk?after={deep}",
    "mine": "/desk?lane=mine",
    "overdue": "/desk?lane=overdue",
    "awaiting approval": "/desk?lane=approval",
    "past a red line": "/desk?lane=warn",
    "newest first": "/desk?sort=newest",
    "unit, kind and channel": "/desk?unit=u7&kind=complaint&channel=phone",
    "a filter that nothing meets": "/desk?subject=没有这个主题",
    "without a draft, in hand": "/desk?draft=none&state=in_hand",
    "search, two signs, many hits": "/desk?q=失业",
    "search, one sign, many hits": "/desk?q=的",
    "search, nothing found": "/desk?q=龙卷风",
    "search, traditional script and nickname": "/desk?q=養老金 王",
    "search, a telephone's end": "/desk?q=00099999",
    "done": "/desk?lane=done",
}


def rows(number: int, units: list[int], people: list[int], at: datetime) -> Iterator[dict[str, Any]]:
    """Made-up open inquiries of the last 95 days."""
    dice = random.Random(20161231)
    for key in range(1, number + 1):
        received = at - timedelta(minutes=(number - key) * 95 * 1440 // number)
        topic, tail = dice.choice(TOPICS), dice.choice(TAILS)
        state = dice.choice(STATES)
        yield {
            "id": key, "number": f"LB{received:%Y%m%d}{key:06d}", "kind": dice.choice(list(InquiryKind)), "title": f"{topic}的问题", "nickname": f"{dice.choice(SURNAMES)}先生",
            "text": f"您好，我想咨询{topic}的事情，{tail}。我家住在城南，{dice.choice(TAILS)}，单位是县里的一家小厂，已经干了{dice.randint(1, 30)}年，谢谢。" * 2,
            "contact": f"139{dice.randrange(10**8):08d}", "publish": False, "channel": dice.choice(("web", "phone", "letter")), "unit_id": dice.choice(units),
            "subject": topic[:4], "state": state, "version": 3, "claimed_by_id": dice.choice(people) if state is InquiryState.in_hand else None,
            "held_reason": "", "received_at": received, "due_on": local_day(received + timedelta(days=dice.randint(5, 21))), "fingerprint": "",
        }  # fmt: skip


def fill(office: Office, number: int) -> None:
    """Units, one approver, the inquiries with their words, drafts for three of four."""
    with office.work.transaction() as session:
        root = Unit(code="bureau", name="测试局", short_name="本局")
        session.add(root)
        session.flush()
        units = [Unit(code=f"u{n}", name=f"第{n}股", short_name=f"{n}股", parent_id=root.id) for n in range(23)]
        session.add_all(units)
        session.flush()
        people = [add_account(session, f"{LOGIN}{n or ''}", PASSWORD, Role.approver, root, now()).id for n in range(20)]
        unit_ids = [unit.id for unit in units]
    made = list(rows(number, unit_ids, people, now()))
    for start in range(0, number, BATCH):
        part = made[start : start + BATCH]
        with office.work.transaction() as session:
            session.execute(insert(Inquiry), part)
            session.execute(insert(InquiryWords), [{"inquiry_id": row["id"], "grams": words.INQUIRIES.words_of(row)} for row in part])
            session.execute(insert(Reply), [reply(row) for row in part if row["id"] % 4])
    with office.engine.connect() as connection:
        connection.exec_driver_sql("ANALYZE")
        connection.commit()


def reply(row: dict[str, Any]) -> dict[str, Any]:
    """A system's draft."""
    return {"inquiry_id": row["id"], "revision": 1, "state": ReplyState.drafted, "in_force": True, "text": "网民您好。" * 60, "created_at": row["received_at"], "decision": "suggest"}


def measured(office: Office) -> Iterator[str]:
    """One line for each page: milliseconds of the server's time, the first visit apart."""
    client = create_app(office).test_client()
    token = re.search(r'name="csrf_token" value="([^"]+)"', client.get("/sign-in").get_data(as_text=True))
    assert token is not None
    client.post("/sign-in", data={"csrf_token": token[1], "login": LOGIN, "password": PASSWORD})
    with office.work.reading() as session:
        found = session.execute(select(Inquiry.due_on, Inquiry.id).order_by(Inquiry.due_on, Inquiry.id).offset(25_000).limit(1)).first()
        assert session.scalar(select(Account.id).where(Account.login == LOGIN)) is not None
    deep = f"{found[0]}.{found[1]}" if found else ""
    for name, address in PAGES.items():
        wall, busy = [], []
        for _ in range(TIMES):
            began, worked = time.perf_counter(), time.process_time()
            answer = client.get(address.format(deep=deep))
            wall.append(1000 * (time.perf_counter() - began))
            busy.append(1000 * (time.process_time() - worked))
            assert answer.status_code == 200, address
        later = sorted(wall[1:])
        yield f"| {name} | {wall[0]:.0f} | {statistics.median(later):.0f} | {later[-2]:.0f} | {statistics.median(busy[1:]):.0f} |"


if __name__ == "__main__":
    on_databases(__doc__, "open inquiries", "| page | first ms | p50 ms | p95 ms | p50 ms of processor |", fill, measured)
