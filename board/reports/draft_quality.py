"""How good the system's drafts were, from live approvals: one definition for the page, its lists and its file.

Counted are replies approved in the span (history that was brought in has no drafts). Each has exactly one outcome: ``unchanged``, ``edited`` and
``rewritten`` were drafted with an answer (how much was changed is the normalised edit distance between the system's draft and what was
approved, white space aside), ``abstained`` was handed over without one, ``by_hand`` had no system draft.
"""

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from statistics import median

from sqlalchemy import select
from sqlalchemy.orm import Session, aliased

from board.clock import local
from board.models import Inquiry, Reply, Unit
from board.reports.scope import Scope
from board.settings import Settings
from responder.scoring import edit_share

OUTCOMES = ("unchanged", "edited", "rewritten", "abstained", "by_hand")
DRAFTED = OUTCOMES[:3]
BATCH = 500
KEPT_MOST = 100_000
#: (approved version, its hash) -> how much of the draft was changed; what was approved never changes, so it is compared once a process
SHARES: dict[tuple[int, str], float] = {}


@dataclass(frozen=True, slots=True)
class Approved:
    """One approved reply: the inquiry, its unit, the Shanghai month, the outcome, how much was changed (None without a drafted answer)."""

    number: str
    title: str
    unit: str
    month: int
    approved_at: datetime
    outcome: str
    changed: float | None
    confidence: float | None


@dataclass(frozen=True, slots=True)
class QualityRow:
    """The figures of a set of approved replies; ``mean_changed`` and ``median_changed`` over the edited ones alone, 0 to 1 (None without any):
    unchanged ones are no edits, and a rewritten one was not adopted.
    """

    name: str
    approved: int
    counts: Mapping[str, int]
    mean_changed: float | None
    median_changed: float | None

    @property
    def drafted(self) -> int:
        """How many had a drafted answer."""
        return sum(self.counts[outcome] for outcome in DRAFTED)

    def percent(self, outcome: str) -> float:
        """The share of an outcome in percent of the approved, one decimal; "drafted" is one too."""
        part = self.drafted if outcome == "drafted" else self.counts[outcome]
        return round(100 * part / self.approved, 1) if self.approved else 0.0


@dataclass(frozen=True, slots=True)
class Quality:
    """All of the span, by month (every month, 1 to 12) and by unit (those with any, by name)."""

    total: QualityRow
    months: tuple[QualityRow, ...]
    units: tuple[QualityRow, ...]


def quality(session: Session, settings: Settings, scope: Scope) -> Quality:
    """The figures of a year."""
    found = approved_replies(session, settings, scope)
    units = sorted({one.unit for one in found})
    months = tuple(row_of(f"{month}月", [one for one in found if one.month == month]) for month in range(1, 13))
    return Quality(row_of("合计", found), months, tuple(row_of(unit, [one for one in found if one.unit == unit]) for unit in units))


def row_of(name: str, found: Sequence[Approved]) -> QualityRow:
    """One line of the table."""
    counts = Counter(one.outcome for one in found)
    changed = [one.changed for one in found if one.outcome == "edited" and one.changed is not None]
    mean = sum(changed) / len(changed) if changed else None
    return QualityRow(name, len(found), {outcome: counts[outcome] for outcome in OUTCOMES}, mean, median(changed) if changed else None)


def approved_replies(session: Session, settings: Settings, scope: Scope) -> list[Approved]:
    """Every approved reply of the span with its outcome, oldest first."""
    draft = aliased(Reply)
    own = (draft.inquiry_id == Reply.inquiry_id) & (draft.revision == 1) & draft.author_id.is_(None)
    columns = (
        Reply.id, Reply.approved_hash, Reply.approved_at, Inquiry.number, Inquiry.title, Unit.short_name, draft.id.label("draft"), draft.decision, draft.confidence,
    )  # fmt: skip
    query = select(*columns).join(Inquiry, Inquiry.id == Reply.inquiry_id).join(Unit, Unit.id == Inquiry.unit_id).join(draft, own, isouter=True)
    query = query.where(Reply.approved_at >= scope.start, Reply.approved_at < scope.end, Inquiry.imported.is_(False))
    if scope.unit_ids is not None:
        query = query.where(Inquiry.unit_id.in_(scope.unit_ids))
    rows = session.execute(query.order_by(Reply.approved_at, Reply.id)).all()
    answered = {(row.id, row.approved_hash): row.draft for row in rows if row.draft is not None and row.decision != "hand_over"}
    shares = changed_shares(session, answered)
    edge = float(settings.section("quality")["rewritten_from"])
    return [
        Approved(
            row.number, row.title, row.short_name, local(row.approved_at).month, row.approved_at,
            outcome(row.draft, row.decision, shares.get((row.id, row.approved_hash)), edge), shares.get((row.id, row.approved_hash)), row.confidence,
        )
        for row in rows
    ]  # fmt: skip


def outcome(draft: int | None, decision: str | None, changed: float | None, edge: float) -> str:
    """Which of the five it was."""
    if draft is None:
        return "by_hand"
    if decision == "hand_over" or changed is None:
        return "abstained"
    return "unchanged" if changed == 0 else "edited" if changed < edge else "rewritten"


def changed_shares(session: Session, pairs: Mapping[tuple[int, str], int]) -> dict[tuple[int, str], float]:
    """How much of each draft was changed: (approved version, hash) -> share; texts are read only for those that were not compared yet."""
    if len(SHARES) > KEPT_MOST:
        SHARES.clear()
    new = [key for key in pairs if key not in SHARES]
    for begin in range(0, len(new), BATCH):
        part = new[begin : begin + BATCH]
        texts = texts_of(session, {*(key[0] for key in part), *(pairs[key] for key in part)})
        SHARES.update({key: edit_share(bare(texts[pairs[key]]), bare(texts[key[0]])) for key in part})
    return {key: SHARES[key] for key in pairs}


def texts_of(session: Session, keys: Iterable[int]) -> dict[int, str]:
    """Texts of versions by id."""
    return {row.id: row.text for row in session.execute(select(Reply.id, Reply.text).where(Reply.id.in_(list(keys))))}


def bare(text: str) -> str:
    """The text without white space: a moved line break is no change."""
    return "".join(text.split())
