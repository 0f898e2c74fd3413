"""Every form of the item's page, by every role, on an item of the own unit and on a foreign one."""

from collections.abc import Callable

import pytest

from board.models import Inquiry, InquiryState, Unit
from board.staff.roles import ALLOWED, OWN_ONLY
from board.web import guards
from tests.bureau import Bureau
from tests.people.test_matrix import LOGINS, OWN_UNIT
from tests.staff import Staff, enter

__all__ = ["enter"]
Enter = Callable[[str], Staff]
FORMS = {
    "moderation.reveal": ("reveal", {"reason": "联系网民核实情况"}),
    "handling.take": ("take", {}),
    "handling.save": ("draft", {"text": "请携带身份证原件和户口簿到一楼窗口当场办理。", "based_on": "0"}),
    "handling.submit": ("submit", {"text": "请携带身份证原件和户口簿到一楼窗口当场办理。", "based_on": "0"}),
    "handling.assign": ("assign", {"unit": "jyg"}),
    "handling.decline": ("decline", {"reason": "不属本机关职责，请拨打12345。"}),
    "handling.mark_invalid": ("invalid", {"reason": "广告"}),
    "handling.give_back": ("give-back", {"reason": "不属本股职责"}),
}


def placed(bureau: Bureau, code: str, state: InquiryState, text: str) -> str:
    """An inquiry that stands at a unit, accepted or assigned."""
    posted = bureau.post(text, contact="13900000015")
    with bureau.office.work.transaction() as session:
        unit = session.query(Unit).filter_by(code=code).one()
        inquiry = session.get_one(Inquiry, posted.inquiry_id)
        inquiry.unit_id, inquiry.state = unit.id, state
    return posted.number


@pytest.mark.parametrize("endpoint", FORMS)
def test_forms_on_own_and_foreign_items(bureau: Bureau, enter: Enter, endpoint: str) -> None:
    name, fields = FORMS[endpoint]
    right = guards.ROUTES[endpoint]
    state = InquiryState.assigned if name == "give-back" else InquiryState.accepted
    for role, login in LOGINS.items():
        person, home = enter(login), OWN_UNIT.get(login, "bureau")
        for code in (home, "jyg" if home == "sbj" else "sbj"):
            number = placed(bureau, code, state, f"{login} {code} {name}：失业保险金怎么申领？")
            allowed = role in ALLOWED[right] and (code == home or (right, role) not in OWN_ONLY)
            answer = person.send(f"/desk/inquiries/{number}/{name}", **fields)
            assert answer.status_code == ((200 if name == "reveal" else 303) if allowed else 403), (endpoint, role, code, answer.status_code)


def test_an_item_that_is_not_there_is_404_for_those_who_may_and_403_for_those_who_may_not(bureau: Bureau, enter: Enter) -> None:
    for role, login in LOGINS.items():
        person = enter(login)
        for endpoint, (name, fields) in FORMS.items():
            expected = 404 if role in ALLOWED[guards.ROUTES[endpoint]] else 403
            assert person.send(f"/desk/inquiries/LY999/{name}", **fields).status_code == expected, (endpoint, role)


def test_the_interface_gives_staff_no_right(bureau: Bureau, enter: Enter) -> None:
    posted = bureau.post(publish=False)
    for login in LOGINS.values():
        answer = enter(login).client.get(f"/api/v1/inquiries/{posted.number}", headers={"Tracking-Code": "AAAA-AAAA-AAAA-AAAA"})
        assert answer.status_code == 404
