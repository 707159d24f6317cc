"""What leaves say, made from rows. Every text that is not public is only committed to."""

from __future__ import annotations

import hashlib
from base64 import b32encode
from typing import TYPE_CHECKING

from judging.domain.ledger.leaf_types import Award, Disqualify, Recuse, Sheet, Vote, Withdraw
from judging.domain.ledger.leaves import commit_comments, commit_text, new_salt
from judging.domain.rules import ContestRules
from judging.domain.structure import from_plain
from judging.errors import N_, Conflict
from judging.services.score_log.appending import NewLeaf

if TYPE_CHECKING:
    from collections.abc import Sequence

    from judging.db.models import Contest, Prize, SheetVersion

_PERSON_LENGTH = 16


def pinned_rules(contest: Contest) -> ContestRules:
    """The rules that were pinned when the contest opened, or by its newest amendment. Raises Conflict before that."""
    if contest.rules is None:
        raise Conflict(N_("The contest has not opened yet, so it has no score log."))
    return from_plain(ContestRules, contest.rules)


def person_alias(contest: Contest, account_id: str | None) -> str:
    """What stands for a person in the log: the same in one contest, another in the next; `system` for the program."""
    if account_id is None:
        return "system"
    hashed = hashlib.sha256(f"judging person\n{contest.id}\n{account_id}".encode()).digest()
    return "p-" + b32encode(hashed).decode("ascii").lower()[:_PERSON_LENGTH]


def commit(text: str) -> tuple[str, bytes]:
    """The commitment to a reason or to minutes, and the salt that opens it."""
    salt = new_salt()
    return commit_text(salt, text.strip()), salt


def sheet_leaf(
    version: SheetVersion,
    *,
    round_key: str,
    judge: str,
    entry: str,
    supersedes: int | None,
    typed_by: tuple[str, str] | None = None,
) -> NewLeaf:
    """A submitted version. `judge` and `entry` are aliases, `supersedes` the leaf of the version before.

    `typed_by` are the aliases of the two who typed a sheet that came on paper.
    """
    salt = new_salt()
    return NewLeaf(
        body=Sheet(
            round=round_key,
            rubric=version.rubric_digest,
            judge=judge,
            entry=entry,
            ver=version.number,
            scores=version.marks,
            comment_sha256=commit_comments(salt, comments=version.comments, comment=version.comment),
            abstain=not version.marks,
            consensus=version.consensus or None,
            supersedes=supersedes,
            by=typed_by[0] if typed_by else None,
            approved_by=typed_by[1] if typed_by else None,
        ),
        subject_id=version.id,
        text_salt=salt,
    )


def recusal_leaf(*, judge: str, entry: str, reason: str) -> NewLeaf:
    """A judge taken off an entry."""
    hashed, salt = commit(reason)
    return NewLeaf(body=Recuse(judge=judge, entry=entry, reason_sha256=hashed), text_salt=salt)


def removal_leaf(*, entry: str, reason: str, by: str, disqualified: bool) -> NewLeaf:
    """An entry taken out of the contest."""
    hashed, salt = commit(reason)
    kind = Disqualify if disqualified else Withdraw
    return NewLeaf(body=kind(entry=entry, reason_sha256=hashed, by=by, approved_by=by), text_salt=salt)


def vote_leaf(*, round_key: str, order: Sequence[str], minutes: str) -> NewLeaf:
    """A recorded vote that parts entries which nothing else parts; the first of `order` stands first."""
    hashed, salt = commit(minutes)
    outcome = {"round": round_key, "order": list(order)}
    return NewLeaf(body=Vote(subject="tie", outcome=outcome, counts={}, minutes_sha256=hashed), text_salt=salt)


def award_leaf(contest: Contest, prize: Prize, *, approved_by: str) -> NewLeaf:
    """A prize as it is published."""
    hashed, salt = commit(prize.reason) if prize.reason else (None, None)
    body = Award(
        entry=prize.entry.alias, level=prize.level, board=prize.board or None, by=person_alias(contest, prize.by_id),
        approved_by=approved_by, reason_sha256=hashed,
    )  # fmt: skip
    return NewLeaf(body=body, subject_id=prize.id, text_salt=salt)
