"""Which steps a person can take on an inquiry now: the table of moves and the table of rights, asked together."""

from board.inquiries.lifecycle import TRANSITIONS, possible_now
from board.models import Inquiry, InquiryState, Publication, Reply, ReplyState
from board.staff.roles import Actor, Right, may

CLAIMABLE = frozenset({InquiryState.received, *TRANSITIONS["claim"].sources})
SIDE_MOVES = (
    "extend", "pause", "ask_correction", "resume", "transfer", "unclaim", "remind", "supervise", "unmerge", "retract", "revise", "mark_urgent", "clear_urgent",
    "mark_accused",
)  # fmt: skip


def steps(actor: Actor, inquiry: Inquiry, reply: Reply | None, published: Publication | None) -> frozenset[str]:
    """Names of the steps: take, write, submit, assign, decline, mark_invalid, merge, return_to_assigner, case_note, feedback, review, approve, correct_and_sign, send_back, disclose."""
    found = {name for name in SIDE_MOVES if open_to(actor, name, inquiry)} - ({"unclaim"} if inquiry.claimed_by_id != actor.account_id else set())
    found |= {name for name in ("decline", "mark_invalid", "merge", "assign", "return_to_assigner", "case_note", "feedback") if open_to(actor, name, inquiry)}
    if inquiry.state == InquiryState.received and may(actor, Right.assign, inquiry) and may(actor, Right.accept, inquiry):
        found.add("assign")
    if takeable(actor, inquiry):
        found.add("take")
    if may(actor, Right.edit_draft, inquiry) and (inquiry.state == InquiryState.in_hand or "take" in found):
        found |= {"write", "submit"}
    if published is not None and published.public and published.disclosure_id is None and open_to(actor, "disclose", inquiry):
        found.add("disclose")
    return frozenset(found | approving(actor, inquiry, reply))


def open_to(actor: Actor, name: str, inquiry: Inquiry) -> bool:
    """Whether the move starts from this state and the actor has its right."""
    step = TRANSITIONS[name]
    return possible_now(step, inquiry) and isinstance(step.by, Right) and may(actor, step.by, inquiry)


def takeable(actor: Actor, inquiry: Inquiry) -> bool:
    """Whether the actor can take the item in hand; a new one is accepted with it."""
    accepted = inquiry.state != InquiryState.received or may(actor, Right.accept, inquiry)
    return inquiry.state in CLAIMABLE and accepted and may(actor, Right.claim, inquiry)


def approving(actor: Actor, inquiry: Inquiry, reply: Reply | None) -> set[str]:
    """What a signatory can do with a submitted reply: never approve the own one."""
    if inquiry.state != InquiryState.awaiting_approval or reply is None or reply.state != ReplyState.submitted:
        return set()
    found = {"review"} if may(actor, Right.endorse, inquiry) or may(actor, Right.send_back, inquiry) else set()
    if may(actor, Right.send_back, inquiry):
        found.add("send_back")
    if may(actor, Right.endorse, inquiry) and reply.author_id != actor.account_id:
        found |= {"approve"} | ({"correct_and_sign"} if may(actor, Right.correct_and_sign, inquiry) else set())
    return found
