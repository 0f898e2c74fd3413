"""A frozen year: two people, recomputed byte for byte, later changes named with their items, corrections as a new version."""

from datetime import date, timedelta

import pytest
from sqlalchemy import select, text
from sqlalchemy.exc import DBAPIError

from board.errors import Conflict, InvalidInput, NotAllowed, Refused
from board.models import EnteredFigure, InquiryState, PublicationState, Role
from board.reports.final_report import final_report, require_final
from board.reports.forms import load_forms
from board.reports.freezing import Room, close_year, confirm_year, overrule, stored_bytes, verify_year
from board.reports.frozen_years import is_frozen, required, versions
from board.reports.since_frozen import changed_since
from board.staff.roles import Actor
from tests.reports.conftest import World

FIRST, SECOND, CLERK = Actor("account:1", Role.manager), Actor("account:2", Role.approver), Actor("account:3", Role.editor)


def room(world: World) -> Room:
    world.session.flush()
    return Room(world.office.settings, world.office.taxonomy, world.office.calendar)


def fill(world: World, year: int, at, papers: int = 0) -> None:
    """Every cell that people fill holds a 0, and the website form the papers of the site."""
    for form in load_forms(world.office.settings.config_dir):
        if form.from_year <= year <= form.to_year:
            for cell in form.cells:
                if cell.definition == "entered":
                    world.session.add(EnteredFigure(year=year, form=form.name, path=cell.path, revision=1, value="无" if cell.text else str(papers) if cell.path == "publishing.total" else "0", at=at))


def freeze(world: World, year: int, at, reason: str = "") -> str:
    row = close_year(world.session, FIRST, room(world), year, reason, at)
    confirm_year(world.session, SECOND, room(world), year, row.sha256, at + timedelta(hours=1))
    return row.sha256


def final(world: World, form: str, at, year: int = 2022):
    office = world.office
    return final_report(world.session, office.settings, office.taxonomy, office.calendar, year, form, at)


def test_two_people_close_a_year_and_it_can_be_recomputed(world: World, shanghai) -> None:
    at = shanghai(2023, 1, 20)
    paper = world.disclosure(shanghai(2022, 3, 1), key_area="就业")
    late = world.inquiry(shanghai(2022, 12, 1), due_on=date(2022, 12, 8))
    world.inquiry(shanghai(2022, 3, 1), 2)
    with pytest.raises(InvalidInput, match="没有填报"):
        close_year(world.session, FIRST, room(world), 2022, "", at)
    fill(world, 2022, shanghai(2023, 1, 5), papers=1)
    with pytest.raises(InvalidInput, match="没有结束"):
        close_year(world.session, FIRST, room(world), 2022, "", shanghai(2022, 12, 31))
    with pytest.raises(NotAllowed):
        close_year(world.session, CLERK, room(world), 2022, "", at)
    row = close_year(world.session, FIRST, room(world), 2022, "", at)
    with pytest.raises(NotAllowed, match="另一人"):
        confirm_year(world.session, FIRST, room(world), 2022, row.sha256, at)
    assert not is_frozen(world.session, 2022)
    confirm_year(world.session, SECOND, room(world), 2022, row.sha256, at)
    with pytest.raises(Conflict):
        confirm_year(world.session, SECOND, room(world), 2022, row.sha256, at)
    late.answered_at = late.closed_at = shanghai(2023, 2, 1)
    late.state = InquiryState.closed
    told = verify_year(world.session, room(world), 2022)
    assert (told.intact, told.reproduced, told.version) == (True, True, 1)
    assert changed_since(world.session, room(world), 2022, shanghai(2023, 3, 1)) == []
    paper.state = PublicationState.withdrawn
    world.session.add(EnteredFigure(year=2022, form="5.1", path="licences.licences.handled", revision=2, value="7", at=shanghai(2023, 2, 2)))
    told = verify_year(world.session, room(world), 2022)
    assert (told.intact, told.reproduced) == (True, False)
    moved = {one.path: one for one in changed_since(world.session, room(world), 2022, shanghai(2023, 3, 1))}
    assert (moved["publishing.catalogue"].before, moved["publishing.catalogue"].after) == ("1", "0")
    assert [(one.kind, one.id, one.came) for one in moved["publishing.catalogue"].causes] == [("disclosure", paper.id, False)]
    assert [one.reason for one in moved["licences.licences.handled"].entered] == ["7"]
    assert moved["figures.proactive_disclosures.total"].after == "0"
    world.session.add(EnteredFigure(year=2022, form="5.4", path="publishing.total", revision=2, value="0", at=shanghai(2023, 2, 3)))
    with pytest.raises(InvalidInput, match="理由"):
        close_year(world.session, FIRST, room(world), 2022, "", shanghai(2023, 3, 1))
    first = stored_bytes(world.session, row)
    freeze(world, 2022, shanghai(2023, 3, 1), "撤下一条信息，补报行政许可")
    assert (verify_year(world.session, room(world), 2022).version, verify_year(world.session, room(world), 2022).reproduced) == (2, True)
    kept = required(world.session, 2022, 1)
    assert stored_bytes(world.session, kept.row) == first
    assert kept.content["forms"]["5.4"]["publishing.catalogue"]["value"] == 1
    report = final(world, "5.1", shanghai(2026, 1, 1))
    assert (report.version, report.cells["licences.licences.handled"].cell.value) == (2, 7)
    assert [(one.version, one.confirmation is not None) for one in versions(world.session, 2022)] == [(2, True), (1, True)]
    for statement in ("UPDATE year_freezes SET sha256 = 'x'", "DELETE FROM freeze_confirmations"):
        with pytest.raises(DBAPIError), world.session.begin_nested():
            world.session.execute(text(statement))


def test_what_moves_between_the_two_people_is_closed_again(lite_world: World, shanghai) -> None:
    at = shanghai(2023, 1, 20)
    fill(lite_world, 2022, shanghai(2023, 1, 5))
    row = close_year(lite_world.session, FIRST, room(lite_world), 2022, "", at)
    lite_world.inquiry(shanghai(2022, 12, 30))
    with pytest.raises(Conflict, match="变动"):
        confirm_year(lite_world.session, SECOND, room(lite_world), 2022, row.sha256, at)
    again = close_year(lite_world.session, SECOND, room(lite_world), 2022, "", at)
    assert (again.version, again.attempt) == (1, 2)
    with pytest.raises(Conflict):
        confirm_year(lite_world.session, FIRST, room(lite_world), 2022, row.sha256, at)
    confirm_year(lite_world.session, FIRST, room(lite_world), 2022, again.sha256, at)
    assert is_frozen(lite_world.session, 2022)


def test_a_finding_blocks_the_final_export_until_it_is_solved_or_overruled(lite_world: World, shanghai) -> None:
    at = shanghai(2023, 1, 20)
    fill(lite_world, 2022, shanghai(2023, 1, 5), papers=1)
    paper = lite_world.disclosure(shanghai(2022, 3, 1), key_area="就业", made_on=date(1970, 1, 1))
    lite_world.session.flush()
    report = final(lite_world, "5.1", at)
    assert [(one.rule, one.items) for one in report.open] == [("epoch_date", (("disclosure", paper.id),))]
    with pytest.raises(Refused, match="1项"):
        require_final(report)
    with pytest.raises(InvalidInput, match="理由"):
        overrule(lite_world.session, FIRST, room(lite_world), 2022, report.open[0].fingerprint, " ", at)
    with pytest.raises(Conflict):
        overrule(lite_world.session, FIRST, room(lite_world), 2022, "0" * 64, "旧资料", at)
    overrule(lite_world.session, FIRST, room(lite_world), 2022, report.open[0].fingerprint, "旧资料没有日期", at)
    done = require_final(final(lite_world, "5.1", at))
    assert done.printed == ("生成、变更或者生效日期早于1990年（多为系统默认日期）：1条。说明：旧资料没有日期",)
    lite_world.disclosure(shanghai(2022, 4, 1), key_area="就业", made_on=date(1970, 1, 1))
    lite_world.session.flush()
    assert [one.rule for one in final(lite_world, "5.1", at).open] == ["epoch_date"]


def test_the_checker_reads_entries_labels_and_the_year_before(lite_world: World, shanghai) -> None:
    fill(lite_world, 2021, shanghai(2022, 1, 5))
    fill(lite_world, 2022, shanghai(2023, 1, 5))
    lite_world.application(shanghai(2021, 12, 20))
    freeze(lite_world, 2021, shanghai(2022, 1, 20))
    lite_world.session.add(EnteredFigure(year=2022, form="5.4", path="site.name", revision=2, value="请选择", at=shanghai(2023, 1, 6)))
    lite_world.session.add(EnteredFigure(year=2022, form="5.4", path="publishing.total", revision=2, value="5", at=shanghai(2023, 1, 6)))
    paper = lite_world.disclosure(shanghai(2021, 6, 1), key_area="就业")
    lite_world.session.flush()
    paper.created_at = shanghai(2022, 6, 1)
    lite_world.application(shanghai(2021, 12, 21))
    found = {one.rule: one for form in ("5.1", "5.4") for one in final(lite_world, form, shanghai(2023, 1, 20)).open}
    assert set(found) == {"carry_over", "cumulative", "placeholder", "column_sum"}
    assert found["carry_over"].values == ("1", "2")
    assert [kind for kind, _ in found["carry_over"].items] == ["application"]
    assert found["placeholder"].where == "site.name"


def test_a_frozen_year_is_over_for_returns_and_openings(lite_world: World, shanghai) -> None:
    from board.reports.submitting_returns import submit_month

    fill(lite_world, 2022, shanghai(2023, 1, 5))
    freeze(lite_world, 2022, shanghai(2023, 1, 20))
    with pytest.raises(InvalidInput, match="已经关账"):
        submit_month(lite_world.session, FIRST, lite_world.office.settings.config_dir, lite_world.office.calendar, 2022, 1, shanghai(2023, 2, 1))
    assert lite_world.session.scalars(select(EnteredFigure.year).distinct()).all() == [2022]
