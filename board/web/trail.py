"""操作记录: every event, for managers, administrators and auditors; and as a file."""

from datetime import date
from functools import partial

from flask import Blueprint, Response, render_template, request

from board.clock import local, now
from board.errors import InvalidInput, NotFound
from board.inquiries import trail as room
from board.inquiries.trail_files import FORMS, file_of
from board.replies.desk_view import all_units
from board.storage.chains import note
from board.web.current import the_office
from board.web.forms import page_number
from board.web.staff_pages import acting
from board.web.trail_words import in_words
from board.wording.labels import Labels

blueprint = Blueprint("trail", __name__)
FIELDS = ("actor", "action", "object", "begin", "end")


@blueprint.get("/desk/audit")
def index() -> tuple[str, int]:
    """One page of events by actor, action, days and object."""
    values = {name: request.args.get(name, "").strip()[:120] for name in FIELDS}
    errors: dict[str, str] = {}
    try:
        wanted = wanted_of(values)
    except InvalidInput as error:
        wanted, errors = room.Wanted(), {error.field: error.message}
    with the_office().work.reading() as db:
        found = room.trail(db, acting(), wanted, page_number())
        page = render_template(
            "desk/audit.html", here="audit", heading="操作记录", page=found, values=values, errors=errors, actions=room.known_actions(db),
            filtered=any(values.values()), query={name: value for name, value in values.items() if value},
            shown=partial(in_words, labels=with_stages(), units={unit.id: unit.short_name for unit in all_units(db)}),
        )  # fmt: skip
    return page, 422 if errors else 200


@blueprint.get("/desk/audit/export.<form>")
def export(form: str) -> Response:
    """The same events as a file; that it was taken out is an event too."""
    if form not in FORMS:
        raise NotFound("没有这种格式。")
    office, actor = the_office(), acting()
    values = {name: request.args.get(name, "").strip()[:120] for name in FIELDS}
    wanted = wanted_of(values)
    with office.work.transaction() as db:
        note(db, "export_audit", actor.name, now(), data={"format": form} | {name: value for name, value in values.items() if value}, chain="report")
    with office.work.reading() as db:
        body = "".join(file_of(room.whole_trail(db, actor, wanted), office.labels, form))
    response = Response(body, content_type=FORMS[form])
    response.headers["Content-Disposition"] = f'attachment; filename="audit-{local(now()):%Y%m%d-%H%M%S}.{form}"'
    return response


def with_stages() -> Labels:
    """The labels, with the steps of signing as this office calls them."""
    office = the_office()
    stages = {name: str(stage["label"]) for name, stage in office.settings.section("approval")["stages"].items()}
    return Labels({**office.labels.tables, "stage": stages})


def wanted_of(values: dict[str, str]) -> room.Wanted:
    """The filters as values; InvalidInput for a day that is none."""
    return room.Wanted(values["actor"], values["action"], day_of(values["begin"], "begin"), day_of(values["end"], "end"), values["object"])


def day_of(given: str, field: str) -> date | None:
    """A day of the address."""
    try:
        day = date.fromisoformat(given) if given else None
    except ValueError as error:
        raise InvalidInput("日期写作 2026-12-31 的样子。", field) from error
    if day is not None and not 1990 <= day.year <= 2200:
        raise InvalidInput("日期不在可查的范围内。", field)
    return day
