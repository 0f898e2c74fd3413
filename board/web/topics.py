"""What people asked lately, and what no published document answers."""

from datetime import timedelta

from flask import Blueprint, render_template, request

from board.clock import local_day, now
from board.inquiries.hot_topics import hot_topics
from board.replies.knowledge_gaps import knowledge_gaps
from board.staff.roles import Right, may
from board.web.current import the_office
from board.web.staff_pages import acting

blueprint = Blueprint("topics", __name__)
WINDOWS = (7, 30, 90)


@blueprint.get("/desk/topics")
def index() -> str:
    """The hot topics of a window of days."""
    office, days = the_office(), asked_days()
    with office.work.reading() as db:
        found = hot_topics(db, office.settings, local_day(now()), days, acting())
    most = max((topic.count for topic in found.topics), default=1)
    before = (found.first - timedelta(days=days), found.first - timedelta(days=1))
    return render_template("desk/topics.html", here="topics", heading="热点", found=found, days=days, windows=windows(), most=most, before=before)


@blueprint.get("/desk/gaps")
def gaps() -> str:
    """The questions without an answer in the register."""
    office = the_office()
    with office.work.reading() as db:
        found = knowledge_gaps(db, office.settings, local_day(now()), acting())
    return render_template(
        "desk/gaps.html", here="topics", heading="知识缺口", found=found, may_enter=may(acting(), Right.publish_disclosures), keep_days=office.settings.section("asking")["keep_days"]
    )  # fmt: skip


def windows() -> list[int]:
    """The windows that can be chosen, the office's own among them."""
    return sorted({*WINDOWS, own_days()})


def own_days() -> int:
    """The office's own window."""
    return int(the_office().settings.section("topics")["days"])


def asked_days() -> int:
    """The window of the address when it can be chosen, else the office's own."""
    given = request.args.get("days", "")
    return int(given) if given in {str(days) for days in windows()} else own_days()
