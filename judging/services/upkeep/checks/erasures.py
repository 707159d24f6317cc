"""Erasures: none was undone by a backup that was brought back, and each has its tombstone."""

from __future__ import annotations

from typing import TYPE_CHECKING

from judging.errors import StoreUnavailable
from judging.services.privacy.erasure.afterwards import tombstone_file
from judging.services.privacy.erasure.replaying import find_unsettled
from judging.services.privacy.erasure.tombstones import read_tombstones
from judging.services.upkeep.checks.finding import Finding, first_of

if TYPE_CHECKING:
    from pathlib import Path

    from sqlalchemy.orm import Session


def check_erasures(session: Session, score_log: Path) -> Finding:
    """Every entry that was erased is erased. Serving the program does so anew, and writes missing tombstones."""
    path = tombstone_file(score_log)
    try:
        read = read_tombstones(path)
    except StoreUnavailable as error:
        return Finding(name="erasures", count=0, problems=(str(error),))
    unsettled = find_unsettled(session, read.stones)
    problems = [f"contest {one.contest}: entry {one.entry} was erased and is back" for one in unsettled.back]
    if read.unreadable:
        problems.append(f"{read.unreadable} lines of {path} cannot be read: what they told of may be back")
    notes = [f"contest {one.contest}: the erasure of entry {one.entry} has no tombstone" for one in unsettled.unmarked]
    return Finding(name="erasures", count=len(read.stones), problems=first_of(problems), notes=first_of(notes))
