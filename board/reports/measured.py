"""What the matcher reached when it was last measured (``huiying evaluate``): kept with the run, shown beside the live figures."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import select
from sqlalchemy.orm import Session

from board.models import EvaluationRun
from board.wording.labels import Labels
from responder.calibration_plot import calibration_svg
from responder.measures import Bin

SOURCE_MOST = 300
COUNTS = frozenset({"questions", "unanswerable"})


@dataclass(frozen=True, slots=True)
class Measured:
    """The newest run: when, of what, with which version; figures with their labels, counts apart from shares; the plot and its table."""

    at: datetime
    source: str
    version: int
    milliseconds: float
    counts: tuple[tuple[str, int], ...]
    shares: tuple[tuple[str, float], ...]
    bins: tuple[Bin, ...]
    svg: str


def keep_run(session: Session, figures: Mapping[str, float], bins: Sequence[Bin], milliseconds: float, source: str, version: int, by: str, at: datetime) -> None:
    """Stores a measurement; nothing is ever changed in it."""
    rows = [[part.confidence, part.right, part.count] for part in bins]
    run = EvaluationRun(at=at, by=by, source=source[:SOURCE_MOST], version=version, milliseconds=milliseconds, figures=dict(figures), bins=rows)
    session.add(run)


def last_measured(session: Session, labels: Labels) -> Measured | None:
    """The newest run for the page; None before the first."""
    run = session.scalar(select(EvaluationRun).order_by(EvaluationRun.id.desc()).limit(1))
    if run is None:
        return None
    counts = tuple((labels("measure", name), int(value)) for name, value in run.figures.items() if name in COUNTS)
    shares = tuple((labels("measure", name), float(value)) for name, value in run.figures.items() if name not in COUNTS)
    bins = tuple(Bin(*row) for row in run.bins)
    return Measured(run.at, run.source, run.version, run.milliseconds, counts, shares, bins, calibration_svg(bins, "校准图：把握与实际答对的比例"))
