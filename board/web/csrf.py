"""Forms carry a token; the interface has no ambient authority (it reads no cookie) and needs none."""

from collections.abc import Callable, Mapping

from flask import Flask, request
from flask_wtf.csrf import CSRFError, CSRFProtect
from werkzeug.wrappers import Response

from board.web import api, api_lists, posting
from board.web.error_pages import answer

EXPIRED = "页面停留时间过长，或浏览器没有启用 Cookie，表单没有提交。请返回上一页，刷新后再试。"
#: forms that are shown again with all that was typed when only their token is out of date
KEPT: Mapping[str, Callable[[], Response]] = {"posting.send": posting.expired}


def register(app: Flask) -> None:
    """Flask-WTF's protection over every form; a token lives as long as its session."""
    app.config.update(WTF_CSRF_TIME_LIMIT=None, WTF_CSRF_SSL_STRICT=True, WTF_CSRF_METHODS=["POST", "PUT", "PATCH", "DELETE"])
    protection = CSRFProtect()
    protection.exempt(api.blueprint)
    protection.exempt(api_lists.blueprint)
    protection.init_app(app)
    app.register_error_handler(CSRFError, refused)


def refused(_error: CSRFError) -> Response:
    """Nothing was done; a long text is not lost."""
    show_again = KEPT.get(request.endpoint or "")
    return show_again() if show_again else answer(400, EXPIRED)
