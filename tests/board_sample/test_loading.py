"""The sample as it stands in the database after ``huiying init --sample``."""

import json
from collections import Counter
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from itertools import pairwise
from pathlib import Path

import pytest
from click.testing import CliRunner
from sqlalchemy import func, select

from board.cli import init, recount, report
from board.clock import day_start, local_day
from board.errors import Refused
from board.inquiries.events import broken_chain
from board.inquiries.lifecycle import TRANSITIONS
from board.inquiries.public_board import Choice, public_board
from board.models import (
    Account,
    CatalogueChange,
    DayCount,
    Disclosure,
    DocumentKind,
    Event,
    Evidence,
    Inquiry,
    InquiryState,
    InterpretationLink,
    OutboxRow,
    OutboxState,
    Publication,
    Reply,
    Unit,
)
from board.office import Office, open_office
from board.replies.public_version import public_version
from board.reports.annual import annual_report
from board.reports.figures import items
from board.reports.scope import year_scope
from board.sample import SAMPLE_ACCOUNTS, SAMPLE_PASSWORD
from board.sample.loading import load_sample
from board.settings import load_settings
from board.staff.signing_in import Rules, Visitor, sign_in
from responder.composing import parse_reply

AT = datetime(2026, 11, 24, 2, 30, tzinfo=UTC)  # a Tuesday morning in Shanghai


def load(office: Office, at: datetime = AT) -> None:
    with office.work.transaction() as session:
        load_sample(session, office, at)


@pytest.fixture
def loaded(office: Office) -> Office:
    """The sample on a fresh database, once of each kind."""
    load(office)
    return office


@pytest.fixture(scope="module")
def lite(tmp_path_factory) -> Iterator[Office]:
    """The sample on SQLite, loaded once for the tests that only read."""
    office = open_office(load_settings({"HUIYING_HOME": str(tmp_path_factory.mktemp("sample"))}))
    load(office)
    yield office
    office.engine.dispose()


@pytest.fixture
def session(lite: Office) -> Iterator:
    """A reading session on the sample."""
    with lite.work.reading() as found:
        yield found


SEED_2016 = {
    "proactive_disclosures": {
        "total": 26,
        "by_unit": {"本局": {"count": 16, "share_percent": 61.5}, "社保局": {"count": 10, "share_percent": 38.5}},
        "cumulative": {"from": 2008, "to": 2016, "count": 85},
        "by_category": {"人事任免": 9, "就业": 2, "社会保险": 8, "权威解读": 1, "网民留言": 2, "财政性资金和社会公共性资金使用、监管": 4},
        "by_channel": {"政府网站": 26},
        "key_areas": {"total": 23, "财政预算、决算、三公经费": 5},
    },
    "applications": {"received": 0, "cumulative": 0},
    "reviews": {"行政复议": 0, "行政诉讼": 0, "申诉": 0},
}


def test_the_year_2016_has_the_seed_s_figures(loaded: Office) -> None:
    with loaded.work.reading() as session:
        told = annual_report(session, loaded.settings, loaded.taxonomy, loaded.calendar, 2016, at=AT)
        assert told.figures == SEED_2016
        assert told.sample
        assert told.inquiries["received"] >= 60
        disagreement = next(finding for finding in told.findings if finding.message.startswith("财政"))
        assert "4条，重点领域“财政预算、决算、三公经费”5条" in disagreement.message
        assert len(disagreement.items) == 1
        for area in ("人事任免", "就业", "社会保险"):
            assert (
                len(items(session, year_scope(session, 2016, None, AT), "proactive_disclosures.by_category", area))
                == SEED_2016["proactive_disclosures"]["by_category"][area]
            )


def test_the_figures_are_those_of_the_seed_file(shared_dir: Path) -> None:
    seed = json.loads((shared_dir / "seed" / "figures.json").read_text(encoding="utf-8"))
    assert {name: seed[name] for name in SEED_2016} == SEED_2016


def test_every_state_of_the_life_occurs_in_2016_and_the_chains_hold(session) -> None:
    history = session.scalars(select(Inquiry).where(Inquiry.imported)).all()
    assert {inquiry.state for inquiry in history} == set(InquiryState)
    assert {local_day(inquiry.received_at).year for inquiry in history} == {2016}
    for inquiry in session.scalars(select(Inquiry)):
        events = inquiry.events
        assert broken_chain(session, inquiry.id) is None
        assert [event.sequence for event in events] == list(range(1, inquiry.version + 1))
        assert events[-1].to_state == inquiry.state
        assert events[0].at == inquiry.received_at
        assert [event.at for event in events] == sorted(event.at for event in events)
        for before, event in pairwise(events):
            assert event.from_state == before.to_state
            assert InquiryState(event.from_state) in TRANSITIONS[event.action].sources


def test_published_replies_are_masked_signed_and_bound_to_their_approval(lite: Office, session) -> None:
    publications = session.scalars(select(Publication)).all()
    assert len(publications) >= 50
    for publication in publications:
        reply, inquiry = session.get_one(Reply, publication.reply_id), publication.inquiry
        assert publication.public == (inquiry.publish and inquiry.kind != "report")
        assert reply.approved_hash == publication.content_hash == public_version(session, inquiry, reply, lite.settings).content_hash
        assert (reply.author_id, reply.approver_id) == tuple(
            session.scalars(select(Account.id).where(Account.login.in_(("clerk", "signer"))).order_by(Account.login))
        )
        assert not inquiry.contact or inquiry.contact not in publication.question + publication.reply
    assert public_board(session, Choice()).page.total == sum(publication.public for publication in publications)


def test_quotations_are_verbatim_and_name_their_source(session) -> None:
    rows = session.execute(select(Evidence, Disclosure).join(Disclosure, Disclosure.id == Evidence.disclosure_id)).all()
    assert rows
    assert all(document.text[evidence.start :].startswith(evidence.quote) for evidence, document in rows)
    quotations = [block for reply in session.scalars(select(Reply)) for block in parse_reply(reply.text) if block.kind == "quotation"]
    assert quotations
    assert all(block.source and block.source.title and block.source.published and block.source.link.startswith("/documents/") for block in quotations)


def test_two_replies_are_disclosures(session) -> None:
    rows = session.scalars(select(Publication).where(Publication.disclosure_id.is_not(None), Publication.inquiry.has(imported=True))).all()
    assert len(rows) == 2
    for row in rows:
        disclosure = session.get_one(Disclosure, row.disclosure_id)
        assert (disclosure.category, local_day(disclosure.published_at).year) == ("网民留言", 2016)
        assert session.scalar(select(Event.id).where(Event.inquiry_id == row.inquiry_id, Event.action == "disclose")) is not None


def test_documents_interpretations_and_the_index(lite: Office, session) -> None:
    assert session.scalar(select(func.count()).select_from(Disclosure).where(Disclosure.kind == DocumentKind.interpretation)) >= 12
    linked = select(InterpretationLink.interpretation_id)
    assert session.scalars(select(Disclosure).where(Disclosure.kind == DocumentKind.interpretation, Disclosure.id.not_in(linked))).all() == []
    assert set(session.scalars(select(CatalogueChange.disclosure_id))) == set(session.scalars(select(Disclosure.id)))
    lite.catalogue.follow(session)
    assert lite.catalogue.match("社会保障卡丢了怎么挂失补办").candidates


def test_live_work_of_today_reached_its_states_by_the_office_s_own_steps(session) -> None:
    live = session.scalars(select(Inquiry).where(Inquiry.imported.is_(False))).all()
    assert len(live) >= 20
    assert all(AT - timedelta(days=40) < inquiry.received_at < AT for inquiry in live)
    assert max(local_day(inquiry.received_at) for inquiry in live) == local_day(AT)
    states = Counter(inquiry.state for inquiry in live)
    assert states.keys() >= {
        "received",
        "accepted",
        "assigned",
        "in_hand",
        "returned",
        "awaiting_approval",
        "answered",
        "closed",
        "declined",
        "invalid",
        "withdrawn",
    }
    assert all(event.at <= AT for inquiry in live for event in inquiry.events)
    drafted = session.scalars(select(Event.inquiry_id).where(Event.action == "draft", Event.inquiry_id.in_([inquiry.id for inquiry in live]))).all()
    assert len(drafted) == len(live)
    assert all(inquiry.tracking_hash and inquiry.due_on for inquiry in live)


def test_nothing_is_left_to_do_for_the_relay(session) -> None:
    assert session.scalar(select(func.count()).select_from(OutboxRow).where(OutboxRow.state != OutboxState.done)) == 0
    counted = session.scalar(select(func.sum(DayCount.count)).where(DayCount.figure == "received"))
    assert counted == session.scalar(select(func.count()).select_from(Inquiry))


def test_the_accounts_work_on_this_machine_only(lite: Office) -> None:
    rule = Rules(5, 30, timedelta(minutes=15))
    with lite.work.transaction() as session:
        for login in SAMPLE_ACCOUNTS:
            assert sign_in(session, rule, b"k", login, SAMPLE_PASSWORD, Visitor("192.0.2.7", loopback=False), AT) is None
            account = sign_in(session, rule, b"k", login, SAMPLE_PASSWORD, Visitor("127.0.0.1", loopback=True), AT)
            assert account is not None
            assert (account.unit.code, account.sample) == ("bureau", True)
        assert "样例" in session.scalars(select(Unit.name).where(Unit.code == "bureau")).one()
        session.rollback()


@pytest.mark.parametrize("moment", [datetime(2026, 10, 1, 16, 1, tzinfo=UTC), day_start(AT.date())])
def test_it_loads_on_any_day_at_any_hour_and_never_into_the_future(sqlite_office: Office, moment: datetime) -> None:
    load(sqlite_office, moment)
    with sqlite_office.work.reading() as session:
        assert session.scalar(select(func.max(Event.at))) <= moment
        assert session.scalar(select(func.max(Inquiry.received_at))) < moment


def test_it_loads_into_an_empty_database_only(lite: Office) -> None:
    with pytest.raises(Refused), lite.work.transaction() as session:
        load_sample(session, lite, AT)


@pytest.fixture
def environment(monkeypatch, tmp_path: Path) -> Path:
    """A home of its own for commands."""
    monkeypatch.setenv("HUIYING_HOME", str(tmp_path / "var"))
    monkeypatch.delenv("DATABASE_URL", raising=False)
    monkeypatch.chdir(tmp_path)
    return tmp_path


def run(command, *arguments: str) -> str:
    result = CliRunner().invoke(command, arguments, catch_exceptions=False)
    assert result.exit_code == 0, result.output
    return result.stdout


def test_init_asks_nothing_and_can_be_repeated(environment: Path) -> None:
    assert "本机关" in run(init.command)
    assert "已装入样例" in run(init.command, "--sample")
    again = run(init.command, "--sample")
    assert "已装入样例" not in again
    assert SAMPLE_PASSWORD in again
    assert "样例" in (environment / "var" / "config.toml").read_text(encoding="utf-8")
    assert "已重新统计" in run(recount.command)
    told = json.loads(run(report.command, "annual", "2016", "--format", "json"))
    assert told["figures"] == SEED_2016


def test_init_keeps_a_configuration_that_is_there(environment: Path) -> None:
    home = environment / "var"
    home.mkdir()
    (home / "config.toml").write_text('[office]\nname = "某局"\n', encoding="utf-8")
    run(init.command, "--sample")
    assert (home / "config.toml").read_text(encoding="utf-8") == '[office]\nname = "某局"\n'


def test_init_refuses_the_sample_beside_other_data(environment: Path) -> None:
    run(init.command)
    office = open_office()
    with office.work.transaction() as session:
        unit = session.scalars(select(Unit)).one()
        session.add(Disclosure(title="文件", text="正文", unit_id=unit.id, created_at=AT, fingerprint="1"))
    office.engine.dispose()
    with pytest.raises(Refused):
        CliRunner().invoke(init.command, ["--sample"], catch_exceptions=False)
    assert not (environment / "var" / "config.toml").exists()


def test_report_files_are_written_where_they_were_asked_for(environment: Path) -> None:
    run(init.command)
    run(report.command, "annual", "2016", "--format", "docx")
    run(report.command, "annual", "2016", "--format", "xlsx", "--output", "年报.xlsx")
    assert (environment / "huiying-annual-2016.docx").read_bytes()[:2] == b"PK"
    assert (environment / "年报.xlsx").read_bytes()[:2] == b"PK"
    assert run(report.command, "annual", "2016").startswith("# ")
