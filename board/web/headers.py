"""Security and caching headers, put on every answer: pages, errors, files, interface."""

from flask import Flask, Response, request, session

POLICY = (
    "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self' data:; font-src 'self'; connect-src 'self'; manifest-src 'self'; "
    "form-action 'self'; base-uri 'none'; frame-ancestors 'none'; object-src 'none'"
)
HEADERS = {
    "Content-Security-Policy": POLICY,
    "X-Content-Type-Options": "nosniff",
    "X-Frame-Options": "DENY",
    "Referrer-Policy": "same-origin",
    "Cross-Origin-Opener-Policy": "same-origin",
    "Cross-Origin-Resource-Policy": "same-origin",
    "Permissions-Policy": "camera=(), geolocation=(), microphone=()",
}
STATIC = ("static", "bootstrap.static")
YEAR = 31_536_000


def register(app: Flask) -> None:
    """Every answer passes here, also those of error handlers."""
    app.after_request(finish)


def finish(response: Response) -> Response:
    """The headers of one answer."""
    for name, value in HEADERS.items():
        response.headers[name] = value
    if request.is_secure:
        response.headers["Strict-Transport-Security"] = f"max-age={YEAR}"
    response.headers["Cache-Control"] = caching(response)
    if request.endpoint not in STATIC:
        response.vary.add("Cookie")
    return response


def caching(response: Response) -> str:
    """Files with a fingerprint for a year; pages that show nothing personal are checked again; the rest is never stored."""
    if request.endpoint in STATIC and response.status_code < 400:
        return f"public, max-age={YEAR}, immutable" if "v" in request.args else "public, max-age=3600"
    open_page = request.method in ("GET", "HEAD") and response.status_code < 400 and not session and request.endpoint in PUBLIC_PAGES
    return "no-cache" if open_page else "no-store"


#: pages that look the same for everybody (but for the large print)
PUBLIC_PAGES = frozenset(
    {"public.home", "board.index", "public.card", "public.statistics", "public.privacy", "public.site_map", "library.index", "library.document"}
)
