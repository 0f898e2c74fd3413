"""Which learned weights are in force: the newest choice in the database; every process looks before it matches."""

import tomllib
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime

import structlog
from sqlalchemy import select
from sqlalchemy.orm import Session

from board.errors import InvalidInput
from board.models import ResponderVersion
from responder.tuning import Weights, weights

log = structlog.get_logger("index")


@dataclass(frozen=True, slots=True)
class Chosen:
    """The version in force, 0 for the one that the product ships with; weights are None then, or when they cannot be used."""

    version: int
    weights: Weights | None


def version_in_force(session: Session) -> int:
    """The number of the version in force."""
    return session.scalar(select(ResponderVersion.version).order_by(ResponderVersion.id.desc()).limit(1)) or 0


def chosen(session: Session, version: int) -> Chosen:
    """A version with its weights; one that does not fit this program's features is named in the log and not used."""
    row = session.get(ResponderVersion, version) if version else None
    if row is None:
        return Chosen(version, None)
    try:
        return Chosen(version, weights(tomllib.loads(row.weights)["learned"]))
    except (ValueError, KeyError, TypeError) as error:
        log.warning("learned weights do not fit this program, those of the product are used", version=version, reason=str(error))
        return Chosen(version, None)


def record(session: Session, text: str, figures: Mapping[str, float], learned_from: str, by: str, at: datetime) -> ResponderVersion:
    """Take newly learned weights into force."""
    number = next_number(session)
    row = ResponderVersion(id=number, version=number, made_at=at, made_by=by, learned_from=learned_from, weights=text, figures=dict(figures))
    session.add(row)
    session.flush()
    return row


def next_number(session: Session) -> int:
    """The number of the next choice: a row names itself, so it cannot wait for the database to number it."""
    return (session.scalar(select(ResponderVersion.id).order_by(ResponderVersion.id.desc()).limit(1)) or 0) + 1


def use_version(session: Session, version: int, by: str, at: datetime) -> ResponderVersion:
    """Take a version into force that was learned before, or 0; InvalidInput when there is none of this number."""
    known = session.get(ResponderVersion, version) if version else None
    if version and (known is None or known.version != known.id):
        raise InvalidInput(f"没有第 {version} 版。", "version")
    row = ResponderVersion(id=next_number(session), version=version, made_at=at, made_by=by)
    session.add(row)
    session.flush()
    return row


def version_before(session: Session) -> int:
    """The version that was in force before the present one; InvalidInput when there was no other."""
    choices = session.scalars(select(ResponderVersion.version).order_by(ResponderVersion.id.desc())).all()
    if not choices:
        raise InvalidInput("还没有学习过新版本，无法退回。", "version")
    return next((version for version in choices if version != choices[0]), 0)


def versions(session: Session) -> Sequence[ResponderVersion]:
    """All choices, the newest first."""
    return session.scalars(select(ResponderVersion).order_by(ResponderVersion.id.desc())).all()
