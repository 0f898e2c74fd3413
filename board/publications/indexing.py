"""Rows become the responder's corpus: an index that follows the catalogue's sequence and is rebuilt from the database at any time.

What changed lately is in memory; once there is enough of it, it is written to the index directory of this host, from which
a starting process takes up (decision 0006). The directory is never the only copy: whatever is wrong with it, it is built anew.
"""

import threading
from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from typing import TypeVar

import structlog
from sqlalchemy import func, select
from sqlalchemy.orm import Session

from board.clock import local_day, now
from board.errors import Unavailable
from board.models import CatalogueChange, Disclosure, PublicationState
from board.publications.answered import Answered
from board.publications.building import build, document_of, fits, note_of, published
from board.publications.meanings import documented
from board.publications.out_of_force import ended_of
from board.publications.sequence import Followed, newest_change
from board.publications.versions import chosen, version_in_force
from board.wording.ended import Ended
from responder.archive import Archive, Damaged
from responder.asking_on import Follower
from responder.matching import Match, Matcher, MatcherSettings
from responder.messages import MessageMatch, MessageMatcher
from responder.shelf import Shelf

#: Documents that are read at once; that one call of ``follow`` takes in (more than these, and a first index is built on
#: disk); and that the first call takes in.
BATCH, MOST_AT_ONCE, MOST_AT_BEGIN = 500, 2_000, 20_000
#: Changed documents in memory from which an archive is written: so many, and this share of all.
WRITTEN_FROM, WRITTEN_SHARE = 500, 0.1
REBUILDING = "检索索引正在重建，请几分钟后再试；留言照常受理。"

Answer = TypeVar("Answer")
log = structlog.get_logger("index")


def note_change(session: Session, disclosure_id: int) -> None:
    """Tells every index, in the transaction of the change, that the disclosure is new, other or gone."""
    session.add(CatalogueChange(disclosure_id=disclosure_id))


@dataclass(frozen=True, slots=True)
class IndexState:
    """``none``: nothing on disk, of so many documents in the database; ``damaged``; ``foreign``: of another state of the
    database; ``fits``: so many documents, so many changes behind.
    """

    kind: str
    documents: int
    behind: int


class Catalogue:
    """The index of one process; ``follow`` before ``match``. Safe for several threads."""

    def __init__(self, settings: MatcherSettings, directory: Path | None = None) -> None:
        self._settings = settings
        self._answered = Answered(settings)
        self._shelf = Shelf(directory) if directory else None
        self._lock = threading.Lock()
        self._matcher = Matcher(settings)
        self._followed: Followed | None = None
        self._number = 0
        self._shipped, self._version = settings.weights, 0
        self._writer: threading.Thread | None = None

    def __len__(self) -> int:
        """How many documents are indexed."""
        return len(self._matcher)

    @property
    def sequence(self) -> int:
        """The newest change that is in the index."""
        return self._followed.high if self._followed else 0

    def follow(self, session: Session) -> int:
        """Takes in what changed since the last call, at most 2,000 changes; returns how many documents were read.
        Unavailable while a large index is being built.
        """
        newest = newest_change(session)
        with self._lock:
            self._weigh(session)
            try:
                self._matcher.collection.set_day(local_day(now()))
                return self._follow(session, newest)
            except Damaged as error:
                self._drop(error)
                return self._follow(session, newest)

    def _weigh(self, session: Session) -> None:
        """Takes the weights of the version in force, when it is another than before."""
        version = version_in_force(session)
        if version != self._version:
            self._version = version
            self._settings = replace(self._settings, weights=chosen(session, version).weights or self._shipped)
            self._matcher.use(self._settings.weights)

    def _follow(self, session: Session, newest: int) -> int:
        before = self._followed
        followed = self._begun(session, newest)
        most, read = MOST_AT_ONCE if followed is before else MOST_AT_BEGIN, 0
        while read < most and not followed.idle(newest):
            changes = followed.changes(session, MOST_AT_ONCE)
            if not changes:
                break
            read += self._read(session, list(dict.fromkeys(key for _, key in changes)))
            followed.take(changes)
        if followed is not before:
            followed.begun()
        if read:
            self._write_if_due(session)
        return read

    def _read(self, session: Session, keys: Sequence[int]) -> int:
        """Takes in documents as they are in the database now; returns how many."""
        for begin in range(0, len(keys), BATCH):
            part = keys[begin : begin + BATCH]
            rows = {row.id: row for row in session.scalars(select(Disclosure).where(Disclosure.id.in_(part)))}
            for key in part:
                self._put(rows.get(key), key)
        return len(keys)

    def _put(self, row: Disclosure | None, key: int) -> None:
        if row is None or row.state != PublicationState.published:
            self._matcher.remove(str(key))
        else:
            self._matcher.put(document_of(row))

    def _begun(self, session: Session, newest: int) -> Followed:
        """The state of following: begun anew when the database went back or when there is a newer archive."""
        fresh = self._shelf is not None and self._shelf.newest() > self._number
        if self._followed is None or newest < self._followed.high or fresh:
            self._begin(session, newest)
        if self._followed is None:
            raise Unavailable(REBUILDING)
        return self._followed

    def _begin(self, session: Session, newest: int) -> None:
        """Takes the newest archive that fits the database; without one a small office starts in memory, a large one builds."""
        archive = self._fitting(session, newest)
        large = archive is None and self._shelf is not None and (session.scalar(select(func.count()).select_from(Disclosure)) or 0) > MOST_AT_ONCE
        self._followed = None
        if large:
            self._in_background(_building(session, self._settings), wait=True)
            return
        self._matcher = Matcher(self._settings, archive)
        self._matcher.collection.set_day(local_day(now()))
        self._followed = Followed(int(archive.note["sequence"]) if archive else 0)

    def _fitting(self, session: Session, newest: int) -> Archive | None:
        """The newest archive; one that is damaged or belongs to another database is taken away."""
        if self._shelf is None:
            return None
        number = self._number = self._shelf.newest()
        try:
            archive = self._shelf.opened()
        except Damaged as error:
            log.warning("index on disk is damaged, it is built anew", reason=str(error))
            self._shelf.discard(number)
            return None
        if archive is None or fits(session, archive, self._settings, newest):
            return archive
        log.warning("index on disk belongs to another state of the database, it is built anew")
        self._shelf.discard(number)
        return None

    def _drop(self, error: Damaged) -> None:
        """Takes a damaged archive away and forgets what was built on it."""
        log.warning("index on disk is damaged, it is built anew", reason=str(error))
        if self._shelf is not None:
            self._shelf.discard(self._number)
        self._followed = None

    def _write_if_due(self, session: Session) -> None:
        """Has the documents written in the background when enough of them changed."""
        changed = self._matcher.collection.changed
        if self._shelf is None or self._followed is None or changed < max(WRITTEN_FROM, WRITTEN_SHARE * len(self._matcher)):
            return
        snapshot, note = self._matcher.collection.snapshot(), note_of(session, self._followed.settled)
        self._in_background(lambda aside: snapshot.write(aside, note), wait=False)

    def _in_background(self, write: Callable[[Path], None], *, wait: bool) -> None:
        """Writes an archive in a thread, one at a time in this process and on this host."""
        if self._shelf is not None and (self._writer is None or not self._writer.is_alive()):
            self._writer = threading.Thread(target=_write, args=(self._shelf, self._shelf.newest(), write, wait), name="index", daemon=True)
            self._writer.start()

    def answered_before(self, session: Session, question: str, limit: int) -> list[int]:
        """Ids of publications that answered a question like this one, the most alike first."""
        self._answered.follow(session)
        return self._answered.alike(question, limit)

    def state(self, session: Session) -> "IndexState":
        """What is on disk, compared with the database; nothing is loaded or changed."""
        newest, number = newest_change(session), self._shelf.newest() if self._shelf else 0
        if self._shelf is None or not number:
            return IndexState("none", published(session), newest)
        try:
            archive = Archive(self._shelf.place(number))
        except Damaged:
            return IndexState("damaged", 0, newest)
        if not fits(session, archive, self._settings, newest):
            return IndexState("foreign", len(archive), newest)
        return IndexState("fits", len(archive), newest - int(archive.note["sequence"]))

    def settle(self) -> None:
        """Waits until this process writes no archive."""
        if self._writer is not None:
            self._writer.join()

    def match(self, question: str, limit: int = 10) -> Match:
        """The responder's answer over what has been followed so far; no database is touched. Unavailable when the index
        on disk turns out to be damaged: the next ``follow`` mends it.
        """
        return self._asked(lambda: self._matcher.match(question, limit))

    def match_message(self, text: str, heading: int = 0, limit: int = 10) -> MessageMatch:
        """The same for each question of a message whose first ``heading`` characters are its title."""
        return self._asked(lambda: MessageMatcher(self._matcher, self._settings).match(text, heading, limit))

    def understood(self, question: str, earlier: Sequence[str]) -> str:
        """The question with what it takes over from those before it (oldest first)."""
        return self._follower().understood(question, earlier)

    def meanings(self, session: Session, question: str) -> list[tuple[str, str]]:
        """What a bare word of the question may mean, and the question that means it, as far as there are documents about it."""
        found = self._follower().meanings(question)
        known = documented(session, (meaning for meaning, _ in found))
        return [(meaning, asked) for meaning, asked in found if meaning in known]

    def _follower(self) -> Follower:
        """The reader of questions, by the settings as they are."""
        return Follower(self._settings.following, self._settings.questions, self._matcher.cutter)

    def ended(self, session: Session, match: Match) -> list[Ended]:
        """The documents out of force that a question asks for, with what holds in their place."""
        return ended_of(session, match, local_day(now()))

    def _asked(self, ask: Callable[[], Answer]) -> Answer:
        """An answer, unless the index on disk is damaged."""
        try:
            return ask()
        except Damaged as error:
            with self._lock:
                self._drop(error)
            raise Unavailable(REBUILDING) from error


def _building(session: Session, settings: MatcherSettings) -> Callable[[Path], None]:
    """Builds an archive from the database, in a session of its own."""
    bind = session.get_bind()

    def write(aside: Path) -> None:
        with Session(bind) as own:
            build(own, settings, aside)

    return write


def _write(shelf: Shelf, number: int, write: Callable[[Path], None], wait: bool) -> None:
    """Writes an archive, unless somebody else wrote a newer one meanwhile."""
    try:
        with shelf.writing(wait=wait) as mine:
            if mine and shelf.newest() == number:
                shelf.publish(write)
    except (OSError, Damaged) as error:
        log.warning("index could not be written, it stays in memory", reason=f"{type(error).__name__}: {error}")
