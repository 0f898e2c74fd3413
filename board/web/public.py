"""Pages that anybody reads: home, one answered inquiry, figures, privacy, site map."""

from typing import Any

from flask import Blueprint, make_response, redirect, render_template, request, url_for
from werkzeug.wrappers import Response

from board.clock import local
from board.errors import InvalidInput
from board.inquiries.public_board import having_words, latest
from board.inquiries.queries import public_inquiry, timeline
from board.replies.blocks import parse_reply
from board.web import year_figures
from board.web.course import public_course, working_days_taken
from board.web.current import the_office
from board.web.guards import local_path
from board.web.labels_in_pages import LARGE
from board.web.sitemaps import owned

blueprint = Blueprint("public", __name__)
YEAR = 31_536_000
LATEST = 5


@blueprint.get("/")
def home() -> str:
    """The first page: ask, latest answers, this year's figures."""
    figures = year_figures.of_year(year_figures.this_year())
    subjects = [subject["name"] for subject in the_office().taxonomy.get("subjects", ())]
    with the_office().work.reading() as db:
        return render_template("home.html", here="ask", latest=latest(db, LATEST), figures=figures, question="", error="", taken=working_days_taken, subjects=subjects)


@blueprint.get("/inquiries/<number>")
def card(number: str) -> str:
    """The public card of one inquiry: masked question, reply, dates, course."""
    with the_office().work.reading() as db:
        item = public_inquiry(db, number)
        return render_template(
            "card.html", here="board", heading=item.title, item=item, inquiry=item.inquiry, blocks=parse_reply(item.reply),
            course=public_course(timeline(db, item.inquiry), item.inquiry.unit.short_name), address=owned(url_for("public.card", number=number)),
            structured=question_and_answer(item),
            alike=[other for other in having_words(db, item.inquiry.subject, 6) if other.id != item.id][:4], taken=working_days_taken,
        )  # fmt: skip


def question_and_answer(item: Any) -> dict[str, Any]:
    """The card as search engines read it (schema.org QAPage): what is public and nothing else."""
    asked, answered = item.inquiry.received_at, item.published_at
    unit = {"@type": "GovernmentOrganization", "name": item.inquiry.unit.name}
    answer = {"@type": "Answer", "text": item.reply, "dateCreated": local(answered).isoformat(), "author": unit}
    question = {
        "@type": "Question", "name": item.title or item.question[:60], "text": item.question, "answerCount": 1, "acceptedAnswer": answer,
        "dateCreated": local(asked).isoformat(), "author": {"@type": "Person", "name": "网民"},
    }  # fmt: skip
    return {"@context": "https://schema.org", "@type": "QAPage", "mainEntity": question}


@blueprint.get("/statistics")
def statistics() -> str:
    """Figures of a year, by kind, unit and month."""
    given = request.args.get("year", "")
    present = year_figures.this_year()
    try:
        figures = year_figures.of_year(int(given) if given.isascii() and given.isdigit() and len(given) == 4 else present)
    except InvalidInput:
        figures = year_figures.of_year(present)
    return render_template(
        "statistics.html",
        here="statistics",
        heading=f"{figures.year}年办理统计",
        figures=figures,
        years=sorted({*year_figures.years_to_choose(), figures.year}, reverse=True),
    )


@blueprint.get("/about/privacy")
def privacy() -> str:
    """What is kept, for how long, and who sees it."""
    return render_template("privacy.html", heading="隐私说明", column="关于本站", years=the_office().settings.section("privacy")["contact_years"], question_days=the_office().settings.section("asking")["keep_days"])


@blueprint.get("/about/map")
def site_map() -> str:
    """All public pages on one."""
    return render_template("site_map.html", heading="网站地图", column="关于本站")


@blueprint.get("/about/appearance")
def appearance() -> Response:
    """Switches the large print by a cookie and goes back; works without scripts."""
    response = make_response(redirect(local_path(request.args.get("next")), 303))
    if request.args.get("large") == "on":
        response.set_cookie(LARGE, "on", max_age=YEAR, httponly=True, samesite="Lax", secure=request.is_secure)
    else:
        response.delete_cookie(LARGE, httponly=True, samesite="Lax", secure=request.is_secure)
    return response
