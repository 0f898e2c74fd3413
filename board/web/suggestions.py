"""Suggestions beside the form for posting: a fragment for the script, the whole form again for whoever has none. Nothing is stored."""

from flask import Blueprint, render_template, request, url_for
from limits import RateLimitItemPerHour

from board.inquiries.suggesting import Suggestions, suggest
from board.web import forms, limits, posting
from board.web.current import the_office
from board.wording.dull_words import load_topic_words

blueprint = Blueprint("suggestions", __name__)


@blueprint.post("/post/suggestions")
def show() -> str:
    """What was answered already, for the words in the form; everything typed is kept."""
    office, filled = the_office(), forms.filled()
    most = RateLimitItemPerHour(int(office.settings.section("rate_limits")["suggestions_per_hour"]))
    limits.count(most, "suggest", limits.address(), "查询过于频繁，请稍后再试；您可以直接发送留言。")
    found = found_for(f"{filled.value('title')}\n{filled.value('text')}")
    if request.headers.get("X-Fragment"):
        return render_template("suggestions.html", found=found, application_url=application_url())
    return posting.page(filled, found)


def found_for(text: str) -> Suggestions:
    """Asks the room."""
    office = the_office()
    with office.work.reading() as db:
        return suggest(db, office.catalogue, office.settings, load_topic_words(office.settings.config_dir), text)


def application_url() -> str:
    """Where one applies for information."""
    return str(the_office().settings.section("suggestions")["application_url"]) or url_for("applying.form")
