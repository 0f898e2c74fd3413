"""A small identity provider of an office: a real HTTP server with signed tokens, and with the faults that a test asks for."""

import base64
import hashlib
import hmac
import json
import secrets
import threading
import time
from collections.abc import Callable
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any
from urllib.parse import parse_qs, urlencode, urlsplit

from joserfc import jwk, jwt

CLIENT, SECRET = "huiying-desk", "s3cret/+ of the client"


class IdentityServer:
    """``who`` is the person who has signed in there; ``faults`` are put over the claims (None takes one away); ``key`` signs, or nothing honest does (``algorithm``)."""

    def __init__(self, clock: Callable[[], float] = time.time) -> None:
        self.clock, self.who, self.faults = clock, "clerk", dict[str, Any]()
        self.published = jwk.RSAKey.generate_key(2048, {"kid": "k1", "use": "sig", "alg": "RS256"})
        self.key, self.algorithm = self.published, "RS256"
        self.more_keys: list[dict[str, str]] = []
        self.more_places: dict[str, str] = {}
        self.says_kid = True
        self.codes: dict[str, dict[str, str]] = {}
        self.server = ThreadingHTTPServer(("127.0.0.1", 0), handler_of(self))
        self.issuer = f"http://127.0.0.1:{self.server.server_port}"
        self.thread = threading.Thread(target=self.server.serve_forever, kwargs={"poll_interval": 0.05}, daemon=True)
        self.thread.start()

    def close(self) -> None:
        """Ends the server."""
        self.server.shutdown()
        self.server.server_close()
        self.thread.join(5)

    def page(self, path: str, asked: dict[str, str]) -> tuple[int, dict[str, Any] | str]:
        """(status, JSON or the address to which the browser is sent) of a GET."""
        if path == "/.well-known/openid-configuration":
            places = {"authorization_endpoint": "/authorize", "token_endpoint": "/token", "jwks_uri": "/keys"}
            places |= self.more_places
            return 200, {"issuer": self.issuer, **{name: self.issuer + place for name, place in places.items()}}
        if path == "/keys":
            return 200, {"keys": [*self.more_keys, self.published.as_dict(private=False)]}
        if path == "/authorize" and asked.get("client_id") == CLIENT and asked.get("response_type") == "code" and asked.get("code_challenge_method") == "S256":
            code = secrets.token_urlsafe(16)
            self.codes[code] = asked
            return 302, f"{asked['redirect_uri']}?{urlencode({'code': code, 'state': asked['state']})}"
        return 404, {"error": "not_found"}

    def token(self, form: dict[str, str], authorization: str) -> tuple[int, dict[str, Any]]:
        """The answer to a code: each code once, only with our secret, the same address of return and the verifier of its challenge."""
        asked = self.codes.pop(form.get("code", ""), None)
        pair = base64.b64decode(authorization.removeprefix("Basic ")).decode()
        challenge = base64.urlsafe_b64encode(hashlib.sha256(form.get("code_verifier", "").encode()).digest()).rstrip(b"=").decode()
        if pair != f"{CLIENT}:s3cret%2F%2B%20of%20the%20client":
            return 401, {"error": "invalid_client"}
        if asked is None or asked["redirect_uri"] != form.get("redirect_uri") or asked["code_challenge"] != challenge:
            return 400, {"error": "invalid_grant"}
        second = int(self.clock())
        claims = {"iss": self.issuer, "aud": CLIENT, "sub": "330127001", "preferred_username": self.who, "iat": second, "exp": second + 300, "nonce": asked["nonce"]}
        given = {name: value for name, value in (claims | self.faults).items() if value is not None}
        honest = self.algorithm in {"RS256", "ES256"}
        token = jwt.encode({"alg": self.algorithm, **({"kid": self.key.kid} if self.says_kid else {})}, given, self.key) if honest else self.forged(given)
        return 200, {"access_token": "unused", "token_type": "Bearer", "id_token": token}


    def forged(self, claims: dict[str, Any]) -> str:
        """A token without a signature ("none"), or with one that anybody can make of the public key ("HS256")."""
        parts = [base64.urlsafe_b64encode(json.dumps(part).encode()).rstrip(b"=") for part in ({"alg": self.algorithm, "kid": "k1"}, claims)]
        sealed = hmac.digest(self.published.as_pem(private=False), b".".join(parts), "sha256") if self.algorithm == "HS256" else b""
        return b".".join([*parts, base64.urlsafe_b64encode(sealed).rstrip(b"=")]).decode()


def handler_of(provider: IdentityServer) -> type[BaseHTTPRequestHandler]:
    """The dialogue over HTTP."""

    class Handler(BaseHTTPRequestHandler):
        """GET and POST of the provider."""

        def do_GET(self) -> None:  # http.server calls it so
            parts = urlsplit(self.path)
            self.answer(*provider.page(parts.path, flat(parts.query)))

        def do_POST(self) -> None:  # http.server calls it so
            form = flat(self.rfile.read(int(self.headers["Content-Length"])).decode())
            self.answer(*provider.token(form, self.headers.get("Authorization", "")))

        def answer(self, status: int, content: dict[str, Any] | str) -> None:
            """Sends JSON, or sends the browser on."""
            self.send_response(status)
            if isinstance(content, str):
                self.send_header("Location", content)
            self.send_header("Content-Type", "application/json")
            self.end_headers()
            self.wfile.write(b"" if isinstance(content, str) else json.dumps(content).encode())

        def log_message(self, *_: object) -> None:
            """Says nothing."""

    return Handler


def flat(query: str) -> dict[str, str]:
    """The fields of a query or form."""
    return {name: values[0] for name, values in parse_qs(query).items()}
