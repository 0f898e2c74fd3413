"""What all pages of the desk share: the acting person, the navigation with its counts, the chip of a due date."""

from dataclasses import dataclass
from typing import Any

from flask import Flask, g, url_for

from board.clock import local_day, now
from board.errors import HuiyingError, NotAllowed
from board.inquiries.deadlines import working_days_between
from board.inquiries.lifecycle import OPEN
from board.replies import queue
from board.replies.lanes import lines_on
from board.staff import webhooks
from board.staff.roles import Actor, Right, may
from board.web import sessions
from board.web.current import the_office

SOON_DAYS = 1


@dataclass(frozen=True, slots=True)
class Entry:
    """One entry of the navigation; ``count`` 0 shows none, ``late`` colours it."""

    key: str
    words: str
    link: str
    count: int = 0
    late: bool = False


@dataclass(frozen=True, slots=True)
class Chip:
    """A due date in words; ``kind`` late, soon, good or ""."""

    kind: str
    words: str


def register(app: Flask) -> None:
    """Functions that the desk's templates call."""
    app.add_template_global(navigation)
    app.add_template_global(due_chip)
    app.add_template_global(lane_counts)
    app.add_template_global(may_see_quality)
    app.add_template_global(live_seconds)


def acting() -> Actor:
    """The person of this request; the guard has let nobody else in."""
    actor = sessions.actor()
    if actor is None:
        raise NotAllowed("请先登录。")
    return actor


def live_seconds() -> int:
    """How often an open page asks for news."""
    return int(the_office().settings.section("desk")["live_seconds"])


def may_see_quality() -> bool:
    """Whether the person may see figures of the drafts."""
    return may(acting(), Right.preview_report)


def lane_counts() -> dict[str, int]:
    """How many items each lane holds, once a request; {} without the right or while the database is away."""
    if "lane_counts" not in g:
        g.lane_counts = counted()
    found: dict[str, int] = g.lane_counts
    return found


def counted() -> dict[str, int]:
    """The counts themselves."""
    actor = sessions.actor()
    if actor is None or not (may(actor, Right.read_inquiry) or may(actor, Right.manage_interface)):
        return {}
    try:
        with the_office().work.reading() as db:
            if may(actor, Right.manage_interface):
                return {"hooks": webhooks.in_trouble(db)}
            return queue.counts(db, actor, lines_on(the_office().settings, the_office().calendar, local_day(now())))
    except HuiyingError:
        return {}


def navigation() -> list[Entry]:
    """The entries that this person may use."""
    actor, counts = sessions.actor(), lane_counts()
    if actor is None:
        return []
    entries = (
        (Right.read_inquiry, Entry("desk", "工作台", url_for("desk.queue"), counts.get("overdue", 0), late=True)),
        (Right.endorse, Entry("approval", "待审签", url_for("desk.queue", lane="approval"), counts.get("approval", 0))),
        (Right.take_down, Entry("take_down", "代录", url_for("taking_down.form"))),
        (Right.read_inquiry, Entry("slips", "转办件", url_for("taking_down.slips"))),
        (Right.read_application, Entry("applications", "依申请公开", url_for("application_desk.index"))),
        (Right.manage_disclosures, Entry("disclosures", "信息公开库", url_for("entering.index"))),
        (Right.read_inquiry, Entry("history", "历史留言", url_for("history.index"))),
        (Right.read_inquiry, Entry("topics", "分析", url_for("topics.index"))),
        (Right.preview_report, Entry("reports", "年报", url_for("reporting.year"))),
        (Right.requeue, Entry("failed", "未完成任务", url_for("failed.index"), counts.get("failed", 0), late=True)),
        (Right.manage_accounts, Entry("accounts", "账号管理", url_for("people.index"))),
        (Right.manage_interface, Entry("interface", "接口", url_for("interface.index"), counts.get("hooks", 0), late=True)),
        (Right.manage_settings, Entry("settings", "设置", url_for("choosing.index"))),
        (Right.read_audit, Entry("audit", "操作记录", url_for("trail.index"))),
    )
    inside = {"audit"} if may(actor, Right.manage_settings) else set()
    return [entry for right, entry in entries if may(actor, right) and entry.key not in inside]


def due_chip(inquiry: Any) -> Chip:
    """How the term stands today, in working days; over it in calendar days."""
    if inquiry.state not in OPEN or inquiry.due_on is None:
        done = inquiry.state in ("answered", "closed", "archived")
        return Chip("good" if done else "", the_office().labels("state", inquiry.state))
    today = local_day(now())
    if inquiry.due_on < today:
        return Chip("late", f"逾期 {(today - inquiry.due_on).days} 天")
    if inquiry.due_on == today:
        return Chip("soon", "今天到期")
    left = working_days_between(the_office().calendar, today, inquiry.due_on)
    return Chip("soon" if left <= SOON_DAYS else "", f"剩 {left} 个工作日")
