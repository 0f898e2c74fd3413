"""The matrix of RELIABILITY 6 written a second time, cell by cell, and asked through rooms and pages, on own and on foreign items."""

import pytest

from board.errors import NotAllowed
from board.models import Inquiry, Role, Unit
from board.staff.roles import CITIZEN, SYSTEM, Right, may, require
from tests.bureau import Bureau, bureau

__all__ = ["bureau"]

#: columns: 经办 签发 管理 技术 分办 股室负责人 审计; Y allowed, - refused, o own or assigned items only
MATRIX = """
read_inquiry         Y Y Y - Y Y Y
see_contact          o Y Y - Y o -
view_draft           Y Y Y - Y Y Y
accept               Y Y Y - Y Y -
claim                o Y - - - o -
edit_draft           o Y - - - o -
submit_draft         o Y - - - o -
endorse              - Y - - Y o -
correct_and_sign     - Y - - - o -
approve              - Y - - - - -
send_back            - Y - - Y o -
assign               - Y Y - Y o -
decline              - Y Y - Y - -
hide                 - Y Y - Y - -
mask                 o Y Y - Y o -
reveal               o Y Y - Y o -
release_history      - - Y - - - -
manage_disclosures   Y Y Y - - Y -
publish_disclosures  - Y Y - - - -
import_data          - - Y - - - -
requeue              - Y Y Y - - -
preview_report       - Y Y - - - Y
export_report        - - Y - - - -
register_case        Y Y Y - Y Y -
take_down            Y Y Y - Y Y -
keep_case_file       o Y Y - Y o -
manage_accounts      - - - Y - - -
manage_settings      - - Y - - - -
read_audit           - - Y Y - - Y
health_detail        - - Y Y - - -
extend               - Y Y - Y - -
pause                o Y Y - Y o -
transfer             - Y Y - Y - -
co_handle            - Y Y - Y o -
co_answer            Y Y - - - Y -
supervise            - Y Y - - - -
remind               - Y Y - Y Y -
retract              - Y Y - - - -
mark_urgent          Y Y Y - Y Y -
mark_accused         Y Y Y - Y - -
take_down            Y Y Y - Y Y -
keep_case_file       o Y Y - Y o -
extend               - Y Y - Y - -
pause                o Y Y - Y o -
transfer             - Y Y - Y - -
co_handle            - Y Y - Y o -
co_answer            Y Y - - - Y -
supervise            - Y Y - - - -
remind               - Y Y - Y Y -
retract              - Y Y - - - -
mark_urgent          Y Y Y - Y Y -
mark_accused         Y Y Y - Y - -
read_application     Y Y Y - Y Y Y
handle_application   o Y - - Y o -
sign_application     - Y - - - - -
reveal_applicant     o Y Y - Y o -
renew_code           - Y Y - Y - -
enter_figures        - - Y - - - -
submit_return        - - Y - - - -
close_year           - Y Y - - - -
manage_interface     - - - Y - - -
"""
LOGINS = {
    Role.editor: "clerk-sbj",
    Role.approver: "signer",
    Role.manager: "manager",
    Role.admin: "admin",
    Role.front_office: "front",
    Role.unit_head: "head",
    Role.auditor: "auditor",
}
OWN_UNIT = {"clerk-sbj": "sbj", "head": "jyg"}
CELLS = [(line.split()[0], role, cell) for line in MATRIX.strip().splitlines() for role, cell in zip(LOGINS, line.split()[1:], strict=True)]


def test_the_matrix_names_every_right_and_every_role() -> None:
    assert {right for right, _, _ in CELLS} == {right.value for right in Right}
    assert set(LOGINS) == set(Role)
    assert {cell for _, _, cell in CELLS} == {"Y", "-", "o"}


@pytest.mark.parametrize("role", LOGINS)
def test_each_cell_in_the_rooms(bureau: Bureau, role: Role) -> None:
    actor = bureau.actors[LOGINS[role]]
    with bureau.office.work.reading() as session:
        units = {unit.code: unit.id for unit in session.query(Unit)}
    home = OWN_UNIT.get(LOGINS[role], "bureau")
    own = Inquiry(unit_id=units[home], claimed_by_id=None)
    foreign = Inquiry(unit_id=units["jyg" if home == "sbj" else "sbj"], claimed_by_id=None)
    claimed = Inquiry(unit_id=foreign.unit_id, claimed_by_id=actor.account_id)
    for right, _, cell in (found for found in CELLS if found[1] == role):
        assert may(actor, Right(right)) == (cell != "-"), (right, role)
        assert may(actor, Right(right), own) == (cell != "-"), (right, role)
        assert may(actor, Right(right), claimed) == (cell != "-"), (right, role)
        assert may(actor, Right(right), foreign) == (cell == "Y"), (right, role)
        if cell != "Y":
            with pytest.raises(NotAllowed):
                require(actor, Right(right), foreign)


@pytest.mark.parametrize("right", Right)
def test_who_is_no_staff_has_no_right_of_staff(right: Right) -> None:
    assert not may(CITIZEN, right)
    assert not may(SYSTEM, right)
