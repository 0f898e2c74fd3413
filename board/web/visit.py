"""The questions of one visit: they travel in the address, signed and bounded; what was counted for them, in the session's cookie. Nothing of it is stored."""

import hashlib
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any
from zlib import crc32

import structlog
from flask import current_app, session
from itsdangerous import BadSignature, URLSafeSerializer

from board.clock import local_day, now
from board.errors import Unavailable
from board.inquiries.answer_days import count_steps
from board.inquiries.asking import Answer, Quoted
from board.web.current import the_office

log = structlog.get_logger("ask")
TURNS_MOST, THREAD_MOST, QUOTES_MOST = 5, 1_500, 3
ASKED, ANSWERS_MOST = "asked", 8
LETTERS = {"asked": "a", "shown": "s", "opened": "o", "solved": "y", "unsolved": "n", "posted": "p"}


@dataclass(frozen=True, slots=True)
class Turn:
    """A question of the visit as it was asked and as it was understood; ``quotes`` are (document, place in its text, length, checksum)."""

    question: str
    understood: str
    quotes: tuple[tuple[int, int, int, int], ...]


def read_thread(given: str) -> list[Turn]:
    """The earlier questions, oldest first; [] for anything that this server did not sign."""
    if not given or len(given) > THREAD_MOST:
        return []
    try:
        rows: list[Any] = serializer().loads(given)
    except BadSignature:
        return []
    return [Turn(question, understood or question, tuple(map(tuple, quotes))) for question, understood, quotes in rows]


def write_thread(turns: Sequence[Turn]) -> str:
    """The newest questions, as many as the address bears; "" for none."""
    kept = list(turns)[-TURNS_MOST:]
    while kept:
        written = serializer().dumps([[turn.question, turn.understood if turn.understood != turn.question else "", turn.quotes] for turn in kept])
        text = written.decode() if isinstance(written, bytes) else written
        if len(text) <= THREAD_MOST:
            return text
        del kept[0]
    return ""


def serializer() -> URLSafeSerializer:
    """Signs with the application's key."""
    return URLSafeSerializer(current_app.secret_key or "", "questions of a visit")


def turn_of(answer: Answer) -> Turn:
    """An answer as the thread keeps it."""
    pieces = [piece for piece in answer.evidence if piece.place >= 0][:QUOTES_MOST]
    return Turn(answer.question, answer.understood, tuple((piece.disclosure_id, piece.place, len(piece.quote), check(piece)) for piece in pieces))


def check(piece: Quoted) -> int:
    """A checksum of the words: a document that was changed since is not quoted by old places."""
    return crc32(piece.quote.encode())


def answer_key(answer: Answer, about: int) -> str:
    """What this answer is called in the visit."""
    return hashlib.sha256(f"{answer.understood}\0{about}".encode()).hexdigest()[:10]


def noted(key: str) -> str:
    """The letters of what was counted for an answer of this visit."""
    return str(session.get(ASKED, {}).get(key, ["", ""])[1])


def count_answer(key: str, *, found: bool) -> None:
    """Counts a question, and that it was answered: once a visit."""
    step(key, ("asked", "shown") if found else ("asked",), begin=True)


def count_step(key: str, name: str) -> bool:
    """Counts what became of an answer that this visit was shown, once; solved and not solved exclude each other. Whether it was counted."""
    before = noted(key)
    if LETTERS["shown"] not in before or (name in ("solved", "unsolved") and set(before) & {"y", "n"}):
        return False
    return step(key, (name,), begin=False)


def count_posted(key: str = "") -> None:
    """Counts a post to the answer that led to it, or else to the newest one of the visit that did not solve its question."""
    rows = session.get(ASKED, {})
    open_ones = [name for name, (_, letters) in rows.items() if "s" in letters and not set(letters) & {"y", "p"}]
    chosen = key if key in rows else open_ones[-1] if open_ones else ""
    if chosen:
        count_step(chosen, "posted")


def step(key: str, names: Sequence[str], *, begin: bool) -> bool:
    """Counts steps that were not counted for this answer, to the day on which it was shown; a database that is away stops nobody."""
    rows: dict[str, list[str]] = dict(session.get(ASKED, {}))
    today = local_day(now())
    day, letters = rows.get(key, [today.isoformat(), ""])
    fresh = [name for name in names if LETTERS[name] not in letters]
    shown_on = date.fromisoformat(day)
    if not fresh or (not begin and key not in rows) or today - shown_on > timedelta(days=1):
        return False
    try:
        with the_office().work.transaction() as db:
            count_steps(db, shown_on, fresh)
    except Unavailable:
        log.warning("what became of an answer was not counted")
        return False
    rows.pop(key, None)
    rows[key] = [day, letters + "".join(LETTERS[name] for name in fresh)]
    session[ASKED] = dict(list(rows.items())[-ANSWERS_MOST:])
    return True
