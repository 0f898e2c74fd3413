"""One table: who may do what (RELIABILITY 6), and the person or machine who acts."""

from dataclasses import dataclass, field
from enum import StrEnum
from typing import Any, Protocol

from board.errors import NotAllowed
from board.models import Role


class Held(Protocol):
    """What "own or assigned only" asks of a case: who holds it, and which unit it lies with. Inquiries and applications have both."""

    claimed_by_id: Any
    unit_id: Any


class Right(StrEnum):
    """What can be allowed or refused; each route and each move of the life of an inquiry names one."""

    read_inquiry = "read_inquiry"
    see_contact = "see_contact"
    view_draft = "view_draft"
    accept = "accept"
    claim = "claim"
    edit_draft = "edit_draft"
    submit_draft = "submit_draft"
    endorse = "endorse"
    correct_and_sign = "correct_and_sign"
    approve = "approve"
    send_back = "send_back"
    assign = "assign"
    decline = "decline"
    hide = "hide"
    mask = "mask"
    reveal = "reveal"
    release_history = "release_history"
    manage_disclosures = "manage_disclosures"
    publish_disclosures = "publish_disclosures"
    import_data = "import_data"
    requeue = "requeue"
    preview_report = "preview_report"
    export_report = "export_report"
    register_case = "register_case"
    take_down = "take_down"
    keep_case_file = "keep_case_file"
    manage_accounts = "manage_accounts"
    manage_settings = "manage_settings"
    read_audit = "read_audit"
    health_detail = "health_detail"
    extend = "extend"
    pause = "pause"
    transfer = "transfer"
    co_handle = "co_handle"
    co_answer = "co_answer"
    supervise = "supervise"
    remind = "remind"
    retract = "retract"
    mark_urgent = "mark_urgent"
    mark_accused = "mark_accused"
    read_application = "read_application"
    handle_application = "handle_application"
    sign_application = "sign_application"
    reveal_applicant = "reveal_applicant"
    renew_code = "renew_code"
    enter_figures = "enter_figures"
    submit_return = "submit_return"
    close_year = "close_year"
    manage_interface = "manage_interface"


E_, P_, M_, X_ = Role.editor, Role.approver, Role.manager, Role.admin
#: 分办员 distributes and writes nothing, 股室负责人 answers for the own units, the auditor only reads (with an end date)
F_, H_, U_ = Role.front_office, Role.unit_head, Role.auditor

#: Y cells of the matrix; a role that is not named is refused.
ALLOWED: dict[Right, frozenset[Role]] = {
    Right.read_inquiry: frozenset({E_, P_, M_, F_, H_, U_}),
    Right.see_contact: frozenset({E_, P_, M_, F_, H_}),
    Right.view_draft: frozenset({E_, P_, M_, F_, H_, U_}),
    Right.accept: frozenset({E_, P_, M_, F_, H_}),
    Right.claim: frozenset({E_, P_, H_}),
    Right.edit_draft: frozenset({E_, P_, H_}),
    Right.submit_draft: frozenset({E_, P_, H_}),
    Right.endorse: frozenset({P_, F_, H_}),
    Right.correct_and_sign: frozenset({P_, H_}),
    Right.approve: frozenset({P_}),
    Right.send_back: frozenset({P_, F_, H_}),
    Right.assign: frozenset({P_, M_, F_, H_}),
    Right.decline: frozenset({P_, M_, F_}),
    Right.hide: frozenset({P_, M_, F_}),
    Right.mask: frozenset({E_, P_, M_, F_, H_}),
    Right.reveal: frozenset({E_, P_, M_, F_, H_}),
    Right.release_history: frozenset({M_}),
    Right.manage_disclosures: frozenset({E_, P_, M_, H_}),
    Right.publish_disclosures: frozenset({P_, M_}),
    Right.import_data: frozenset({M_}),
    Right.requeue: frozenset({P_, M_, X_}),
    Right.preview_report: frozenset({P_, M_, U_}),
    Right.export_report: frozenset({M_}),
    Right.register_case: frozenset({E_, P_, M_, F_, H_}),
    Right.take_down: frozenset({E_, P_, M_, F_, H_}),
    Right.keep_case_file: frozenset({E_, P_, M_, F_, H_}),
    Right.manage_accounts: frozenset({X_}),
    Right.manage_settings: frozenset({M_}),
    Right.read_audit: frozenset({M_, X_, U_}),
    Right.health_detail: frozenset({M_, X_}),
    Right.extend: frozenset({P_, M_, F_}),
    Right.pause: frozenset({E_, P_, M_, F_, H_}),
    Right.transfer: frozenset({P_, M_, F_}),
    Right.co_handle: frozenset({P_, M_, F_, H_}),
    Right.co_answer: frozenset({E_, P_, H_}),
    Right.supervise: frozenset({P_, M_}),
    Right.remind: frozenset({P_, M_, F_, H_}),
    Right.retract: frozenset({P_, M_}),
    Right.mark_urgent: frozenset({E_, P_, M_, F_, H_}),
    Right.mark_accused: frozenset({E_, P_, M_, F_}),
    Right.read_application: frozenset({E_, P_, M_, F_, H_, U_}),
    Right.handle_application: frozenset({E_, P_, F_, H_}),
    Right.sign_application: frozenset({P_}),
    Right.reveal_applicant: frozenset({E_, P_, M_, F_, H_}),
    Right.renew_code: frozenset({P_, M_, F_}),
    Right.enter_figures: frozenset({M_}),
    Right.submit_return: frozenset({M_}),
    Right.close_year: frozenset({P_, M_}),
    Right.manage_interface: frozenset({X_}),
}

#: The cells "o": allowed on own or assigned items only.
OWN_ONLY: frozenset[tuple[Right, Role]] = frozenset(
    (right, role)
    for role in (E_, H_)
    for right in (Right.see_contact, Right.reveal, Right.mask, Right.claim, Right.edit_draft, Right.submit_draft, Right.keep_case_file, Right.pause,
                  Right.handle_application, Right.reveal_applicant)
) | frozenset((right, H_) for right in (Right.assign, Right.endorse, Right.correct_and_sign, Right.send_back, Right.co_handle))


@dataclass(frozen=True, slots=True)
class Actor:
    """Who acts: ``name`` goes into the events ("account:3", "citizen", "system", "console:root"); staff have role, account and units.

    ``stands_in`` are the accounts whose work this one does today (AB岗); ``home`` the own unit and those above it, ``known_as`` the name: nobody
    sees a complaint against either.
    """

    name: str
    role: Role | None = None
    account_id: int | None = None
    unit_ids: frozenset[int] = field(default_factory=frozenset)
    stands_in: frozenset[int] = field(default_factory=frozenset)
    home: frozenset[int] = field(default_factory=frozenset)
    known_as: str = ""

    def holds(self, account_id: int | None) -> bool:
        """Whether what this account holds is the actor's to work on."""
        return account_id is not None and (account_id == self.account_id or account_id in self.stands_in)


CITIZEN = Actor("citizen")
SYSTEM = Actor("system")


def may(actor: Actor, right: Right, inquiry: Held | None = None) -> bool:
    """Whether the actor's role has the right, and for an "own only" cell whether the item is the actor's."""
    if actor.role is None or actor.role not in ALLOWED[right]:
        return False
    if inquiry is not None and (right, actor.role) in OWN_ONLY:
        return actor.holds(inquiry.claimed_by_id) or inquiry.unit_id in actor.unit_ids
    return True


def require(actor: Actor, right: Right, inquiry: Held | None = None) -> None:
    """NotAllowed, in words, unless ``may``."""
    if not may(actor, right, inquiry):
        raise NotAllowed("您的账号没有这项权限。" if inquiry is None else "您的账号没有这项权限，或该事项不由您的单位办理。")
