"""Contests and entries: pinned rules, aliases, shares and receipts."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterator
from decimal import Decimal
from typing import TYPE_CHECKING

from sqlalchemy import select

from judging.db.models import Contest, Entry, EntryMember, Judge, Receipt
from judging.domain.entry_states import EntryState
from judging.domain.rules import ContestRules
from judging.domain.structure import digest, from_plain
from judging.errors import RulesError
from judging.services.upkeep.checks.finding import Finding, look

if TYPE_CHECKING:
    from sqlalchemy.orm import Session

_ALIAS = {"entry": re.compile(r"e-[0-9a-z]{6}"), "judge": re.compile(r"j-[0-9a-z]{6}")}
# A draft, a late or a returned entry may have gaps, and one that is out of the contest may have kept them.
_COMPLETE = (
    EntryState.SUBMITTED, EntryState.ELIGIBLE, EntryState.IN_ROUND, EntryState.ADVANCED, EntryState.ELIMINATED,
    EntryState.AWARDED, EntryState.NOT_AWARDED,
)  # fmt: skip
_WHOLE = Decimal(100)


def check_rules(session: Session) -> Finding:
    """The rules that a contest pinned can be read, and their digest is the one it pinned."""
    return look("rules", _look_at_rules(session))


def _look_at_rules(session: Session) -> Iterator[str | None]:
    for slug, plain, pinned in session.execute(select(Contest.slug, Contest.rules, Contest.rules_digest)):
        if (plain is None) != (pinned is None):
            yield f"contest {slug}: rules and their digest are not both there"
        elif plain is not None and digest(plain) != pinned:
            yield f"contest {slug}: the pinned rules have changed since they were pinned"
        elif plain is not None and (wrong := _unreadable(plain)):
            yield f"contest {slug}: {wrong}"
        else:
            yield None


def _unreadable(plain: object) -> str:
    try:
        from_plain(ContestRules, plain)
    except RulesError as error:
        return str(error)
    return ""


def check_aliases(session: Session) -> Finding:
    """Aliases have the agreed shape, and no two of a contest look alike."""
    return look("aliases", _look_at_aliases(session))


def _look_at_aliases(session: Session) -> Iterator[str | None]:
    for kind, model in (("entry", Entry), ("judge", Judge)):
        rows = session.execute(select(model.contest_id, model.alias)).all()
        times = Counter((contest_id, alias.lower()) for contest_id, alias in rows)
        for contest_id, alias in rows:
            if not _ALIAS[kind].fullmatch(alias):
                yield f"{kind} {alias}: that is no alias"
            elif times[contest_id, alias.lower()] > 1:
                yield f"{kind} {alias}: another of the same contest has that alias"
            else:
                yield None


def check_shares(session: Session) -> Finding:
    """The contributions of an entry that was handed in sum to 100 %, where its rules ask for them."""
    asked = {
        contest_id
        for contest_id, plain in session.execute(select(Contest.id, Contest.rules))
        if plain is not None and plain.get("team", {}).get("shares")
    }
    sums: dict[str, tuple[str, Decimal]] = {}
    query = (
        select(Entry.id, Entry.alias, Entry.contest_id, EntryMember.share)
        .outerjoin(EntryMember, EntryMember.entry_id == Entry.id)
        .where(Entry.state.in_([state.value for state in _COMPLETE]), Entry.erased_at.is_(None))
        .execution_options(yield_per=1000)
    )
    for entry_id, alias, contest_id, share in session.execute(query):
        if contest_id in asked:
            sums[entry_id] = (alias, sums.get(entry_id, (alias, Decimal(0)))[1] + (share or Decimal(0)))
    return look(
        "shares",
        (None if total == _WHOLE else f"entry {alias}: the shares sum to {total} %" for alias, total in sums.values()),
    )


def check_receipts(session: Session) -> Finding:
    """Each receipt's hash is that of its content; an erased entry's have neither."""
    query = (
        select(Receipt.number, Receipt.sha256, Receipt.content)
        .join(Entry, Entry.id == Receipt.entry_id)
        .where(Entry.erased_at.is_(None))
        .execution_options(yield_per=500)
    )
    return look(
        "receipts",
        (
            None if digest(content) == sha256 else f"receipt {number}: its hash does not fit its content"
            for number, sha256, content in session.execute(query)
        ),
    )
