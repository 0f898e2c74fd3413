"""Chains of events: whatever is changed, removed or moved behind the program's back is found, on both databases."""

import itertools

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from sqlalchemy import text

from board.inquiries.anchors import settled
from board.inquiries.events import note
from board.inquiries.verifying import verify
from board.office import Office
from board.storage.chains import seal
from tests.bureau import NOW, Bureau, bureau

__all__ = ["bureau"]
COLUMNS = {"action": "x", "actor": "account:99", "reason": "另有原因", "from_state": "closed", "to_state": "closed", "hash": "0" * 64, "previous_hash": "1" * 64, "at": "2001-01-01 00:00:00"}


def unlocked(office: Office) -> list[str]:
    """Statements that lift the protection of the table, as somebody with the database in hands would."""
    if office.engine.dialect.name == "sqlite":
        return ["DROP TRIGGER events_no_update", "DROP TRIGGER events_no_delete"]
    return ["DROP TRIGGER events_append_only ON events"]


@pytest.fixture
def kept(bureau: Bureau) -> Bureau:
    """A bureau with three inquiries, one of them answered, and notes in three chains; its events are unprotected."""
    posted = [bureau.post(f"第{n}个问题：失业保险金怎么申领？") for n in range(3)]
    bureau.submit(posted[0])
    bureau.approve(posted[0])
    with bureau.office.work.transaction() as session:
        for chain, number in itertools.product(("account", "sign_in", "office"), range(3)):
            note(session, f"try_{number}", "account:1", NOW, chain=chain)
    assert found(bureau) == ()
    with bureau.office.engine.begin() as connection:
        for statement in unlocked(bureau.office):
            connection.execute(text(statement))
    return bureau


def found(bureau: Bureau) -> tuple:
    """What the verification finds."""
    with bureau.office.work.reading() as session:
        return verify(session, bureau.office.key).broken


def tampered(bureau: Bureau, *statements: str) -> tuple:
    """What the verification finds after these statements; they are rolled back."""
    with bureau.office.work.reading() as session:
        for statement in statements:
            session.execute(text(statement))
        return verify(session, bureau.office.key).broken


def ids(bureau: Bureau) -> list[int]:
    """Ids of all events."""
    with bureau.office.engine.connect() as connection:
        return [row[0] for row in connection.execute(text("SELECT id FROM events ORDER BY id"))]


@settings(max_examples=60, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(data=st.data())
def test_a_changed_event_is_found(kept: Bureau, data: st.DataObject) -> None:
    event, column = data.draw(st.sampled_from(ids(kept))), data.draw(st.sampled_from(sorted(COLUMNS)))
    assert tampered(kept, f"UPDATE events SET {column} = '{COLUMNS[column]}' WHERE id = {event}")


@settings(max_examples=60, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(data=st.data())
def test_removed_events_are_found(kept: Bureau, data: st.DataObject) -> None:
    gone = data.draw(st.sets(st.sampled_from(ids(kept)), min_size=1))
    assert tampered(kept, f"DELETE FROM events WHERE id IN ({','.join(map(str, gone))})")


@settings(max_examples=40, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(data=st.data())
def test_swapped_events_are_found(kept: Bureau, data: st.DataObject) -> None:
    first, second = data.draw(st.lists(st.sampled_from(ids(kept)), min_size=2, max_size=2, unique=True))
    columns = "action, actor, at, from_state, to_state, reason, data, hash, previous_hash"
    swap = [
        f"CREATE TEMPORARY TABLE held AS SELECT * FROM events WHERE id IN ({first}, {second})",
        *(f"UPDATE events SET ({columns}) = (SELECT {columns} FROM held WHERE held.id = {there}) WHERE id = {here}" for here, there in ((first, second), (second, first))),
        "DROP TABLE held",
    ]
    assert tampered(kept, *swap)


def test_the_last_event_of_each_chain_cannot_go_even_with_its_number_put_back(kept: Bureau) -> None:
    with kept.office.engine.connect() as connection:
        last = connection.execute(text("SELECT max(id), inquiry_id, max(sequence) FROM events GROUP BY inquiry_id, chain")).all()
    assert len(last) == 6
    for event, inquiry, length in last:
        gone = [f"DELETE FROM events WHERE id = {event}"]
        if inquiry is not None:
            gone.append(f"UPDATE inquiries SET version = {length - 1} WHERE id = {inquiry}")
        assert tampered(kept, *gone), event


def test_a_head_cannot_be_forged_without_the_key(kept: Bureau) -> None:
    with kept.office.engine.connect() as connection:
        last, before = connection.execute(text("SELECT id, previous_hash FROM events WHERE chain = 'account' ORDER BY sequence DESC LIMIT 1")).one()
    forged = seal(b"another key", "account", 2, before)
    broken = tampered(kept, f"DELETE FROM events WHERE id = {last}", f"UPDATE chain_heads SET length = 2, hash = '{before}', seal = '{forged}' WHERE chain = 'account'")
    assert [one.why for one in broken] == ["链尾印记与系统密钥不符"]


def test_a_whole_inquiry_cannot_lose_its_story(kept: Bureau) -> None:
    assert tampered(kept, "DELETE FROM events WHERE inquiry_id = 2", "DELETE FROM chain_heads WHERE chain = 'inquiry:2'")
    assert tampered(kept, "DELETE FROM chain_heads WHERE chain = 'inquiry:2'")


def test_a_whole_chain_that_vanishes_or_goes_back_in_time_is_missed_by_the_anchor(kept: Bureau) -> None:
    with kept.office.work.transaction() as session:
        through = settled(session)
        anchor = verify(session, kept.office.key, through=through).anchor
        length, last, sealed_then = session.execute(text("SELECT length, hash, seal FROM chain_heads WHERE chain = 'office'")).one()
    with kept.office.work.transaction() as session:
        note(session, "later", "account:1", NOW)
    with kept.office.work.transaction() as session:
        second = verify(session, kept.office.key, anchor, settled(session))
    assert second.broken == ()
    vanish = ["DELETE FROM events WHERE chain = 'sign_in'", "DELETE FROM chain_heads WHERE chain = 'sign_in'"]
    back = ["DELETE FROM events WHERE action = 'later'", f"UPDATE chain_heads SET length = {length}, hash = '{last}', seal = '{sealed_then}' WHERE chain = 'office'"]
    for statements, before in ((vanish, anchor), (back, second.anchor)):
        with kept.office.work.reading() as session:
            for statement in statements:
                session.execute(text(statement))
            assert verify(session, kept.office.key).broken == ()
            assert [one.chain for one in verify(session, kept.office.key, before).broken] == ["anchor"]


def test_the_table_itself_refuses_changes(bureau: Bureau) -> None:
    bureau.post()
    for statement in ("UPDATE events SET actor = 'x'", "DELETE FROM events"):
        with pytest.raises(Exception, match="append-only"):
            tampered(bureau, statement)


def test_notes_of_a_transaction_that_fails_leave_no_trace(bureau: Bureau) -> None:
    with pytest.raises(RuntimeError), bureau.office.work.transaction() as session:
        note(session, "try", "account:1", NOW, chain="account")
        session.flush()
        raise RuntimeError
    with bureau.office.work.transaction() as session:
        with pytest.raises(RuntimeError), session.begin_nested():
            note(session, "try", "account:1", NOW, chain="account")
            session.flush()
            raise RuntimeError
        note(session, "kept", "account:1", NOW, chain="account")
    assert found(bureau) == ()
