"""Rate limits, counted in Redis for all processes or in the process's own memory: posting per address and for the whole site, wrong tracking codes per address."""

import time
from collections.abc import Callable
from contextlib import suppress
from typing import Any, TypeVar

from flask import Flask, current_app, request
from flask_limiter import Limiter
from limits import RateLimitItem, RateLimitItemPerDay, RateLimitItemPerHour
from limits.errors import StorageError
from limits.storage import storage_from_string
from limits.strategies import MovingWindowRateLimiter, RateLimiter

from board.errors import TooMany
from board.office import Office
from board.settings import Settings
from board.web.current import KEY as OFFICE
from board.web.current import the_office

T = TypeVar("T")
KEY, SHARED = "huiying_limiter", "huiying_shared_limiter"
#: a Redis that does not answer costs a citizen little: then this process counts for itself
REDIS_OPTIONS: dict[str, Any] = {"socket_connect_timeout": 0.3, "socket_timeout": 0.3, "wrap_exceptions": True}


def register(app: Flask) -> None:
    """One limiter for each application; counts are shared through Redis (REDIS_URL) by all processes, else each process counts for itself."""
    app.extensions[KEY] = Limiter(address, app=app, storage_uri="memory://", strategy="moving-window", enabled=True)
    given = the_settings(app).redis_url
    app.extensions[SHARED] = MovingWindowRateLimiter(storage_from_string(redis_uri(given), **REDIS_OPTIONS)) if given else None


def the_settings(app: Flask) -> Settings:
    """The settings before there is a request."""
    office: Office = app.extensions[OFFICE]
    return office.settings


def redis_uri(given: str) -> str:
    """The address of Redis as the counting library writes it."""
    return "redis+unix://" + given.split("://", 1)[1] if given.startswith(("unix://", "redis+socket://")) else given


def address() -> str:
    """The visitor's address: the socket's, or the one that a trusted proxy gave."""
    return request.remote_addr or "unknown"


def posting_allowed(holder: str = "") -> None:
    """Counts a post; TooMany when the address (not for the holder of a key, who has a rate of his own) or the whole site has had its share."""
    table = the_office().settings.section("rate_limits")
    of_address = () if holder else ((RateLimitItemPerHour(int(table["posts_per_hour"])), address()), (RateLimitItemPerDay(int(table["posts_per_day"])), address()))
    for item, who in (*of_address, (RateLimitItemPerDay(int(table["posts_all_per_day"])), "all")):
        count(item, "post", who, "留言过于频繁，请稍后再发。您填写的内容没有丢失。")


def code_tries_left(holder: str = "") -> None:
    """TooMany when this address (or the holder of a key) has shown too many wrong codes."""
    if the_office().settings.rate_limits and not asked(lambda by: by.test(misses(), "code", holder or address())):
        raise TooMany("查询码多次有误，请稍后再试。", wait(misses(), "code", holder or address()))


def note_wrong_code(holder: str = "") -> None:
    """Counts a wrong code against the address, or the holder of a key."""
    if the_office().settings.rate_limits:
        asked(lambda by: by.hit(misses(), "code", holder or address()))


def misses() -> RateLimitItem:
    """How many wrong codes an hour are borne."""
    return RateLimitItemPerHour(int(the_office().settings.section("rate_limits")["code_misses_per_hour"]))


def count(item: RateLimitItem, what: str, who: str, message: str) -> None:
    """Counts one; TooMany with the seconds to wait when the share is used up."""
    if the_office().settings.rate_limits and not asked(lambda by: by.hit(item, what, who)):
        raise TooMany(message, wait(item, what, who))


def asked(question: Callable[[RateLimiter], T]) -> T:
    """The answer of the shared counter; of the own one when there is no Redis or it does not answer."""
    shared: RateLimiter | None = current_app.extensions[SHARED]
    if shared is not None:
        with suppress(StorageError):
            return question(shared)
    return question(strategy())


def strategy() -> RateLimiter:
    """The process's own counter."""
    limiter: Limiter = current_app.extensions[KEY]
    return limiter.limiter


def wait(item: RateLimitItem, what: str, who: str) -> int:
    """Seconds until the next try has a chance, at least one."""
    return max(1, int(asked(lambda by: by.get_window_stats(item, what, who)).reset_time - time.time()) + 1)
