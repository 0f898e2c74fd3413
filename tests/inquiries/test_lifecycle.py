import itertools
import json

import pytest
from click.testing import CliRunner
from sqlalchemy import select, update
from sqlalchemy.exc import DatabaseError

from board.cli.lifecycle import command
from board.errors import Conflict, InvalidInput, NotAllowed
from board.inquiries import life_pictures, lifecycle
from board.inquiries.conditions import CONDITIONS
from board.inquiries.events import broken_chain
from board.inquiries.lifecycle import TRANSITIONS, Who, move
from board.models import Event, Inquiry, InquiryState, Role
from board.replies import review
from board.staff.roles import ALLOWED, CITIZEN, OWN_ONLY, SYSTEM, Actor, Right, may
from board.wording.labels import load_labels
from tests.bureau import NOW, Bureau


def test_every_state_is_reached_and_every_end_is_an_end() -> None:
    reached = {step.target for step in TRANSITIONS.values() if step.target} | {InquiryState.received}
    assert reached == set(InquiryState)
    for state in (InquiryState.declined, InquiryState.invalid, InquiryState.transferred, InquiryState.withdrawn):
        assert not [name for name, step in TRANSITIONS.items() if state in step.sources and (step.target or step.undoes)], state
    assert [name for name, step in TRANSITIONS.items() if InquiryState.merged in step.sources and (step.target or step.undoes)] == ["unmerge", "promote"]


def test_every_move_has_words_and_every_condition_is_known(root) -> None:
    labels = load_labels(root / "config")
    for name, step in TRANSITIONS.items():
        assert labels("action", name) != name, name
        assert set(step.when) <= set(CONDITIONS), name
    for state in InquiryState:
        assert labels("state", state.value) != state.value
        assert labels("citizen_state", state.value) != state.value


def test_the_page_about_the_life_is_current(root) -> None:
    made = life_pictures.page(load_labels(root / "config"))
    assert (root / "board" / "inquiries" / "LIFECYCLE.md").read_text(encoding="utf-8") == made, "huiying lifecycle --format markdown > board/inquiries/LIFECYCLE.md"


def test_the_table_is_printed_whole() -> None:
    printed = CliRunner().invoke(command, ["--format", "json"])
    table = json.loads(printed.output)
    assert [each["action"] for each in table["transitions"]] == list(TRANSITIONS)
    extend = next(each for each in table["transitions"] if each["action"] == "extend")
    assert (extend["needs_reason"], extend["clock"], extend["to"]) == (True, "extends", None)
    assert (extend["notifies"], extend["when"]) == (["citizen", "unit"], {"extended": False, "paused": False})
    drawn = CliRunner().invoke(command, ["--format", "mermaid"]).output
    assert drawn.startswith("stateDiagram-v2\n")
    assert "    in_hand --> awaiting_approval: 提交审签" in drawn
    assert "    merged --> in_hand: 撤销合并" in drawn


def test_a_stale_reader_loses(bureau: Bureau) -> None:
    posted = bureau.post()
    work = bureau.office.work
    with work.reading() as session:
        stale = session.get_one(Inquiry, posted.inquiry_id)
        session.expunge(stale)
    with work.transaction() as session:
        review.accept(session, bureau.actors["clerk"], session.get_one(Inquiry, posted.inquiry_id), NOW)
    with work.transaction() as session, pytest.raises(Conflict):
        session.add(stale)
        move(session, stale, "accept", bureau.actors["clerk"], NOW)


def test_a_move_from_the_wrong_state_is_refused(bureau: Bureau) -> None:
    posted = bureau.post()
    with bureau.office.work.transaction() as session, pytest.raises(Conflict):
        move(session, session.get_one(Inquiry, posted.inquiry_id), "publish", SYSTEM, NOW)


def test_declining_needs_a_reason(bureau: Bureau) -> None:
    posted = bureau.post()
    with bureau.office.work.transaction() as session, pytest.raises(InvalidInput):
        review.decline(session, bureau.actors["signer"], session.get_one(Inquiry, posted.inquiry_id), "  ", NOW)


def test_who_may_make_which_move(bureau: Bureau) -> None:
    posted = bureau.post()
    people = {**bureau.actors, "citizen": CITIZEN, "system": SYSTEM}
    with bureau.office.work.reading() as session:
        inquiry = session.get_one(Inquiry, posted.inquiry_id)
        for (action, step), (login, actor) in itertools.product(TRANSITIONS.items(), people.items()):
            own = login not in {"clerk-sbj", "head"}  # the item lies in the root unit, these two belong to others
            if isinstance(step.by, Right):
                allowed = actor.role in ALLOWED[step.by] and (own or (step.by, actor.role) not in OWN_ONLY)
            else:
                allowed = login in set(Who) and step.by == Who(login)
            try:
                lifecycle.check_actor(step, actor, inquiry)
            except NotAllowed:
                assert not allowed, (action, login)
            else:
                assert allowed, (action, login)


def test_the_administrator_has_no_right_over_content() -> None:
    admin = Actor("account:9", Role.admin, 9)
    assert {right for right in Right if may(admin, right)} == {Right.requeue, Right.manage_accounts, Right.read_audit, Right.health_detail, Right.manage_interface}


def test_events_cannot_be_changed_or_deleted(bureau: Bureau) -> None:
    bureau.post()
    for statement in (update(Event).values(actor="somebody"), Event.__table__.delete()):
        with pytest.raises(DatabaseError, match="append-only"), bureau.office.engine.begin() as connection:
            connection.execute(statement)


def test_the_chain_of_events_holds_and_shows_a_forgery(bureau: Bureau) -> None:
    posted = bureau.post()
    bureau.draft(posted)
    bureau.submit(posted)
    with bureau.office.work.reading() as session:
        assert broken_chain(session, posted.inquiry_id) is None
        event = session.scalars(select(Event).where(Event.action == "claim")).one()
        assert event.sequence == 4
        event.actor = "account:99"
        with session.no_autoflush:
            assert broken_chain(session, posted.inquiry_id) == 4
