"""Possible duplicates of an inquiry: who else asked the same or nearly the same, with the words that both share marked. Merging is for a person."""

from collections.abc import Sequence
from dataclasses import dataclass

from sqlalchemy import select
from sqlalchemy.orm import Session, joinedload

from board.inquiries.delicate import hidden_numbers
from board.inquiries.hot_topics import rules_of
from board.inquiries.hot_topics import said as said_by
from board.inquiries.lifecycle import FINISHED, OPEN
from board.models import Inquiry, InquiryState
from board.replies.desk_view import Piece
from board.replies.marked_texts import cover_up, marked_text
from board.settings import Settings
from board.staff.roles import Actor
from board.storage.traces import sharing
from board.wording.dull_words import load_topic_words
from responder.duplicates import CANDIDATES_MOST, alike, shared_words
from responder.topic_words import TopicRules, counted

#: what the likeness of two inquiries counts that name different places: the same complaint about another street is another matter
OTHER_PLACE = 0.65
#: such an item is no main item of another: it left the office or belongs to one already
NO_MAIN = frozenset({InquiryState.invalid, InquiryState.merged, InquiryState.withdrawn, InquiryState.declined}) & FINISHED


@dataclass(frozen=True, slots=True)
class PossibleDuplicate:
    """Another inquiry, how alike it is (0 to 1), and both texts with the common words marked (this one's first)."""

    inquiry: Inquiry
    score: float
    own: tuple[Piece, ...]
    other: tuple[Piece, ...]

    @property
    def percent(self) -> int:
        """The score in percent."""
        return round(100 * self.score)


def possible_duplicates(session: Session, settings: Settings, inquiry: Inquiry) -> list[PossibleDuplicate]:
    """The inquiries most alike this one, never itself, best first: at most ``duplicates.shown``. Four queries at most, whatever there is."""
    chosen, words = settings.section("duplicates"), load_topic_words(settings.config_dir).dull
    rows = candidates(session, inquiry)
    least, rules = float(chosen["least"]), rules_of(settings)
    found = alike(said(inquiry), [said(row) for row in rows], words, least)
    own = places_of(inquiry, rules) if found else frozenset()
    scored = [(one.score * (OTHER_PLACE if apart(own, places_of(rows[one.place], rules)) else 1), rows[one.place]) for one in found]
    near = sorted((pair for pair in scored if pair[0] >= least), key=lambda pair: -pair[0])
    return [proposed(inquiry, row, score, words) for score, row in near[: int(chosen["shown"])]]


def places_of(inquiry: Inquiry, rules: TopicRules) -> frozenset[str]:
    """The places that an inquiry names in its title, or else at its beginning."""
    return frozenset(counted(said_by(inquiry), rules)[1])


def apart(places: frozenset[str], others: frozenset[str]) -> bool:
    """Whether both name places but none in common."""
    return bool(places and others and not places & others)


def open_duplicates(session: Session, settings: Settings, actor: Actor, inquiry: Inquiry) -> list[PossibleDuplicate]:
    """The same for the desk's page: nothing for an item that is finished or was brought in, because it cannot be merged, and none against the reader."""
    hidden = hidden_numbers(session, actor)
    found = possible_duplicates(session, settings, inquiry) if inquiry.state in OPEN and not inquiry.imported else []
    return [one for one in found if one.inquiry.number not in hidden]


def candidates(session: Session, inquiry: Inquiry) -> Sequence[Inquiry]:
    """At most 50 others of the living register (not brought in, not merged, invalid, withdrawn or declined) that share traces or are word for word the same."""
    keys = sharing(session, inquiry.id, said(inquiry))
    same = select(Inquiry.id).where(Inquiry.fingerprint == inquiry.fingerprint, Inquiry.fingerprint != "", Inquiry.id != inquiry.id)
    keys = list(dict.fromkeys([*session.scalars(same.order_by(Inquiry.id.desc()).limit(CANDIDATES_MOST // 2)), *keys]))[:CANDIDATES_MOST]
    query = select(Inquiry).where(Inquiry.id.in_(keys), Inquiry.imported.is_(False), Inquiry.state.not_in(NO_MAIN)).options(joinedload(Inquiry.unit))
    rows = {row.id: row for row in session.scalars(query)}
    return [rows[key] for key in keys if key in rows]


def said(inquiry: Inquiry) -> str:
    """Title and text, unless the title only repeats the beginning of the text."""
    return inquiry.text if inquiry.text.startswith(inquiry.title.rstrip("…")) else f"{inquiry.title}\n{inquiry.text}"


def proposed(inquiry: Inquiry, other: Inquiry, score: float, words: frozenset[str]) -> PossibleDuplicate:
    """One proposal for the page."""
    left, right = shared_words(said(inquiry), said(other), words)
    return PossibleDuplicate(other, score, *(cover_up(marked_text(said(each), (), (), spans)) for each, spans in ((inquiry, left), (other, right))))
