"""The desk: counters, lanes, filters, saved views and the queue; every view is an address."""

from typing import Any
from urllib.parse import urlencode

from flask import Blueprint, Response, flash, redirect, render_template, request, url_for
from werkzeug.wrappers import Response as Answer

from board.clock import local_day, now
from board.errors import InvalidInput
from board.inquiries.events import note
from board.replies import bulk, saved_views
from board.replies import queue as room
from board.replies.choosing import DRAFTS, DUES, SORTS, Choice, choice_of
from board.replies.desk_view import all_units
from board.replies.lanes import LANES, Lines, lines_on
from board.reports import queue_list
from board.staff.accounts import active_people
from board.staff.roles import Right, may, require
from board.web.current import the_office
from board.web.error_pages import status_of
from board.web.staff_pages import acting

blueprint = Blueprint("desk", __name__)

#: lane -> colour of its counter when it holds something; red lines and failures are shown only then
COUNTERS = (
    ("urgent", "late"), ("supervised", "late"), ("joint", "soon"), ("overdue", "late"), ("today", "soon"), ("soon", ""), ("approval", ""), ("returned", ""), ("unassigned", ""), ("unit", ""), ("mine", ""),
    ("held", "soon"), ("paused", ""), ("failed", "late"), ("warn", "soon"), ("escalate", "late"), ("fail", "late"),
)  # fmt: skip
ONLY_WHEN_FULL = frozenset({"urgent", "supervised", "joint", "held", "paused", "failed", "warn", "escalate", "fail"})
#: the names by which earlier versions of the program linked to lanes
FORMER = {"aged": "warn"}


def todays_lines() -> Lines:
    """Where today's lanes are cut."""
    office = the_office()
    return lines_on(office.settings, office.calendar, local_day(now()))


def asked() -> Choice:
    """The view that the address asks for."""
    given = dict(request.args)
    given["lane"] = FORMER.get(given.get("lane", ""), given.get("lane", ""))
    return choice_of(given)


@blueprint.get("/desk")
def queue() -> Answer | str:
    """One page of a view; who handles no inquiries goes to the work of the machine."""
    if not may(acting(), Right.read_inquiry):
        return redirect(url_for("failed.index"))
    return page(asked(), {})


def page(choice: Choice, errors: dict[str, str], typed: dict[str, str] | None = None) -> str:
    """The queue's page, with what was wrong in one of its small forms."""
    actor, office = acting(), the_office()
    with office.work.reading() as db:
        listing = room.desk_queue(db, actor, choice, todays_lines(), after=request.args.get("after", ""), before=request.args.get("before", ""))
        return render_template(
            "desk/queue.html", here="approval" if choice.lane == "approval" else "desk", heading=office.labels("lane", choice.lane), choice=choice,
            pressing=room.urgent_items(db, actor),
            counters=COUNTERS, only_when_full=ONLY_WHEN_FULL, listing=listing, drafts=room.drafts_of(db, [item.id for item in listing.items]),
            views=saved_views.saved_views(db, actor), options=options(db), steps=bulk.steps_for(actor), errors=errors, typed=typed or {},
            address=address, red_lines=office.settings.section("deadlines"),
        )  # fmt: skip


def options(db: Any) -> dict[str, list[tuple[str, str]]]:
    """What each filter offers: (value, words)."""
    office = the_office()
    tables = {name: list(office.labels.tables[name].items()) for name in ("kind", "channel", "state")}
    holders = [("me", "我"), ("none", "无人经办"), *((person.login, person.display_name) for person in active_people(db))]
    return {
        "lane": [(lane, office.labels("lane", lane)) for lane in LANES],
        "unit": [(unit.code, unit.short_name) for unit in all_units(db)],
        "subject": [(subject["name"], subject["name"]) for subject in office.taxonomy.get("subjects", ())],
        "due": [(due, office.labels("due_filter", due)) for due in DUES],
        "draft": [(draft, office.labels("draft_filter", draft)) for draft in DRAFTS],
        "sort": [(sort, office.labels("sort", sort)) for sort in SORTS],
        "held": [("yes", "需留意")],
        "urgent": [("yes", "急件")],
        "holder": holders,
        **tables,
    }


def address(choice: Choice, **changes: str) -> str:
    """The address of a view, changed in some of its parts; ``after`` and ``before`` turn its pages."""
    places: dict[str, str] = {name: changes.pop(name) for name in ("after", "before") if name in changes}
    query = urlencode(choice.parts(**changes) | places)
    return f"{url_for('desk.queue')}?{query}" if query else url_for("desk.queue")


@blueprint.post("/desk/views")
def save_view() -> Answer | str:
    """Keeps the view that the form carries."""
    choice = choice_of(request.form)
    try:
        with the_office().work.transaction() as db:
            view = saved_views.save_view(db, acting(), request.form.get("name", ""), choice, now())
    except InvalidInput as error:
        return Answer(page(choice, {error.field: error.message}, {"name": request.form.get("name", "")[:60]}), status_of(error), mimetype="text/html")
    flash(f"已保存视图“{view.name}”。", "good")
    return redirect(address(choice), 303)


@blueprint.post("/desk/views/<int:view_id>/remove")
def remove_view(view_id: int) -> Answer:
    """Forgets a view."""
    with the_office().work.transaction() as db:
        saved_views.remove_view(db, acting(), view_id)
    flash("已删除视图。", "good")
    return redirect(url_for("desk.queue"), 303)


@blueprint.get("/desk/list.<any(csv, xlsx):form>")
def export(form: str) -> Response:
    """The view as a file (at most 5,000 rows); who took it is written down."""
    actor, office, choice = acting(), the_office(), asked()
    with office.work.transaction() as db:
        require(actor, Right.read_inquiry)
        listing = room.desk_queue(db, actor, choice, todays_lines(), per_page=queue_list.ROWS_MOST)
        note(db, "export_list", actor.name, now(), data={"rows": len(listing.items), "form": form, "lane": choice.lane})
        content = queue_list.list_file(listing.items, office.labels, form, office.labels("lane", choice.lane))
    return as_file(content, form)


def as_file(content: bytes, form: str) -> Response:
    """A download named by the day."""
    answer = Response(content, mimetype=None, content_type=queue_list.FORMATS[form])
    answer.headers["Content-Disposition"] = f'attachment; filename="huiying-list-{local_day(now()):%Y%m%d}.{form}"'
    return answer
