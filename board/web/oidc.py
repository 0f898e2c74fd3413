"""The way to the office's identity provider and back; the second factor and the rules of roles hold as after a password."""

from flask import Blueprint, redirect, request, session
from werkzeug.wrappers import Response

from board.clock import now
from board.errors import HuiyingError, NotFound
from board.staff import identity_provider, signing_in
from board.staff.identity_provider import Begun, NotProvenError, Provider
from board.web.current import the_office
from board.web.error_pages import status_of
from board.web.guards import local_path
from board.web.sign_in import admitted, page, visitor

blueprint = Blueprint("oidc", __name__)
KEPT, KEPT_SECONDS = "oidc", 600
NO_ACCOUNT = "身份认证成功，但没有与之对应的可用账号。账号由系统管理员开设，不会自动建立。"


@blueprint.get("/sign-in/provider")
def go() -> Response:
    """Sends the browser to the provider; what it must bring back stands in its cookie."""
    following = request.args.get("next")
    try:
        address, begun = identity_provider.begin(provider(), now())
    except HuiyingError as error:
        return refused(error.message, status_of(error), following)
    session[KEPT] = [begun.state, begun.nonce, begun.verifier, int(now().timestamp()), local_path(following)]
    return redirect(address)


@blueprint.get("/sign-in/provider/back")
def back() -> Response:
    """The browser is back with a code: who is it, and which account is that."""
    chosen, kept, at = provider(), session.pop(KEPT, None), now()
    if not isinstance(kept, list) or int(at.timestamp()) - int(kept[3]) > KEPT_SECONDS:
        return refused(identity_provider.WRONG, 422, None)
    try:
        login = identity_provider.login_of(chosen, Begun(*kept[:3]), request.args, at)
    except NotProvenError as error:
        with the_office().work.transaction() as db:
            signing_in.not_proven(db, signing_in.rules(the_office().settings), the_office().key, error.why, visitor(), at)
        return refused(error.message, 422, kept[4])
    except HuiyingError as error:
        return refused(error.message, status_of(error), kept[4])
    with the_office().work.transaction() as db:
        account = signing_in.vouched(db, signing_in.rules(the_office().settings), the_office().key, login, visitor(), at)
        entered = admitted(db, account, kept[4], provider=True) if account is not None else None
    return entered() if entered is not None else refused(NO_ACCOUNT, 422, kept[4])


def provider() -> Provider:
    """The provider of the settings; NotFound when there is none."""
    found = identity_provider.chosen(the_office().settings)
    if found is None:
        raise NotFound("没有这个页面。")
    return found


def refused(message: str, status: int, following: str | None) -> Response:
    """The form again, with the reason."""
    return Response(page("", following, message), status, mimetype="text/html", headers={"Cache-Control": "no-store"})
