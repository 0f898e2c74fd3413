"""Steps for many inquiries at once: what will happen is shown first, then done item by item."""

from typing import Any

from flask import Blueprint, Response, render_template, request, url_for

from board.clock import now
from board.errors import InvalidInput
from board.inquiries.events import note
from board.replies import bulk
from board.replies import queue as room
from board.replies.desk_view import all_units, unit_of_code
from board.reports import queue_list
from board.web.current import the_office
from board.web.desk import as_file
from board.web.error_pages import status_of
from board.web.guards import local_path
from board.web.staff_pages import acting

blueprint = Blueprint("many", __name__)
#: how many items share a transaction: the database is never held for long
CHUNK = 25


@blueprint.post("/desk/many")
def plan() -> Response | str:
    """What will happen to each of the chosen items; an export is simply given."""
    chosen = request.form.getlist("shown" if request.form.get("all") else "number")
    if request.form.get("step", "") in {"export-csv", "export-xlsx"}:
        return exported(chosen, request.form["step"].removeprefix("export-"))
    return asked(chosen, {})


def asked(chosen: list[str], errors: dict[str, str], status: int = 200) -> Response:
    """The page of the preview, with what is still wrong."""
    actor, steps = acting(), bulk.steps_for(acting())
    with the_office().work.reading() as db:
        order = order_of(db)
        lines, wrong = [], dict(errors)
        try:
            lines = bulk.preview(db, actor, order, bulk.checked(actor, order, chosen, complete=False))
        except InvalidInput as error:
            wrong[error.field], status = error.message, status_of(error)
        text = render_template("desk/many.html", here="desk", heading="批量办理", order=order, lines=lines, errors=wrong, units=all_units(db), steps=steps,
                               needs_reason=bulk.needs_reason(order.step), back=back())  # fmt: skip
    return Response(text, status)


@blueprint.post("/desk/many/do")
def carry_out() -> Response:
    """Does it, and says of each item what came of it."""
    actor, work = acting(), the_office().work
    items = [(number, int(version)) for number, _, version in (given[:140].rpartition("@") for given in request.form.getlist("item")) if version.isdigit()]
    try:
        with work.reading() as db:
            order = order_of(db)
            bulk.checked(actor, order, [number for number, _ in items])
    except InvalidInput as error:
        return asked([number for number, _ in items], {error.field: error.message}, status_of(error))
    done: list[bulk.Done] = []
    for start in range(0, len(items), CHUNK):
        with work.transaction() as db:
            done += bulk.carry_out(db, actor, order_of(db), items[start : start + CHUNK], now())
    return Response(render_template("desk/many_done.html", here="desk", heading="批量办理结果", order=order, done=done, back=back()))


def exported(chosen: list[str], form: str) -> Response:
    """The chosen items as a file; who took it is written down."""
    actor, office = acting(), the_office()
    with office.work.transaction() as db:
        items = room.chosen_items(db, actor, chosen[: bulk.ITEMS_MOST])
        note(db, "export_list", actor.name, now(), data={"rows": len(items), "form": form, "lane": ""})
        content = queue_list.list_file(items, office.labels, form, "留言清单")
    return as_file(content, form)


def order_of(db: Any) -> bulk.Order:
    """What the form asks for."""
    unit = unit_of_code(db, request.form.get("unit", ""))
    return bulk.Order(request.form.get("step", "")[:40], unit, request.form.get("reason", "").strip()[: the_office().settings.limit("reason")])


def back() -> str:
    """The view that the person came from."""
    given = local_path(request.form.get("back"))
    return given if given.startswith("/desk") else url_for("desk.queue")
