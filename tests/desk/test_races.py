"""200 approvals of 50 drafts by four people in the same moment, through the real application: one winner each, a clear 409 for the others."""

import html
import re
import threading
from collections import Counter

import time_machine
from flask import Flask
from sqlalchemy import func, select

from board.inquiries.events import broken_chain
from board.models import Account, Event, Inquiry, OutboxRow, Publication, Reply, ReplyState, Role, Unit
from board.replies import publishing
from board.staff.accounts import actor_of, add_account
from tests.bureau import NOW, PASSWORD, Bureau
from tests.staff import Staff, hidden, signed_in

DRAFTS = 50
PEOPLE = ("signer", "signer2", "signer3", "signer4")


def more_people(bureau: Bureau) -> None:
    """Two more signatories."""
    with bureau.office.work.transaction() as session:
        root = session.query(Unit).filter_by(code="bureau").one()
        for login in PEOPLE[2:]:
            bureau.actors[login] = actor_of(session, add_account(session, login, PASSWORD, Role.approver, root, NOW))


def race(app: Flask, numbers: list[str]) -> list[tuple[int, str]]:
    """Everybody signs everything at once; (status, page) of each attempt. Pages and tokens are fetched before the start."""
    desks = {login: signed_in(app, login) for login in PEOPLE}
    tokens = {login: desks[login].token() for login in PEOPLE}
    seen = {number: desks["signer"].page(f"/desk/inquiries/{number}/review") for number in numbers}
    barrier, answers, lock = threading.Barrier(len(PEOPLE) * len(numbers)), [], threading.Lock()

    def run(login: str, number: str) -> None:
        client = app.test_client()
        client._cookies = dict(desks[login].client._cookies)
        fields = {name: hidden(seen[number], name) for name in ("seen", "step", "revision")}
        barrier.wait()
        answer = client.post(f"/desk/inquiries/{number}/review/approve", data={"csrf_token": tokens[login], **fields})
        with lock:
            answers.append((answer.status_code, html.unescape(answer.get_data(as_text=True))))

    threads = [threading.Thread(target=run, args=(login, number)) for number in numbers for login in PEOPLE]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    return answers


def test_200_approvals_of_50_drafts_by_4_people(bureau: Bureau, app: Flask) -> None:
    more_people(bureau)
    with time_machine.travel(NOW, tick=False):
        drafts = [bureau.post(f"第 {n} 个问题：失业保险金怎么申领？") for n in range(DRAFTS)]
        for draft in drafts:
            bureau.submit(draft)
        answers = race(app, [draft.number for draft in drafts])
    assert Counter(status for status, _ in answers) == {303: DRAFTS, 409: 3 * DRAFTS}
    for status, page in answers:
        if status == 409:
            assert "您的操作没有执行，没有重复签发。" in page
            assert re.search(r"审签通过 · signer[234]?", page)
    for draft in drafts * 2:
        with bureau.office.work.transaction() as session:
            publishing.publish(session, draft.inquiry_id, bureau.office.settings, NOW)
    with bureau.office.work.reading() as session:
        counted = Counter(session.scalars(select(Event.inquiry_id).where(Event.action == "approve")).all())
        assert counted == dict.fromkeys((draft.inquiry_id for draft in drafts), 1)
        assert Counter(session.scalars(select(Publication.inquiry_id))) == counted
        assert session.scalar(select(func.count()).select_from(OutboxRow).where(OutboxRow.task == "publish_reply")) == DRAFTS
        assert session.scalar(select(func.count()).select_from(Reply).where(Reply.state == ReplyState.published)) == DRAFTS
        assert [broken_chain(session, draft.inquiry_id) for draft in drafts] == [None] * DRAFTS
        signers = {f"account:{key}" for key in session.scalars(select(Account.id).where(Account.login.in_(PEOPLE)))}
        assert set(session.scalars(select(Event.actor).where(Event.action == "approve"))) <= signers


def test_approving_against_sending_back_and_saving_has_one_outcome(bureau: Bureau, app: Flask) -> None:
    with time_machine.travel(NOW, tick=False):
        drafts = [bureau.post(f"第 {n} 个问题：社会保障卡怎么补办？") for n in range(10)]
        for draft in drafts:
            bureau.submit(draft)
        desks: dict[str, Staff] = {login: signed_in(app, login) for login in ("signer", "signer2")}
        tokens = {login: desk.token() for login, desk in desks.items()}
        seen = {draft.number: hidden(desks["signer"].page(f"/desk/inquiries/{draft.number}/review"), "seen") for draft in drafts}
        barrier, statuses, lock = threading.Barrier(2 * len(drafts)), Counter(), threading.Lock()

        def run(login: str, number: str, step: str, fields: dict[str, str]) -> None:
            client = app.test_client()
            client._cookies = dict(desks[login].client._cookies)
            barrier.wait()
            status = client.post(f"/desk/inquiries/{number}/review/{step}", data={"csrf_token": tokens[login], **fields}).status_code
            with lock:
                statuses[status] += 1

        work = [("signer", d.number, "approve", {"seen": seen[d.number]}) for d in drafts]
        work += [("signer2", d.number, "send-back", {"reason": "请补充依据"}) for d in drafts]
        threads = [threading.Thread(target=run, args=each) for each in work]
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join()
    assert statuses == {303: 10, 409: 10}
    with bureau.office.work.reading() as session:
        for draft in drafts:
            events = session.scalars(select(Event.action).where(Event.inquiry_id == draft.inquiry_id, Event.action.in_(("approve", "send_back")))).all()
            state = session.get_one(Inquiry, draft.inquiry_id).state
            assert len(events) == 1
            assert (events[0] == "approve") == (state == "awaiting_approval")
