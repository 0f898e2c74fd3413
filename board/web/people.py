"""账号管理: what the technical administrator does to the accounts of others."""

from collections.abc import Callable
from datetime import date, datetime, timedelta
from typing import Any

from flask import Blueprint, flash, redirect, render_template, request, url_for
from werkzeug.wrappers import Response

from board.clock import day_start, local_day, now
from board.errors import InvalidInput, Refused
from board.staff import keeping
from board.web.current import the_office
from board.web.error_pages import status_of
from board.web.forms import page_number
from board.web.staff_pages import acting

blueprint = Blueprint("people", __name__)
FIELDS = ("login", "display_name", "role", "unit", "expires")


@blueprint.get("/desk/accounts")
def index() -> str:
    """All accounts, by name and role."""
    query, role = request.args.get("q", "").strip()[:60], request.args.get("role", "")[:32]
    with the_office().work.reading() as db:
        found = keeping.accounts(db, acting(), query, role, page_number())
        return render_template(
            "desk/accounts.html", here="accounts", heading="账号管理", page=found, query=query, role=role, roles=roles(), state_of=state_of, last_day=last_day
        )


@blueprint.get("/desk/accounts/new")
def form() -> str:
    """The form for a new account."""
    return form_page({"role": "editor"}, {})


@blueprint.post("/desk/accounts/new")
def create() -> Response | str:
    """A new account; its first password is shown once."""
    values = typed()
    try:
        with the_office().work.transaction() as db:
            account, password = keeping.create(db, acting(), values["login"], person(values), now())
    except InvalidInput as error:
        return Response(form_page(values, {error.field: error.message}), status_of(error), mimetype="text/html")
    return handed_over(account, password)


@blueprint.get("/desk/accounts/<login>")
def show(login: str) -> str:
    """One account."""
    return account_page(login)


@blueprint.post("/desk/accounts/<login>")
def change(login: str) -> Response:
    """Name, role, unit, end."""
    values = typed()
    try:
        return step(login, lambda db, account: keeping.change(db, acting(), account, person(values), now()), "已保存，下一次操作起生效。")
    except InvalidInput as error:
        return Response(account_page(login, values, {error.field: error.message}), status_of(error), mimetype="text/html")


@blueprint.post("/desk/accounts/<login>/password")
def password(login: str) -> str:
    """A new first password, shown once."""
    with the_office().work.transaction() as db:
        account = keeping.account_for_admin(db, acting(), login)
        made = keeping.reset_password(db, acting(), account, now())
    return handed_over(account, made)


@blueprint.post("/desk/accounts/<login>/disable")
def disable(login: str) -> Response:
    """停用."""
    return step(login, lambda db, account: keeping.switch_off(db, acting(), account, now()), "已停用，登录立即失效。")


@blueprint.post("/desk/accounts/<login>/enable")
def enable(login: str) -> Response:
    """启用."""
    return step(login, lambda db, account: keeping.switch_on(db, acting(), account, now()), "已启用。")


@blueprint.post("/desk/accounts/<login>/unlock")
def unlock(login: str) -> Response:
    """Lifts a lock."""
    return step(login, lambda db, account: keeping.unlock(db, acting(), account, now()), "已解除锁定。")


@blueprint.post("/desk/accounts/<login>/second-factor")
def second_factor(login: str) -> Response:
    """Takes the second factor away."""
    return step(login, lambda db, account: keeping.reset_second_factor(db, acting(), account, now()), "二次验证已重置，本人登录后可重新设置。")


@blueprint.post("/desk/accounts/<login>/sessions")
def sessions(login: str) -> Response:
    """Ends all sessions."""
    return step(login, lambda db, account: keeping.end_sessions(db, acting(), account, now()), "该账号的登录都已退出。")


def step(login: str, act: Callable[[Any, Any], object], done: str) -> Response:
    """One step in one transaction, then back to the account."""
    with the_office().work.transaction() as db:
        act(db, keeping.account_for_admin(db, acting(), login))
    flash(done, "good")
    return redirect(url_for("people.show", login=login), 303)


def typed() -> dict[str, str]:
    """The fields of the form."""
    return {name: request.form.get(name, "").strip()[:100] for name in FIELDS}


def person(values: dict[str, str]) -> keeping.Person:
    """The form as values of the room; InvalidInput for a day that is none."""
    return keeping.Person(values["display_name"], values["role"], values["unit"], end_of(values["expires"]))


def end_of(day: str) -> datetime | None:
    """The instant after the last day on which an account works."""
    if not day:
        return None
    try:
        return day_start(date.fromisoformat(day) + timedelta(days=1))
    except (ValueError, OverflowError) as error:
        raise InvalidInput("日期写作 2026-12-31 的样子。", "expires") from error


def last_day(account: Any) -> str:
    """The last day on which the account works, or ""."""
    return (local_day(account.expires_at) - timedelta(days=1)).isoformat() if account.expires_at else ""


def state_of(account: Any) -> str:
    """How the account stands now."""
    return keeping.state_of(account, now())


def roles() -> dict[str, str]:
    """Names and labels of the roles."""
    return dict(the_office().labels.tables["role"])


def form_page(values: dict[str, str], errors: dict[str, str]) -> str:
    """The form for a new account."""
    with the_office().work.reading() as db:
        units = keeping.units_to_choose(db)
        return render_template("desk/account_new.html", here="accounts", heading="新增账号", values=values, errors=errors, roles=roles(), units=units)


def account_page(login: str, values: dict[str, str] | None = None, errors: dict[str, str] | None = None) -> str:
    """One account with everything that can be done to it."""
    with the_office().work.reading() as db:
        account = keeping.account_for_admin(db, acting(), login)
        shown = values or {"display_name": account.display_name, "role": account.role, "unit": account.unit.code, "expires": last_day(account)}
        return render_template(
            "desk/account.html", here="accounts", heading=f"账号 {account.login}", account=account, values=shown, errors=errors or {}, roles=roles(),
            units=keeping.units_to_choose(db), state=state_of(account), own=account.id == acting().account_id, last_day=last_day(account),
        )  # fmt: skip


def handed_over(account: Any, password: str) -> str:
    """The first password, once; nowhere else is it kept."""
    if not password:
        raise Refused("没有生成密码。")
    return render_template("desk/account_password.html", here="accounts", heading="初始密码", account=account, password=password)
