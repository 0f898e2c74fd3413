"""Who may call which route: ONE table, enforced before every request; a route that is not in it is refused."""

from collections.abc import Mapping
from enum import Enum
from urllib.parse import unquote_to_bytes

from flask import Flask, abort, redirect, request, url_for
from werkzeug.wrappers import Response

from board.errors import NotAllowed, NotConfigured, Refused
from board.staff.api_keys import Scope
from board.staff.roles import Right, require
from board.web import key_holders, sessions
from board.web.key_holders import ByKey


class Access(Enum):
    """Routes that no right of a role protects."""

    PUBLIC = "anybody"
    CITIZEN = "whoever shows number and tracking code in the request itself"
    SIGNED_IN = "any member of staff"


PUBLIC, CITIZEN, SIGNED_IN = Access.PUBLIC, Access.CITIZEN, Access.SIGNED_IN

#: endpoint -> what it takes. A Right is checked for the role here and for the single object again in the room.
ROUTES: Mapping[str, Access | Right | ByKey] = {
    "static": PUBLIC,
    "bootstrap.static": PUBLIC,
    "openapi.spec": PUBLIC,
    # health
    "status.healthz": PUBLIC,
    "status.readyz": PUBLIC,
    # citizens
    "public.home": PUBLIC,
    "board.index": PUBLIC,
    "board.feed": PUBLIC,
    "sitemaps.index": PUBLIC,
    "sitemaps.part": PUBLIC,
    "sitemaps.robots": PUBLIC,
    "public.card": PUBLIC,
    "public.statistics": PUBLIC,
    "public.privacy": PUBLIC,
    "public.site_map": PUBLIC,
    "public.appearance": PUBLIC,
    "ask.answer": PUBLIC,
    **dict.fromkeys(("ask.document", "ask.inquiry", "ask.verdict"), PUBLIC),
    "posting.form": PUBLIC,
    "posting.send": PUBLIC,
    "suggestions.show": PUBLIC,
    "posting.receipt": PUBLIC,
    "posting.receipt_file": CITIZEN,
    "follow.form": PUBLIC,
    "follow.show": CITIZEN,
    "follow.withdrawal": CITIZEN,
    "follow.write_again": CITIZEN,
    **dict.fromkeys(("follow.rate", "follow.reopen", "follow.consent", "follow.change_contact", "follow.erase_contact", "follow.notices", "attached.own"), CITIZEN),
    "library.index": PUBLIC,
    **dict.fromkeys(("library.document", "library.download"), PUBLIC),
    # interface
    "api_docs.page": PUBLIC,
    "api.post": ByKey(Scope.post),
    "api.show": ByKey(Scope.follow),
    **dict.fromkeys(("api.find", "api.question", "api_lists.documents", "api_lists.document", "api_lists.answers", "api_lists.answer"), ByKey(Scope.read)),
    "api_lists.figures": ByKey(Scope.figures, needed=True),
    # desk
    "sign_in.form": PUBLIC,
    "sign_in.send": PUBLIC,
    "sign_in.code_form": PUBLIC,
    "sign_in.code": PUBLIC,
    "oidc.go": PUBLIC,
    "oidc.back": PUBLIC,
    "sign_in.leave": SIGNED_IN,
    "own.show": SIGNED_IN,
    "own.password": SIGNED_IN,
    "own.factor": SIGNED_IN,
    **dict.fromkeys(("own.factor_on", "own.factor_off", "own.recovery_codes"), SIGNED_IN),
    "own.end_session": SIGNED_IN,
    "own.end_others": SIGNED_IN,
    "own.shortcuts": SIGNED_IN,
    "people.index": Right.manage_accounts,
    "people.form": Right.manage_accounts,
    "people.create": Right.manage_accounts,
    "people.show": Right.manage_accounts,
    "people.change": Right.manage_accounts,
    "people.password": Right.manage_accounts,
    "people.disable": Right.manage_accounts,
    "people.enable": Right.manage_accounts,
    "people.unlock": Right.manage_accounts,
    "people.second_factor": Right.manage_accounts,
    "people.sessions": Right.manage_accounts,
    **dict.fromkeys(("interface.index", "interface.add_key", "interface.revoke_key", "interface.add_hook", "interface.hook", "interface.switch", "interface.renew", "interface.again"), Right.manage_interface),
    "trail.index": Right.read_audit,
    "trail.export": Right.read_audit,
    "choosing.index": Right.manage_settings,
    "choosing.limits": Right.manage_settings,
    "choosing.change_limit": Right.manage_settings,
    "choosing.phrases": Right.manage_settings,
    "choosing.change_phrase": Right.manage_settings,
    "choosing.words": Right.manage_settings,
    "choosing.change_words": Right.manage_settings,
    "choosing.units": Right.manage_settings,
    "choosing.unit": Right.manage_settings,
    "choosing.change_unit": Right.manage_settings,
    "holidays.show": Right.manage_settings,
    "holidays.preview": Right.manage_settings,
    "holidays.save": Right.manage_settings,
    **dict.fromkeys(("templates.index", "templates.form", "templates.create", "templates.show", "templates.change", "templates.drop"), Right.manage_settings),
    "desk.queue": SIGNED_IN,
    "desk.save_view": Right.read_inquiry,
    "desk.remove_view": Right.read_inquiry,
    "desk.export": Right.read_inquiry,
    "together.ask": Right.co_handle,
    "together.answer": Right.co_answer,
    "together.give_back": Right.co_answer,
    "together.join": Right.edit_draft,
    "mail_address.show": SIGNED_IN,
    "mail_address.save": SIGNED_IN,
    "many.plan": Right.read_inquiry,
    "many.carry_out": Right.accept,
    "handling.show": Right.read_inquiry,
    "texts.compare": Right.view_draft,
    "handling.take": Right.claim,
    "handling.save": Right.edit_draft,
    "handling.insert": Right.edit_draft,
    "handling.submit": Right.submit_draft,
    "handling.assign": Right.assign,
    "handling.decline": Right.decline,
    "handling.mark_invalid": Right.hide,
    "handling.merge": Right.assign,
    "handling.give_back": Right.claim,
    "side_moves.extend": Right.extend,
    "side_moves.pause": Right.pause,
    "side_moves.ask_correction": Right.pause,
    "side_moves.resume": Right.pause,
    "side_moves.transfer": Right.transfer,
    "side_moves.unclaim": Right.claim,
    "side_moves.remind": Right.remind,
    "side_moves.supervise": Right.supervise,
    "side_moves.unmerge": Right.assign,
    "side_moves.retract": Right.retract,
    "side_moves.revise": Right.retract,
    "side_moves.mark_urgent": Right.mark_urgent,
    "side_moves.clear_urgent": Right.mark_urgent,
    "side_moves.mark_accused": Right.mark_accused,
    "side_moves.clear_accused": Right.mark_accused,
    "new_code.form": Right.renew_code,
    "new_code.issue": Right.renew_code,
    "handling.disclose": Right.publish_disclosures,
    "live.counts": SIGNED_IN,
    "live.noticed": SIGNED_IN,
    "live.read": SIGNED_IN,
    "live.shortcuts": SIGNED_IN,
    "moderation.reveal": Right.reveal,
    "moderation.mask": Right.mask,
    "moderation.lift": Right.mask,
    "moderation.let_through": Right.hide,
    "working.presence": Right.read_inquiry,
    "working.keep": Right.edit_draft,
    "working.aside": Right.edit_draft,
    "working.leave": Right.claim,
    "working.take_over": Right.claim,
    "working.merged": Right.edit_draft,
    "approval.show": Right.endorse,
    "approval.approve": Right.endorse,
    "corrections.look": Right.correct_and_sign,
    "corrections.sign": Right.correct_and_sign,
    "case_file.note": Right.keep_case_file,
    "case_file.add": Right.keep_case_file,
    "case_file.paper": Right.keep_case_file,
    "case_file.file": Right.view_draft,
    "case_file.attached_file": Right.read_inquiry,
    "case_file.case_slip": Right.view_draft,
    "case_file.feedback_file": Right.view_draft,
    "case_file.feedback_sent": Right.keep_case_file,
    "taking_down.form": Right.take_down,
    "taking_down.send": Right.take_down,
    "taking_down.slips": Right.read_inquiry,
    "taking_down.slips_file": Right.read_inquiry,
    "slip_lists.choose": Right.take_down,
    "slip_lists.preview": Right.take_down,
    "slip_lists.columns": Right.take_down,
    "slip_lists.confirm": Right.take_down,
    "handling.phrase": Right.edit_draft,
    # 依申请公开
    **dict.fromkeys(("applying.form", "applying.send", "applying.receipt", "applying.ask"), PUBLIC),
    **dict.fromkeys(("applying.show", "applying.correct", "applying.withdraw"), CITIZEN),
    **dict.fromkeys(("application_desk.index", "application_desk.show", "application_desk.step", "review_register.index"), Right.read_application),
    **dict.fromkeys(("application_desk.form", "application_desk.enter", "review_register.enter", "review_register.conclude"), Right.register_case),
    **dict.fromkeys(("application_desk.printed", "application_desk.reveal"), Right.reveal_applicant),
    "application_desk.letter_file": Right.handle_application,
    "deputies.index": SIGNED_IN,
    "deputies.name": SIGNED_IN,
    "deputies.end": SIGNED_IN,
    "approval.send_back": Right.send_back,
    "approval.bypass": Right.endorse,
    "entering.index": Right.manage_disclosures,
    "entering.form": Right.publish_disclosures,
    "entering.send": Right.publish_disclosures,
    "history.index": Right.read_inquiry,
    "history.release": Right.release_history,
    "history.release_shown": Right.release_history,
    "quality.index": Right.preview_report,
    "quality.items": Right.preview_report,
    "quality.export": Right.export_report,
    "topics.index": Right.read_inquiry,
    "topics.gaps": Right.read_inquiry,
    "failed.index": Right.requeue,
    "failed.requeue": Right.requeue,
    "reporting.year": Right.preview_report,
    "form_pages.show": Right.preview_report,
    "form_pages.save": Right.enter_figures,
    "closing.show": Right.preview_report,
    "closing.snapshot": Right.export_report,
    "closing.month": Right.submit_return,
    **dict.fromkeys(("closing.overrule", "closing.close", "closing.confirm"), Right.close_year),
    "reporting.items": Right.preview_report,
    "reporting.export": Right.export_report,
}

SIGN_IN = "sign_in.form"


def register(app: Flask) -> None:
    """The check runs before every view."""
    app.before_request(check)


def check() -> Response | None:
    """Lets the request pass, sends an unknown visitor to the sign-in page, or refuses."""
    refuse_odd()
    if request.endpoint is None:
        return None
    needed = ROUTES.get(request.endpoint)
    if needed is None:
        abort(404)
    if isinstance(needed, ByKey):
        key_holders.admit(needed)
        return None
    if needed in (PUBLIC, CITIZEN):
        return None
    actor = sessions.actor()
    if actor is None:
        return to_sign_in()
    waiting = to_own_account(request.endpoint)
    if waiting is not None:
        return waiting
    if isinstance(needed, Right):
        require(actor, needed)
    return None


def to_own_account(endpoint: str) -> Response | None:
    """Whoever has still to change a first password, or to set up a second factor, does that before anything else."""
    person = sessions.staff()
    if person is None or not person.first or endpoint in ("sign_in.leave", "static", "bootstrap.static") or endpoint.startswith("own."):
        return None
    if request.method not in ("GET", "HEAD"):
        raise NotAllowed("请先在“我的账号”中修改初始密码或启用二次验证。")
    return redirect(url_for("own.show"))


def refuse_odd() -> None:
    """Packed bodies (415), NUL signs in an address (400) and forms in another encoding (400) have no honest use here."""
    if request.headers.get("Content-Encoding", "identity").lower() != "identity":
        abort(415)
    if "\0" in request.path or any("\0" in value for value in request.args.values()):
        abort(400)
    if request.mimetype == "application/x-www-form-urlencoded":
        refuse_foreign_encoding(request.get_data(cache=True))


def refuse_foreign_encoding(body: bytes) -> None:
    """Refused for a form that is not UTF-8 (GBK from an old program): it would be stored as percent signs."""
    try:
        unquote_to_bytes(body).decode()
    except UnicodeDecodeError as error:
        raise Refused("文字编码无法识别，没有保存任何内容。请使用 UTF-8 编码发送。") from error


def to_sign_in() -> Response:
    """A page that is read leads back to itself after signing in; anything else is simply refused."""
    if request.method not in ("GET", "HEAD"):
        abort(401)
    return redirect(url_for(SIGN_IN, next=request.full_path.rstrip("?")))


def refuse_gaps(app: Flask) -> None:
    """NotConfigured when a registered route is not in the table: the application does not start."""
    missing = sorted({rule.endpoint for rule in app.url_map.iter_rules()} - set(ROUTES))
    if missing:
        raise NotConfigured(f"下列页面没有登记权限：{'、'.join(missing)}。")


def local_path(target: str | None) -> str:
    """The target when it is a plain path of this site, else "/": no open redirect."""
    if target and target.startswith("/") and not target.startswith(("//", "/\\")) and all(" " < sign != "\\" and sign != "\x7f" for sign in target):
        return target
    return "/"
