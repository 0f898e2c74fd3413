"""Programs that show a key: who it is, whether the key may do this, and how often; without a key the public's share holds."""

from dataclasses import dataclass

from flask import g, request
from limits import RateLimitItemPerMinute

from board.clock import local_day, now
from board.errors import HuiyingError, NotAllowed, UnknownKey
from board.staff import api_keys
from board.staff.api_keys import Scope
from board.web import limits
from board.web.current import the_office

BUSY = "请求过于频繁，请稍后再试。"


@dataclass(frozen=True, slots=True)
class ByKey:
    """What a route of the interface asks: the scope of a key that is shown, and whether one must be."""

    scope: Scope
    needed: bool = False


def admit(asked: ByKey) -> None:
    """Lets the request pass; UnknownKey (401), NotAllowed (403) or TooMany (429) otherwise."""
    given = request.headers.get("Authorization", "")
    if not given:
        limits.count(RateLimitItemPerMinute(int(the_office().settings.section("rate_limits")["api_per_minute"])), "api", limits.address(), BUSY)
        if asked.needed:
            raise UnknownKey("这个接口需要密钥：请求头 Authorization: Bearer hyk_……。")
        return
    kind, _, token = given.partition(" ")
    with the_office().work.reading() as db:
        key = api_keys.find(db, token.strip(), now()) if kind.lower() == "bearer" else None
    if key is None:
        limits.count(RateLimitItemPerMinute(int(the_office().settings.section("rate_limits")["api_per_minute"])), "api", limits.address(), BUSY)
        raise UnknownKey("密钥无效，或已停用、过期。")
    if not api_keys.may(key, asked.scope):
        raise NotAllowed(f"这个密钥没有 {asked.scope} 权限。")
    limits.count(RateLimitItemPerMinute(key.per_minute), "api key", key.prefix, BUSY)
    note_use(key.id, key.last_used_on != local_day(now()))
    g.key_holder = f"key:{key.prefix}"


def note_use(key_id: int, first_today: bool) -> None:
    """The day of use, written once a day; a disk that is full keeps nobody from reading."""
    if not first_today:
        return
    try:
        with the_office().work.transaction() as db:
            api_keys.note_use(db, key_id, local_day(now()))
    except HuiyingError:
        return


def holder() -> str:
    """Who showed a key in this request; "" for the public."""
    return str(g.get("key_holder", ""))
