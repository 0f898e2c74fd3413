"""The course of an inquiry in plain words: what the public may see, and what its citizen may."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from board.clock import local_day
from board.inquiries.deadlines import working_days_between
from board.web.current import the_office

PUBLIC_STEPS = {
    "post": "收到留言", "import": "收到留言", "accept": "审核受理", "assign": "转交承办单位", "publish": "审签并答复", "close": "办结",
    "decline": "不予受理", "mark_invalid": "作无效留言处理", "merge": "与同类留言合并办理", "withdraw": "网民撤回", "reopen": "重新办理",
    "unmerge": "撤销合并，单独办理", "promote": "单独办理", "transfer": "移送其他机关", "extend": "延期办理", "follow_up": "网民追问", "revise": "更正答复",
    "retract": "撤下答复，重新办理",
}  # fmt: skip
CITIZEN_STEPS = PUBLIC_STEPS | {
    "claim": "承办人开始办理", "submit": "答复稿送审签", "pause": "暂停计时", "ask_correction": "请您补正", "resume": "恢复计时", "correct": "收到您的补正",
    "supplement": "收到您的补充", "recount_term": "放假安排公布，期限重新计算",
    "rate": "您评价了答复", "consent": "您更改了公开意愿", "change_contact": "您更新了联系方式", "erase_contact": "您删除了称呼和联系方式", "set_notices": "您更改了提醒方式",
    "renew_code": "核对身份后换发查询码，原查询码作废",
}  # fmt: skip
#: of these only the reason was written for the citizen
REASONS = frozenset({"decline", "merge", "mark_invalid", "unmerge", "transfer", "extend", "pause", "ask_correction", "resume", "retract"})


@dataclass(frozen=True, slots=True)
class Step:
    """One line of the course; ``reason`` is for the citizen alone."""

    action: str
    words: str
    at: datetime
    reason: str = ""


def public_course(events: Iterable[Any], unit: str) -> list[Step]:
    """The steps that stand on the public card; nothing of the work inside the office."""
    return [Step(e.action, in_words(PUBLIC_STEPS[e.action], e.action, unit), e.at) for e in events if e.action in PUBLIC_STEPS]


def citizen_course(events: Iterable[Any], unit: str) -> list[Step]:
    """The steps that the citizen sees with the code, repeated ones once, with the reason where one is owed."""
    steps: list[Step] = []
    for event in events:
        if event.action not in CITIZEN_STEPS:
            continue
        step = Step(event.action, in_words(CITIZEN_STEPS[event.action], event.action, unit), event.at, event.reason if event.action in REASONS else "")
        steps = [earlier for earlier in steps if event.action not in ("claim", "submit") or earlier.action != event.action]
        steps.append(step)
    return steps


def in_words(words: str, action: str, unit: str) -> str:
    """The step with the unit's name where it says to whom."""
    return f"转交{unit}" if action == "assign" and unit else words


def working_days_taken(inquiry: Any) -> int | None:
    """Working days from receipt to answer; None while there is no answer."""
    if inquiry.answered_at is None:
        return None
    return max(0, working_days_between(the_office().calendar, local_day(inquiry.received_at), local_day(inquiry.answered_at)))
