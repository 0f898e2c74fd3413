"""Sessions of staff: a signed cookie that names login and epoch, an idle time-out, and the actor of the request."""

from typing import Any

from flask import Flask, g, request, session
from flask_login import LoginManager, UserMixin, current_user, login_user, logout_user

from board.clock import now
from board.errors import NotFound
from board.staff.accounts import actor_of, find_account
from board.staff.roles import Actor
from board.web.current import the_office

SEEN = "seen"
REFRESH_SECONDS = 60
#: what an open page asks by itself: it keeps no session alive when nobody sits before it
BY_ITSELF = frozenset({"live.counts", "working.presence"})


class Staff(UserMixin):  # type: ignore[misc]  # flask-login has no types
    """The signed-in person: the account as it was read for this request, and its actor."""

    def __init__(self, account: Any, actor: Actor) -> None:
        self.account = account
        self.actor = actor

    def get_id(self) -> str:
        """What the cookie keeps; the epoch ends it when the account is disabled or its role changes."""
        return f"{self.account.session_epoch}:{self.account.login}"


def register(app: Flask) -> None:
    """Flask-Login with our loader; a cookie from another browser is not taken over."""
    manager = LoginManager()
    manager.session_protection = None
    manager.user_loader(load)
    manager.init_app(app, add_context_processor=False)


def load(cookie: str) -> Staff | None:
    """The person of the cookie; None when idle for too long, disabled, or of an earlier epoch."""
    epoch, _, login = cookie.partition(":")
    office, moment = the_office(), int(now().timestamp())
    idle = int(office.settings.section("web")["session_idle_minutes"]) * 60
    if moment - int(session.get(SEEN, 0)) > idle:
        return None
    try:
        with office.work.reading() as db:
            account = find_account(db, login)
            if str(account.session_epoch) != epoch:
                return None
            staff = Staff(account, actor_of(db, account))
    except NotFound:
        return None
    if moment - int(session[SEEN]) > REFRESH_SECONDS and request.endpoint not in BY_ITSELF:
        session[SEEN] = moment
    return staff


def begin(account: Any, actor: Actor) -> None:
    """Starts a session in a fresh cookie: nothing of the visitor's earlier session is kept."""
    session.clear()
    session[SEEN] = int(now().timestamp())
    login_user(Staff(account, actor))


def end() -> None:
    """Ends the session of this browser."""
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
