"""The statutory forms: complete cell by cell, every cell with one definition, every figure with its items."""

import json
import tomllib
from dataclasses import replace
from datetime import date, timedelta
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from board.clock import local_day
from board.errors import InvalidInput, NotConfigured
from board.models import ApplicantKind, Application, ApplicationChannel, ApplicationState, InquiryKind, InquiryState, Review
from board.reports.figures import FIGURES, count, grouped, items
from board.reports.forms import filled_form, form_of, load_forms, read_form, value_findings
from board.reports.scope import year_scope
from tests.reports.conftest import AT, World

GOLDEN = tomllib.loads((Path(__file__).parents[1] / "data" / "form_cells.toml").read_text(encoding="utf-8"))


@pytest.fixture(scope="module")
def config(root: Path) -> Path:
    return root / "config"


def filled(world: World, name: str, year: int) -> dict:
    form = form_of(world.office.settings.config_dir, name)
    return filled_form(world.session, year_scope(world.session, year, None, AT), world.office.calendar, form)


def test_every_form_has_exactly_the_cells_of_the_written_list(config: Path) -> None:
    forms = {form.name: form for form in load_forms(config)}
    assert sorted(forms) == sorted(GOLDEN)
    for name, form in forms.items():
        assert [f"{cell.path} {cell.label}" for cell in form.cells] == GOLDEN[name]["cells"], name
    assert len([cell for cell in forms["5.1"].cells if cell.path.startswith("applications.")]) == 25 * 7


def test_the_year_in_a_form_takes_the_figures_and_is_never_blank(lite_world: World, shanghai) -> None:
    lite_world.inquiry(shanghai(2016, 3, 1), 2)
    lite_world.inquiry(shanghai(2016, 3, 2), state=InquiryState.invalid)
    lite_world.disclosure(shanghai(2016, 3, 1), channels=("政府网站", "政务微信"))
    apply(lite_world, shanghai(2016, 5, 1))
    old = filled(lite_world, "5.3", 2016)["cells"]
    assert [old[f"disclosures.{name}"]["value"] for name in ("total", "website", "wechat", "gazette")] == [1, 1, 1, 0]
    ways = [old[f"applications.{name}"]["value"] for name in ("received", "received_window", "received_fax", "received_web", "received_post")]
    assert ways == [6, 2, 1, 1, 2]
    assert old["training.meetings"] == {"label": "召开政府信息公开工作会议或专题会议数", "value": 0, "source": "not entered", "definition": "entered"}
    told = filled(lite_world, "5.5", 2016)["cells"]
    assert (told["inquiries.received"]["value"], told["inquiries.valid"]["value"], told["inquiries.answer_rate"]["value"]) == (2, 1, 100.0)
    assert (told["by_kind.consultation"]["value"], told["by_month.3"]["value"], told["by_month.4"]["value"]) == (2, 2, 0)
    assert [kind.value for kind in InquiryKind if f"by_kind.{kind.value}" not in told] == []
    for name, year in (("5.1", 2021), ("5.2", 2020), ("5.4", 2018)):
        whole = filled(lite_world, name, year)
        assert [path for path, cell in whole["cells"].items() if cell["value"] in (None, "")] == []
        assert whole["findings"] == []
    with pytest.raises(InvalidInput, match="2021"):
        filled(lite_world, "5.1", 2016)


def apply(world: World, received, channels=tuple(ApplicationChannel), kind=ApplicantKind.person, outcome: str = "", concluded=None) -> None:
    for channel in channels:
        world.count += 1
        world.session.add(
            Application(
                number=str(world.count), unit_id=world.units["bureau"].id, applicant="某人", channel=channel, subject="目录", received_at=received,
                received_on=local_day(received), registered_by="x", kind=kind, outcome=outcome, concluded_at=concluded,
                state=ApplicationState.concluded if concluded else ApplicationState.in_hand,
            )
        )  # fmt: skip
    world.session.flush()


def test_table_three_is_counted_by_row_and_column_and_balances(lite_world: World, shanghai) -> None:
    codes = [
        outcome["code"] for outcome in tomllib.loads((lite_world.office.settings.config_dir / "applications.toml").read_text(encoding="utf-8"))["outcomes"]
    ]
    one = (ApplicationChannel.web,)
    for number, code in enumerate(codes):
        apply(lite_world, shanghai(2020, 12, 30) if number % 2 else shanghai(2021, 2, 1), one, list(ApplicantKind)[number % 6], code, shanghai(2021, 3, 1))
    apply(lite_world, shanghai(2020, 5, 1), one, ApplicantKind.legal, "granted", shanghai(2020, 6, 1))
    apply(lite_world, shanghai(2021, 5, 1), one, ApplicantKind.legal, "granted", shanghai(2022, 1, 1))
    apply(lite_world, shanghai(2020, 5, 1), one, ApplicantKind.legal)
    lite_world.session.add(
        Review(
            kind="行政诉讼",
            after_review=True,
            unit_id=lite_world.units["bureau"].id,
            subject="某事",
            received_on=date(2021, 5, 1),
            registered_by="x",
            result="upheld",
            concluded_on=date(2021, 6, 1),
        )
    )
    at = shanghai(2022, 2, 1)
    form = form_of(lite_world.office.settings.config_dir, "5.1")
    told = filled_form(lite_world.session, year_scope(lite_world.session, 2021, None, at), lite_world.office.calendar, form)
    cells = {path: cell["value"] for path, cell in told["cells"].items()}
    assert told["findings"] == []
    half = len(codes) // 2
    assert [cells[f"applications.{row}.total"] for row in ("new", "carried_in", "done", "carried_out")] == [len(codes) - half + 1, half + 1, len(codes), 2]
    assert cells["applications.carried_out.legal"] == 2
    assert (cells["applications.granted.total"], cells["applications.unable_not_held.total"], cells["applications.other_rest.total"]) == (2, 2, 1)
    assert (cells["reviews.litigation_after.upheld"], cells["reviews.litigation_after.total"], cells["reviews.litigation_direct.total"]) == (1, 1, 0)
    scope = year_scope(lite_world.session, 2021, None, at)
    for path, cell in told["cells"].items():
        key, _, part = cell["definition"].partition(":")
        if cell["source"] == "counted":
            assert len(items(lite_world.session, scope, key, part)) == cell["value"], path
    for name in ("5.2", "5.3"):
        year = {"5.2": 2020, "5.3": 2018}[name]
        assert (
            filled_form(
                lite_world.session,
                year_scope(lite_world.session, year, None, at),
                lite_world.office.calendar,
                form_of(lite_world.office.settings.config_dir, name),
            )["findings"]
            == []
        )
        assert {code for code in codes if any(code in cell.definition for cell in form_of(lite_world.office.settings.config_dir, name).cells)} == set(codes)


def test_a_wrong_form_is_refused(config: Path, tmp_path: Path) -> None:
    text = (config / "report_forms" / "form_5_1.toml").read_text(encoding="utf-8")
    for old, new in (
        ("applications.received", "applications.no"),
        ('["licences", "行政许可"]', '["", ""], ["", ""]'),
        ('"carried_out"]]', '"gone"]]'),
        ("name =", "nome ="),
    ):
        assert old in text
        path = tmp_path / "form_x.toml"
        path.write_text(text.replace(old, new), encoding="utf-8")
        with pytest.raises(NotConfigured):
            read_form(path)
    with pytest.raises(InvalidInput, match=r"5\.5"):
        form_of(config, "9.9")


def test_identities_hold_cell_by_cell(config: Path) -> None:
    form = form_of(config, "5.1")
    values: dict[str, object] = {cell.path: 0 for cell in form.cells}
    assert value_findings(form, values) == []
    for path in values:
        if path.startswith(("applications.", "reviews.")):
            assert value_findings(form, values | {path: 1}), path
        assert [one.rule for one in value_findings(form, values | {path: ""})] == ["blank"]
    assert {one.rule for one in value_findings(form, values | {"fees.fees.amount": "若干", "x": 1})} == {"unknown_cell", "not_a_number"}
    assert json.dumps(values)


@settings(max_examples=8, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(
    rows=st.lists(
        st.tuples(
            st.integers(0, 800),
            st.sampled_from([state for state in InquiryState if state != InquiryState.merged]),
            st.sampled_from(list(InquiryKind)),
            st.sampled_from(["bureau", "sbj"]),
            st.one_of(st.none(), st.integers(0, 90)),
        ),
        max_size=8,
    ),
    papers=st.lists(
        st.tuples(st.integers(0, 800), st.sampled_from(["就业", ""]), st.lists(st.sampled_from(["政府网站", "政务微信"]), unique=True)), max_size=5
    ),
    asked=st.lists(st.sampled_from(ApplicationChannel), max_size=3),
)
def test_every_figure_lists_as_many_items_as_it_counts(lite_world: World, shanghai, rows, papers, asked) -> None:
    world, begin = lite_world, shanghai(2015, 6, 1)
    with world.session.begin_nested() as kept:
        for day, state, kind, unit, days in rows:
            world.inquiry(begin + timedelta(days=day), days, unit, state if days is None else None, kind=kind, publish=False)
        for day, area, channels in papers:
            world.disclosure(begin + timedelta(days=day), channels=tuple(channels), key_area=area)
        apply(world, shanghai(2016, 5, 1), asked)
        scope = replace(year_scope(world.session, 2016, None, AT))
        for key, figure in FIGURES.items():
            if not figure.by:
                assert len(items(world.session, scope, key)) == count(world.session, scope, key), key
                continue
            for part, number in grouped(world.session, scope, key).items():
                assert len(items(world.session, scope, key, part)) == number, (key, part)
        kept.rollback()
