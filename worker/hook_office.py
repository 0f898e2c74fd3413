"""Hands one event to a web hook: the addresses of its name are checked and the checked one is called, no redirect is followed."""

import hashlib
import hmac
import http.client
import ipaddress
import socket
import ssl
from datetime import datetime
from urllib.parse import urlsplit

from board.clock import now
from board.inquiries import answer_hooks
from board.inquiries.answer_hooks import Parcel
from board.models import Webhook
from board.office import Office
from board.staff.hook_addresses import Address, may_be_called
from board.staff.webhooks import secret_of

SECONDS = 5
ANSWER_MOST = 2_000


class NotTakenError(Exception):
    """The address did not say that it took the event; ``status`` when it answered at all."""

    def __init__(self, words: str, status: int | None = None) -> None:
        super().__init__(words)
        self.words = words
        self.status = status


def deliver(office: Office, row_id: int, delivery_id: int) -> str:
    """Claims, hands over with no transaction open, records; returns delivered, put off, given up, or why nothing was sent."""
    with office.work.transaction() as session:
        parcel = answer_hooks.claim(session, office.settings, row_id, delivery_id, now())
        if not isinstance(parcel, Parcel):
            return parcel
        secret = secret_of(office.key, session.get_one(Webhook, parcel.hook_id))
    try:
        status = hand_over(office, parcel, secret, now())
    except NotTakenError as error:
        with office.work.transaction() as session:
            return answer_hooks.put_off(session, office.settings, row_id, delivery_id, error.status, error.words, now())
    with office.work.transaction() as session:
        answer_hooks.confirm(session, delivery_id, status, now())
    return "delivered"


def signature(secret: str, stamp: int, body: bytes) -> str:
    """HMAC-SHA256 over ``time.body`` with the secret as it is shown, in hexadecimal signs."""
    return hmac.digest(secret.encode(), f"{stamp}.".encode() + body, hashlib.sha256).hex()


def hand_over(office: Office, parcel: Parcel, secret: str, at: datetime) -> int:
    """One POST; the status of the answer (2xx), NotTakenError for everything else."""
    parts = urlsplit(parcel.address)
    chosen, stamp = office.settings.section("webhooks"), int(at.timestamp())
    port = parts.port or (443 if parts.scheme == "https" else 80)
    target = checked(parts.scheme, parts.hostname or "", port, chosen["networks"])
    headers = {
        "Content-Type": "application/json; charset=utf-8", "User-Agent": "huiying-webhook/1", "Huiying-Event": f"answer.{parcel.kind}",
        "Huiying-Delivery": f"answer-{parcel.delivery_id}", "Huiying-Timestamp": str(stamp), "Huiying-Signature": f"v1={signature(secret, stamp, parcel.body)}",
    }  # fmt: skip
    connection = Checked(parts.scheme, parts.hostname or "", port, target, str(chosen["ca_file"]))
    try:
        connection.request("POST", (parts.path or "/") + (f"?{parts.query}" if parts.query else ""), parcel.body, headers)
        answer = connection.getresponse()
        answer.read(ANSWER_MOST)
    except (OSError, http.client.HTTPException) as error:
        raise NotTakenError(f"没有送达（{type(error).__name__}）") from error
    finally:
        connection.close()
    if not 200 <= answer.status < 300:
        raise NotTakenError(f"对方回答 {answer.status}", answer.status)
    return answer.status


def checked(scheme: str, host: str, port: int, networks: list[str]) -> Address:
    """The address to call, out of all that the name stands for now; NotTakenError when one of them may not be called."""
    try:
        found = [ipaddress.ip_address(entry[4][0]) for entry in socket.getaddrinfo(host, port, type=socket.SOCK_STREAM)]
    except (OSError, ValueError, UnicodeError) as error:
        raise NotTakenError("找不到这个网址") from error
    if not may_be_called(scheme, found, networks):
        raise NotTakenError("网址指向内部网络，没有发送")
    return found[0]


class Checked(http.client.HTTPConnection):
    """A connection to the address that was checked, under the name that was asked for: a name that changes meanwhile leads nowhere else."""

    def __init__(self, scheme: str, host: str, port: int, target: Address, ca_file: str) -> None:
        super().__init__(host, port, timeout=SECONDS)
        self.target = target
        self.context = ssl.create_default_context(cafile=ca_file or None) if scheme == "https" else None

    def connect(self) -> None:
        """To the checked address; encrypted under the name's own certificate."""
        plain = socket.create_connection((str(self.target), self.port), SECONDS)
        self.sock = self.context.wrap_socket(plain, server_hostname=self.host) if self.context else plain
