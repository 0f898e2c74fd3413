"""急件: wage arrears of many, self-harm, mass incidents, safety; proposed by words, confirmed or cleared by a person (DOMAIN 4).

Its events tell the duty, at any hour (the table of moves says so); who is on duty and by which way they are told is not decided here.
"""

from collections.abc import Sequence
from datetime import datetime

from sqlalchemy.orm import Session

from board.inquiries.term_clock import Rules, timed_move
from board.models import Inquiry, Urgency
from board.settings import Settings
from board.staff.roles import SYSTEM, Actor
from responder.text import plain


def urgent_words(settings: Settings, title: str, text: str) -> Sequence[str]:
    """The words of config [urgent] that occur, whatever script or width they are written in; a word of several parts needs all of them."""
    said = plain(f"{title}\n{text}")
    return [word for word in settings.section("urgent")["words"] if all(plain(part) in said for part in word.split("+"))]


def propose_urgent(session: Session, rules: Rules, inquiry: Inquiry, at: datetime) -> bool:
    """The machine proposes 急件 when its words occur: treated as one at once, until a person says otherwise; the duty is told at any hour."""
    words = urgent_words(rules.settings, inquiry.title, inquiry.text)
    if not words or inquiry.urgency != Urgency.ordinary:
        return False
    data = {"urgent_days": urgent_days(rules), "words": list(words)[:10]}
    timed_move(session, rules, inquiry, "propose_urgent", SYSTEM, at, "留言中出现急件用语", data, urgency=Urgency.proposed)
    return True


def mark_urgent(session: Session, rules: Rules, actor: Actor, inquiry: Inquiry, reason: str, at: datetime) -> None:
    """A person sets or confirms 急件; the event tells the duty."""
    timed_move(session, rules, inquiry, "mark_urgent", actor, at, reason, {"urgent_days": urgent_days(rules)}, urgency=Urgency.confirmed)


def clear_urgent(session: Session, rules: Rules, actor: Actor, inquiry: Inquiry, reason: str, at: datetime) -> None:
    """A person finds that it is no 急件; the ordinary term holds again."""
    timed_move(session, rules, inquiry, "clear_urgent", actor, at, reason, urgency=Urgency.ordinary)


def urgent_days(rules: Rules) -> int:
    """Working days of an 急件, counted from the day after it became one."""
    return int(rules.settings.section("deadlines")["urgent"])
