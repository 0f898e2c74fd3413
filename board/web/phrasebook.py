"""常用语: kept by managers, inserted into replies by clerks."""

from typing import Any

from flask import Blueprint, flash, redirect, render_template, request, url_for
from werkzeug.wrappers import Response

from board.clock import local_day, now
from board.errors import Conflict, InvalidInput
from board.replies import phrasebook as room
from board.replies.desk_view import all_units
from board.web.choosing import KINDS, refused
from board.web.current import the_office
from board.web.staff_pages import acting

blueprint = Blueprint("templates", __name__)
FIELDS = ("title", "text", "unit", "kind", "reason")


@blueprint.get("/desk/settings/templates")
def index() -> str:
    """All phrases."""
    query = request.args.get("q", "").strip()[:60]
    with the_office().work.reading() as db:
        known = room.phrases(db, local_day(now()))
        found = [one for one in known if query.lower() in f"{one.title}{one.text}".lower()]
        return render_template("desk/templates.html", here="settings", heading="常用语", phrases=found, total=len(known), query=query, units=unit_names(db))


@blueprint.get("/desk/settings/templates/new")
def form() -> str:
    """The form for a new phrase."""
    return page("", {}, {})


@blueprint.post("/desk/settings/templates/new")
def create() -> Response:
    """A new phrase."""
    return keep("")


@blueprint.get("/desk/settings/templates/<key>")
def show(key: str) -> str:
    """One phrase with its versions."""
    return page(key, None, {})


@blueprint.post("/desk/settings/templates/<key>")
def change(key: str) -> Response:
    """A new version."""
    return keep(key)


@blueprint.post("/desk/settings/templates/<key>/drop")
def drop(key: str) -> Response:
    """Out of use."""
    try:
        with the_office().work.transaction() as db:
            room.drop(db, acting(), key, seen(), now(), local_day(now()))
    except Conflict as error:
        return refused(error, lambda errors: page(key, None, errors))
    flash("已删除，历次版本仍然保留。", "good")
    return redirect(url_for("templates.index"), 303)


def keep(key: str) -> Response:
    """Saves the form."""
    values = {name: request.form.get(name, "").strip()[:4000] for name in FIELDS}
    try:
        with the_office().work.transaction() as db:
            room.keep(db, acting(), key, values, seen(), now(), local_day(now()))
    except (InvalidInput, Conflict) as error:
        return refused(error, lambda errors: page(key, values, errors))
    flash("已保存，写答复时即可插入。", "good")
    return redirect(url_for("templates.index"), 303)


def seen() -> int:
    """The version that the form began from."""
    given = request.form.get("seen", "0")
    return int(given) if given.isascii() and given.isdigit() and len(given) < 10 else -1


def page(key: str, values: dict[str, str] | None, errors: dict[str, str]) -> str:
    """The form, for a new phrase or one that is there."""
    today = local_day(now())
    with the_office().work.reading() as db:
        phrase = room.one_phrase(db, key, today) if key else None
        shown = values if values is not None else {name: getattr(phrase, name, "") for name in FIELDS}
        return render_template(
            "desk/template.html", here="settings", heading=phrase.title if phrase else "新增常用语", phrase=phrase, values=shown, errors=errors, kinds=KINDS,
            units=all_units(db), variables=room.VARIABLES, versions=room.versions_of(db, key) if key else [],
        )  # fmt: skip


def unit_names(db: Any) -> dict[str, str]:
    """Short names by code."""
    return {unit.code: unit.short_name for unit in all_units(db)}
