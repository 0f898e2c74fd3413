"""What the loader needs of the office, and the reading of the written files beside it."""

import json
from collections.abc import Mapping
from pathlib import Path
from typing import Any, Protocol

from board.inquiries.deadlines import Calendar
from board.models import Account, Disclosure, Unit
from board.publications.indexing import Catalogue
from board.settings import Settings
from board.staff.roles import Actor
from board.wording.labels import Labels

HERE = Path(__file__).parent
Row = Mapping[str, Any]


class Parts(Protocol):
    """The parts of an office that the sample is loaded with; ``board.office.Office`` has them all."""

    @property
    def settings(self) -> Settings: ...  # noqa: D102 -- the class says what each is
    @property
    def key(self) -> bytes: ...  # noqa: D102 -- the class says what each is
    @property
    def calendar(self) -> Calendar: ...  # noqa: D102 -- the class says what each is
    @property
    def labels(self) -> Labels: ...  # noqa: D102 -- the class says what each is
    @property
    def taxonomy(self) -> Mapping[str, Any]: ...  # noqa: D102 -- the class says what each is
    @property
    def phrases(self) -> Mapping[str, Any]: ...  # noqa: D102 -- the class says what each is
    @property
    def catalogue(self) -> Catalogue: ...  # noqa: D102 -- the class says what each is


class People:
    """The bureau as it is being built: units by code, accounts and actors by login, documents by reference."""

    def __init__(self) -> None:
        self.units: dict[str, Unit] = {}
        self.accounts: dict[str, Account] = {}
        self.actors: dict[str, Actor] = {}
        self.documents: dict[str, Disclosure] = {}

    def unit(self, code: str) -> Unit:
        """The unit of this code; the office itself for ""."""
        return self.units[code or "bureau"]


def read_json(name: str) -> list[Row]:
    """A file with one JSON array."""
    rows: list[Row] = json.loads((HERE / name).read_text(encoding="utf-8"))
    return rows


def read_lines(name: str) -> list[Row]:
    """A file with one JSON object a line."""
    return [json.loads(line) for line in (HERE / name).read_text(encoding="utf-8").splitlines() if line.strip()]
