"""接口: keys of other offices' programs and web hooks, for the administrator."""

from collections.abc import Callable
from datetime import date
from typing import Any

from flask import Blueprint, flash, redirect, render_template, request, url_for
from werkzeug.wrappers import Response

from board.clock import now
from board.errors import Conflict, InvalidInput
from board.staff import api_keys, webhooks
from board.staff.api_keys import Scope, Wanted
from board.web.current import the_office
from board.web.error_pages import status_of
from board.web.staff_pages import acting

blueprint = Blueprint("interface", __name__)
SWITCHES: dict[str, tuple[Callable[[Any, Any, Any, Any], None], str]] = {
    "off": (webhooks.switch_off, "已停用，不再推送。"),
    "on": (webhooks.switch_on, "已启用，等待的推送随后送出。"),
}


@blueprint.get("/desk/interface")
def index() -> str:
    """All keys and addresses, with the forms for new ones."""
    return page({}, {})


@blueprint.post("/desk/interface/keys")
def add_key() -> Response | str:
    """A new key, shown once."""
    values: dict[str, Any] = {name: request.form.get(name, "").strip()[:200] for name in ("name", "per_minute", "expires")}
    values["scopes"] = request.form.getlist("scopes")[:10]
    try:
        with the_office().work.transaction() as db:
            row, token = api_keys.create(db, acting(), wanted(values), now())
    except InvalidInput as error:
        return Response(page(values, {error.field: error.message}), status_of(error), mimetype="text/html")
    return render_template("desk/interface_key.html", here="interface", heading="接口密钥", row=row, token=token)


def wanted(values: dict[str, Any]) -> Wanted:
    """The form as values of the room; InvalidInput for a number or a day that is none."""
    given = values["per_minute"] or str(api_keys.PER_MINUTE)
    number = int(given) if given.isascii() and given.isdigit() and len(given) < 7 else 0
    try:
        day = date.fromisoformat(values["expires"]) if values["expires"] else None
    except ValueError as error:
        raise InvalidInput("日期写作 2026-12-31 的样子。", "expires") from error
    return Wanted(values["name"], values["scopes"], number, day)


@blueprint.post("/desk/interface/keys/<prefix>/revoke")
def revoke_key(prefix: str) -> Response:
    """停用 at once."""
    with the_office().work.transaction() as db:
        api_keys.revoke(db, acting(), prefix, now())
    flash("密钥已停用，立即失效。", "good")
    return redirect(url_for("interface.index"), 303)


@blueprint.post("/desk/interface/hooks")
def add_hook() -> Response:
    """A new address."""
    values = {name: request.form.get(name, "").strip()[:600] for name in ("hook_name", "address")}
    try:
        with the_office().work.transaction() as db:
            made = webhooks.create(db, acting(), the_office().settings, values["hook_name"], values["address"], now()).id
    except (InvalidInput, Conflict) as error:
        field = error.field if isinstance(error, InvalidInput) else "address"
        return Response(page(values, {"hook_name" if field == "name" else field: error.message}), status_of(error), mimetype="text/html")
    flash("已登记；以后公开、更正、撤下答复时推送到这个地址。", "good")
    return redirect(url_for("interface.hook", hook_id=made), 303)


@blueprint.get("/desk/interface/hooks/<int:hook_id>")
def hook(hook_id: int) -> str:
    """One address with its secret and the last deliveries."""
    office = the_office()
    with office.work.transaction() as db:
        row = webhooks.hook(db, acting(), hook_id)
        return render_template(
            "desk/interface_hook.html", here="interface", heading="推送地址", row=row, secret=webhooks.secret_of(office.key, row),
            deliveries=webhooks.last_deliveries(db, acting(), row), days=office.settings.section("webhooks")["disable_after_days"],
        )  # fmt: skip


@blueprint.post("/desk/interface/hooks/<int:hook_id>/<any(on, off):way>")
def switch(hook_id: int, way: str) -> Response:
    """启用 or 停用."""
    act, done = SWITCHES[way]
    return step(hook_id, lambda db, row: act(db, acting(), row, now()), done)


@blueprint.post("/desk/interface/hooks/<int:hook_id>/secret")
def renew(hook_id: int) -> Response:
    """A new secret."""
    return step(hook_id, lambda db, row: webhooks.renew_secret(db, acting(), row, now()), "密钥已更换，请告知接收单位。")


@blueprint.post("/desk/interface/hooks/<int:hook_id>/deliveries/<int:delivery_id>")
def again(hook_id: int, delivery_id: int) -> Response:
    """重新推送."""
    return step(hook_id, lambda db, row: webhooks.send_again(db, acting(), row, delivery_id, now()), "已重新排队，随后推送。")


def step(hook_id: int, act: Callable[[Any, Any], None], done: str) -> Response:
    """One step in one transaction, then back to the address."""
    with the_office().work.transaction() as db:
        act(db, webhooks.hook(db, acting(), hook_id))
    flash(done, "good")
    return redirect(url_for("interface.hook", hook_id=hook_id), 303)


def page(values: dict[str, Any], errors: dict[str, str]) -> str:
    """Keys, addresses, and the forms with what was typed."""
    with the_office().work.reading() as db:
        return render_template(
            "desk/interface.html", here="interface", heading="接口", keys=api_keys.all_keys(db, acting()), hooks=webhooks.all_hooks(db, acting()),
            works=lambda row: api_keys.works(row, now()), scopes=list(Scope), values=values, errors=errors, per_minute=api_keys.PER_MINUTE,
        )  # fmt: skip
