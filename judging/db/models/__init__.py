"""The tables, one module for each aggregate. Importing this package fills `Base.metadata`."""

from judging.db.models.account import Account, LoginFailure, LoginSession, Organisation, OrganisationRole
from judging.db.models.api import ApiToken, IdempotentAnswer
from judging.db.models.assigning import JudgePreference, ReadingLoan, RoundPlan
from judging.db.models.conflict_of_interest import ConflictStatement, ConflictTerms, ForcedAssignment, UnitsAnswer
from judging.db.models.contest import (
    Amendment,
    AuditEvent,
    Contest,
    ContestRole,
    ContestRound,
    Judge,
    Panel,
    PanelSeat,
)
from judging.db.models.credential import ExternalIdentity, OneTimeSecret, Passkey, RecoveryCode, TotpFactor
from judging.db.models.desk import (
    DeadlineExtension,
    DossierHold,
    DossierTick,
    EligibleList,
    ExtendedEntry,
    IntakeSettings,
    ReturnTerm,
    ScreeningOpinion,
)
from judging.db.models.dossier import Handover, OfficeDesk
from judging.db.models.draft import DraftText
from judging.db.models.entry import Consent, Entry, EntryFile, EntryLink, EntryMember, PeopleLink, Receipt, Screening
from judging.db.models.file_copy import FileCopy, FilePicture
from judging.db.models.imports import ImportedEntry, ImportSheet
from judging.db.models.job import Job
from judging.db.models.judge_desk import SecondLook, SheetAside, SheetNote, ToldOfWork
from judging.db.models.leases import Booth, BoothLease, LeaseRound
from judging.db.models.ledger import LogCheckpoint, LogDocument, LogHead, LogLeaf, LogNode
from judging.db.models.live import LiveAbsence, LivePlace, LiveRoom, LiveRound
from judging.db.models.message import Announcement, MessageRules, MessageTemplate, SentMessage
from judging.db.models.paper import PaperTyping
from judging.db.models.people import ConsentText, PeopleRule
from judging.db.models.privacy import DataExport, PrivacyRequest, PrivacyStep
from judging.db.models.repeats import BlindRepeat, RepeatPlan
from judging.db.models.result import Prize, Publication
from judging.db.models.retention import AuditHorizon, ConsentTrace, LegalHold, RetentionTerms
from judging.db.models.round_end import LateSheet, RoundExtension
from judging.db.models.scoring import Assignment, ChairVote, Conflict, SheetOverride, SheetVersion
from judging.db.models.similarity import SimilarDecision, SimilarDocument, SimilarPair, SimilarPrint
from judging.db.models.upload import Upload, UploadLimit, UploadPart
from judging.db.models.watch import AgeCheck, Breach, DataRead

__all__ = [
    "Account",
    "AgeCheck",
    "Amendment",
    "Announcement",
    "ApiToken",
    "Assignment",
    "AuditEvent",
    "AuditHorizon",
    "BlindRepeat",
    "Booth",
    "BoothLease",
    "Breach",
    "ChairVote",
    "Conflict",
    "ConflictStatement",
    "ConflictTerms",
    "Consent",
    "ConsentText",
    "ConsentTrace",
    "Contest",
    "ContestRole",
    "ContestRound",
    "DataExport",
    "DataRead",
    "DeadlineExtension",
    "DossierHold",
    "DossierTick",
    "DraftText",
    "EligibleList",
    "Entry",
    "EntryFile",
    "EntryLink",
    "EntryMember",
    "ExtendedEntry",
    "ExternalIdentity",
    "FileCopy",
    "FilePicture",
    "ForcedAssignment",
    "Handover",
    "IdempotentAnswer",
    "ImportSheet",
    "ImportedEntry",
    "IntakeSettings",
    "Job",
    "Judge",
    "JudgePreference",
    "LateSheet",
    "LeaseRound",
    "LegalHold",
    "LiveAbsence",
    "LivePlace",
    "LiveRoom",
    "LiveRound",
    "LogCheckpoint",
    "LogDocument",
    "LogHead",
    "LogLeaf",
    "LogNode",
    "LoginFailure",
    "LoginSession",
    "MessageRules",
    "MessageTemplate",
    "OfficeDesk",
    "OneTimeSecret",
    "Organisation",
    "OrganisationRole",
    "Panel",
    "PanelSeat",
    "PaperTyping",
    "Passkey",
    "PeopleLink",
    "PeopleRule",
    "PrivacyRequest",
    "PrivacyStep",
    "Prize",
    "Publication",
    "ReadingLoan",
    "Receipt",
    "RecoveryCode",
    "RepeatPlan",
    "RetentionTerms",
    "ReturnTerm",
    "RoundExtension",
    "RoundPlan",
    "Screening",
    "ScreeningOpinion",
    "SecondLook",
    "SentMessage",
    "SheetAside",
    "SheetNote",
    "SheetOverride",
    "SheetVersion",
    "SimilarDecision",
    "SimilarDocument",
    "SimilarPair",
    "SimilarPrint",
    "ToldOfWork",
    "TotpFactor",
    "UnitsAnswer",
    "Upload",
    "UploadLimit",
    "UploadPart",
]
