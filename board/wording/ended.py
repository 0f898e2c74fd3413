"""What is said of a document that does not hold any more, wherever somebody asks for it."""

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Ended:
    """A published document that does not hold today: ``state`` repealed, expired or not_yet; and the one that holds in its place, if any."""

    disclosure_id: int
    title: str
    document_number: str
    state: str
    successor_id: int | None = None
    successor_title: str = ""
    successor_number: str = ""
