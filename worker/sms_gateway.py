"""A short message by HTTP to the gateway that [notices] names; tells apart: taken, certainly not taken, nobody knows."""

import http.client
import json
import re
import ssl
from collections.abc import Mapping
from typing import Any
from urllib.parse import urlencode, urlsplit

from worker.post_office import DoubtfulError, NotTakenError

SECONDS = 8
ANSWER_MOST = 20_000
#: the gateway did not take the message and says when to come back
LATER = frozenset({408, 425, 429, 503})


def send(chosen: Mapping[str, Any], to: str, text: str, reference: str) -> None:
    """One request, no redirects; ``reference`` is the same at every try, for gateways that keep out doubles. NotTakenError or DoubtfulError."""
    address = urlsplit(str(chosen["sms_url"]))
    body, kind = encoded(chosen, {"phone": to, "text": text, "reference": reference})
    connection = opened(address.scheme, address.hostname or "", address.port, str(chosen["sms_ca_file"]))
    try:
        try:
            connection.connect()
        except OSError as error:
            raise NotTakenError(f"短信网关连接不上（{type(error).__name__}）", final=False) from error
        path = (address.path or "/") + (f"?{address.query}" if address.query else "")
        try:
            connection.request("POST", path, body, {"Content-Type": kind, **{str(name): str(value) for name, value in chosen["sms_headers"].items()}})
            answer = connection.getresponse()
            said = answer.read(ANSWER_MOST).decode("utf-8", "replace")
        except (OSError, http.client.HTTPException) as error:
            raise DoubtfulError from error
        judge(answer.status, said, str(chosen["sms_success"]))
    finally:
        connection.close()


def opened(scheme: str, host: str, port: int | None, ca_file: str) -> http.client.HTTPConnection:
    """A connection that is not made yet."""
    if scheme == "https":
        return http.client.HTTPSConnection(host, port, timeout=SECONDS, context=ssl.create_default_context(cafile=ca_file or None))
    return http.client.HTTPConnection(host, port, timeout=SECONDS)


def encoded(chosen: Mapping[str, Any], values: Mapping[str, str]) -> tuple[bytes, str]:
    """Body and content type: the gateway's own names for phone, text and reference, and what else it wants."""
    fields = {str(chosen["sms_fields"][name]): value for name, value in values.items() if chosen["sms_fields"].get(name)} | dict(chosen["sms_extra"])
    if chosen["sms_format"] == "form":
        return urlencode(fields).encode(), "application/x-www-form-urlencoded; charset=utf-8"
    return json.dumps(fields, ensure_ascii=False).encode(), "application/json; charset=utf-8"


def judge(status: int, said: str, success: str) -> None:
    """Nothing for a taken message; a gateway that breaks down over it (5xx) may have sent it."""
    if status in LATER:
        raise NotTakenError(f"短信网关稍后再试（{status}）", final=False)
    if status >= 500:
        raise DoubtfulError
    if not 200 <= status < 300 or (success and not re.search(success, said)):
        raise NotTakenError(f"短信网关没有收下（{status}）", final=True)
