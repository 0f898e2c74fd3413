"""Tables 三 and 四: 一 + 二 = 三（七） + 四 and every list as long as its cell, for random data; carry-over from year to year."""

from datetime import UTC, date, datetime

from hypothesis import HealthCheck, Phase, given, settings
from hypothesis import strategies as st

from board.applications.handbook import load_handbook
from board.models import ApplicantKind, Application, ApplicationChannel, ApplicationState, Review, ReviewResult
from board.reports import applications_counted as counted
from board.reports.scope import year_scope
from tests.bureau import Bureau, bureau

__all__ = ["bureau"]
AT = datetime(2027, 1, 20, tzinfo=UTC)
DAYS = st.dates(date(2024, 11, 1), date(2026, 12, 31))
CASE = st.tuples(st.sampled_from(list(ApplicantKind)), st.sampled_from(list(ApplicationChannel)), DAYS, st.none() | st.integers(0, 500), st.integers(0, 99), st.booleans())
QUICK = settings(max_examples=4, deadline=None, phases=[Phase.generate], suppress_health_check=[HealthCheck.function_scoped_fixture])


def conclude(day: date, after: int | None) -> datetime | None:
    """The moment so many days after receipt, late in the Shanghai evening; None while open."""
    return None if after is None else datetime.fromordinal(day.toordinal() + after).replace(hour=15, minute=59, tzinfo=UTC)


def fill(session, unit: int, book, cases) -> None:
    codes = sorted(book.outcomes)
    for number, (kind, channel, day, after, which, extended) in enumerate(cases):
        ended = conclude(day, after)
        session.add(
            Application(
                number=f"SQ{number}", unit_id=unit, kind=kind, applicant="某", channel=channel, subject="某事", received_at=AT, received_on=day,
                registered_by="x", extended=extended, concluded_at=ended, outcome=codes[which % len(codes)] if ended else "",
                state=ApplicationState.concluded if ended else ApplicationState.in_hand,
            )
        )  # fmt: skip
    session.flush()


def test_the_identity_holds_in_every_column_and_each_list_is_as_long_as_its_cell(bureau: Bureau) -> None:
    book = load_handbook(bureau.office.settings.config_dir)

    @QUICK
    @given(st.lists(CASE, min_size=15, max_size=40))
    def check(cases) -> None:
        with bureau.office.work.reading() as session:
            fill(session, bureau.root_id, book, cases)
            before = None
            for year in (2024, 2025, 2026):
                scope = year_scope(session, year, None, AT)
                table = counted.table_three(session, book, scope)
                results = [row for row in table if row in book.rows]
                for column in counted.COLUMNS:
                    cells = {row: table[row][column] for row in table}
                    assert cells["new"] + cells["carried_in"] == cells["handled"] + cells["carried_out"]
                    assert cells["handled"] == sum(cells[row] for row in results)
                assert before is None or table["carried_in"] == before
                before = table["carried_out"]
                assert table["new"]["total"] == sum(day.year == year for _, _, day, _, _, _ in cases)
                older = counted.table_three(session, book, scope, one_other_row=True)
                assert older["other"]["total"] == sum(table[row]["total"] for row in results if row.startswith("other."))
                former = counted.former_three(session, book, scope)
                assert sum(former[cell] for cell in former if cell.startswith("channel.")) == table["new"]["total"]
                assert former["closed.on_time"] + former["closed.extended"] == table["handled"]["total"]
                assert sum(former[cell] for cell in former if cell.startswith("reply.")) == table["handled"]["total"]
                for row in ("new", "carried_in", "handled", "carried_out", "granted", "refused.third_party"):
                    for column in ("person", "total"):
                        assert len(counted.items_three(session, book, scope, row, column)) == table[row][column]
                assert len(counted.items_former(session, book, scope, "channel.信函")) == former["channel.信函"]
            session.rollback()

    check()


def test_reviews_by_result_and_what_is_pending_at_the_end(bureau: Bureau) -> None:
    with bureau.office.work.reading() as session:
        for kind, after, received, result, ended in (
            ("行政复议", False, date(2025, 12, 30), "upheld", date(2026, 1, 2)), ("行政复议", False, date(2026, 5, 1), "pending", None),
            ("行政诉讼", False, date(2026, 5, 1), "corrected", date(2027, 1, 3)), ("行政诉讼", True, date(2026, 5, 1), "other", date(2026, 12, 31)),
            ("申诉", False, date(2026, 5, 1), "pending", None),
        ):  # fmt: skip
            session.add(Review(kind=kind, unit_id=bureau.root_id, subject="某事", received_on=received, registered_by="x", after_review=after, result=ReviewResult(result), concluded_on=ended))
        session.flush()
        this, last = (year_scope(session, year, None, AT) for year in (2026, 2025))
        table = counted.table_four(session, this)
        assert table["reconsideration"] == {"upheld": 1, "corrected": 0, "other": 0, "pending": 1, "total": 2}
        assert table["suit_direct"] == {"upheld": 0, "corrected": 0, "other": 0, "pending": 1, "total": 1}
        assert table["suit_after_review"]["other"] == 1
        assert counted.table_four(session, last)["reconsideration"]["pending"] == 1
        for column, rows in table.items():
            assert len(counted.items_four(session, this, column)) == rows["total"]
