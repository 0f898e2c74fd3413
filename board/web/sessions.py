"""Sessions of staff: a cookie that carries a token, the session itself kept by the server, and the actor of the request."""

from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from flask import Flask, g, request, session
from flask_login import LoginManager, UserMixin, current_user, login_user, logout_user

from board.clock import now
from board.errors import HuiyingError
from board.staff import browsers
from board.staff.accounts import actor_of
from board.staff.own_account import required
from board.staff.roles import Actor
from board.storage.chains import note
from board.web.current import the_office

#: what an open page asks by itself: it keeps no session alive when nobody sits before it
BY_ITSELF = frozenset({"live.counts", "working.presence"})


@dataclass(frozen=True, slots=True)
class Spans:
    """How long a session may be idle, and how long it may last at all."""

    idle: timedelta
    longest: timedelta


class Staff(UserMixin):  # type: ignore[misc]  # flask-login has no types
    """The signed-in person: the account as it was read for this request, its actor, and the session it came by."""

    def __init__(self, account: Any, actor: Actor, session_id: int, token: str) -> None:
        self.account = account
        self.actor = actor
        self.session_id = session_id
        self.token = token

    def get_id(self) -> str:
        """What the cookie keeps."""
        return self.token

    @property
    def first(self) -> str:
        """What must be done before anything else: "password", "factor" or ""."""
        if self.account.must_change:
            return "password"
        return "factor" if not self.account.totp_secret and required(the_office().settings, self.account) else ""


def register(app: Flask) -> None:
    """Flask-Login with our loader; a cookie from another browser is not taken over."""
    manager = LoginManager()
    manager.session_protection = None
    manager.user_loader(load)
    manager.init_app(app, add_context_processor=False)


def spans() -> Spans:
    """The two time-outs of the settings."""
    web = the_office().settings.section("web")
    return Spans(timedelta(minutes=int(web["session_idle_minutes"])), timedelta(hours=int(web["session_hours_most"])))


def load(token: str) -> Staff | None:
    """The person of the token; None when the session was ended, idle or too long, or the account is no more."""
    office, at, span = the_office(), now(), spans()
    with office.work.reading() as db:
        row = browsers.find(db, token, at, span.idle, span.longest)
        if row is None:
            return None
        staff = Staff(row.account, actor_of(db, row.account), row.id, token)
        stale = at - row.seen_at > browsers.REFRESH
    if stale and request.endpoint not in BY_ITSELF:
        keep_alive(staff.session_id, at)
    return staff


def keep_alive(session_id: int, at: datetime) -> None:
    """Notes the use; a disk that is full must not keep people from reading."""
    try:
        with the_office().work.transaction() as db:
            browsers.touch(db, session_id, at)
    except HuiyingError:
        return


def begin(db: Any, account: Any) -> Staff:
    """A new session for this browser, written by the caller's transaction; ``enter`` puts it into the cookie afterwards."""
    row, token = browsers.start(db, account, request.remote_addr or "", request.user_agent.string[:500], now())
    return Staff(account, actor_of(db, account), row.id, token)


def enter(staff: Staff) -> None:
    """A fresh cookie: nothing of the visitor's earlier session is kept."""
    session.clear()
    login_user(staff)
    g.huiying_staff = staff


def end() -> None:
    """Ends the session of this browser, here and on the server."""
    person = staff()
    if person is not None:
        with the_office().work.transaction() as db:
            browsers.end(db, person.account.id, person.session_id, now())
            note(db, "sign_out", person.actor.name, now(), data={"account": person.account.id}, chain="sign_in")
    logout_user()
    session.clear()


def staff() -> Staff | None:
    """The signed-in person of this request; None for a visitor."""
    if "huiying_staff" not in g:
        g.huiying_staff = current_user if current_user.is_authenticated else None
    found: Staff | None = g.huiying_staff
    return found


def actor() -> Actor | None:
    """The actor of this request; None for a visitor."""
    person = staff()
    return person.actor if person else None


def own_login() -> str:
    """The login of the signed-in person; "" for a visitor."""
    found = staff()
    return found.account.login if found is not None else ""
