"""The desk: counters, lanes, and the queue by due date."""

from flask import Blueprint, redirect, render_template, request, url_for
from werkzeug.wrappers import Response

from board.clock import local_day, now
from board.replies import queue as room
from board.staff.roles import Right, may
from board.web.current import the_office
from board.web.forms import page_number
from board.web.staff_pages import acting

blueprint = Blueprint("desk", __name__)

#: lane -> its name; the counters above the queue show those with a colour or a dash
LANES = {
    "all": "全部在办", "mine": "我的", "unassigned": "未认领", "received": "待审核", "today": "今天到期", "overdue": "已逾期",
    "approval": "待审签", "returned": "被退回", "failed": "处理失败", "aged": "超过60天", "done": "已办结",
}  # fmt: skip
COUNTERS = (("overdue", "late"), ("today", "soon"), ("approval", ""), ("unassigned", ""), ("returned", ""), ("mine", ""), ("failed", "late"), ("aged", "late"))


@blueprint.get("/desk")
def queue() -> Response | str:
    """One lane of the queue; who handles no inquiries goes to the work of the machine."""
    actor, office, today = acting(), the_office(), local_day(now())
    if not may(actor, Right.read_inquiry):
        return redirect(url_for("failed.index"))
    lane, query = request.args.get("lane", "all"), request.args.get("q", "").strip()[:200]
    lane = lane if lane in LANES else "all"
    with office.work.reading() as db:
        page = room.desk_queue(db, actor, lane, today, query, page_number())
        drafts = room.drafts_of(db, [item.id for item in page.items])
        escalated = room.red_lines(db, today, int(office.settings.section("deadlines")["escalate_days"]))
        return render_template(
            "desk/queue.html", here="approval" if lane == "approval" else "desk", heading=LANES[lane], lane=lane, lanes=LANES, counters=COUNTERS,
            query=query, page=page, drafts=drafts, escalated=escalated,
        )  # fmt: skip
