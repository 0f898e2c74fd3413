"""The description of the interface (OpenAPI 3.1) as it really answers: problem documents, keys and their scopes, what every route may refuse, web hooks."""

import re
from typing import Any

from flask import Flask, current_app

from board.web.guards import ROUTES
from board.web.key_holders import ByKey

PROBLEM = {"$ref": "#/components/schemas/HTTPError"}
#: what any route may answer, and why
COMMON = {
    "400": "请求有误（如编码无法识别、网址中有空字符）", "401": "密钥无效，或已停用、过期", "403": "密钥没有这项权限", "404": "没有找到", "405": "不支持这种操作",
    "413": "内容过大", "415": "格式不支持", "422": "内容不符合要求", "429": "请求过于频繁，见 Retry-After", "500": "系统故障", "503": "系统暂时不可用，见 Retry-After",
}  # fmt: skip
KEY = {"type": "http", "scheme": "bearer", "description": "密钥由本单位系统管理员发给，形如 hyk_……；公开内容不带密钥也可读取，按公众的频率限制。"}
SIGNATURE = (
    '签名：请求头 Huiying-Signature 的值为 v1= 加上 HMAC-SHA256(密钥, Huiying-Timestamp + "." + 请求正文) 的十六进制；时间戳为 Unix 秒，与本机相差超过 5 分钟的应拒收。'
    "Huiying-Delivery 在重试和重新推送时不变，可据以去重。回答 2xx 即为收到；其他回答、超时（5 秒）和转向都会按 1 分钟到 24 小时的间隔再试 7 次。"
)


def complete(spec: dict[Any, Any] | str) -> dict[Any, Any] | str:
    """The description with what the framework does not know."""
    if isinstance(spec, str):
        return spec
    for path, method, needed in keyed(current_app):
        step = spec["paths"].get(path, {}).get(method)
        if step is not None:
            describe(step, needed, method)
    parts = spec.setdefault("components", {})
    parts.setdefault("schemas", {}).setdefault("HTTPError", problem_schema())
    parts.setdefault("securitySchemes", {})["key"] = KEY
    spec["webhooks"] = {"answer": {"post": hook_step()}}
    return spec


def keyed(app: Flask) -> list[tuple[str, str, ByKey]]:
    """Path, method and what is asked for each route of the interface."""
    found = []
    for rule in app.url_map.iter_rules():
        needed = ROUTES.get(rule.endpoint)
        if isinstance(needed, ByKey):
            path = re.sub(r"<(?:[^:<>]+:)?([^<>]+)>", r"{\1}", rule.rule)
            found += [(path, method.lower(), needed) for method in sorted((rule.methods or set()) - {"HEAD", "OPTIONS"})]
    return found


def describe(step: dict[str, Any], needed: ByKey, method: str) -> None:
    """One step: refusals, the key, and 304 for what can be asked for again."""
    answers = step.setdefault("responses", {})
    for status, words in COMMON.items():
        answers.setdefault(status, {"description": words})
        if status.startswith(("4", "5")):
            answers[status]["content"] = {"application/problem+json": {"schema": PROBLEM}}
    if method == "get":
        answers.setdefault("304", {"description": "内容没有变化（If-None-Match）"})
    step["security"] = [{"key": []}] if needed.needed else [{}, {"key": []}]
    step["x-scope"] = needed.scope.value


def problem_schema() -> dict[str, Any]:
    """RFC 9457, as error_pages writes it."""
    field = {"type": "object", "properties": {"field": {"type": "string"}, "detail": {"type": "string"}}}
    texts = {name: {"type": "string"} for name in ("type", "title", "detail")}
    return {
        "type": "object", "properties": texts | {"status": {"type": "integer"}, "errors": {"type": "array", "items": field}},
        "required": ["type", "title", "status", "detail"],
    }  # fmt: skip


def hook_step() -> dict[str, Any]:
    """What a web hook is sent."""
    inquiry = {name: {"type": "string"} for name in ("number", "title", "unit", "published", "link", "api")}
    body = {
        "type": "object", "required": ["id", "event", "at", "inquiry"],
        "properties": {
            "id": {"type": "string"}, "event": {"enum": ["answer.published", "answer.corrected", "answer.withdrawn"]}, "at": {"type": "string", "format": "date-time"},
            "inquiry": {"type": "object", "required": ["number"], "properties": inquiry},
        },
    }  # fmt: skip
    return {
        "summary": "公开答复的推送", "description": SIGNATURE, "requestBody": {"content": {"application/json": {"schema": body}}},
        "responses": {"2XX": {"description": "收到"}},
    }  # fmt: skip
