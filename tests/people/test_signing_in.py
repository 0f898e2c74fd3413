"""Signing in: lock-out by account and by address, codes that work once, secrets that the database does not give away; on both databases."""

import contextlib
from datetime import timedelta

import pyotp
import pytest
from hypothesis import given
from hypothesis import strategies as st

from board.errors import InvalidInput
from board.models import Account, Event, RecoveryCode, StaffSession
from board.staff import browsers, second_factor
from board.staff.accounts import find_account
from board.staff.passwords import check_password
from board.staff.signing_in import Rules, Visitor, second_step, sign_in
from tests.bureau import NOW, PASSWORD, Bureau, bureau

__all__ = ["bureau"]
RULE = Rules(5, 30, timedelta(minutes=15))
HERE = Visitor("192.0.2.1", loopback=False)
MINUTE = timedelta(minutes=1)


def attempt(bureau: Bureau, login: str = "clerk", password: str = PASSWORD, at=NOW, where: Visitor = HERE, rule: Rules = RULE) -> bool:
    """Whether this attempt succeeds."""
    with bureau.office.work.transaction() as session:
        return sign_in(session, rule, bureau.office.key, login, password, where, at) is not None


def actions(bureau: Bureau) -> list[str]:
    """What was noted about signing in."""
    with bureau.office.work.reading() as session:
        return [event.action for event in session.query(Event).filter_by(chain="sign_in").order_by(Event.id)]


def test_an_account_is_locked_after_five_failures_and_free_again_in_time(bureau: Bureau) -> None:
    assert [attempt(bureau, password="wrong") for _ in range(5)] == [False] * 5
    assert not attempt(bureau, at=NOW + 14 * MINUTE)
    assert attempt(bureau, at=NOW + 16 * MINUTE)
    assert actions(bureau) == ["sign_in_refused"] * 5 + ["account_locked"] + ["sign_in_refused"]
    assert attempt(bureau, "signer")


def test_an_address_is_locked_whatever_accounts_it_tries(bureau: Bureau) -> None:
    few = Rules(5, 4, timedelta(minutes=15))
    for login in ("nobody", "clerk", "signer", "manager"):
        assert not attempt(bureau, login, "wrong", rule=few)
    assert not attempt(bureau, "clerk", rule=few)
    assert attempt(bureau, "clerk", where=Visitor("192.0.2.2", loopback=False), rule=few)
    assert attempt(bureau, "clerk", at=NOW + 16 * MINUTE, rule=few)


def test_failures_far_apart_do_not_add_up(bureau: Bureau) -> None:
    few = Rules(50, 4, timedelta(minutes=15))
    for hours in range(6):
        assert not attempt(bureau, "clerk", "wrong", at=NOW + timedelta(hours=2 * hours), rule=few)
    assert attempt(bureau, "clerk", at=NOW + timedelta(hours=13), rule=few)


@pytest.mark.parametrize("change", [{"active": False}, {"expires_at": NOW}, {"sample": True}, {"locked_until": NOW + MINUTE}])
def test_who_may_not_sign_in_is_refused_and_no_address_stands_in_clear(bureau: Bureau, change: dict[str, object]) -> None:
    with bureau.office.work.transaction() as session:
        for name, value in change.items():
            setattr(find_account(session, "clerk", NOW), name, value)
    assert not attempt(bureau)
    with bureau.office.work.reading() as session:
        event = session.query(Event).filter_by(action="sign_in_refused").one()
        assert HERE.address not in str(event.data)
        assert event.data["why"] in {"disabled", "expired", "elsewhere", "locked"}


@pytest.fixture
def secret(bureau: Bureau) -> str:
    """The clerk has a second factor."""
    made = second_factor.new_secret()
    with bureau.office.work.transaction() as session:
        clerk = find_account(session, "clerk", NOW)
        kept = second_factor.sealed(bureau.office.key, clerk.id, made)
        before = NOW - timedelta(minutes=5)
        assert len(second_factor.switch_on(session, bureau.office.key, clerk, kept, pyotp.TOTP(made).at(before), before)) == 10
        assert made not in kept
    return made


def code_step(bureau: Bureau, code: str, at=NOW, rule: Rules = RULE) -> bool:
    """Whether the second step succeeds."""
    with bureau.office.work.transaction() as session:
        clerk = find_account(session, "clerk", NOW)
        return second_step(session, rule, bureau.office.key, clerk.id, code, HERE, at) is not None


def test_a_code_works_once_and_only_in_its_time(bureau: Bureau, secret: str) -> None:
    totp = pyotp.TOTP(secret)
    assert not code_step(bureau, totp.at(NOW - timedelta(minutes=2)))
    assert not code_step(bureau, "")
    assert not code_step(bureau, "１２３４５６")
    right = totp.at(NOW)
    assert code_step(bureau, f"{right[:3]} {right[3:]}")
    assert not code_step(bureau, right)
    assert not code_step(bureau, totp.at(NOW - timedelta(seconds=30)))
    assert code_step(bureau, totp.at(NOW + timedelta(seconds=30)))


def test_wrong_codes_lock_the_account(bureau: Bureau, secret: str) -> None:
    for _ in range(5):
        assert not code_step(bureau, "000000x")
    assert not code_step(bureau, pyotp.TOTP(secret).at(NOW))
    assert not attempt(bureau)


def test_a_recovery_code_works_once_however_it_is_typed(bureau: Bureau, secret: str) -> None:
    with bureau.office.work.transaction() as session:
        codes = second_factor.new_recovery_codes(session, bureau.office.key, find_account(session, "clerk", NOW))
    with bureau.office.work.reading() as session:
        assert not {code.replace("-", "") for code in codes} & {row.code_hash for row in session.query(RecoveryCode)}
    assert code_step(bureau, codes[0].lower().replace("-", " "))
    assert not code_step(bureau, codes[0])
    assert code_step(bureau, codes[1])
    with bureau.office.work.reading() as session:
        assert second_factor.codes_left(session, find_account(session, "clerk", NOW)) == 8


def test_a_sealed_secret_belongs_to_one_account_and_one_server(bureau: Bureau) -> None:
    made = second_factor.new_secret()
    kept = second_factor.sealed(b"key", 1, made)
    assert second_factor.opened(b"key", 1, kept) == made
    assert second_factor.sealed(b"key", 1, made) != kept
    for key, account, text in ((b"key", 2, kept), (b"yek", 1, kept), (b"key", 1, kept[:-4] + "AAA="), (b"key", 1, ""), (b"key", 1, "é")):
        with pytest.raises(InvalidInput):
            second_factor.opened(key, account, text)


def test_sessions_end_one_by_one_and_all_at_once(bureau: Bureau) -> None:
    idle, longest = timedelta(minutes=30), timedelta(hours=12)
    with bureau.office.work.transaction() as session:
        clerk = find_account(session, "clerk", NOW)
        tokens = [browsers.start(session, clerk, "192.0.2.1", "Mozilla/5.0 (Windows NT 10.0) Chrome/120", NOW)[1] for _ in range(3)]
        assert not set(tokens) & {row.token_hash for row in session.query(StaffSession)}
    with bureau.office.work.transaction() as session:
        clerk = find_account(session, "clerk", NOW)
        live = browsers.live_sessions(session, clerk, NOW, idle, longest)
        assert [one.browser for one in live] == ["Chrome · Windows"] * 3
        assert browsers.end(session, clerk.id, live[0].id, NOW)
        assert not browsers.end(session, clerk.id, live[0].id, NOW)
        assert not browsers.end(session, clerk.id + 1, live[1].id, NOW)
        assert browsers.find(session, tokens[2], NOW, idle, longest) is None
        assert browsers.find(session, tokens[1], NOW, idle, longest) is not None
        assert browsers.find(session, tokens[1], NOW + 31 * MINUTE, idle, longest) is None
        clerk.session_epoch += 1
        session.flush()
        assert browsers.find(session, tokens[1], NOW, idle, longest) is None


@pytest.mark.parametrize("weak", [
    "short-A1", "nouppercase1", "Password-2026", "P@ssw0rd2026", "Admin@123456", "Huiying@2026", "clerk-Is-Here-1", "Qwertyuiop1", "Aaaaaaaaaa1", "1qaz@WSX3edc", "王小明-Abc-12345", "a" * 129,
])  # fmt: skip
def test_weak_passwords_are_refused(weak: str) -> None:
    with pytest.raises(InvalidInput):
        check_password(weak, "clerk", "王小明")


@pytest.mark.parametrize("strong", ["Hand-Over-2026-Spring", "坐看云起时 行到水穷处 万里归来", "correct horse battery staple", "Kq7-vv2-Lm9"])
def test_strong_passwords_are_taken(strong: str) -> None:
    check_password(strong, "clerk", "王小明")


@given(st.text(max_size=200))
def test_any_text_is_judged_without_a_fault(text: str) -> None:
    with contextlib.suppress(InvalidInput):
        check_password(text, "clerk", "王小明")
        assert 10 <= len(text) <= 128


def test_accounts_have_no_password_in_clear(bureau: Bureau) -> None:
    with bureau.office.work.reading() as session:
        assert all(row.password_hash.startswith("$argon2id$") for row in session.query(Account))
