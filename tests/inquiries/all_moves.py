"""The rarer moves of an inquiry's life, each through its real function by somebody who may make it; the state machine mixes them into its walks."""

from collections.abc import Callable, Mapping
from datetime import timedelta
from typing import Any, Protocol

from sqlalchemy import select

from board.clock import local_day
from board.inquiries import case_file, delicate, new_code, own_data, rating, side_moves, taking_down
from board.inquiries.archiving import archive_closed
from board.inquiries.posting import Post
from board.inquiries.term_clock import Rules
from board.models import Channel, FileKind, Inquiry, NoteKind, PartState, PublicMask, Unit
from board.replies import claims, consent, correcting, feedback_slip, moderating, paper_signing, publishing, review, signing, submitting, together
from board.staff.roles import Actor
from tests.bureau import Bureau

PNG = bytes.fromhex("89504e470d0a1a0a0000000d49484452000000010000000108060000001f15c4890000000a49444154789c6360000002000154a24f5d0000000049454e44ae426082")


class Walk(Protocol):
    """What a step may use of the machine: people, moment, rules, a text that must never be lost, a name that may be, inquiries that it adds."""

    bureau: Bureau
    at: Any
    rules: Rules

    new: list[tuple[int, str]]

    def words(self) -> str: ...

    def name(self) -> str: ...


def unit(session: Any, code: str) -> Unit:
    """One unit of the bureau."""
    return session.query(Unit).filter_by(code=code).one()


def reply_of(session: Any, inquiry: Inquiry) -> Any:
    """The version in force, which these steps need."""
    reply = review.current_reply(session, inquiry)
    if reply is None:
        raise review.Conflict("尚无答复。")
    return reply


def answer_part(m: Walk, session: Any, inquiry: Inquiry, actor: Actor) -> None:
    for part in together.parts_of(session, inquiry):
        if part.state == PartState.asked:
            together.answer_part(session, actor, inquiry, part, m.words(), m.rules.settings, m.at)


def correct_and_sign(m: Walk, session: Any, inquiry: Inquiry, actor: Actor) -> None:
    reply_of(session, inquiry)
    seen = review.preview(session, inquiry, m.rules.settings).content_hash
    given = correcting.Correction(m.words(), seen, reason="表述更准确")
    correcting.correct_and_sign(session, actor, inquiry, given, m.rules.settings, (), m.at)


def scan(m: Walk, session: Any, inquiry: Inquiry, actor: Actor) -> Any:
    return case_file.add_file(session, m.rules.settings, actor, inquiry, FileKind.signed_slip, "签批件.png", PNG, m.at)


def paper(m: Walk, session: Any, inquiry: Inquiry, actor: Actor) -> None:
    reply_of(session, inquiry)
    shown = review.preview(session, inquiry, m.rules.settings).content_hash
    paper_signing.sign_on_paper(session, actor, inquiry, "signer2", scan(m, session, inquiry, actor).id, shown[:12], m.rules.settings, m.at)


def overrule(m: Walk, session: Any, inquiry: Inquiry, actor: Actor) -> None:
    standing = reply_of(session, inquiry)
    reply = review.save_draft(session, actor, inquiry, m.words() + "\n金额：____元。", standing.revision, m.rules.settings, m.at)
    submitting.hand_in(session, actor, inquiry, reply.revision, m.at, m.rules.settings, (), "空白由申请人填写")


def unmask(m: Walk, session: Any, inquiry: Inquiry, actor: Actor) -> None:
    row = session.scalar(select(PublicMask.id).where(PublicMask.inquiry_id == inquiry.id, PublicMask.lifted_at.is_(None)).limit(1))
    moderating.lift_mask(session, actor, inquiry, row or 0, m.at)


def slip(m: Walk, session: Any, inquiry: Inquiry, actor: Actor) -> None:
    """A referral slip belongs to a new inquiry: its own words come with it."""
    office = m.bureau.office
    post = Post(m.name(), True, kind="咨询", channel=Channel.referral)
    given = taking_down.Slip(m.rules.settings.section("referrals")["sources"][0], m.name(), local_day(m.at) + timedelta(days=9))
    posted = taking_down.take_down(session, m.rules.settings, office.labels, office.key, m.rules.calendar, actor, post, given, m.at)
    m.new.append((posted.inquiry_id, post.text))


def bypass(m: Walk, session: Any, inquiry: Inquiry, actor: Actor) -> None:
    signing.bypass(session, actor, inquiry, reply_of(session, inquiry), "负责人出差", m.rules.settings, m.at)


def endorse(m: Walk, session: Any, inquiry: Inquiry, actor: Actor) -> None:
    reply_of(session, inquiry)
    review.approve(session, actor, inquiry, review.preview(session, inquiry, m.rules.settings).content_hash, m.rules.settings, m.at)


def clear_accused(m: Walk, session: Any, inquiry: Inquiry, actor: Actor) -> None:
    proposed = delicate.proposed_units(session, inquiry)
    delicate.clear_accused(session, actor, inquiry, proposed[0] if proposed else None, m.at)


def renew(m: Walk, session: Any, inquiry: Inquiry, actor: Actor) -> None:
    office = m.bureau.office
    new_code.renew_code(session, office.labels, office.key, actor, inquiry, "self", "details", m.at)


Step = Callable[[Any, Any, Inquiry, Actor], object]
#: move -> who makes it when nobody else is drawn, and how
STEPS: Mapping[str, tuple[str, Step]] = {
    "transfer": ("manager", lambda m, s, i, a: side_moves.transfer(s, a, i, "县医疗保障局", "属其职责", m.at)),
    "assign": ("front", lambda m, s, i, a: review.assign(s, a, i, unit(s, "sbj" if i.unit_id == m.bureau.root_id else "bureau"), m.at, "", m.rules)),
    "co_handle": ("manager", lambda m, s, i, a: together.ask_unit(s, a, i, unit(s, "jyg"), m.words(), local_day(m.at), m.at)),
    "co_answer": ("head", answer_part),
    "take_over": ("signer", lambda m, s, i, a: claims.take_over(s, a, i, m.at, reason="休假")),
    "return_to_assigner": ("clerk", lambda m, s, i, a: review.return_to_assigner(s, a, i, "不属本股室", m.at)),
    "endorse": ("front", endorse),
    "bypass": ("signer", bypass),
    "correct_and_sign": ("signer", correct_and_sign),
    "disclose": ("manager", lambda m, s, i, a: publishing.disclose(s, a, i, m.bureau.office.taxonomy, m.at)),
    "rate": ("", lambda m, s, i, a: rating.rate(s, m.rules.settings, i, {"grade": "poor"}, m.words(), m.at)),
    "consent": ("", lambda m, s, i, a: consent.change_consent(s, i, not i.publish, m.at)),
    "change_contact": ("", lambda m, s, i, a: own_data.change_contact(s, m.rules.settings, i, m.name(), m.at)),
    "set_notices": ("", lambda m, s, i, a: own_data.set_notices(s, m.rules.settings, i, "" if i.notice_to else "wang@example.com", m.at)),
    "erase_contact": ("", lambda m, s, i, a: own_data.erase_contact(s, i, m.at)),
    "renew_code": ("front", renew),
    "supervise": ("manager", lambda m, s, i, a: side_moves.supervise(s, a, i, "领导关注", m.at, local_day(m.at))),
    "remind": ("front", lambda m, s, i, a: side_moves.remind(s, a, i, m.at)),
    "mark_accused": ("front", lambda m, s, i, a: delicate.mark_accused(s, a, i, i.unit if i.unit.parent_id else unit(s, "sbj"), m.name(), m.at)),
    "clear_accused": ("front", clear_accused),
    "let_through": ("front", lambda m, s, i, a: moderating.let_through(s, a, i, "已核对", m.at)),
    "reveal": ("manager", lambda m, s, i, a: moderating.reveal(s, a, i, "核实身份", m.at)),
    "mask": ("signer", lambda m, s, i, a: moderating.mask_words(s, a, i, i.text[-6:], m.at)),
    "unmask": ("signer", unmask),
    "slip": ("front", slip),
    "feedback": ("manager", lambda m, s, i, a: feedback_slip.note_sent(s, a, i, m.at)),
    "case_note": ("manager", lambda m, s, i, a: case_file.add_note(s, m.rules.settings, a, i, NoteKind.note, m.words(), "", m.at)),
    "case_file": ("manager", scan),
    "paper": ("front", paper),
    "overrule": ("clerk", overrule),
    "archive": ("", lambda m, s, i, a: archive_closed(s, m.rules.settings, m.at)),
}
