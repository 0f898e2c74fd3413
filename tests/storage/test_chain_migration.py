"""A database of the first schema, with events, becomes one with sealed chains; nothing is lost, and what was changed before is found."""

from collections.abc import Callable
from datetime import UTC, datetime

import pytest
import sqlalchemy as sa
from alembic import command as alembic

from board.inquiries.events import chained
from board.inquiries.verifying import verify
from board.models import Event
from board.settings import Settings
from board.storage import schema
from board.storage.engine import make_engine
from board.storage.unit_of_work import UnitOfWork

AT = datetime(2026, 11, 2, 3, 4, 5, tzinfo=UTC)
KEY = b"k" * 32


def row(event: Event) -> dict[str, object]:
    """The columns of the first schema."""
    names = ("inquiry_id", "sequence", "action", "actor", "from_state", "to_state", "reason", "previous_hash", "hash")
    return {name: getattr(event, name) for name in names} | {"at": event.at.replace(tzinfo=None), "data": "{}"}


def event(inquiry: int | None, sequence: int, action: str, previous: str) -> Event:
    """An event as the first schema kept it."""
    made = Event(inquiry_id=inquiry, chain="", sequence=sequence, action=action, actor="account:1", at=AT, from_state="", to_state="received", reason="", data={})
    return chained(previous, made)


@pytest.mark.parametrize("forged", [False, True])
def test_old_events_are_sealed_as_they_stand(database_url: str, make_settings: Callable[..., Settings], forged: bool) -> None:
    engine = make_engine(make_settings(DATABASE_URL=database_url).database_url)
    with engine.begin() as connection:
        alembic.downgrade(schema.alembic_config(connection), "0001_spine")
        connection.execute(sa.text("INSERT INTO units (id, code, name, short_name, subordinate, phone, address, hours, window_, duties, keywords) VALUES (1, 'bureau', 'a', 'a', FALSE, '', '', '', '', '', '')".replace("window_", '"window"')))
        connection.execute(sa.text("INSERT INTO inquiries (id, number, kind, title, text, original_text, nickname, contact, publish, channel, unit_id, subject, state, version, held_reason, received_at, due_provisional, imported, released, import_source, import_ref, fingerprint) "
                                   "VALUES (1, 'LY1', 'consultation', '', 'x', '', '', '', FALSE, 'web', 1, '', 'accepted', 2, '', '2026-11-01', FALSE, FALSE, FALSE, '', '', '')"))  # fmt: skip
        first = event(1, 1, "post", "")
        events = [first, event(1, 2, "accept", first.hash), event(None, 0, "sign_in", ""), event(None, 0, "requeue", "")]
        if forged:
            events[2].actor = "account:2"
        put = sa.text("INSERT INTO events (inquiry_id, sequence, action, actor, at, from_state, to_state, reason, data, previous_hash, hash) "
                      "VALUES (:inquiry_id, :sequence, :action, :actor, :at, :from_state, :to_state, :reason, :data, :previous_hash, :hash)")  # fmt: skip
        for each in events:
            connection.execute(put, row(each))
    assert schema.upgrade(engine, KEY) == schema.current_revision(engine)
    with UnitOfWork(engine, KEY).reading() as session:
        done = verify(session, KEY)
        assert (done.events, done.chains) == (4, 2)
        assert [one.chain for one in done.broken] == (["spine"] if forged else [])
        assert [one.why for one in verify(session, b"other" * 8).broken][:2] == ["链尾印记与系统密钥不符"] * 2
    engine.dispose()
