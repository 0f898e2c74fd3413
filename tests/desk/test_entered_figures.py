"""Figures of the statutory forms that managers enter: bounded, versioned, with last year's value beside, and refused to others."""

import pytest
from sqlalchemy import select

from board.app import create_app
from board.errors import Conflict, InvalidInput
from board.models import EnteredFigure, Event
from board.reports.entered_figures import enter, entries
from board.reports.forms import filled_form, form_of
from board.reports.scope import year_scope
from tests.bureau import NOW, Bureau, bureau
from tests.staff import signed_in

__all__ = ["bureau"]
PATH, TEXT = "licences.licences.handled", "site.name"


def typed(bureau: Bureau, form: str, year: int, values: dict[str, str], seen: int = 10**6, who: str = "manager") -> int:
    with bureau.office.work.transaction() as session:
        return enter(session, bureau.actors[who], form_of(bureau.office.settings.config_dir, form), year, values, seen, NOW)


def test_versions_follow_each_other_and_the_newest_counts(bureau: Bureau) -> None:
    assert typed(bureau, "5.1", 2025, {PATH: "１，２３４", "fees.fees.amount": "3.50", "unknown": "1", "applications.new.person": "9"}) == 2
    assert typed(bureau, "5.1", 2025, {PATH: "1234"}) == 0
    with pytest.raises(Conflict, match="1234"):
        typed(bureau, "5.1", 2025, {PATH: "5"}, seen=0)
    assert typed(bureau, "5.1", 2025, {PATH: ""}) == 1
    assert typed(bureau, "5.4", 2025, {TEXT: "某某网站"}) == 1
    office = bureau.office
    with office.work.reading() as session:
        assert [(row.path, row.revision, row.value) for row in session.scalars(select(EnteredFigure).where(EnteredFigure.path == PATH))] == [
            (PATH, 1, "1234"),
            (PATH, 2, "0"),
        ]
        assert {path: row.value for path, row in entries(session, "5.1", 2025).items()} == {PATH: "0", "fees.fees.amount": "3.5"}
        assert session.query(Event).filter_by(action="enter_figures").count() == 3
        scope = year_scope(session, 2025, None, NOW)
        cells = filled_form(session, scope, office.calendar, form_of(office.settings.config_dir, "5.1"))["cells"]
        assert (cells[PATH]["value"], cells[PATH]["source"], cells["fees.fees.amount"]["value"]) == (0, "entered", 3.5)
        assert cells["penalties.penalties.handled"]["source"] == "not entered"
        assert filled_form(session, scope, office.calendar, form_of(office.settings.config_dir, "5.4"))["cells"][TEXT]["value"] == "某某网站"
    for path, value in ((PATH, "-1"), (PATH, "1.5"), (PATH, "若干"), (PATH, "9" * 13)):
        with pytest.raises(InvalidInput) as told:
            typed(bureau, "5.1", 2025, {path: value})
        assert told.value.field == path
    with pytest.raises(InvalidInput):
        typed(bureau, "5.1", 2027, {PATH: "1"})


def test_the_page_keeps_what_was_typed_and_shows_last_year(bureau: Bureau) -> None:
    typed(bureau, "5.1", 2024, {PATH: "77"})
    app = create_app(bureau.office)
    manager = signed_in(app, "manager")
    assert "未填报" in manager.page("/reports/forms?form=5.1&year=2025")
    wrong = manager.send("/reports/forms", form="5.1", year="2025", seen="0", **{f"cell.{PATH}": "七个"})
    assert wrong.status_code in (400, 422)
    assert "七个" in wrong.get_data(as_text=True)
    assert manager.send("/reports/forms", form="5.1", year="2025", seen="0", **{f"cell.{PATH}": "８"}).status_code == 303
    page = manager.page("/reports/forms?form=5.1&year=2025")
    assert 'value="8"' in page
    assert ">77<" in page
    assert "figure=applications.received" in page
    for name in ("5.3&year=2018", "5.4&year=2025", "5.5&year=2025"):
        assert "来源" in manager.page(f"/reports/forms?form={name}")
    reader = signed_in(app, "auditor")
    assert "cell." not in reader.page("/reports/forms?form=5.1&year=2025")
    assert reader.send("/reports/forms", form="5.1", year="2025", seen="0").status_code == 403
