"""What search engines may read: robots.txt and the site map (sitemaps.org) in parts of at most 10,000 addresses."""

from flask import Blueprint, Response, abort, make_response, render_template, request, url_for

from board.clock import local_day
from board.inquiries.board_options import cards_between, last_publication
from board.publications.disclosures import documents_between, last_document
from board.web.current import the_office

blueprint = Blueprint("sitemaps", __name__)
PART = 10_000
PAGES = ("public.home", "board.index", "library.index", "public.statistics", "posting.form", "public.privacy", "public.site_map")
CLOSED = ("/desk", "/api/", "/ask", "/follow", "/receipt")


def absolute(path: str) -> str:
    """The full address of a path, under the domain of the settings, or else under the one that was asked for."""
    return owned(path) or request.host_url.rstrip("/") + path


def owned(path: str) -> str:
    """The full address under the domain of the settings; "" where there is none: a page never repeats what a visitor says our name is."""
    domain = str(the_office().settings.section("office").get("domain", ""))
    return f"{request.scheme}://{domain}{path}" if domain else ""


@blueprint.get("/robots.txt")
def robots() -> Response:
    """Public pages may be read; answers to single questions, codes and the desk may not."""
    lines = ["User-agent: *", *(f"Disallow: {path}" for path in CLOSED), f"Sitemap: {absolute(url_for('sitemaps.index'))}"]
    answer = make_response("\n".join(lines) + "\n")
    answer.content_type = "text/plain; charset=utf-8"
    return answer


@blueprint.get("/sitemap.xml")
def index() -> Response:
    """The parts: fixed pages, answered inquiries, documents."""
    with the_office().work.reading() as db:
        most = {"inquiries": last_publication(db), "documents": last_document(db)}
    parts = [("pages", 0), *((kind, number) for kind, last in most.items() for number in range(last // PART + 1))]
    return xml(render_template("sitemap_index.xml", addresses=[absolute(url_for("sitemaps.part", kind=kind, number=number)) for kind, number in parts]))


@blueprint.get("/sitemap-<kind>-<int:number>.xml")
def part(kind: str, number: int) -> Response:
    """One part: of inquiries and documents those whose id lies in the part's ten thousand."""
    if number > 100_000 or kind not in ("pages", "inquiries", "documents"):
        abort(404)
    span = number * PART, (number + 1) * PART
    with the_office().work.reading() as db:
        if kind == "inquiries":
            entries = [(url_for("public.card", number=one), local_day(at).isoformat()) for one, at in cards_between(db, *span)]
        elif kind == "documents":
            entries = [(url_for("library.document", key=key), local_day(at).isoformat() if at else "") for key, at in documents_between(db, *span)]
        else:
            entries = [(url_for(page), "") for page in PAGES]
    return xml(render_template("sitemap.xml", entries=[(absolute(path), day) for path, day in entries]))


def xml(text: str) -> Response:
    """An answer of that type."""
    answer = make_response(text)
    answer.content_type = "application/xml; charset=utf-8"
    return answer
