"""Adds Flask to the office: ``create_app(office)`` reads like a table of contents and refuses to start wrong."""

from apiflask import APIFlask
from flask import Flask

from board.office import Office, open_office
from board.staff import identity_provider
from board.web import (
    api,
    api_description,
    api_docs,
    api_lists,
    application_desk,
    applying,
    approval,
    ask,
    attached,
    board_list,
    case_file,
    choosing,
    closing,
    configuration,
    corrections,
    csrf,
    current,
    deputies,
    desk,
    entering,
    error_pages,
    failed,
    follow,
    form_pages,
    guards,
    handling,
    headers,
    history,
    holidays,
    interface,
    labels_in_pages,
    library,
    limits,
    live,
    mail_address,
    many,
    moderation,
    new_code,
    oidc,
    own,
    people,
    phrasebook,
    posting,
    public,
    quality,
    reporting,
    review_register,
    sessions,
    side_moves,
    sign_in,
    sitemaps,
    slip_lists,
    staff_pages,
    status,
    suggestions,
    taking_down,
    texts,
    together,
    topics,
    trail,
    typed_numbers,
    working,
)


def application() -> Flask:
    """What a production server calls (``gunicorn "board.app:application()"``): the office as the environment configures it."""
    return create_app(open_office())


def create_app(office: Office) -> Flask:
    """The web application of one office; the two sides are served as the settings say."""
    app = APIFlask("board.web", title="回应接口", version="1", spec_path="/api/openapi.json", docs_path=None, json_errors=False)
    app.request_class = typed_numbers.OfficeRequest
    configuration.configure(app, office)
    current.keep(app, office)
    app.before_request(current.follow_choices)

    error_pages.register(app)
    headers.register(app)
    sessions.register(app)
    guards.register(app)
    csrf.register(app)
    limits.register(app)
    labels_in_pages.register(app)

    web = office.settings.section("web")
    app.register_blueprint(status.blueprint)
    if web["public"]:
        for part in (public, board_list, sitemaps, ask, posting, suggestions, attached, follow, library, applying, api, api_lists, api_docs):
            app.register_blueprint(part.blueprint)
    if web["desk"]:
        identity_provider.chosen(office.settings)  # refuses to start with half of a provider
        register_desk(app)
    app.spec_processor(api_description.complete)
    guards.refuse_gaps(app)
    return app


def register_desk(app: Flask) -> None:
    """The staff side; its parts are listed here and nowhere else."""
    staff_pages.register(app)
    for part in (sign_in, oidc, desk, live, handling, moderation, side_moves, working, texts, case_file, taking_down, slip_lists, deputies, approval, corrections, entering, history, failed, reporting, quality, topics):
        app.register_blueprint(part.blueprint)
    for part in (application_desk, review_register):
        app.register_blueprint(part.blueprint)
    for part in (many, together, mail_address, new_code, form_pages, closing):
        app.register_blueprint(part.blueprint)
    for part in (own, people, interface, trail, choosing, holidays, phrasebook):
        app.register_blueprint(part.blueprint)
