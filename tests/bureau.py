"""A small bureau for tests: units, accounts with every role, and a few documents; loaded by conftest as a plugin."""

from dataclasses import dataclass
from datetime import UTC, datetime

import pytest

from board.inquiries.posting import Post, Posted, post_inquiry
from board.models import Account, Disclosure, Inquiry, Role, Unit, Validity
from board.office import Office
from board.publications.indexing import note_change
from board.replies import drafting, review
from board.staff.accounts import actor_of, add_account
from board.staff.roles import Actor
from responder.corpus import Document, fingerprint

PASSWORD = "Trial-2026-Pass"
NOW = datetime(2026, 11, 24, 2, 0, tzinfo=UTC)

DOCUMENTS = (
    ("失业保险金申领办事指南", "测人社发〔2016〕8号", Validity.in_force,
     "一、申领条件。失业人员失业前用人单位和本人已经缴纳失业保险费满一年的，可以申领失业保险金。\n"
     "二、申领材料。申领失业保险金需要提交的材料：本人身份证、终止劳动关系的证明、近期照片一张。\n"
     "三、办理时限。自终止劳动关系之日起60日内到就业股窗口办理，5个工作日内办结。"),
    ("社会保障卡补办须知", "测人社发〔2015〕3号", Validity.in_force,
     "社会保障卡遗失后应当先办理挂失。补办社会保障卡由本人携带身份证到社保局窗口办理，委托他人代办的还应当提交委托书。\n"
     "补办社会保障卡自受理之日起15个工作日内领取新卡，补卡工本费16元。"),
    ("关于失业保险金标准的通知", "测人社发〔2013〕2号", Validity.repealed,
     "失业保险金发放标准为每人每月560元，自2013年1月1日起执行。失业保险金发放标准由就业股核定。"),
)  # fmt: skip


@dataclass
class Bureau:
    """The office with its people."""

    office: Office
    actors: dict[str, Actor]
    document_ids: list[int]
    root_id: int

    def post(self, text: str = "失业保险金怎么申领？需要提交什么材料？", *, publish: bool | None = True, at: datetime = NOW, **fields: str) -> Posted:
        """Posts as a citizen."""
        with self.office.work.transaction() as session:
            return post_inquiry(session, self.office.settings, self.office.labels, self.office.key, self.office.calendar, Post(text, publish, **fields), at)

    def draft(self, posted: Posted) -> str:
        """What the worker does."""
        o = self.office
        return drafting.draft(o.work, o.catalogue, o.labels, o.phrases, o.taxonomy, posted.inquiry_id, NOW)

    def submit(self, posted: Posted, text: str = "网民您好！请携带身份证到就业股窗口办理。", who: str = "clerk") -> None:
        """A clerk writes a reply and submits it."""
        with self.office.work.transaction() as session:
            inquiry = session.get_one(Inquiry, posted.inquiry_id)
            before = review.current_reply(session, inquiry)
            reply = review.save_draft(session, self.actors[who], inquiry, text, before.revision if before else 0, self.office.settings, NOW)
            review.submit(session, self.actors[who], inquiry, reply.revision, NOW, self.office.settings)

    def approve(self, posted: Posted, who: str = "signer") -> None:
        """The second person approves what stands."""
        with self.office.work.transaction() as session:
            inquiry = session.get_one(Inquiry, posted.inquiry_id)
            shown = review.preview(session, inquiry, self.office.settings)
            review.approve(session, self.actors[who], inquiry, shown.content_hash, self.office.settings, NOW)


@pytest.fixture
def bureau(office: Office) -> Bureau:
    """Units 本局 with 就业股 and 社保局; clerk, signer, signer2, manager, admin, front, auditor in the root, head in 就业股, clerk-sbj in 社保局."""
    with office.work.transaction() as session:
        root = Unit(code="bureau", name="测试县人力资源和社会保障局", short_name="本局")
        session.add(root)
        session.flush()
        session.add_all([
            Unit(code="jyg", name="就业股", short_name="就业股", parent_id=root.id, phone="0900-5550102", window="2号窗口"),
            Unit(code="sbj", name="测试县社会保险事业管理局", short_name="社保局", parent_id=root.id, subordinate=True, phone="0900-5550110"),
        ])  # fmt: skip
        session.flush()
        people = [people_row(session, login, role, root) for login, role in ROLES]
        sbj = session.query(Unit).filter_by(code="sbj").one()
        people.append(add_account(session, "clerk_sbj".replace("_", "-"), PASSWORD, Role.editor, sbj, NOW))
        people.append(people_row(session, "head", Role.unit_head, session.query(Unit).filter_by(code="jyg").one()))
        actors = {account.login: actor_of(session, account) for account in people}
        ids = [document_row(session, root, *row) for row in DOCUMENTS]
        return Bureau(office, actors, ids, root.id)


ROLES = (
    ("clerk", Role.editor), ("signer", Role.approver), ("signer2", Role.approver), ("manager", Role.manager), ("admin", Role.admin),
    ("front", Role.front_office), ("auditor", Role.auditor),
)  # fmt: skip


def people_row(session, login: str, role: Role, unit: Unit) -> Account:
    """One account."""
    return add_account(session, login, PASSWORD, role, unit, NOW)


def document_row(session, unit: Unit, title: str, number: str, validity: Validity, text: str) -> int:
    """One published document."""
    row = Disclosure(
        title=title, text=text, document_number=number, validity=validity, unit_id=unit.id, category="就业", created_at=NOW,
        published_at=datetime(2016, 3, 1, 2, 0, tzinfo=UTC), fingerprint=fingerprint(Document("", title, text)),
    )  # fmt: skip
    session.add(row)
    session.flush()
    note_change(session, row.id)
    return row.id
