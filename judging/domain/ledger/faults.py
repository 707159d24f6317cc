"""What can be wrong with a log, each kind with the code that `judging verify` ends with."""

from __future__ import annotations

from enum import IntEnum

from judging.errors import JudgingError


class Exit(IntEnum):
    """How a check of a bundle ended; the codes are part of the format."""

    OK = 0
    SIGNATURE = 2
    HASH = 3
    RECEIPT = 4
    NOT_APPEND_ONLY = 5
    RANKING = 6
    LEAF = 7
    NOT_RECOUNTED = 10
    USAGE = 64


class LedgerError(JudgingError):
    """Something of a log cannot be relied on."""

    status = 422
    code = Exit.LEAF


class SignatureError(LedgerError):
    """A note that the given key did not sign, or that is no signed note."""

    code = Exit.SIGNATURE


class HashError(LedgerError):
    """Bytes whose hash, root or proof is not what it should be."""

    code = Exit.HASH


class ReceiptError(LedgerError):
    """A receipt that the log does not honour."""

    code = Exit.RECEIPT


class AppendOnlyError(LedgerError):
    """An earlier state of the log that is no prefix of the later one."""

    code = Exit.NOT_APPEND_ONLY


class RankingError(LedgerError):
    """A ranking that does not follow from the log."""

    code = Exit.RANKING


class LeafError(LedgerError):
    """A leaf that is not well formed, or that cannot stand where it stands."""


class NotRecountable(LedgerError):
    """What the log holds is consistent, but the ranking cannot be computed from it here."""

    code = Exit.NOT_RECOUNTED
