"""Import runs: who brought which file in, how far it got; the loop of batches, each one transaction with its progress."""

import hashlib
from collections.abc import Callable, Iterable, Sequence
from contextlib import AbstractContextManager
from dataclasses import dataclass, field
from datetime import datetime
from itertools import islice

from sqlalchemy import select
from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm import Session

from board.errors import Conflict
from board.intake.reading import Line
from board.intake.rejects import Rejected, RejectsFile
from board.intake.sniffing import Source
from board.models import ImportRun, Unit

BATCH = 200
TRIES = 3


@dataclass(slots=True)
class Outcome:
    """What became of a batch of rows; ``findings`` are (code, title or number) of odd rows that were kept."""

    added: int = 0
    changed: int = 0
    unchanged: int = 0
    rejected: list[Rejected] = field(default_factory=list)
    findings: list[tuple[str, str]] = field(default_factory=list)


Take = Callable[[Session, Sequence[Line]], Outcome]
Transaction = Callable[[], AbstractContextManager[Session]]


def begin_run(session: Session, kind: str, source: Source, label: str, unit_id: int, actor: str, at: datetime, *, anew: bool) -> ImportRun:
    """A run for the file: the unfinished one of the same content, source and unit, else (or with ``anew``) a new one."""
    earlier = select(ImportRun).where(
        ImportRun.kind == kind, ImportRun.file_hash == source.digest, ImportRun.source == label, ImportRun.unit_id == unit_id, ImportRun.finished_at.is_(None)
    )
    run = None if anew else session.scalar(earlier.order_by(ImportRun.id.desc()).limit(1))
    if run is None:
        run = ImportRun(kind=kind, file_name=source.path.name[:300], file_hash=source.digest, source=label, unit_id=unit_id, actor=actor, started_at=at)
        session.add(run)
        session.flush()
    return run


def new_body(session: Session, root: Unit, name: str) -> Unit:
    """A body of the office that the import names and the office does not know yet; it is counted by itself."""
    code = "body-" + hashlib.sha256(name.encode()).hexdigest()[:12]
    body = Unit(code=code, name=name[:100], short_name=name[:40], parent_id=root.id, subordinate=True)
    session.add(body)
    session.flush()
    return body


def carry_out(
    transaction: Transaction, run: ImportRun, lines: Iterable[Line], take: Take, rejects: RejectsFile, advance: Callable[[int], None]
) -> list[tuple[str, str]]:
    """Takes the rows behind ``run.lines_done`` in batches; rows and progress of a batch are one commit. Returns the findings.

    An interruption loses nothing: the next call with the same run goes on behind the last batch that was committed.
    """
    waiting = (line for line in lines if line.number > run.lines_done)
    findings: list[tuple[str, str]] = []
    while batch := list(islice(waiting, BATCH)):
        findings += one_batch(transaction, run.id, batch, take, rejects).findings
        advance(batch[-1].number)
    return findings


def one_batch(transaction: Transaction, run_id: int, batch: Sequence[Line], take: Take, rejects: RejectsFile) -> Outcome:
    """One batch; tried again when somebody else has just brought in the same rows."""
    for _ in range(TRIES):
        try:
            with transaction() as session:
                run = session.get_one(ImportRun, run_id, with_for_update=True)
                outcome = take(session, [line for line in batch if not line.error])
                outcome.rejected += [Rejected(line, line.error) for line in batch if line.error]
                record(run, batch[-1].number, outcome)
                session.flush()
                rejects.write(outcome.rejected)
        except IntegrityError:
            continue
        return outcome
    raise Conflict("另一个导入正在写入同样的记录，请稍后再试；已完成的部分不会丢失。")


def record(run: ImportRun, line: int, outcome: Outcome) -> None:
    """Moves the run on."""
    run.lines_done = line
    run.added += outcome.added
    run.changed += outcome.changed
    run.unchanged += outcome.unchanged
    run.rejected += len(outcome.rejected)
