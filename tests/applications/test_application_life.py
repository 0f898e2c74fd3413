"""An application from its entering to its delivered letter on both databases: clock by law, letters, two people, numbers without gaps."""

import re
import threading
from dataclasses import replace
from datetime import UTC, date, datetime, timedelta

import pytest

from board.applications import decisions, processing, register
from board.applications.answer_term import why
from board.applications.handbook import load_handbook
from board.applications.life import PICTURED, TRANSITIONS, WORKED, events_of, steps_for
from board.applications.register import Given
from board.errors import Conflict, HuiyingError, InvalidInput, NotAllowed
from board.inquiries import life_pictures
from board.inquiries.deadlines import due_after
from board.inquiries.term_clock import Rules
from board.inquiries.verifying import verify
from board.models import Application, ApplicationLetter, ApplicationState, LetterKind, Unit
from tests.bureau import NOW, Bureau, bureau

__all__ = ["bureau"]
GIVEN = Given("person", "林小河", "35010219900101123X", "13900001111", "本县2025年就业补助资金的使用情况", "电子文件", "电子邮件", channel="window")
DAY = timedelta(days=1)


class Desk:
    """The rooms with one bureau's people, one transaction a step."""

    def __init__(self, bureau: Bureau) -> None:
        self.bureau, self.rules = bureau, Rules(bureau.office.settings, bureau.office.calendar)
        self.book = load_handbook(bureau.office.settings.config_dir)
        self.key = bureau.office.key

    def enter(self, at: datetime = NOW, who: str = "front", **fields: object) -> int:
        """Staff register an application; returns its id."""
        with self.bureau.office.work.transaction() as db:
            return register.register(db, self.rules, self.book, self.key, self.bureau.actors[who], replace(GIVEN, **fields), at).application.id

    def apply(self, at: datetime = NOW, **fields: object) -> tuple[int, str]:
        """The applicant on the page; returns id and code."""
        with self.bureau.office.work.transaction() as db:
            receipt = register.submit(db, self.rules, self.book, self.key, replace(GIVEN, **fields), at)
            return receipt.application.id, receipt.code

    def do(self, key: int, act, who: str = "front"):
        """One step of staff: ``act(db, actor, application)``."""
        with self.bureau.office.work.transaction() as db:
            return act(db, self.bureau.actors[who], db.get_one(Application, key))

    def propose(self, key: int, code: str = "granted", at: datetime = NOW, who: str = "clerk") -> int:
        return self.do(key, lambda db, actor, a: decisions.propose(db, self.rules, self.book, actor, a, code, "附件一份。", at).id, who)

    def sign(self, key: int, letter: int, at: datetime = NOW, who: str = "signer") -> str:
        return self.do(key, lambda db, actor, a: decisions.sign(db, self.rules.settings, actor, a, letter, at).number, who)

    def row(self, key: int) -> Application:
        with self.bureau.office.work.reading() as db:
            return db.get_one(Application, key)

    def letters(self, key: int) -> list[ApplicationLetter]:
        with self.bureau.office.work.reading() as db:
            return list(db.get_one(Application, key).letters)


@pytest.fixture
def desk(bureau: Bureau) -> Desk:
    return Desk(bureau)


def test_the_day_of_receipt_follows_channel_and_law(desk: Desk) -> None:
    window = desk.row(desk.enter())
    assert (window.state, window.received_on, window.term_days) == (ApplicationState.in_hand, date(2026, 11, 24), 20)
    assert window.due_on == due_after(desk.rules.calendar, date(2026, 11, 24), 20).day
    post = desk.row(desk.enter(channel="registered_post", arrived_on=date(2026, 11, 20)))
    assert (post.received_on, post.due_on) == (date(2026, 11, 20), due_after(desk.rules.calendar, date(2026, 11, 20), 20).day)
    for channel in ("ordinary_post", "fax"):
        waiting = desk.row(desk.enter(channel=channel))
        assert (waiting.state, waiting.received_on, waiting.due_on) == (ApplicationState.submitted, None, None)
    key, _ = desk.apply()
    assert desk.row(key).received_on is None
    desk.do(key, lambda db, actor, a: register.confirm(db, desk.rules, desk.book, actor, a, NOW + 2 * DAY))
    assert (desk.row(key).state, desk.row(key).received_on) == (ApplicationState.in_hand, date(2026, 11, 26))
    old, _ = desk.apply(datetime(2019, 5, 14, 2, tzinfo=UTC))
    assert (desk.row(old).received_on, desk.row(old).term_days) == (date(2019, 5, 14), 15)
    new, _ = desk.apply(datetime(2019, 5, 14, 16, tzinfo=UTC))  # 00:00 of the 15th in Shanghai
    assert desk.row(new).received_on is None
    with pytest.raises(InvalidInput):
        desk.enter(arrived_on=date(2026, 11, 25))
    with pytest.raises(InvalidInput):
        desk.enter(channel="web")


def test_the_clock_stands_restarts_and_is_lengthened_and_every_step_has_its_letter(desk: Desk) -> None:
    key = desk.enter()
    rules, book, calendar = desk.rules, desk.book, desk.rules.calendar
    desk.do(key, lambda db, actor, a: processing.call_for_correction(db, rules, book, actor, a, "请写明文件名称", NOW + DAY))
    waiting = desk.row(key)
    assert (waiting.state, waiting.due_on, waiting.correction_asked) == (ApplicationState.awaiting_correction, None, True)
    came = NOW + 6 * DAY
    with desk.bureau.office.work.transaction() as db:
        register.correct(db, rules, db.get_one(Application, key), "关于就业补助资金的年度决算表", came)
    assert desk.row(key).due_on == due_after(calendar, date(2026, 11, 30), 20).day
    with pytest.raises(Conflict):
        desk.do(key, lambda db, actor, a: processing.call_for_correction(db, rules, book, actor, a, "再补正", came))
    desk.do(key, lambda db, actor, a: processing.hear(db, rules, book, actor, a, "某某公司", "商业秘密部分", came))
    assert (desk.row(key).state, desk.row(key).waiting_until) == (ApplicationState.hearing, due_after(calendar, date(2026, 11, 30), 15).day)
    desk.do(key, lambda db, actor, a: processing.heard(db, rules, actor, a, "同意公开", came + 7 * DAY))
    assert desk.row(key).due_on == due_after(calendar, date(2026, 12, 7), 20).day
    amount = desk.do(key, lambda db, actor, a: processing.ask_fee(db, rules, book, actor, a, "pages", 250, came + 7 * DAY))
    assert amount == 70 * 10 + 100 * 20 + 50 * 40
    desk.do(key, lambda db, actor, a: processing.fee_paid(db, rules, actor, a, came + 8 * DAY))
    desk.do(key, lambda db, actor, a: processing.extend(db, rules, book, actor, a, 20, "资料数量较大", came + 8 * DAY))
    with pytest.raises(Conflict):
        desk.do(key, lambda db, actor, a: processing.extend(db, rules, book, actor, a, 1, "再延", came + 8 * DAY))
    with desk.bureau.office.work.reading() as db:
        told = why(db, rules, db.get_one(Application, key))
    assert told.due == desk.row(key).due_on == due_after(calendar, date(2026, 12, 8), 40).day
    assert any("延期 20 个工作日" in note for note in told.notes)
    assert any("第三方" in note for note in told.notes)
    kinds = [letter.kind for letter in desk.letters(key)]
    assert kinds == [LetterKind.registration, LetterKind.correction, LetterKind.third_party, LetterKind.fee, LetterKind.extension]
    assert not [letter.body for letter in desk.letters(key) if re.search(r"[{}]|林小河|13900001111|某某公司", letter.body)]


def test_a_correction_is_asked_for_in_seven_working_days_and_a_lapse_ends_the_application(desk: Desk) -> None:
    late, key = desk.enter(), desk.enter()
    with pytest.raises(Conflict, match="7 个工作日"):
        desk.do(late, lambda db, actor, a: processing.call_for_correction(db, desk.rules, desk.book, actor, a, "请写明", NOW + 10 * DAY))
    desk.do(key, lambda db, actor, a: processing.call_for_correction(db, desk.rules, desk.book, actor, a, "请写明", NOW + 9 * DAY))
    with pytest.raises(InvalidInput):
        desk.propose(key, "not_corrected", NOW + 12 * DAY)
    with pytest.raises(Conflict):
        desk.propose(key, "granted", NOW + 12 * DAY)
    letter = desk.propose(key, "not_corrected", NOW + 60 * DAY)
    desk.do(key, lambda db, actor, a: decisions.send_back(db, actor, a, "请核对期限", NOW + 60 * DAY), "signer")
    assert desk.row(key).state == ApplicationState.awaiting_correction
    letter = desk.propose(key, "not_corrected", NOW + 60 * DAY)
    desk.sign(key, letter, NOW + 60 * DAY)
    assert (desk.row(key).state, desk.row(key).outcome) == (ApplicationState.concluded, "not_corrected")


def test_two_people_sign_exactly_what_was_seen_and_delivery_is_recorded_once(desk: Desk) -> None:
    key = desk.enter()
    letter = desk.propose(key, "secret", who="signer")
    with pytest.raises(NotAllowed):
        desk.sign(key, letter)
    for who in ("clerk", "manager", "front", "auditor"):
        with pytest.raises(NotAllowed):
            desk.sign(key, letter, who=who)
    with pytest.raises(Conflict):
        desk.sign(key, letter + 1, who="signer2")
    assert desk.sign(key, letter, who="signer2") == "公开〔2026〕1号"
    found = desk.letters(key)[-1]
    assert "第十四条" in found.body
    assert "行政复议；对行政复议决定不服" in found.body  # 2024 onwards: reconsideration first
    with pytest.raises(InvalidInput):
        desk.do(key, lambda db, actor, a: decisions.deliver(db, desk.rules.settings, actor, a, "飞鸽", "", NOW), "signer")
    desk.do(key, lambda db, actor, a: decisions.deliver(db, desk.rules.settings, actor, a, "邮寄", "EX123", NOW), "signer")
    with pytest.raises(Conflict):
        desk.do(key, lambda db, actor, a: decisions.deliver(db, desk.rules.settings, actor, a, "邮寄", "EX123", NOW), "signer")
    with desk.bureau.office.work.reading() as db:
        row = db.get_one(Application, key)
        assert [event.action for event in events_of(db, row)] == ["register", "propose", "sign", "deliver"]
        assert row.version == 4
        assert not verify(db, desk.key).broken
        assert all("林小河" not in f"{event.data}{event.reason}" for event in events_of(db, row))


def test_numbers_of_letters_have_no_gaps_and_no_doubles_when_many_sign_at_once(desk: Desk) -> None:
    keys = [desk.enter() for _ in range(6)]
    letters = {key: desk.propose(key) for key in keys}
    refused = desk.enter()
    with pytest.raises(HuiyingError):
        desk.sign(refused, 0)
    wall, numbers = threading.Barrier(len(keys) + 2), []

    def go(key: int, who: str) -> None:
        wall.wait()
        try:
            numbers.append(desk.sign(key, letters[key], who=who))
        except Conflict:
            numbers.append("")

    jobs = [(key, "signer") for key in keys] + [(keys[0], "signer2"), (keys[1], "signer2")]
    threads = [threading.Thread(target=go, args=job) for job in jobs]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert sorted(numbers) == ["", "", *(f"公开〔2026〕{n}号" for n in range(1, 7))]


def test_the_applicant_follows_takes_back_and_is_received_once(desk: Desk) -> None:
    key, code = desk.apply(nonce="n" * 20)
    assert desk.apply(nonce="n" * 20) == (key, code)
    with pytest.raises(InvalidInput):
        desk.apply(nonce="n" * 20, subject="另一件事")
    with desk.bureau.office.work.transaction() as db:
        found = register.find_by_code(db, desk.key, desk.row(key).number, code.lower())
        register.give_up(db, found, NOW)
    assert (desk.row(key).state, desk.row(key).outcome) == (ApplicationState.withdrawn, "")
    received = desk.enter()
    with desk.bureau.office.work.transaction() as db:
        register.give_up(db, db.get_one(Application, received), NOW)
    assert (desk.row(received).state, desk.row(received).outcome) == (ApplicationState.concluded, "other")


def test_own_and_foreign_and_every_move_refuses_a_wrong_state(desk: Desk) -> None:
    key = desk.enter()
    with desk.bureau.office.work.reading() as db:
        row = db.get_one(Application, key)
        assert "propose" not in steps_for(desk.bureau.actors["clerk-sbj"], row)
        assert {"propose", "call_for_correction", "hear", "ask_fee"} <= steps_for(desk.bureau.actors["front"], row)
        assert steps_for(desk.bureau.actors["auditor"], row) == steps_for(desk.bureau.actors["admin"], row) == frozenset()
        sbj = db.query(Unit).filter_by(code="sbj").one()
    desk.do(key, lambda db, actor, a: processing.pass_on(db, actor, a, sbj, NOW))
    desk.do(key, lambda db, actor, a: processing.claim(db, actor, a, NOW), "clerk-sbj")
    letter = desk.propose(key, who="clerk-sbj")
    desk.sign(key, letter)
    for act in (
        lambda db, actor, a: processing.hear(db, desk.rules, desk.book, actor, a, "甲", "乙", NOW),
        lambda db, actor, a: register.confirm(db, desk.rules, desk.book, actor, a, NOW),
        lambda db, actor, a: processing.record_withdrawal(db, actor, a, "电话", NOW),
    ):
        with pytest.raises(Conflict):
            desk.do(key, act, "signer")


def test_the_table_is_whole_and_the_diagram_current(root, request) -> None:
    from board.wording.labels import load_labels

    labels = load_labels(root / "config")
    assert not [name for name in TRANSITIONS if labels("application_action", name) == name]
    assert (root / "board" / "applications" / "LIFECYCLE.md").read_text(encoding="utf-8") == life_pictures.page(labels, PICTURED)
    assert {step.target for step in TRANSITIONS.values()} - {None} == set(ApplicationState)
    assert all(step.sources <= WORKED | {ApplicationState.awaiting_signature, ApplicationState.concluded, ApplicationState.submitted} for name, step in TRANSITIONS.items() if name != "reveal")


def test_config_names_every_row_and_law(root) -> None:
    book = load_handbook(root / "config")
    assert len(book.rows) == 21
    assert {one.row for one in book.outcomes.values()} == set(book.rows)
    assert {one.former for one in book.outcomes.values()} <= set(book.former_rows)
    assert book.law(date(2019, 5, 14)).key == "2007"
    assert book.law(date(2019, 5, 15)).confirm == {"ordinary_post", "web", "fax"}
    assert [book.fee("items", n) for n in (10, 11, 30, 31, 45)] == [0, 100, 2000, 2200, 2000 + 10 * 200 + 5 * 300]
    assert "3个月" in book.remedy(date(2015, 4, 30), refusal=True)
    assert "6个月" in book.remedy(date(2026, 1, 1), refusal=False)
