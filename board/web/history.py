"""Imported history: reading it, and making it public piece by piece or a page at once."""

from collections.abc import Sequence

from flask import Blueprint, flash, redirect, render_template, request, url_for
from werkzeug.wrappers import Response

from board.clock import local_day, now
from board.errors import Conflict
from board.inquiries.queries import imported_inquiries
from board.replies import publishing
from board.replies.review import inquiry_for_staff
from board.staff.roles import Right, may
from board.web.current import the_office
from board.web.entering import asked_year
from board.web.forms import page_number
from board.web.guards import local_path
from board.web.staff_pages import acting

blueprint = Blueprint("history", __name__)
SHOWN = {"": None, "no": False, "yes": True}
AT_ONCE_MOST = 50


@blueprint.get("/desk/history")
def index() -> str:
    """Imported inquiries by words, year and whether they are public."""
    query, released = request.args.get("q", "").strip()[:200], request.args.get("released", "")
    with the_office().work.reading() as db:
        page = imported_inquiries(db, acting(), query, asked_year(), SHOWN.get(released), page_number())
        waiting = [item.number for item in page.items if releasable(item)]
        return render_template(
            "desk/history.html", here="history", heading="历史留言", page=page, query=query, year=asked_year(), released=released,
            years=range(local_day(now()).year, 2007, -1), waiting=waiting, may_release=may(acting(), Right.release_history), releasable=releasable,
            back=request.full_path.rstrip("?"),
        )  # fmt: skip


@blueprint.post("/desk/history/release")
def release() -> Response:
    """One piece of history becomes public."""
    release_all([request.form.get("number", "")])
    flash("已公开。", "good")
    return redirect(target(), 303)


@blueprint.post("/desk/history/release-shown")
def release_shown() -> Response | str:
    """The pieces that were shown become public, after a page that says which."""
    numbers = list(dict.fromkeys(request.form.getlist("number")))[:AT_ONCE_MOST]
    if request.form.get("confirmed") != "yes":
        with the_office().work.reading() as db:
            items = [inquiry_for_staff(db, acting(), number) for number in numbers]
            return render_template(
                "desk/history_confirm.html", here="history", heading="公开历史留言", items=[i for i in items if releasable(i)], back=target()
            )
    done = release_all(numbers)
    flash(f"已公开 {done} 条。", "good")
    return redirect(target(), 303)


def release_all(numbers: Sequence[str]) -> int:
    """Releases all of them in one transaction; one that is public already is left alone when there are several. Returns how many."""
    done = 0
    with the_office().work.transaction() as db:
        for number in numbers:
            inquiry = inquiry_for_staff(db, acting(), number)
            if inquiry.released and len(numbers) > 1:
                continue
            publishing.release(db, acting(), inquiry, now())
            done += 1
    if not done:
        raise Conflict("这些历史留言已经公开。")
    return done


def releasable(item: object) -> bool:
    """Whether a piece of history can be made public: closed with a reply, not public yet, and no report of somebody (举报)."""
    state, kind = getattr(item, "state", ""), getattr(item, "kind", "")
    return not getattr(item, "released", True) and state in ("closed", "archived") and kind != "report"


def target() -> str:
    """Back to the list as it was."""
    wanted = local_path(request.form.get("back"))
    return wanted if wanted.startswith("/desk/history") else url_for("history.index")
