"""Measure the public board over very many published answers: server time of each page, without the network.

    python -m tests.bench.bench_board [--rows 100000] [--postgresql URL]

Beside each search stands the same search by LIKE over the texts, which is what a database does without an index.
"""

import statistics
import time
from collections.abc import Callable, Iterator
from datetime import timedelta
from typing import Any

from sqlalchemy import func, insert, or_, select

from board.app import create_app
from board.clock import now
from board.inquiries.public_board import standing
from board.models import Inquiry, InquiryKind, InquiryState, Publication, PublicationWords, Reply, ReplyState, Unit
from board.office import Office
from board.storage import words
from tests.bench.bench_desk import BATCH, rows
from tests.bench.on_databases import on_databases

TIMES = 21
PAGES = {
    "first page": "/inquiries",
    "500 pages on": "/inquiries?page=500",
    "one kind": "/inquiries?kind=complaint",
    "unit, subject, year and state": "/inquiries?unit=u7&subject=失业保险&year={year}&state=closed",
    "search, two signs, many hits": "/inquiries?q=失业",
    "search, one sign, all hits": "/inquiries?q=的",
    "search, nothing found": "/inquiries?q=龙卷风",
    "search, traditional script, two words": "/inquiries?q=養老金 城南",
    "search, first letters": "/inquiries?q=shbzk",
    "search, a typing error": "/inquiries?q=失业宝险金",
    "feed": "/inquiries.atom",
    "home": "/",
}


def fill(office: Office, number: int) -> None:
    """Units, inquiries, replies, answers and their words."""
    with office.work.transaction() as session:
        root = Unit(code="bureau", name="测试局", short_name="本局")
        session.add(root)
        session.flush()
        session.add_all(units := [Unit(code=f"u{n}", name=f"第{n}股", short_name=f"{n}股", parent_id=root.id) for n in range(23)])
        session.flush()
        unit_ids = [unit.id for unit in units]
    made = list(rows(number, unit_ids, [0], now() - timedelta(days=2)))
    for start in range(0, number, BATCH):
        part = [row | {"state": InquiryState.closed, "claimed_by_id": None, "publish": True, "answered_at": row["received_at"], "kind": shown(row["kind"])} for row in made[start : start + BATCH]]
        given = [publication(row) for row in part]
        with office.work.transaction() as session:
            session.execute(insert(Inquiry), part)
            session.execute(insert(Reply), [reply(row) for row in part])
            session.execute(insert(Publication), given)
            session.execute(insert(PublicationWords), [{"publication_id": row["id"], "grams": words.PUBLICATIONS.words_of(row)} for row in given])
    with office.engine.connect() as connection:
        connection.exec_driver_sql("ANALYZE")
        connection.commit()


def shown(kind: InquiryKind) -> InquiryKind:
    """A report (举报) is never public: another kind in its place."""
    return InquiryKind.help if kind is InquiryKind.report else kind


def reply(row: dict[str, Any]) -> dict[str, Any]:
    """The approved reply."""
    return {"id": row["id"], "inquiry_id": row["id"], "revision": 1, "state": ReplyState.published, "in_force": True, "text": "略", "created_at": row["received_at"], "decision": "suggest"}


def publication(row: dict[str, Any]) -> dict[str, Any]:
    """The answer as it stands on the board."""
    text = f"网民您好！您关于{row['title']}的留言收悉。办理时请携带身份证原件和复印件，到政务大厅三号窗口办理，工作日上午九点到下午五点。" * 3
    return {
        "id": row["id"], "reply_id": row["id"], "inquiry_id": row["id"], "public": True, "title": row["title"], "question": row["text"], "reply": text,
        "content_hash": "0" * 64, "published_at": row["received_at"] + timedelta(days=1), "withdrawn_at": None,
    }  # fmt: skip


def timed(step: Callable[[], object]) -> list[float]:
    """Milliseconds of each of 21 times."""
    found = []
    for _ in range(TIMES):
        began = time.perf_counter()
        step()
        found.append(1000 * (time.perf_counter() - began))
    return found


def by_like(office: Office, query: str) -> float:
    """Median milliseconds of the same search with LIKE, 3 times."""
    columns = (Publication.title, Publication.question, Publication.reply)
    statement = select(func.count()).select_from(standing().where(*(or_(*(c.like(f"%{word}%") for c in columns)) for word in query.split())).subquery())
    found = []
    for _ in range(3):
        with office.work.reading() as session:
            began = time.perf_counter()
            session.scalar(statement)
            found.append(1000 * (time.perf_counter() - began))
    return statistics.median(found)


def measured(office: Office) -> Iterator[str]:
    """One line for each page."""
    client = create_app(office).test_client()
    for name, address in PAGES.items():
        path = address.format(year=now().year)
        assert client.get(path).status_code == 200, path
        first, *later = timed(lambda path=path: client.get(path))  # type: ignore[misc]  # bound at once
        other = f"{by_like(office, path.split('q=')[1]):.0f}" if "q=" in path else ""
        yield f"| {name} | {first:.0f} | {statistics.median(later):.0f} | {sorted(later)[-2]:.0f} | {other} |"


if __name__ == "__main__":
    on_databases(__doc__, "published answers", "| page | first ms | p50 ms | p95 ms | the search by LIKE, ms |", fill, measured)
