"""Ground floor: the tables, and nothing else."""

from board.models.base import Base, Instant
from board.models.disclosures import (
    CatalogueChange,
    Disclosure,
    DisclosureChannel,
    DisclosureFinding,
    DocumentKind,
    InterpretationLink,
    Origin,
    PublicationState,
    Validity,
)
from board.models.inquiries import (
    AccusedParty,
    Channel,
    Event,
    Inquiry,
    InquiryKind,
    InquiryState,
    NumberSeries,
    Supplement,
    SupplementKind,
    Urgency,
)
from board.models.machinery import DayCount, Heartbeat, ImportRun, OutboxRow, OutboxState
from board.models.offices import Account, Role, Unit
from board.models.registers import Application, Review
from board.models.replies import Evidence, Publication, Reply, ReplyState

__all__ = [
    "Account",
    "AccusedParty",
    "Application",
    "Base",
    "CatalogueChange",
    "Channel",
    "DayCount",
    "Disclosure",
    "DisclosureChannel",
    "DisclosureFinding",
    "DocumentKind",
    "Event",
    "Evidence",
    "Heartbeat",
    "ImportRun",
    "Inquiry",
    "InquiryKind",
    "InquiryState",
    "Instant",
    "InterpretationLink",
    "NumberSeries",
    "Origin",
    "OutboxRow",
    "OutboxState",
    "Publication",
    "PublicationState",
    "Reply",
    "ReplyState",
    "Review",
    "Role",
    "Supplement",
    "SupplementKind",
    "Unit",
    "Urgency",
    "Validity",
]  # fmt: skip
