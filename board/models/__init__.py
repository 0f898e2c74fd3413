"""Ground floor: the tables, and nothing else."""

from board.models.answer_days import AnswerDay
from board.models.base import Base, Instant
from board.models.casework import CaseFile, CaseNote, Deputy, FileKind, NoteKind, Referral
from board.models.choices import SettingVersion
from board.models.citizens import Attachment, CitizenNotice, Grade, Rating
from board.models.closed_years import (
    FindingOverruling,
    FreezeConfirmation,
    MonthlyReturn,
    ReturnAdjustment,
    ReturnKind,
    ReturnTemplate,
    YearFreeze,
)
from board.models.deskwork import NoticeMark, Presence, PublicMask, SignStep, StepState, WorkingText
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
from board.models.entered import EnteredFigure
from board.models.evaluations import EvaluationRun
from board.models.inquiries import (
    AccusedParty,
    ChainHead,
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
from board.models.open_questions import OpenQuestion
from board.models.outside import ApiKey, HookDelivery, HookKind, HookState, Webhook
from board.models.people import RecoveryCode, SignInAddress, StaffSession
from board.models.queues import SavedView
from board.models.registers import (
    ApplicantKind,
    Application,
    ApplicationChannel,
    ApplicationLetter,
    ApplicationState,
    LetterKind,
    Review,
    ReviewResult,
)
from board.models.replies import Evidence, Publication, Reply, ReplyQuestion, ReplyState
from board.models.responder_versions import ResponderVersion
from board.models.routes import InquiryTrace, RouterVersion
from board.models.together import Mail, MailItem, MailState, PartState, ReplyPart
from board.models.words import DisclosureWords, InquiryWords, PublicationWords

__all__ = [
    "Account",
    "AccusedParty",
    "AnswerDay",
    "ApiKey",
    "ApplicantKind",
    "Application",
    "ApplicationChannel",
    "ApplicationLetter",
    "ApplicationState",
    "Attachment",
    "Base",
    "CaseFile",
    "CaseNote",
    "CatalogueChange",
    "ChainHead",
    "Channel",
    "CitizenNotice",
    "DayCount",
    "Deputy",
    "Disclosure",
    "DisclosureChannel",
    "DisclosureFinding",
    "DisclosureWords",
    "DocumentKind",
    "EnteredFigure",
    "EvaluationRun",
    "Event",
    "Evidence",
    "FileKind",
    "FindingOverruling",
    "FreezeConfirmation",
    "Grade",
    "Heartbeat",
    "HookDelivery",
    "HookKind",
    "HookState",
    "ImportRun",
    "Inquiry",
    "InquiryKind",
    "InquiryState",
    "InquiryTrace",
    "InquiryWords",
    "Instant",
    "InterpretationLink",
    "LetterKind",
    "Mail",
    "MailItem",
    "MailState",
    "MonthlyReturn",
    "NoteKind",
    "NoticeMark",
    "NumberSeries",
    "OpenQuestion",
    "Origin",
    "OutboxRow",
    "OutboxState",
    "PartState",
    "Presence",
    "PublicMask",
    "Publication",
    "PublicationState",
    "PublicationWords",
    "Rating",
    "RecoveryCode",
    "Referral",
    "Reply",
    "ReplyPart",
    "ReplyQuestion",
    "ReplyState",
    "ResponderVersion",
    "ReturnAdjustment",
    "ReturnKind",
    "ReturnTemplate",
    "Review",
    "ReviewResult",
    "Role",
    "RouterVersion",
    "SavedView",
    "SettingVersion",
    "SignInAddress",
    "SignStep",
    "StaffSession",
    "StepState",
    "Supplement",
    "SupplementKind",
    "Unit",
    "Urgency",
    "Validity",
    "Webhook",
    "WorkingText",
    "YearFreeze",
]  # fmt: skip
