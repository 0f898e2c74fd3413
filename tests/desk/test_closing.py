"""月报与关账 on its page: a month is submitted, a finding is let stand with a reason, two people freeze the year."""

import re

from sqlalchemy import select

from board.app import create_app
from board.models import EnteredFigure, FreezeConfirmation, MonthlyReturn
from board.reports.forms import load_forms
from tests.bureau import NOW, Bureau, bureau
from tests.staff import signed_in

__all__ = ["bureau"]


def test_the_page_submits_overrules_and_freezes(bureau: Bureau) -> None:
    office = bureau.office
    manager, signer = (signed_in(create_app(office), name) for name in ("manager", "signer"))
    page = manager.page("/reports/closing?year=2025")
    assert "还没有报送" in page
    assert "没有填报" in page
    assert "报送1月" not in signer.page("/reports/closing?year=2025")
    fingerprint = re.findall(r'name="fingerprint" value="([0-9a-f]{64})"', page)
    assert manager.send("/reports/closing/overrule", year="2025", fingerprint=fingerprint[0], reason=" ").status_code == 422
    for one in fingerprint[:-1]:
        assert manager.send("/reports/closing/overrule", year="2025", fingerprint=one, reason="另行上报").status_code == 303
    assert "另行上报" in manager.page("/reports/closing?year=2025")
    assert manager.send("/reports/closing/close", year="2025", reason="").status_code == 422
    with office.work.transaction() as session:
        for form in load_forms(office.settings.config_dir):
            if form.from_year <= 2025 <= form.to_year:
                session.add_all(
                    EnteredFigure(year=2025, form=form.name, path=cell.path, revision=1, value="无" if cell.text else "0", at=NOW)
                    for cell in form.cells if cell.definition == "entered"
                )  # fmt: skip
    assert manager.send("/reports/closing/close", year="2025", reason="").status_code == 303
    sha256 = re.search(r'name="sha256" value="([0-9a-f]{64})"', signer.page("/reports/closing?year=2025"))
    assert sha256
    assert manager.send("/reports/closing/confirm", year="2025", sha256=sha256[1]).status_code == 403
    assert signer.send("/reports/closing/confirm", year="2025", sha256=sha256[1]).status_code == 303
    assert "已冻结" in signer.page("/reports/closing?year=2025")
    assert manager.get("/reports/closing/2025-1.json").get_json()["year"] == 2025
    assert signer.get("/reports/closing/2025-1.json").status_code == 403
    assert manager.send("/reports/closing/month", year="2026", month="1").status_code == 303
    assert "1/12" in manager.page("/reports/closing?year=2026")
    with office.work.reading() as session:
        assert session.scalars(select(FreezeConfirmation.year)).all() == [2025]
        assert session.scalars(select(MonthlyReturn.month)).all() == [1]
