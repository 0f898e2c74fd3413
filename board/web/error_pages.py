"""Errors become answers: one table from the office's errors to HTTP; pages for people, application/problem+json (RFC 9457) for the interface."""

import logging
import secrets
from http import HTTPStatus

from apiflask.exceptions import HTTPError
from flask import Flask, Response, jsonify, render_template, request
from pydantic import ValidationError
from werkzeug.exceptions import HTTPException

from board.errors import Conflict, HuiyingError, InvalidInput, NotAllowed, NotConfigured, NotFound, Refused, TooMany, Unavailable, UnknownKey
from board.web import api_problems

LOG = logging.getLogger("huiying.web")

#: the most special class of an error decides
STATUS: dict[type[HuiyingError], int] = {
    InvalidInput: 422,
    NotAllowed: 403,
    UnknownKey: 401,
    NotFound: 404,
    Conflict: 409,
    TooMany: 429,
    Refused: 400,
    NotConfigured: 503,
    Unavailable: 503,
}

#: status -> (heading, what happened and what to do)
WORDS: dict[int, tuple[str, str]] = {
    400: ("请求有误", "系统没有看懂这个请求，没有保存任何内容。请返回上一页再试。"),
    401: ("请先登录", "您还没有登录，或登录已经超时。刚才的操作没有执行。"),
    403: ("没有权限", "您的账号没有这项权限，刚才的操作没有执行。"),
    404: ("没有找到这个页面", "网址可能有误，或内容已经撤下。您可以从首页重新查找。"),
    405: ("不支持这种操作", "这个地址不接受此类请求，没有保存任何内容。"),
    409: ("内容已经变化", "在您操作期间内容已被更新，刚才的操作没有执行。请刷新后再看。"),
    413: ("内容过大", "您发送的内容超过了上限，没有保存。请缩短后再发。"),
    414: ("网址过长", "您发送的网址超过了上限。请缩短问题后再试。"),
    415: ("格式不支持", "系统不接受这种格式的内容，没有保存任何内容。"),
    422: ("内容需要修改", "有的内容不符合要求，请按提示修改。"),
    429: ("操作过于频繁", "请稍后再试。"),
    500: ("系统出了故障", "刚才的操作没有完成，已经记录，我们会尽快处理。已经提交成功的内容不受影响。"),
    503: ("系统暂时不可用", "系统暂时无法保存或读取数据，请稍后再试。已经提交成功的内容不受影响。"),
}


def register(app: Flask) -> None:
    """Handlers for the office's errors, for HTTP's own, and for what nobody expected."""
    app.register_error_handler(HuiyingError, office_error)
    app.register_error_handler(HTTPError, input_error)
    app.register_error_handler(HTTPException, http_error)
    app.register_error_handler(500, unexpected)


def status_of(error: HuiyingError) -> int:
    """The HTTP status of an error of the office."""
    return next((STATUS[kind] for kind in type(error).__mro__ if kind in STATUS), 400)


def office_error(error: HuiyingError) -> Response:
    """An error whose message is meant for the user."""
    fields = {error.field: error.message} if isinstance(error, InvalidInput) and error.field else {}
    response = answer(status_of(error), error.message or WORDS[422][1], fields)
    if isinstance(error, TooMany):
        response.headers["Retry-After"] = str(error.retry_after)
    if isinstance(error, UnknownKey):
        response.headers["WWW-Authenticate"] = "Bearer"
    if isinstance(error, Unavailable):
        response.headers["Retry-After"] = "5"
    return response


def input_error(error: HTTPError) -> Response:
    """The interface's body did not fit its model."""
    cause = error.__cause__
    fields = api_problems.in_words(cause) if isinstance(cause, ValidationError) else {}
    return answer(error.status_code, "；".join(fields.values()) or error.message or WORDS[422][1], fields)


def http_error(error: HTTPException) -> Response:
    """HTTP's own errors; their headers (Allow, Retry-After) are kept."""
    if error.code is None or error.code < 400:
        kept: Response = error.get_response()  # type: ignore[assignment]  # a redirect is a response of werkzeug
        return kept
    response = answer(error.code, WORDS.get(error.code, WORDS[400])[1])
    for name, value in error.get_headers():
        if name in ("Allow", "Retry-After"):
            response.headers[name] = value
    return response


def unexpected(error: Exception) -> Response:
    """A fault of ours: a number for the log, no detail for the visitor."""
    if isinstance(error, HTTPException) and getattr(error, "original_exception", None) is None:
        return http_error(error)
    reference = secrets.token_hex(4)
    LOG.error("fault %s at %s", reference, request.endpoint, exc_info=getattr(error, "original_exception", error))
    return answer(500, f"{WORDS[500][1]}（故障编号 {reference}）")


def answer(status: int, message: str, fields: dict[str, str] | None = None) -> Response:
    """The error in the form that the caller reads."""
    if request.path == "/api" or request.path.startswith("/api/"):
        return problem(status, message, fields or {})
    heading = WORDS.get(status, WORDS[400])[0]
    page = render_template("error.html", status=status, heading=heading, message=message)
    return Response(page, status)


def problem(status: int, detail: str, fields: dict[str, str]) -> Response:
    """A problem document; ``errors`` names each field."""
    body: dict[str, object] = {"type": "about:blank", "title": HTTPStatus(status).phrase, "status": status, "detail": detail}
    if fields:
        body["errors"] = [{"field": field, "detail": text} for field, text in fields.items()]
    response = jsonify(body)
    response.status_code, response.mimetype = status, "application/problem+json"
    return response
