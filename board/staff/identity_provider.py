"""Signing in through the office's identity provider: OpenID Connect, authorisation code with PKCE (RFC 6749, RFC 7636, OpenID Connect Core 1.0).

It only says who somebody is. Which account that is, and what it may do, the office decides; no account is ever made here.
"""

import base64
import hashlib
import hmac
import json
import secrets
import ssl
import urllib.error
import urllib.parse
import urllib.request
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from functools import lru_cache
from http.client import HTTPException, HTTPMessage
from importlib.util import find_spec
from typing import IO, Any

from board.errors import NotConfigured, Refused, Unavailable
from board.settings import Settings

ALGORITHMS = ("RS256", "PS256", "ES256")
SIGNING_KEYS = frozenset({"RSA", "EC"})
SECONDS, ANSWER_MOST, LEEWAY = 5, 500_000, 60
LOOPBACK = frozenset({"127.0.0.1", "::1", "localhost"})
WRONG = "身份认证没有完成，请重新登录；仍不成功的，请联系系统管理员。"
AWAY = "统一身份认证暂时没有回应，请稍后再试，或用账号和密码登录。"


class NotProvenError(Refused):
    """What came back does not prove who somebody is; ``why`` is for the log and the trail, never for the page."""

    def __init__(self, why: str) -> None:
        super().__init__(WRONG)
        self.why = why


@dataclass(frozen=True, slots=True)
class Provider:
    """The section [oidc]: ``claim`` is the statement about a person that leads to an account, by ``links`` or, where there are none, as its login."""

    name: str
    issuer: str
    client_id: str
    client_secret: str
    redirect: str
    claim: str
    links: tuple[tuple[str, str], ...]
    ca_file: str


@dataclass(frozen=True, slots=True)
class Begun:
    """What a browser keeps until it comes back: none of it can be guessed by anybody else."""

    state: str
    nonce: str
    verifier: str


def chosen(settings: Settings) -> Provider | None:
    """The provider of the settings; None when it is off; NotConfigured for one that lacks something or is not encrypted."""
    table = settings.section("oidc")
    if not table.get("enabled"):
        return None
    words = {name: str(table[name]).strip() for name in ("name", "issuer", "client_id", "client_secret", "redirect", "claim", "ca_file")}
    missing = [name for name in ("name", "issuer", "client_id", "client_secret", "redirect", "claim") if not words[name]]
    if missing:
        raise NotConfigured(f"[oidc] 已启用，还缺：{'、'.join(missing)}。")
    if find_spec("joserfc") is None:
        raise NotConfigured("[oidc] 已启用，需要先安装附加组件：pip install 'huiying[oidc]'。")
    links = tuple(sorted((str(who), str(login).strip().lower()) for who, login in table.get("links", {}).items()))
    return Provider(**{**words, "issuer": safe(words["issuer"].rstrip("/"))}, links=links)


def safe(address: str) -> str:
    """The address; NotConfigured unless it is https, or http on this machine."""
    parts = urllib.parse.urlsplit(address)
    if (parts.scheme == "https" and parts.hostname) or (parts.scheme == "http" and parts.hostname in LOOPBACK):
        return address
    raise NotConfigured(f"统一身份认证的地址应为 https：{address[:200]}")


def begin(provider: Provider, at: datetime) -> tuple[str, Begun]:
    """Where the browser is sent, and what it keeps. Unavailable when the provider does not answer."""
    begun = Begun(secrets.token_urlsafe(32), secrets.token_urlsafe(32), secrets.token_urlsafe(48))
    challenge = base64.urlsafe_b64encode(hashlib.sha256(begun.verifier.encode()).digest()).rstrip(b"=").decode()
    asked = {
        "response_type": "code", "client_id": provider.client_id, "redirect_uri": provider.redirect, "scope": "openid profile", "state": begun.state,
        "nonce": begun.nonce, "code_challenge": challenge, "code_challenge_method": "S256",
    }  # fmt: skip
    address = endpoint(provider, "authorization_endpoint", at)
    return f"{address}{'&' if '?' in address else '?'}{urllib.parse.urlencode(asked)}", begun


def login_of(provider: Provider, begun: Begun, back: Mapping[str, str], at: datetime) -> str:
    """The login to which the person who came back is linked, "" when to none. NotProvenError for anything that is not in order.

    ``back`` is the query with which the browser came: code and state, or an error; and who sends it, where the provider says so (RFC 9207).
    """
    if not hmac.compare_digest(back.get("state", "")[:200].encode(), begun.state.encode()):
        raise NotProvenError("state")
    if "iss" in back and back["iss"].rstrip("/") != provider.issuer:
        raise NotProvenError("iss of the answer")
    if not back.get("code"):
        raise NotProvenError(f"error: {back.get('error', '')[:60]}")
    claims = proven(provider, begun, exchanged(provider, begun, back["code"], at), at)
    who = claims.get(provider.claim)
    if not isinstance(who, str) or not who.strip():
        raise NotProvenError("claim")
    if provider.claim == "email" and claims.get("email_verified") is not True:
        raise NotProvenError("email_verified")
    return dict(provider.links).get(who, "") if provider.links else who.strip().lower()


def exchanged(provider: Provider, begun: Begun, code: str, at: datetime) -> str:
    """The code for an ID token, with our secret and the verifier of this browser."""
    sent = {"grant_type": "authorization_code", "code": code[:2000], "redirect_uri": provider.redirect, "code_verifier": begun.verifier}
    pair = f"{urllib.parse.quote(provider.client_id, safe='')}:{urllib.parse.quote(provider.client_secret, safe='')}"
    head = {"Authorization": "Basic " + base64.b64encode(pair.encode()).decode(), "Content-Type": "application/x-www-form-urlencoded"}
    token = fetched(provider, endpoint(provider, "token_endpoint", at), urllib.parse.urlencode(sent).encode(), head).get("id_token")
    if not isinstance(token, str):
        raise NotProvenError("no id_token")
    return token


def proven(provider: Provider, begun: Begun, token: str, at: datetime) -> Mapping[str, Any]:
    """The claims of an ID token whose signature, issuer, audience, times and nonce are right (OpenID Connect Core 1.0, 3.1.3.7)."""
    from joserfc import jwk, jwt
    from joserfc.errors import JoseError

    keys = usable(fetched(provider, endpoint(provider, "jwks_uri", at)))
    try:
        claims = jwt.decode(token, jwk.KeySet.import_key_set(keys), algorithms=list(ALGORITHMS)).claims  # type: ignore[arg-type]  # checked by the library
    except (JoseError, ValueError, KeyError, TypeError, RecursionError) as error:
        raise NotProvenError(f"signature: {type(error).__name__}") from error
    second, audience = at.timestamp(), claims.get("aud")
    audiences = audience if isinstance(audience, list) else [audience]
    checks = {
        "iss": claims.get("iss") == provider.issuer or claims.get("iss") == provider.issuer + "/",
        "aud": provider.client_id in audiences and claims.get("azp", provider.client_id) == provider.client_id and (len(audiences) == 1 or "azp" in claims),
        "exp": is_time(claims.get("exp")) and claims["exp"] > second - LEEWAY,
        "iat": is_time(claims.get("iat")) and claims["iat"] < second + LEEWAY,
        "nbf": "nbf" not in claims or (is_time(claims["nbf"]) and claims["nbf"] < second + LEEWAY),
        "nonce": isinstance(claims.get("nonce"), str) and hmac.compare_digest(claims["nonce"].encode(), begun.nonce.encode()),
    }
    wrong = [name for name, right in checks.items() if not right]
    if wrong:
        raise NotProvenError("、".join(wrong))
    return claims


def usable(found: Mapping[str, Any]) -> dict[str, Any]:
    """Of the published keys those that can sign for us: a provider also lists keys for encryption and of kinds that we do not know."""
    listed = found.get("keys")
    keys = listed if isinstance(listed, list) else []
    return {"keys": [key for key in keys if isinstance(key, dict) and key.get("kty") in SIGNING_KEYS and key.get("use", "sig") == "sig"]}


def leaving(provider: Provider, at: datetime) -> str:
    """Where a person who leaves the desk can leave the provider too (OpenID Connect RP-Initiated Logout 1.0); "" when it has no such place or is away."""
    try:
        address = endpoint(provider, "end_session_endpoint", at)
    except (Refused, Unavailable, NotConfigured):
        return ""
    return f"{address}{'&' if '?' in address else '?'}{urllib.parse.urlencode({'client_id': provider.client_id})}"


def is_time(value: object) -> bool:
    """Whether a claim is a number of seconds."""
    return isinstance(value, int | float) and not isinstance(value, bool)


def endpoint(provider: Provider, name: str, at: datetime) -> str:
    """One address of the provider's own description."""
    found = described(provider, int(at.timestamp()) // 600).get(name)
    if not isinstance(found, str):
        raise Unavailable(AWAY)
    return safe(found)


@lru_cache(maxsize=8)
def described(provider: Provider, _period: int) -> Mapping[str, Any]:
    """What the provider says of itself (OpenID Connect Discovery 1.0), read once in ten minutes; it must name the issuer that we know."""
    found = fetched(provider, f"{provider.issuer}/.well-known/openid-configuration")
    if str(found.get("issuer", "")).rstrip("/") != provider.issuer:
        raise NotProvenError("issuer of the description")
    return found


class Straight(urllib.request.HTTPRedirectHandler):
    """Follows no redirect: the secret goes to the named address and nowhere else."""

    def redirect_request(self, req: urllib.request.Request, fp: IO[bytes], code: int, msg: str, headers: HTTPMessage, newurl: str) -> None:
        """Nowhere."""


def fetched(provider: Provider, address: str, body: bytes | None = None, head: Mapping[str, str] | None = None) -> dict[str, Any]:
    """A JSON object of the provider; NotProvenError when it refuses (4xx), Unavailable when it does not answer."""
    context = ssl.create_default_context(cafile=provider.ca_file or None)
    opener = urllib.request.build_opener(urllib.request.ProxyHandler({}), urllib.request.HTTPSHandler(context=context), Straight())
    request = urllib.request.Request(address, body, {"Accept": "application/json", **(head or {})})  # noqa: S310  # safe() has seen the scheme
    try:
        with opener.open(request, timeout=SECONDS) as answer:
            found = json.loads(answer.read(ANSWER_MOST))
    except urllib.error.HTTPError as error:
        with error:
            if error.code < 500:
                raise NotProvenError(f"refused: {error.code}") from error
        raise Unavailable(AWAY) from error
    except (OSError, HTTPException, ValueError, RecursionError) as error:
        raise Unavailable(AWAY) from error
    if not isinstance(found, dict):
        raise Unavailable(AWAY)
    return found
