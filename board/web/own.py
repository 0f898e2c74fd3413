"""我的账号: password, second factor, sessions and the keys of the desk."""

from typing import Any

from flask import Blueprint, flash, redirect, render_template, request, url_for
from werkzeug.wrappers import Response

from board.clock import now
from board.errors import InvalidInput
from board.staff import browsers, own_account, second_factor
from board.web import sessions
from board.web.current import the_office
from board.web.error_pages import status_of
from board.web.site import the_site
from board.web.staff_pages import acting

blueprint = Blueprint("own", __name__)


@blueprint.get("/desk/me")
def show() -> str:
    """The page."""
    return page()


@blueprint.post("/desk/me/password")
def password() -> Response:
    """A new password; this browser goes on with a session of its own, all others end."""
    current, new, repeated = (request.form.get(name, "")[:200] for name in ("current", "password", "again"))
    try:
        with the_office().work.transaction() as db:
            account = own_account.change_password(db, acting(), current, new, repeated, now())
            person = sessions.begin(db, account)
    except InvalidInput as error:
        return again(error, "password")
    sessions.enter(person)
    flash("密码已修改，其他登录都已退出。", "good")
    return redirect(url_for("own.show"), 303)


@blueprint.get("/desk/me/second-factor")
def factor() -> str:
    """A fresh secret as a picture and in letters; nothing is kept until a code proves it."""
    return factor_page(second_factor.new_secret())


@blueprint.post("/desk/me/second-factor")
def factor_on() -> Response | str:
    """Takes the secret into use; shows the recovery codes once."""
    office, actor = the_office(), acting()
    kept = request.form.get("kept", "")[:300]
    secret = second_factor.opened(office.key, actor.account_id or 0, kept)
    try:
        with office.work.transaction() as db:
            codes = own_account.second_factor_on(db, actor, office.key, request.form.get("current", ""), kept, request.form.get("code", "")[:40], now())
    except InvalidInput as error:
        return Response(factor_page(secret, {error.field: error.message}), status_of(error), mimetype="text/html")
    return codes_page(codes)


@blueprint.post("/desk/me/second-factor/off")
def factor_off() -> Response:
    """Switches the second factor off."""
    return changed(
        lambda db: own_account.second_factor_off(db, acting(), the_office().settings, request.form.get("current", ""), now()), "二次验证已关闭。", "off"
    )


@blueprint.post("/desk/me/recovery-codes")
def recovery_codes() -> Response | str:
    """New recovery codes, shown once."""
    office = the_office()
    try:
        with office.work.transaction() as db:
            codes = own_account.fresh_codes(db, acting(), office.key, request.form.get("current", ""), now())
    except InvalidInput as error:
        return again(error, "codes")
    return codes_page(codes)


@blueprint.post("/desk/me/sessions/<int:session_id>/end")
def end_session(session_id: int) -> Response:
    """Ends one of the own sessions."""
    return changed(lambda db: own_account.end_session(db, acting(), min(session_id, 2**31 - 1), now()), "已退出该登录。", "sessions")


@blueprint.post("/desk/me/sessions/end-others")
def end_others() -> Response:
    """Ends all own sessions but this one."""
    return changed(lambda db: own_account.end_other_sessions(db, acting(), here(), now()), "其他登录都已退出。", "sessions")


@blueprint.post("/desk/me/shortcuts")
def shortcuts() -> Response:
    """The keys of the desk on or off."""
    on = request.form.get("on") == "yes"
    return changed(lambda db: own_account.switch_shortcuts(db, acting(), now(), on=on), "已保存。", "shortcuts")


def changed(act: Any, done: str, step: str) -> Response:
    """One step in one transaction, then back to the page."""
    try:
        with the_office().work.transaction() as db:
            act(db)
    except InvalidInput as error:
        return again(error, step)
    flash(done, "good")
    return redirect(url_for("own.show"), 303)


def here() -> int:
    """The id of this browser's session."""
    person = sessions.staff()
    return person.session_id if person else 0


def page(errors: dict[str, str] | None = None, step: str = "") -> str:
    """The page with everything about the own account; ``step`` names the form that was refused."""
    office, span = the_office(), sessions.spans()
    with office.work.reading() as db:
        account = own_account.own(db, acting())
        return render_template(
            "desk/own.html", here="own", heading="我的账号", account=account, errors=errors or {}, step=step, this=here(),
            live=browsers.live_sessions(db, account, now(), span.idle, span.longest), codes_left=second_factor.codes_left(db, account),
            required=own_account.required(office.settings, account), first=first(),
        )  # fmt: skip


def first() -> str:
    """What must be done before anything else."""
    person = sessions.staff()
    return person.first if person else ""


def again(error: InvalidInput, step: str) -> Response:
    """The page once more, with what was wrong."""
    return Response(page({error.field: error.message}, step), status_of(error), mimetype="text/html")


def factor_page(secret: str, errors: dict[str, str] | None = None) -> str:
    """The page that shows a secret; it travels sealed and bound to the account."""
    office, actor = the_office(), acting()
    person = sessions.staff()
    login = person.account.login if person else ""
    return render_template(
        "desk/second_factor.html", here="own", heading="启用二次验证", errors=errors or {}, picture=second_factor.picture(secret, login, the_site().name),
        letters=[secret[at : at + 4] for at in range(0, len(secret), 4)], kept=second_factor.sealed(office.key, actor.account_id or 0, secret),
    )  # fmt: skip


def codes_page(codes: list[str]) -> str:
    """The recovery codes, once."""
    return render_template("desk/recovery_codes.html", here="own", heading="恢复码", codes=codes)
