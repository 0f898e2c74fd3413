"""Verifies the chains of events: every hash, every gap, every head and its seal; says where a chain does not hold."""

import hashlib
import hmac
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from itertools import groupby

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from board.inquiries.anchors import MODULUS, NONE, Anchor, share
from board.models import ChainHead, Event, Inquiry
from board.storage.chains import UNNAMED, chain_of, event_hash, seal

AT_ONCE = 500


@dataclass(frozen=True, slots=True)
class Broken:
    """A place where a chain does not hold; ``event_id`` 0 when something is missing rather than changed."""

    chain: str
    event_id: int
    why: str


@dataclass(frozen=True, slots=True)
class Verified:
    """What was looked at, every place that does not hold, and the anchor that the events make."""

    events: int
    chains: int
    broken: tuple[Broken, ...]
    anchor: Anchor


def verify(session: Session, key: bytes, before: Anchor = NONE, through: int = 0) -> Verified:
    """Reads all events once, chain by chain, in one reading transaction; compares with the anchor ``before``, makes one up to ``through``."""
    heads = {row.chain: row for row in session.scalars(select(ChainHead))}
    versions: dict[int, int] = {row[0]: row[1] for row in session.execute(select(Inquiry.id, Inquiry.version))}
    broken: list[Broken] = [Broken(head.chain, 0, "链尾印记与系统密钥不符") for head in heads.values() if not sealed(head, key)]
    events, seen, old, new = 0, set(), 0, 0
    for chain, links in groupby(in_order(session), chain_of):
        rows = list(links)
        events += len(rows)
        old += sum(share(event) for event in rows if event.id <= before.through)
        new += sum(share(event) for event in rows if event.id <= through)
        seen.add(chain)
        broken += checked(chain, rows, heads.get(chain), versions)
    broken += [Broken(chain, 0, "整条链的事件都不见了") for chain in sorted(set(heads) - seen)]
    broken += [Broken(f"inquiry:{number}", 0, "留言没有任何事件") for number in sorted(set(versions)) if f"inquiry:{number}" not in seen]
    if old % MODULUS != before.total:
        broken.append(Broken("anchor", 0, f"编号 {before.through} 以内的事件与上次校验时不同"))
    return Verified(events, len(seen), tuple(broken), Anchor(through, new % MODULUS))


def in_order(session: Session) -> Iterator[Event]:
    """All events, chain by chain, without keeping them."""
    rows = select(Event).order_by(Event.inquiry_id.is_(None), Event.inquiry_id, Event.chain, Event.sequence, Event.id)
    for event in session.scalars(rows.execution_options(yield_per=AT_ONCE)):
        yield event
        session.expunge(event)


def sealed(head: ChainHead, key: bytes) -> bool:
    """Whether the head carries the seal of this server."""
    return hmac.compare_digest(head.seal, seal(key, head.chain, head.length, head.hash))


def checked(chain: str, rows: Sequence[Event], head: ChainHead | None, versions: dict[int, int]) -> Iterable[Broken]:
    """What is wrong with one chain."""
    if chain == UNNAMED:
        yield from checked_unnamed(rows, head)
        return
    previous = ""
    for expected, event in enumerate(rows, 1):
        if event.sequence != expected:
            yield Broken(chain, event.id, f"第 {expected} 个事件缺失或次序有误")
            return
        if event.previous_hash != previous or event.hash != event_hash(event):
            yield Broken(chain, event.id, f"第 {expected} 个事件的内容或次序被改动")
            return
        previous = event.hash
    if head is None:
        yield Broken(chain, rows[-1].id, "链尾记录缺失")
    elif (head.length, head.hash) != (len(rows), previous):
        yield Broken(chain, 0, f"链尾应为第 {head.length} 个事件，现有 {len(rows)} 个")
    number = rows[0].inquiry_id
    if number is not None and versions.get(number) != len(rows):
        yield Broken(chain, 0, f"留言的版本号（{versions.get(number, '无此留言')}）与事件数（{len(rows)}）不符")


def checked_unnamed(rows: Sequence[Event], head: ChainHead | None) -> Iterable[Broken]:
    """Notes from before chains had names: each hash by itself, and all of them by the head."""
    yield from (Broken(UNNAMED, event.id, "事件的内容被改动") for event in rows if event.hash != event_hash(event))
    last = hashlib.sha256("".join(event.hash for event in sorted(rows, key=lambda row: row.id)).encode()).hexdigest()
    if head is None or (head.length, head.hash) != (len(rows), last):
        yield Broken(UNNAMED, 0, "早期事件有增减")


def count_events(session: Session) -> int:
    """How many events there are."""
    return session.scalar(select(func.count()).select_from(Event)) or 0
