"""Receipts: what was handed in, when, and a hash that fits nothing else."""

from __future__ import annotations

import secrets
from collections.abc import Sequence
from datetime import UTC, datetime
from typing import Any

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from judging.db.models import Contest, Entry, Receipt
from judging.domain.rules import ContestRules
from judging.domain.structure import digest, to_plain

_SALT_BYTES = 16


def receipt_number(*, prefix: str, year: int, number: int, count: int) -> str:
    """The number of the `count`th receipt of entry `number`: ST-2021-0041-1."""
    return f"{prefix}-{year}-{number:04d}-{count}"


def entry_content(contest: Contest, entry: Entry, *, at: datetime, salt: str) -> dict[str, Any]:
    """All that was handed in, as plain JSON: the receipt's hash is over its canonical form.

    The hash stands in letters and in the record of acts. `salt` keeps whoever knows the rest of an entry from finding
    an author's birth date by it: there are only a few thousand to try.
    """
    links = [{"item": link.item, "url": link.url} for link in entry.links]
    return {
        "contest": contest.slug,
        "rules": contest.rules_digest,
        "entry": entry.alias,
        "number": entry.number,
        "title": entry.title,
        "category": entry.category,
        "division": entry.division,
        "unit": entry.unit,
        "answers": to_plain(entry.answers),
        "members": [
            {
                "name": member.name,
                "born": to_plain(member.born),
                "unit": member.unit,
                "share": to_plain(member.share),
                "lead": member.is_lead,
            }
            for member in entry.members
        ],
        "files": [
            {"item": file.item, "name": file.filename, "size": file.size, "sha256": file.sha256} for file in entry.files
        ],
        # A dossier without links has the content that it always had.
        **({"links": links} if links else {}),
        "at": at.astimezone(UTC).isoformat(),
        "salt": salt,
    }


def make_receipt(
    contest: Contest, entry: Entry, rules: ContestRules, *, at: datetime, count: int = 1, salt: str | None = None
) -> Receipt:
    """The `count`th receipt of the entry, not yet stored. Without `salt` a random one is taken."""
    content = entry_content(contest, entry, at=at, salt=salt or secrets.token_hex(_SALT_BYTES))
    number = receipt_number(prefix=rules.prefix, year=contest.year, number=entry.number, count=count)
    return Receipt(entry_id=entry.id, number=number, at=at, sha256=digest(content), content=content)


def give_receipt(session: Session, *, contest: Contest, entry: Entry, rules: ContestRules, now: datetime) -> Receipt:
    """Store the next receipt of the entry."""
    given = session.scalar(select(func.count()).select_from(Receipt).where(Receipt.entry_id == entry.id)) or 0
    receipt = make_receipt(contest, entry, rules, at=now, count=given + 1)
    if session.scalar(select(Receipt.id).where(Receipt.number == receipt.number)) is not None:
        # Two organisations may run the same kind in the same year; the alias tells their numbers apart.
        receipt.number = f"{receipt.number}-{entry.alias.removeprefix('e-')}"
    session.add(receipt)
    session.flush()
    return receipt


def list_receipts(session: Session, *, entry: Entry) -> Sequence[Receipt]:
    """The entry's receipts, the newest first."""
    query = select(Receipt).where(Receipt.entry_id == entry.id).order_by(Receipt.at.desc(), Receipt.id.desc())
    return session.scalars(query).all()
