"""Signing in and out of the desk: one generic refusal, the second factor, a fresh session, sample accounts from this machine only."""

from collections.abc import Callable
from ipaddress import ip_address
from typing import Any

from flask import Blueprint, redirect, render_template, request, session, url_for
from werkzeug.wrappers import Response

from board.clock import now
from board.staff import identity_provider, signing_in
from board.staff.accounts import actor_of
from board.storage.chains import note
from board.web import sessions
from board.web.current import the_office
from board.web.guards import local_path

blueprint = Blueprint("sign_in", __name__)
REFUSED = "账号或密码不正确，或账号暂时不能使用。连续多次不正确，账号或网络地址将锁定一段时间。"
WRONG_CODE = "验证码不正确或已经用过，请输入最新的六位数字，或一个未用过的恢复码。"
HALF_WAY, HALF_WAY_SECONDS = "half_way", 300


@blueprint.get("/sign-in")
def form() -> Response | str:
    """The form; who is signed in already goes on to the desk."""
    if sessions.actor() is not None:
        return redirect(target(request.args.get("next")))
    return page("", request.args.get("next"), left="left" in request.args)


@blueprint.post("/sign-in")
def send() -> Response | tuple[str, int]:
    """Checks login and password; the answer never says which of them was wrong."""
    office, login, following = the_office(), request.form.get("login", "")[:60], request.form.get("next")
    with office.work.transaction() as db:
        rules = signing_in.rules(office.settings)
        account = signing_in.sign_in(db, rules, office.key, login, request.form.get("password", ""), visitor(), now())
        entered = admitted(db, account, following) if account is not None else None
    return entered() if entered is not None else (page(login, following, REFUSED), 422)


def admitted(db: Any, account: Any, following: str | None, *, provider: bool = False) -> Callable[[], Response]:
    """The first step is passed: a session, or the second step where the account has one; what is returned answers after the commit."""
    if account.totp_secret:
        begun = [account.id, account.session_epoch, int(now().timestamp()), local_path(following)]
        return lambda: half_entered(begun)
    person = sessions.begin(db, account)
    note(db, "sign_in", person.actor.name, now(), data={"account": account.id, **({"provider": True} if provider else {})}, chain="sign_in")
    return lambda: fully_entered(person, following)


def half_entered(begun: list[object]) -> Response:
    """On to the second step."""
    session.clear()
    session[HALF_WAY] = begun
    return redirect(url_for("sign_in.code_form"), 303)


def fully_entered(person: sessions.Staff, following: str | None) -> Response:
    """On to the desk, or where the person wanted to go."""
    sessions.enter(person)
    return redirect(target(following), 303)


@blueprint.get("/sign-in/code")
def code_form() -> Response | str:
    """The second step; without a first one it begins anew."""
    return code_page() if half_way() else redirect(url_for("sign_in.form"))


@blueprint.post("/sign-in/code")
def code() -> Response | tuple[str, int]:
    """Checks the code of the authenticator, or a recovery code."""
    office, begun = the_office(), half_way()
    if begun is None:
        return redirect(url_for("sign_in.form"), 303)
    account_id, epoch, _, following = begun
    person: sessions.Staff | None = None
    with office.work.transaction() as db:
        rules = signing_in.rules(office.settings)
        account = signing_in.second_step(db, rules, office.key, account_id, request.form.get("code", "")[:40], visitor(), now())
        if account is not None and account.session_epoch == epoch:
            person = sessions.begin(db, account)
            note(db, "sign_in", actor_of(db, account).name, now(), data={"account": account.id, "second_factor": True}, chain="sign_in")
    if person is None:
        return code_page(WRONG_CODE), 422
    sessions.enter(person)
    return redirect(target(following), 303)


@blueprint.post("/sign-out")
def leave() -> Response:
    """Ends the session of this browser."""
    sessions.end()
    provided = identity_provider.chosen(the_office().settings) is not None
    return redirect(url_for("sign_in.form", left="yes" if provided else None), 303)


def half_way() -> tuple[int, int, int, str] | None:
    """Who passed the first step in this browser within the last minutes: account, its epoch, when, and where to go."""
    kept = session.get(HALF_WAY)
    if not isinstance(kept, list) or int(now().timestamp()) - int(kept[2]) > HALF_WAY_SECONDS:
        return None
    return int(kept[0]), int(kept[1]), int(kept[2]), str(kept[3])


def page(login: str, following: str | None, error: str = "", *, left: bool = False) -> str:
    """The form's page; who has just ``left`` is told where to leave the identity provider too."""
    wanted = local_path(following)
    provider = identity_provider.chosen(the_office().settings)
    return render_template(
        "desk/sign_in.html", heading="登录", login=login, following="" if wanted == "/" else wanted, error=error, provider=provider.name if provider else "",
        leaving=identity_provider.leaving(provider, now()) if provider and left else "",
    )  # fmt: skip


def code_page(error: str = "") -> str:
    """The second step's page."""
    return render_template("desk/sign_in_code.html", heading="二次验证", error=error)


def target(following: str | None) -> str:
    """Where to go after signing in: a path of this site, else the desk."""
    wanted = local_path(following)
    return url_for("desk.queue") if wanted == "/" else wanted


def visitor() -> signing_in.Visitor:
    """Where the request comes from."""
    return signing_in.Visitor(request.remote_addr or "unknown", loopback())


def loopback() -> bool:
    """Whether the visitor sits at this machine: a forwarded request comes from elsewhere unless a trusted proxy says otherwise."""
    forwarded = "X-Forwarded-For" in request.headers or "Forwarded" in request.headers
    if forwarded and int(the_office().settings.section("web")["trusted_proxies"]) == 0:
        return False
    try:
        return ip_address(request.remote_addr or "").is_loopback
    except ValueError:
        return False
