"""The tables, one module for each aggregate. Importing this package fills `Base.metadata`."""

from judging.db.models.account import Account, LoginFailure, LoginSession, Organisation, OrganisationRole
from judging.db.models.api import ApiToken, IdempotentAnswer
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
from judging.db.models.entry import Consent, Entry, EntryFile, EntryMember, Receipt, Screening
from judging.db.models.job import Job
from judging.db.models.ledger import LogCheckpoint, LogDocument, LogHead, LogLeaf, LogNode
from judging.db.models.result import Prize, Publication
from judging.db.models.scoring import Assignment, ChairVote, Conflict, SheetOverride, SheetVersion
from judging.db.models.similarity import SimilarDecision, SimilarDocument, SimilarPair, SimilarPrint

__all__ = [
    "Account",
    "Amendment",
    "ApiToken",
    "Assignment",
    "AuditEvent",
    "ChairVote",
    "Conflict",
    "Consent",
    "Contest",
    "ContestRole",
    "ContestRound",
    "Entry",
    "EntryFile",
    "EntryMember",
    "ExternalIdentity",
    "IdempotentAnswer",
    "Job",
    "Judge",
    "LogCheckpoint",
    "LogDocument",
    "LogHead",
    "LogLeaf",
    "LogNode",
    "LoginFailure",
    "LoginSession",
    "OneTimeSecret",
    "Organisation",
    "OrganisationRole",
    "Panel",
    "PanelSeat",
    "Passkey",
    "Prize",
    "Publication",
    "Receipt",
    "RecoveryCode",
    "Screening",
    "SheetOverride",
    "SheetVersion",
    "SimilarDecision",
    "SimilarDocument",
    "SimilarPair",
    "SimilarPrint",
    "TotpFactor",
]
