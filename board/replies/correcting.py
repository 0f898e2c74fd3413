"""修改后签发: a signatory corrects the submitted reply and signs the corrected text in one step; what was submitted and what was changed stay for ever.

The corrected version is still its writer's, the correction the signatory's: two people as before (board/decisions/0007).
"""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import select
from sqlalchemy.orm import Session

from board.errors import InvalidInput
from board.inquiries.lifecycle import move
from board.inquiries.queries import timeline
from board.models import Inquiry, Reply, ReplyState
from board.replies import moderating, review, signing, submitting, working_texts
from board.replies.desk_view import names
from board.replies.differences import Row, side_by_side
from board.replies.public_version import Preview, public_version
from board.settings import Settings
from board.staff.roles import Actor, Right, require

MOVE = "correct_and_sign"


@dataclass(frozen=True, slots=True)
class Correction:
    """What a signatory typed: the reply, further words to be covered in public (one a line), and why.

    ``seen_hash`` and ``seen_step`` say which text and step the page showed, ``overrule`` why findings may stand, ``sheet`` names the page.
    """

    text: str
    seen_hash: str
    seen_step: int = 0
    masks: str = ""
    reason: str = ""
    overrule: str = ""
    sheet: str = ""


@dataclass(frozen=True, slots=True)
class Corrected:
    """One correction: whose, at which stage of signing ("" for none), when and why, from which version to which, and every line of both."""

    who: str
    stage: str
    at: datetime
    reason: str
    before: int
    after: int
    rows: list[Row]

    @property
    def changed(self) -> list[Row]:
        """The lines that differ."""
        return [row for row in self.rows if row.changed]


def correct_and_sign(session: Session, actor: Actor, inquiry: Inquiry, given: Correction, settings: Settings, words: Iterable[str], at: datetime) -> str:
    """Signs the corrected text: "endorsed" when further steps follow, "approved" when it was the last one.

    Refused like an approval (NotAllowed for the author, Conflict with the standing text when it is not what was seen) and like handing in
    (InvalidInput for faults); InvalidInput as well when nothing was changed.
    """
    require(actor, Right.correct_and_sign, inquiry)
    reply, _ = review.signable(session, actor, inquiry, given.seen_hash, settings, given.seen_step)
    clean = review.checked_reply(settings, given.text)
    if clean == reply.text and not given.masks.strip():
        raise InvalidInput("文字没有改动。同意现在的文字，请直接审签通过。", "text")
    if clean != reply.text:
        reply = put_in_place(session, actor, inquiry, reply, clean, given, settings, words, at)
    if given.masks.strip():
        moderating.mask_words(session, actor, inquiry, given.masks, at)
    return review.put_signature(session, actor, inquiry, reply, public_version(session, inquiry, reply, settings), at)


def put_in_place(
    session: Session, actor: Actor, inquiry: Inquiry, before: Reply, clean: str, given: Correction, settings: Settings, words: Iterable[str], at: datetime
) -> Reply:
    """The corrected text as a version of the same author, at the same step of signing; the submitted one stays as it was."""
    asking = submitting.refuse_faults(session, inquiry, clean, settings, words, at, given.overrule)
    step = signing.waiting_step(signing.steps_of(session, before))
    after = review.new_version(session, inquiry, before, clean, ReplyState.submitted, before.author_id, at)
    signing.carry_on(session, before, after)
    data = {"reply": after.id, "corrects": before.id, "revision": after.revision, "stage": step.stage if step else ""}
    move(session, inquiry, MOVE, actor, at, given.reason, data)
    submitting.note_overruled(session, actor, inquiry, after, asking, given.overrule, at)
    working_texts.settle(session, actor, inquiry, clean, given.sheet, after, at)
    return after


def as_corrected(session: Session, inquiry: Inquiry, text: str, settings: Settings, masks: str = "") -> Preview:
    """What would stand for the public if this were the reply and these words (one a line) were covered too; nothing is stored."""
    covered = [line.strip() for line in masks.split("\n") if line.strip()]
    unsaved = Reply(inquiry_id=inquiry.id, text=review.checked_reply(settings, text), state=ReplyState.submitted)
    return public_version(session, inquiry, unsaved, settings, covered)


def corrections(session: Session, inquiry: Inquiry, settings: Settings) -> list[Corrected]:
    """All corrections by signatories, oldest first, each with the difference."""
    events = [event for event in timeline(session, inquiry) if event.action == MOVE]
    if not events:
        return []
    versions = {row.id: row for row in session.scalars(select(Reply).where(Reply.inquiry_id == inquiry.id))}
    people = names(session, {event.actor for event in events})
    found = []
    for event in events:
        data = event.data or {}
        before, after = versions[data["corrects"]], versions[data["reply"]]
        stage = signing.label_of(settings, data["stage"]) if data["stage"] else ""
        rows = side_by_side(before.text, after.text)
        found.append(Corrected(people.get(event.actor, event.actor), stage, event.at, event.reason, before.revision, after.revision, rows))
    return found


def correctors(session: Session, inquiry: Inquiry) -> dict[int, str]:
    """Who corrected: id of the corrected version -> name."""
    events = [event for event in timeline(session, inquiry) if event.action == MOVE]
    people = names(session, {event.actor for event in events})
    return {int((event.data or {})["reply"]): people.get(event.actor, event.actor) for event in events}
