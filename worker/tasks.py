"""The tasks, ten lines at most: an argument is an id or a day, the state is read again, the rooms do the work."""

from datetime import date, timedelta
from typing import Any

from celery.signals import worker_ready

from board.clock import local_day, now
from board.inquiries import archiving, open_questions, recounting
from board.inquiries.reconciling import note_heartbeat
from board.inquiries.term_clock import Rules
from board.office import Office
from board.replies import drafting, learning_routes, publishing
from board.reports import counting
from board.storage import outbox
from worker import hook_office, notice_office, post_office
from worker.broker import HEARTBEAT_SECONDS, app
from worker.policy import OfficeTask, hold_row


@app.task(name="draft_reply", base=OfficeTask, bind=True)  # type: ignore[untyped-decorator]  # celery ships no types
def draft_reply(self: OfficeTask, row_id: int, subject: str) -> str:
    """Matches the inquiry and writes its first draft; the room marks the row as done with the draft."""

    def work(o: Office) -> str:
        return drafting.draft(o.work, o.catalogue, o.labels, o.phrases, o.taxonomy, int(subject), now())

    return self.attempt(row_id, work)


@app.task(name="publish_reply", base=OfficeTask, bind=True)  # type: ignore[untyped-decorator]  # celery ships no types
def publish_reply(self: OfficeTask, row_id: int, subject: str) -> str:
    """Gives out an approved reply, once."""

    def work(o: Office) -> str:
        with o.work.transaction() as session:
            hold_row(session, row_id)
            outcome = publishing.publish(session, int(subject), o.settings, now())
            outbox.finish(session, "publish_reply", subject, now())
        return outcome

    return self.attempt(row_id, work)


@app.task(name="recount_day", base=OfficeTask, bind=True)  # type: ignore[untyped-decorator]  # celery ships no types
def recount_day(self: OfficeTask, row_id: int, subject: str) -> str:
    """Counts a Shanghai day anew, by delete and insert."""

    def work(o: Office) -> str:
        with o.work.transaction() as session:
            hold_row(session, row_id)
            counting.recount_day(session, date.fromisoformat(subject), now())
            outbox.finish(session, "recount_day", subject, now())
        return "counted"

    return self.attempt(row_id, work)


@app.task(name="heartbeat", base=OfficeTask, bind=True)  # type: ignore[untyped-decorator]  # celery ships no types
def heartbeat(self: OfficeTask) -> None:
    """Shows that a message went all the way: beat, broker, worker, database."""
    with self.office.work.transaction() as session:
        note_heartbeat(session, "worker", now())


@app.task(name="recount_yesterday", base=OfficeTask, bind=True)  # type: ignore[untyped-decorator]  # celery ships no types
def recount_yesterday(self: OfficeTask) -> None:
    """Notes that yesterday is to be counted again (the relay does the rest); forgets old questions of the page for asking."""
    with self.office.work.transaction() as session:
        open_questions.forget(session, self.office.settings, local_day(now()))
        outbox.write(session, "recount_day", local_day(now()) - timedelta(days=1), now())


@app.task(name="recount_terms", base=OfficeTask, bind=True)  # type: ignore[untyped-decorator]  # celery ships no types
def recount_terms(self: OfficeTask) -> int:
    """Counts due days again that waited for a year's calendar."""
    office = self.office
    with office.work.transaction() as session:
        return recounting.recount_terms(session, Rules(office.settings, office.calendar), now())


@app.task(name="archive_nightly", base=OfficeTask, bind=True)  # type: ignore[untyped-decorator]  # celery ships no types
def archive_nightly(self: OfficeTask) -> int:
    """Archives what was closed long ago."""
    office = self.office
    with office.work.transaction() as session:
        return archiving.archive_closed(session, office.settings, now())


@app.task(name="learn_routing", base=OfficeTask, bind=True)  # type: ignore[untyped-decorator]  # celery ships no types
def learn_routing(self: OfficeTask, row_id: int, subject: str) -> str:
    """Learns from the answered inquiries which unit answers; once a night."""
    return self.attempt(row_id, lambda o: learning_routes.learn_tonight(o.work, o.settings, o.taxonomy, subject, now()))


@app.task(name="learn_nightly", base=OfficeTask, bind=True)  # type: ignore[untyped-decorator]  # celery ships no types
def learn_nightly(self: OfficeTask) -> None:
    """Notes that the routing is to be learned anew; the relay does the rest."""
    with self.office.work.transaction() as session:
        if self.office.settings.section("routing")["nightly"]:
            outbox.write(session, "learn_routing", local_day(now()), now())


@app.task(name="send_mail", base=OfficeTask, bind=True)  # type: ignore[untyped-decorator]  # celery ships no types
def send_mail(self: OfficeTask, row_id: int, subject: str) -> str:
    """Hands one mail to the mail server, at most once by itself."""
    return self.attempt(row_id, lambda o: post_office.deliver(o, row_id, int(subject)))


@app.task(name="send_notice", base=OfficeTask, bind=True)  # type: ignore[untyped-decorator]  # celery ships no types
def send_notice(self: OfficeTask, row_id: int, subject: str) -> str:
    """Tells one citizen of one event, at most once by itself."""
    return self.attempt(row_id, lambda o: notice_office.deliver(o, row_id, int(subject)))


@app.task(name="send_webhook", base=OfficeTask, bind=True)  # type: ignore[untyped-decorator]  # celery ships no types
def send_webhook(self: OfficeTask, row_id: int, subject: str) -> str:
    """Tells one web hook of one public answer, at least once, under an id that stays the same."""
    return self.attempt(row_id, lambda o: hook_office.deliver(o, row_id, int(subject)))


@app.task(name="mail_round", base=OfficeTask, bind=True)  # type: ignore[untyped-decorator]  # celery ships no types
def mail_round(self: OfficeTask) -> int:
    """Notes what people are to be told and bundles the mails that are due; the relay does the rest."""
    return post_office.mail_round(self.office, now())


@worker_ready.connect  # type: ignore[untyped-decorator]  # celery ships no types
def first_heartbeat(**_: Any) -> None:
    """A worker that has just come up shows it at once instead of at beat's next turn."""
    heartbeat.apply_async(expires=3 * HEARTBEAT_SECONDS)
