"""Signing in and out of the desk: one generic refusal, a fresh session, sample accounts from this machine only."""

from ipaddress import ip_address
from typing import Any

from flask import Blueprint, redirect, render_template, request, url_for
from werkzeug.wrappers import Response

from board.clock import now
from board.inquiries.events import note
from board.staff.accounts import actor_of, sign_in
from board.web import sessions
from board.web.current import the_office
from board.web.guards import local_path

blueprint = Blueprint("sign_in", __name__)
REFUSED = "账号或密码不正确，或账号暂时不能使用。连续五次不正确，账号将锁定十五分钟。"


@blueprint.get("/sign-in")
def form() -> Response | str:
    """The form; who is signed in already goes on to the desk."""
    if sessions.actor() is not None:
        return redirect(target(request.args.get("next")))
    return page("", request.args.get("next"))


@blueprint.post("/sign-in")
def send() -> Response | tuple[str, int]:
    """Checks login and password; the answer never says which of them was wrong."""
    login, password = request.form.get("login", "")[:60], request.form.get("password", "")
    account: Any = None
    with the_office().work.transaction() as db:
        account = sign_in(db, login, password, now(), loopback())
        if account is not None:
            actor = actor_of(db, account)
            note(db, "sign_in", actor.name, now(), chain="sign_in")
    if account is None:
        return page(login, request.form.get("next"), REFUSED), 422
    sessions.begin(account, actor)
    return redirect(target(request.form.get("next")), 303)


@blueprint.post("/sign-out")
def leave() -> Response:
    """Ends the session of this browser."""
    sessions.end()
    return redirect(url_for("sign_in.form"), 303)


def page(login: str, following: str | None, error: str = "") -> str:
    """The form's page."""
    wanted = local_path(following)
    return render_template("desk/sign_in.html", heading="登录", login=login, following="" if wanted == "/" else wanted, error=error)


def target(following: str | None) -> str:
    """Where to go after signing in: a path of this site, else the desk."""
    wanted = local_path(following)
    return url_for("desk.queue") if wanted == "/" else wanted


def loopback() -> bool:
    """Whether the visitor sits at this machine: a forwarded request comes from elsewhere unless a trusted proxy says otherwise."""
    forwarded = "X-Forwarded-For" in request.headers or "Forwarded" in request.headers
    if forwarded and int(the_office().settings.section("web")["trusted_proxies"]) == 0:
        return False
    try:
        return ip_address(request.remote_addr or "").is_loopback
    except ValueError:
        return False
