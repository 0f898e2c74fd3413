"""The written inquiries of 2016: rows with historic times, chained events, versions of replies, publications."""

from collections.abc import Sequence
from datetime import datetime
from typing import Any

from sqlalchemy.orm import Session

from board.clock import from_local, local_day
from board.errors import NotConfigured
from board.inquiries.deadlines import due_after
from board.inquiries.events import chained
from board.inquiries.lifecycle import TRANSITIONS
from board.inquiries.posting import next_number
from board.models import Channel, Event, Inquiry, InquiryKind, InquiryState, Publication, Reply, ReplyState
from board.publications.indexing import note_change
from board.replies.public_version import public_version
from board.replies.publishing import disclosure_of
from board.sample import SAMPLE_SOURCE
from board.sample.parts import Parts, People, Row, read_lines
from board.sample.wording import draft_text, evidence, reply_text
from responder.corpus import Document, fingerprint

S = InquiryState
#: What a written "return" means in the state in which it happens.
RETURNS = {S.awaiting_approval: "send_back", S.assigned: "return_to_assigner", S.in_hand: "return_to_assigner"}
STAMPS = {"accept": "accepted_at", "publish": "answered_at", "close": "closed_at"}
VERSION_STATES = {
    "submit": ReplyState.submitted,
    "send_back": ReplyState.returned,
    "approve": ReplyState.approved,
    "publish": ReplyState.published,
}


def load_history(session: Session, parts: Parts, people: People) -> int:
    """Writes all inquiries of 2016, the earliest first; returns how many."""
    rows = sorted(read_lines("inquiries_2016.jsonl"), key=lambda row: str(row["received"]))
    inquiries = {row["ref"]: inquiry_row(session, parts, people, row) for row in rows}
    session.add_all(inquiries.values())
    session.flush()
    for row in rows:
        Told(session, parts, people, row, inquiries).tell()
    session.flush()
    return len(rows)


def inquiry_row(session: Session, parts: Parts, people: People, row: Row) -> Inquiry:
    """The inquiry as it came in, marked as history of the sample."""
    received, kind = from_local(datetime.fromisoformat(row["received"])), InquiryKind(row["kind"])
    term = due_after(parts.calendar, local_day(received), int(parts.settings.section("deadlines")[kind.value]))
    return Inquiry(
        number=next_number(session, local_day(received)), kind=kind, title=row["title"], text=row["text"], nickname=row["nickname"], contact=row["contact"],
        publish=row["publish"] and kind != InquiryKind.report, channel=Channel(row["channel"]), unit_id=people.unit(row["unit"]).id, subject=row["subject"],
        received_at=received, due_on=term.day, due_provisional=term.provisional, imported=True, released=row["publish"] and kind != InquiryKind.report,
        import_source=SAMPLE_SOURCE, import_ref=row["ref"], fingerprint=fingerprint(Document("", "", row["text"])), state=S.received,
    )  # fmt: skip


class Told:
    """One written history told step by step against the table of moves; NotConfigured when a written step is impossible."""

    def __init__(self, session: Session, parts: Parts, people: People, row: Row, inquiries: dict[str, Inquiry]) -> None:
        self.session, self.parts, self.people, self.row = session, parts, people, row
        self.inquiry, self.main = inquiries[row["ref"]], inquiries.get(row["merged_into"] or "")
        self.blocks: Sequence[Row] = (row["reply"] or {"blocks": ()})["blocks"]
        self.unit = people.unit((row["reply"] or row).get("signed_by_unit") or row["unit"])
        self.edits_left = sum(step["action"] == "edit" for step in row["history"])
        self.reply: Reply | None = None
        self.hash = ""

    def tell(self) -> None:
        """All steps in order; at the end the state must be the written one."""
        for number, step in enumerate(self.row["history"], 1):
            self.step(number, step)
        if self.inquiry.state != self.row["state"]:
            raise NotConfigured(f"样例留言 {self.row['ref']} 的经过与状态不符。")
        if self.row["disclosed"]:
            self.disclose()

    def step(self, number: int, step: Row) -> None:
        """One event, and what it does to the inquiry and its reply."""
        at, before = from_local(datetime.fromisoformat(step["at"])), self.inquiry.state
        action = RETURNS[before] if step["action"] == "return" else str(step["action"])
        if action == "merge" and self.main is not None:
            self.inquiry.merged_into_id = self.main.id
        if action != "post":
            self.inquiry.state = self.target(action)
        if action == "transfer":
            self.inquiry.transferred_to = step["to"]
        data = self.of_reply(action, at) | self.of_inquiry(action)
        if action in STAMPS:
            setattr(self.inquiry, STAMPS[action], at)
        self.event(number, action, step["by"], at, "" if action == "post" else before.value, step.get("reason", ""), data)

    def target(self, action: str) -> InquiryState:
        """The state after a move; NotConfigured when it cannot be made now."""
        move = TRANSITIONS[action]
        if self.inquiry.state not in move.sources:
            raise NotConfigured(f"样例留言 {self.row['ref']}：{self.inquiry.state.value} 时不能 {action}。")
        return move.target or self.inquiry.state

    def event(self, number: int, action: str, by: str, at: datetime, before: str, reason: str, data: dict[str, Any]) -> None:
        """Appends the event to the chain."""
        actor = self.people.actors[by].name if by in self.people.actors else by
        made = Event(
            inquiry_id=self.inquiry.id, sequence=number, action=action, actor=actor, at=at, from_state=before, to_state=self.inquiry.state.value,
            reason=reason, data=data,
        )  # fmt: skip
        self.session.add(chained(self.hash, made))
        self.hash, self.inquiry.version = made.hash, number

    def of_inquiry(self, action: str) -> dict[str, Any]:
        """What the event says about the inquiry itself."""
        if action == "claim":
            self.inquiry.claimed_by_id = self.people.accounts["clerk"].id
        if action == "return_to_assigner":
            self.inquiry.claimed_by_id = None
        told: dict[str, dict[str, Any]] = {
            "post": {"channel": self.inquiry.channel.value, "kind": self.inquiry.kind.value},
            "assign": {"unit": self.inquiry.unit_id},
            "merge": {"into": self.inquiry.merged_into_id},
            "transfer": {"body": self.inquiry.transferred_to},
        }
        return told.get(action, {})

    def of_reply(self, action: str, at: datetime) -> dict[str, Any]:
        """What the step does to the versions of the reply, and what the event says about it."""
        if action == "draft":
            return self.drafted(at)
        if action == "edit":
            return self.edited(at)
        if self.reply is None or action not in VERSION_STATES:
            return {}
        self.reply.state = VERSION_STATES[action]
        if action == "approve":
            return self.approved(self.reply, at)
        if action == "publish":
            return self.published(self.reply, at)
        return {"reply": self.reply.id, "revision": self.reply.revision}

    def drafted(self, at: datetime) -> dict[str, Any]:
        """The system's draft, with the quotations that the reply kept."""
        text = draft_text(self.people, self.parts.labels, self.blocks, self.parts.phrases["reply"], local_day(at))
        reply = self.version(text, ReplyState.drafted, None, at)
        reply.decision, reply.reason = ("suggest", "") if reply.evidence else ("hand_over", "nothing_found")
        documents = list(dict.fromkeys(piece.disclosure_id for piece in reply.evidence))
        return {"decision": reply.decision, "reason": reply.reason, "documents": documents, "reply": reply.id}

    def edited(self, at: datetime) -> dict[str, Any]:
        """The clerk's version; an earlier one than the last still lacks the last block before the closing."""
        self.edits_left -= 1
        blocks = self.blocks if not self.edits_left else [*self.blocks[:-2], *self.blocks[-1:]]
        text = reply_text(self.people, self.parts.labels, blocks, self.unit, local_day(at))
        reply = self.version(text, ReplyState.edited, self.people.accounts["clerk"].id, at)
        return {"reply": reply.id, "revision": reply.revision}

    def version(self, text: str, state: ReplyState, author_id: int | None, at: datetime) -> Reply:
        """A new version in force; the one before is superseded."""
        before = self.reply
        if before is not None:
            before.state, before.in_force = ReplyState.superseded, False
            self.session.flush()
        self.reply = Reply(
            inquiry_id=self.inquiry.id, revision=1 + (before.revision if before else 0), state=state, text=text, author_id=author_id, created_at=at
        )
        if before is not None:
            self.reply.decision, self.reply.reason = before.decision, before.reason
        self.reply.evidence = evidence(self.people, self.blocks, local_day(at))
        self.session.add(self.reply)
        self.session.flush()
        return self.reply

    def approved(self, reply: Reply, at: datetime) -> dict[str, Any]:
        """The second person's approval of what will stand."""
        shown = public_version(self.session, self.inquiry, reply, self.parts.settings)
        reply.approver_id, reply.approved_at, reply.approved_hash = self.people.accounts["signer"].id, at, shown.content_hash
        return {"reply": reply.id, "hash": shown.content_hash}

    def published(self, reply: Reply, at: datetime) -> dict[str, Any]:
        """The masked text as it was given out."""
        shown = public_version(self.session, self.inquiry, reply, self.parts.settings)
        self.publication = Publication(
            reply_id=reply.id, inquiry_id=self.inquiry.id, public=shown.public, title=shown.title, question=shown.question, reply=shown.reply,
            content_hash=shown.content_hash, published_at=at,
        )  # fmt: skip
        self.session.add(self.publication)
        return {"reply": reply.id, "hash": shown.content_hash, "public": shown.public}

    def disclose(self) -> None:
        """列为主动公开 at the time of its publication."""
        at, mark = self.publication.published_at, self.row["disclosure"]
        made = disclosure_of(self.publication, self.inquiry, self.parts.taxonomy, at)
        made.index_number, made.five_open = mark["index_number"], mark["five_open"]
        self.session.add(made)
        self.session.flush()
        self.publication.disclosure_id = made.id
        note_change(self.session, made.id)
        self.event(self.inquiry.version + 1, "disclose", "manager", self.inquiry.closed_at or at, self.inquiry.state.value, "", {"disclosure": made.id})
