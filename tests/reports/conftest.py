"""A small office whose every figure can be counted by hand."""

from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import UTC, date, datetime, timedelta

import pytest
from sqlalchemy.orm import Session

from board.clock import local_day
from board.models import (
    Application,
    ApplicationChannel,
    ApplicationState,
    Disclosure,
    DisclosureChannel,
    DisclosureFinding,
    Inquiry,
    InquiryKind,
    InquiryState,
    Origin,
    Publication,
    PublicationState,
    Reply,
    ReplyState,
    Review,
    Unit,
)
from board.office import Office
from board.reports.annual import Report, annual_report

AT = datetime(2017, 1, 6, 11, 37, tzinfo=UTC)
WEB, WECHAT = "政府网站", "政务微信"


@dataclass
class World:
    """Writes rows; numbers run by themselves."""

    office: Office
    session: Session
    units: dict[str, Unit] = field(default_factory=dict)
    count: int = 0

    def unit(self, code: str, parent: str = "", **values) -> Unit:
        row = Unit(code=code, name=values.pop("name", code), short_name=values.pop("short_name", code), **values)
        row.parent = self.units.get(parent)
        self.session.add(row)
        self.session.flush()
        self.units[code] = row
        return row

    def disclosure(
        self, published: datetime | None, unit: str = "bureau", channels: tuple[str, ...] = (WEB,), findings: tuple[str, ...] = (), **values
    ) -> Disclosure:
        self.count += 1
        values = {"title": f"文件{self.count}", "text": "正文", "origin": Origin.own, "category": "就业", "state": PublicationState.published, **values}
        row = Disclosure(unit_id=self.units[unit].id, published_at=published, created_at=AT, fingerprint=str(self.count), **values)
        row.channels = [DisclosureChannel(channel=name) for name in channels]
        row.findings = [DisclosureFinding(code=code) for code in findings]
        self.session.add(row)
        self.session.flush()
        return row

    def inquiry(self, received: datetime, days: float | None = None, unit: str = "bureau", state: InquiryState | None = None, **values) -> Inquiry:
        """One that was answered and closed after so many days, or is open."""
        self.count += 1
        closed = received + timedelta(days=days) if days is not None else None
        values = {"kind": InquiryKind.consultation, "publish": True, "due_on": received.date() + timedelta(days=7), **values}
        row = Inquiry(
            number=f"N{self.count}", text=f"问题{self.count}", unit_id=self.units[unit].id, received_at=received,
            answered_at=closed, closed_at=closed, accepted_at=closed and received, state=state or (InquiryState.closed if closed else InquiryState.received), **values,
        )  # fmt: skip
        self.session.add(row)
        self.session.flush()
        return row

    def publication(self, inquiry: Inquiry, public: bool = True, at: datetime | None = None, withdrawn: datetime | None = None, approved: bool = True) -> Publication:
        reply = Reply(inquiry_id=inquiry.id, revision=1, state=ReplyState.published, text="答复", created_at=AT, approved_at=AT if approved else None, approved_hash="0" * 64 if approved else "")
        self.session.add(reply)
        self.session.flush()
        row = Publication(
            reply_id=reply.id, inquiry_id=inquiry.id, public=public, title="题", question="问", reply="答", content_hash="0" * 64,
            published_at=at or inquiry.answered_at, withdrawn_at=withdrawn,
        )  # fmt: skip
        self.session.add(row)
        self.session.flush()
        return row

    def application(self, received: datetime, concluded: datetime | None = None) -> None:
        self.count += 1
        self.session.add(
            Application(
                number=f"A{self.count}",
                unit_id=self.units["bureau"].id,
                applicant="某",
                channel=ApplicationChannel.ordinary_post,
                state=ApplicationState.concluded if concluded else ApplicationState.in_hand,
                outcome="granted" if concluded else "",
                concluded_at=concluded,
                subject="某事",
                received_at=received,
                received_on=local_day(received),
                registered_by="x",
            )
        )

    def review(self, kind: str, received: date, ended: date | None = None) -> None:
        self.session.add(Review(kind=kind, unit_id=self.units["bureau"].id, subject="某事", received_on=received, registered_by="x", result="upheld" if ended else "pending", concluded_on=ended))

    def report(self, year: int = 2016, unit: str | None = None, at: datetime = AT) -> Report:
        self.session.flush()
        return annual_report(self.session, self.office.settings, self.office.taxonomy, self.office.calendar, year, unit, at=at)


@pytest.fixture
def world(office: Office):
    """An office 本局 with a section 股 and a subordinate body 社保局 that has a section of its own; on both databases."""
    with office.work.transaction() as session:
        made = World(office, session)
        plant(made)
        yield made


@pytest.fixture
def lite_world(sqlite_office: Office):
    """The same on SQLite alone."""
    with sqlite_office.work.transaction() as session:
        made = World(sqlite_office, session)
        plant(made)
        yield made


def plant(world: World) -> None:
    world.unit("bureau", name="测试县人力资源和社会保障局", short_name="本局")
    world.unit("jyg", "bureau", short_name="就业股")
    world.unit("sbj", "bureau", name="测试县社会保险事业管理局", short_name="社保局", subordinate=True)
    world.unit("sbj-1", "sbj", short_name="社保一股")


@pytest.fixture
def shanghai() -> Callable[..., datetime]:
    """A Shanghai wall-clock time as an instant."""
    from board.clock import from_local

    return lambda *parts: from_local(datetime(*parts))
