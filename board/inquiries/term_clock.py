"""The term (办理期限) of one inquiry, read from its events alone: limit, pauses, extension, restarts; and why its last day is the day it is."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace
from datetime import date, datetime, timedelta
from typing import Any

from sqlalchemy.orm import Session

from board.clock import local_day
from board.inquiries.deadlines import DAYS_MOST, Calendar, CountedDay, due_after
from board.inquiries.lifecycle import TRANSITIONS, Clock, Transition, move
from board.inquiries.limits import limit_for
from board.inquiries.queries import timeline
from board.models import Event, Inquiry
from board.settings import Settings
from board.staff.roles import Actor

PAUSES = {"pause": "征求意见、核查期间", "ask_correction": "等待网民补正"} | {
    "call_for_correction": "等待申请人补正", "hear": "征求第三方意见（条例第三十二条、第三十三条）", "ask_fee": "等待申请人缴纳信息处理费",
}  # fmt: skip
BEGINNINGS = {
    "post": "收到留言", "correct": "收到网民的补正", "follow_up": "网民追问", "reopen": "重新办理", "retract": "撤下答复重新办理", "revise": "更正答复",
    "register": "收到申请", "confirm": "与申请人确认申请", "corrected": "收到申请人的补正", "take_correction": "收到申请人的补正",
}  # fmt: skip


@dataclass(frozen=True, slots=True)
class Pause:
    """Days after ``since`` up to and including ``until`` do not count; ``until`` None while the clock still stands."""

    since: date
    until: date | None
    why: str


@dataclass(frozen=True, slots=True)
class Term:
    """The facts of a term: counted from the day after ``start``; ``latest`` is a deadline set from outside (a referral slip's).

    ``urgent`` is (day of marking, working days from then): the earlier end rules.
    """

    start: date
    days: int
    began: str = "post"
    extension: int = 0
    pauses: tuple[Pause, ...] = ()
    latest: date | None = None
    urgent: tuple[date, int] | None = None

    @property
    def standing(self) -> bool:
        """Whether the clock stands."""
        return bool(self.pauses) and self.pauses[-1].until is None


@dataclass(frozen=True, slots=True)
class Explained:
    """A term counted out: ``due`` None while the clock stands, every day on the way, and what moved the end in words."""

    due: date | None
    provisional: bool
    days: tuple[CountedDay, ...]
    notes: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Rules:
    """What a term is counted by."""

    settings: Settings
    calendar: Calendar


def term_of(rules: Rules, inquiry: Inquiry, events: Iterable[Event]) -> Term:
    """The term as the events tell it, oldest first."""
    received = local_day(inquiry.received_at)
    days = inquiry.term_days or limit_for(rules.settings, inquiry.kind.value, received).days
    term = Term(received, days)
    for event in events:
        term = after(term, event.action, local_day(event.at), event.data or {})
    return term


def after(term: Term, action: str, day: date, data: dict[str, Any], moves: Mapping[str, Transition[Any]] = TRANSITIONS) -> Term:
    """The term after one more event of the table of moves; an event without effect on the clock changes nothing."""
    step = moves.get(action)
    clock = step.clock if step else Clock.none
    if isinstance(data.get("latest"), str):
        term = replace(term, latest=date.fromisoformat(data["latest"]))
    if clock is Clock.restarts:
        return Term(day, int(data.get("days", term.days)), action, latest=term.latest if action == "correct" else None, urgent=term.urgent)
    if clock is Clock.pauses:
        return replace(term, pauses=(*term.pauses, Pause(day, None, PAUSES.get(action, ""))))
    if clock is Clock.resumes and term.standing:
        return replace(term, pauses=(*term.pauses[:-1], replace(term.pauses[-1], until=day)))
    if clock is Clock.extends:
        return replace(term, extension=term.extension + int(data["days"]))
    return with_limit(term, action, day, data)


def with_limit(term: Term, action: str, day: date, data: dict[str, Any]) -> Term:
    """The term under another limit: the one in force at receipt, the unit's own, the one of 急件."""
    if action in {"propose_urgent", "mark_urgent"}:
        return replace(term, urgent=term.urgent or (day, int(data["urgent_days"])))
    if action == "clear_urgent":
        return replace(term, urgent=None)
    return replace(term, days=int(data["days"])) if action in {"post", "assign"} and "days" in data else term


def explained(calendar: Calendar, term: Term) -> Explained:
    """Counts the term out, day by day."""
    days, provisional = counted(calendar, term)
    due = None if term.standing else days[-1].day
    notes = [f"自{BEGINNINGS.get(term.began, '收到留言')}的次日起算，期限 {term.days} 个工作日。"]
    notes += [told(pause) for pause in term.pauses]
    notes += [f"经批准延期 {term.extension} 个工作日。"] if term.extension else []
    for end, why, unsure in ends(calendar, term):
        if due is None or end < due:
            due, provisional = end, unsure
            notes.append(f"{why}，期限为{words(end)}。")
    return Explained(due, provisional, tuple(day for day in days if due is None or day.day <= due), tuple(notes))


def told(pause: Pause) -> str:
    """A pause in words; one that ended on its own day cost nothing."""
    if pause.until == pause.since:
        return f"{pause.why}于{words(pause.since)}暂停计时，当日恢复，没有不计的日期。"
    return f"{pause.why}暂停计时：{words(pause.since)}之后{f'至{words(pause.until)}' if pause.until else ''}的日期不计。"


def ends(calendar: Calendar, term: Term) -> list[tuple[date, str, bool]]:
    """Deadlines beside the counted one, of which the earlier rules: day, why, whether it is provisional."""
    found = [(term.latest, "转办单另有期限，以较早的为准", False)] if term.latest else []
    if term.urgent:
        due = due_after(calendar, *term.urgent)
        found.insert(0, (due.day, f"列为急件，自次日起 {term.urgent[1]} 个工作日", due.provisional))
    return found


def counted(calendar: Calendar, term: Term) -> tuple[list[CountedDay], bool]:
    """Every day from the one after the start, to the end of the term or (while the clock stands) to the day of the pause; and whether it is provisional."""
    found: list[CountedDay] = []
    number, provisional, day = 0, False, term.start
    while number < term.days + term.extension and len(found) < DAYS_MOST + DAYS_MOST:
        if term.standing and day >= term.pauses[-1].since:
            break
        day += timedelta(days=1)
        pause = next((p for p in term.pauses if p.since < day and (p.until is None or day <= p.until)), None)
        works, why, known = calendar.day(day)
        if pause is not None:
            found.append(CountedDay(day, 0, f"{pause.why}，暂停计时"))
            continue
        number += works
        provisional = provisional or not known
        found.append(CountedDay(day, number if works else 0, f"{why}（延期）" if works and number > term.days else why))
    return found, provisional


def words(day: date) -> str:
    """2016年3月14日."""
    return f"{day.year}年{day.month}月{day.day}日"


def why(session: Session, rules: Rules, inquiry: Inquiry) -> Explained:
    """为什么是这一天: the term of an inquiry counted from its stored events."""
    return explained(rules.calendar, term_of(rules, inquiry, timeline(session, inquiry)))


def timed_move(
    session: Session, rules: Rules, inquiry: Inquiry, action: str, actor: Actor, at: datetime, reason: str = "", data: dict[str, Any] | None = None,
    **changes: Any,
) -> Event:  # fmt: skip
    """A move that touches the clock: counts the term as it will be after it and writes its end with the move, in the one compare-and-set."""
    given = data or {}
    term = after(term_of(rules, inquiry, timeline(session, inquiry)), action, local_day(at), given)
    end = explained(rules.calendar, term)
    return move(session, inquiry, action, actor, at, reason, given, due_on=end.due, due_provisional=end.provisional, term_days=term.days, **changes)
