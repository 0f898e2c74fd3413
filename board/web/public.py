"""Pages that anybody reads: home, the board of answered inquiries, one inquiry, figures, privacy, site map."""

from flask import Blueprint, make_response, redirect, render_template, request
from werkzeug.wrappers import Response

from board.web.guards import local_path
from board.web.labels_in_pages import LARGE

blueprint = Blueprint("public", __name__)
YEAR = 31_536_000


@blueprint.get("/")
def home() -> str:
    """The first page: ask, latest answers, this year's figures."""
    return render_template("home.html", here="ask")


@blueprint.get("/inquiries")
def board() -> str:
    """The board."""
    return render_template("board.html", here="board")


@blueprint.get("/statistics")
def statistics() -> str:
    """Figures of the year."""
    return render_template("statistics.html", here="statistics")


@blueprint.get("/about/privacy")
def privacy() -> str:
    """What is kept, for how long, and who sees it."""
    return render_template("privacy.html", heading="隐私说明")


@blueprint.get("/about/map")
def site_map() -> str:
    """All public pages on one."""
    return render_template("site_map.html", heading="网站地图")


@blueprint.get("/about/appearance")
def appearance() -> Response:
    """Switches the large print by a cookie and goes back; works without scripts."""
    response = make_response(redirect(local_path(request.args.get("next")), 303))
    if request.args.get("large") == "on":
        response.set_cookie(LARGE, "on", max_age=YEAR, httponly=True, samesite="Lax", secure=request.is_secure)
    else:
        response.delete_cookie(LARGE, httponly=True, samesite="Lax", secure=request.is_secure)
    return response
