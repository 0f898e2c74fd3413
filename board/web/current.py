"""The office behind the request, and the session that a view opens."""

from flask import Flask, current_app, request

from board.clock import now
from board.office import Office

KEY = "huiying"


def keep(app: Flask, office: Office) -> None:
    """Puts the office where ``the_office`` finds it."""
    app.extensions[KEY] = office


def the_office() -> Office:
    """The office of the application that serves this request."""
    office: Office = current_app.extensions[KEY]
    return office


def follow_choices() -> None:
    """Before each page: takes over what somebody changed in the settings, wherever that was."""
    if request.endpoint not in ("static", "bootstrap.static", "status.healthz"):
        the_office().chosen.follow(now())
