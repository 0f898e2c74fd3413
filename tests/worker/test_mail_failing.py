"""What happens to a mail when the server refuses, stays away or breaks off, and when the worker dies: never sent twice, never silently lost."""

import os
import signal
import subprocess
import sys

import time_machine
from sqlalchemy import select

from board.clock import now
from board.models import Mail, MailState, OutboxRow, OutboxState
from board.office import Office
from board.replies import mails, unfinished
from tests.bureau import Bureau
from tests.mail_server import Box, assigned, at_work, box, later, rounds, with_mail
from worker import post_office, tasks

__all__ = ["at_work", "box"]


def test_a_server_that_is_away_is_tried_again_later_and_seen(bureau: Bureau, at_work: Office, box: Box) -> None:
    assigned(bureau)
    box.rcpt = ["451 try again later"]
    assert rounds(at_work, later(1)) == ["put off"]
    with at_work.work.reading() as session:
        assert [(state, number) for state, _, number in mails.troubled(session)] == [(MailState.waiting, 1)]
        assert "451" in session.scalars(select(OutboxRow.error).where(OutboxRow.task == "send_mail")).one()
    assert rounds(at_work, later(1.5)) == []
    assert rounds(at_work, later(2.1)) == ["sent"]
    assert len(box.taken) == 1
    with at_work.work.reading() as session:
        assert mails.troubled(session) == []


def test_a_server_that_stays_away_leaves_the_mail_with_staff(bureau: Bureau, at_work: Office, box: Box, free_port: int) -> None:
    from worker.policy import OfficeTask

    assigned(bureau)
    OfficeTask.opened = with_mail(bureau.office, free_port)
    outcomes, minute = [], 1.0
    for pause in (0, *mails.PAUSES):
        minute += pause
        outcomes += rounds(OfficeTask.opened, later(minute))
    assert outcomes == ["put off"] * len(mails.PAUSES) + ["refused"]
    with at_work.work.transaction() as session:
        shown = [row for row in unfinished.failed_work(session, bureau.actors["manager"]) if row.task == "send_mail"]
        assert len(shown) == 1
        assert "邮件服务器没有收下" in shown[0].error
        unfinished.requeue(session, bureau.actors["manager"], shown[0].row_id, later(minute))
    OfficeTask.opened = at_work
    assert rounds(at_work, later(minute + 1)) == ["sent"]


def test_an_unknown_recipient_is_final(bureau: Bureau, at_work: Office, box: Box) -> None:
    assigned(bureau)
    box.rcpt = ["550 no such user"]
    assert rounds(at_work, later(1)) == ["refused"]
    assert rounds(at_work, later(300)) == []


def test_a_refused_text_is_put_off_and_a_broken_line_is_doubtful(bureau: Bureau, at_work: Office, box: Box) -> None:
    assigned(bureau)
    box.data = ["452 no space"]
    assert rounds(at_work, later(1)) == ["put off"]
    box.data = ["250 break"]
    assert rounds(at_work, later(3)) == ["doubtful"]
    assert rounds(at_work, later(300)) == []
    assert len(box.taken) == 1
    with at_work.work.reading() as session:
        row = session.scalars(select(OutboxRow).where(OutboxRow.task == "send_mail")).one()
        assert (row.state, "可能已经发出" in row.error) == (OutboxState.failed, True)


def test_a_taker_that_died_never_sends_twice(bureau: Bureau, at_work: Office, box: Box) -> None:
    assigned(bureau)
    with time_machine.travel(later(1), tick=False):
        tasks.mail_round()
        with at_work.work.transaction() as session:
            row = session.scalars(select(OutboxRow).where(OutboxRow.task == "send_mail")).one()
            assert mails.claim(session, int(row.subject), now())[0] is mails.Claimed.ready
        assert tasks.send_mail(row.id, row.subject) == "busy"
    with time_machine.travel(later(10), tick=False):
        assert tasks.send_mail(row.id, row.subject) == "doubtful"
        assert tasks.send_mail(row.id, row.subject) == "nothing to do"
    assert box.taken == []
    first_id = row.subject
    with at_work.work.transaction() as session:
        unfinished.requeue(session, bureau.actors["manager"], row.id, later(11))
    assert rounds(at_work, later(12)) == ["sent"]
    with at_work.work.reading() as session:
        assert box.taken[0]["Message-ID"] == session.get_one(Mail, int(first_id)).message_id


KILLED = """
import os, signal, sys
from board.office import open_office
from board.settings import load_settings
from dataclasses import replace
from board.replies import mails
from worker import post_office
settings = load_settings()
mail = {**settings.section("mail"), "enabled": True, "port": int(sys.argv[1]), "from": "huiying@office.test"}
office = open_office(replace(settings, tables={**settings.tables, "mail": mail}), migrate=False)
mails.confirm = lambda *_: os.kill(os.getpid(), signal.SIGKILL)  # the machine dies between the server's answer and our note of it
post_office.deliver(office, int(sys.argv[2]), int(sys.argv[3]))
"""


def test_a_kill_between_sending_and_noting_it_sends_nothing_twice(bureau: Bureau, at_work: Office, box: Box, root) -> None:
    assigned(bureau)
    with time_machine.travel(later(1), tick=False):
        tasks.mail_round()
    with at_work.work.reading() as session:
        row = session.scalars(select(OutboxRow).where(OutboxRow.task == "send_mail")).one()
    home = {"HUIYING_HOME": str(at_work.settings.home), "DATABASE_URL": at_work.settings.database_url, "PYTHONPATH": str(root)}
    child = subprocess.run([sys.executable, "-c", KILLED, str(box.port), str(row.id), row.subject], env={**os.environ, **home}, check=False, timeout=60)
    assert child.returncode == -signal.SIGKILL
    assert len(box.taken) == 1
    with at_work.work.reading() as session:
        assert session.get_one(Mail, int(row.subject)).state == MailState.sending
    with at_work.work.transaction() as session:
        session.get_one(Mail, int(row.subject)).claimed_at = later(2)  # the child's clock was the machine's
    with time_machine.travel(later(10), tick=False):
        assert tasks.send_mail(row.id, row.subject) == "doubtful"
    assert len(box.taken) == 1


def test_two_at_once_hand_over_once(bureau: Bureau, at_work: Office, box: Box) -> None:
    import threading

    assigned(bureau)
    with time_machine.travel(later(1), tick=False):
        tasks.mail_round()
        with at_work.work.reading() as session:
            row = session.scalars(select(OutboxRow).where(OutboxRow.task == "send_mail")).one()
        found: list[str] = []
        both = [threading.Thread(target=lambda: found.append(post_office.deliver(at_work, row.id, int(row.subject)))) for _ in range(4)]
        for one in both:
            one.start()
        for one in both:
            one.join()
    assert found.count("sent") == 1
    assert len(box.taken) == 1
    assert set(found) <= {"sent", "busy", "settled"}
