"""Rate limits in the process's own memory: posting per address and for the whole site, wrong tracking codes per address."""

import time

from flask import Flask, current_app, request
from flask_limiter import Limiter
from limits import RateLimitItem, RateLimitItemPerDay, RateLimitItemPerHour
from limits.strategies import RateLimiter

from board.errors import TooMany
from board.web.current import the_office

KEY = "huiying_limiter"


def register(app: Flask) -> None:
    """One limiter for each application; off when the settings say so."""
    app.extensions[KEY] = Limiter(address, app=app, storage_uri="memory://", strategy="moving-window", enabled=True)


def address() -> str:
    """The visitor's address: the socket's, or the one that a trusted proxy gave."""
    return request.remote_addr or "unknown"


def posting_allowed() -> None:
    """Counts a post; TooMany when the address or the whole site has had its share."""
    table = the_office().settings.section("rate_limits")
    for item, who in (
        (RateLimitItemPerHour(int(table["posts_per_hour"])), address()),
        (RateLimitItemPerDay(int(table["posts_per_day"])), address()),
        (RateLimitItemPerDay(int(table["posts_all_per_day"])), "all"),
    ):
        count(item, "post", who, "留言过于频繁，请稍后再发。您填写的内容没有丢失。")


def code_tries_left() -> None:
    """TooMany when this address has shown too many wrong codes."""
    if the_office().settings.rate_limits and not strategy().test(misses(), "code", address()):
        raise TooMany("查询码多次有误，请稍后再试。", wait(misses(), "code", address()))


def note_wrong_code() -> None:
    """Counts a wrong code against the address."""
    if the_office().settings.rate_limits:
        strategy().hit(misses(), "code", address())


def misses() -> RateLimitItem:
    """How many wrong codes an hour are borne."""
    return RateLimitItemPerHour(int(the_office().settings.section("rate_limits")["code_misses_per_hour"]))


def count(item: RateLimitItem, what: str, who: str, message: str) -> None:
    """Counts one; TooMany with the seconds to wait when the share is used up."""
    if the_office().settings.rate_limits and not strategy().hit(item, what, who):
        raise TooMany(message, wait(item, what, who))


def strategy() -> RateLimiter:
    """The counter of this application."""
    limiter: Limiter = current_app.extensions[KEY]
    return limiter.limiter


def wait(item: RateLimitItem, what: str, who: str) -> int:
    """Seconds until the next try has a chance, at least one."""
    return max(1, int(strategy().get_window_stats(item, what, who).reset_time - time.time()) + 1)
