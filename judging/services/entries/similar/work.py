"""When entries are indexed and searched for: after each submission by background work, and all anew by command."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import timedelta
from typing import TYPE_CHECKING

from sqlalchemy import select
from sqlalchemy.orm import joinedload, selectinload

from judging.db.jobs import enqueue_job
from judging.db.models import Contest, Entry
from judging.domain.entry_states import EntryState
from judging.errors import JudgingError
from judging.services.contests.editions import contest_rules
from judging.services.entries.similar.contents import contents_of
from judging.services.entries.similar.index import find_document, forget_entry, forget_pairs, write_document
from judging.services.entries.similar.pairs import store_suggestions
from judging.services.entries.similar.searching import search_similar
from judging.services.files.sandbox.running import run_parser

if TYPE_CHECKING:
    from collections.abc import Sequence
    from datetime import datetime

    from sqlalchemy.orm import Session

    from judging.db.session import Database
    from judging.plugins import Registry
    from judging.services.entries.similar.contents import Contents
    from judging.services.files.sandbox.many import RunParser
    from judging.storage import FileStore

SIMILAR_JOB = "similar"

_LATER = timedelta(seconds=20)
"""Receipts and other letters of a rush go out first."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Searcher:
    """What the work needs of the platform; `run` opens one file in a process of its own."""

    database: Database
    registry: Registry
    files: FileStore
    run: RunParser = run_parser

    def index(self, entry_id: str, *, now: datetime) -> bool:
        """Put an entry into the index as it stands; False for one that does not belong there.

        Files are read before the database is written to.
        """
        with self.database.reading() as session:
            entry = _load(session, entry_id)
            contents = None if entry is None else self._contents(entry)
            version = 0 if entry is None else entry.version
        with self.database.writing() as session:
            entry = session.get(Entry, entry_id, with_for_update=True)
            if entry is None or not _belongs(entry) or contents is None or entry.version != version:
                # Changed in between, it is handed in once more, or erased: then nothing of it may come back.
                if entry is not None and not _belongs(entry):
                    forget_entry(session, entry_id)
                return False
            organisation = session.scalar(select(Contest.organisation_id).where(Contest.id == entry.contest_id))
            forget_pairs(session, entry_id)
            write_document(session, entry_id=entry_id, organisation_id=str(organisation), contents=contents, now=now)
        return True

    def search(self, entry_id: str, *, now: datetime) -> int:
        """Hold an indexed entry against all others and write down what was found; returns how many."""
        with self.database.reading() as session:
            document = find_document(session, entry_id)
            found = [] if document is None else search_similar(session, document=document)
        if not found:
            return 0
        with self.database.writing() as session:
            standing = [one for one in found if find_document(session, one.entry_id) is not None]
            if find_document(session, entry_id) is None:
                return 0
            store_suggestions(session, entry_id=entry_id, suggestions=standing, now=now)
        return len(standing)

    def _contents(self, entry: Entry) -> Contents | None:
        if not _belongs(entry):
            return None
        try:
            rules = contest_rules(self.registry, entry.contest)
        except JudgingError:
            # Without its plugin a contest's questions are unknown, and so which answers may be compared.
            return None
        return contents_of(entry, rules=rules, store=self.files, run=self.run)


def search_later(session: Session, *, entry: Entry, now: datetime) -> None:
    """Have the entry indexed and searched for, in a moment."""
    enqueue_job(session, name=SIMILAR_JOB, payload={"entry": entry.id}, now=now, run_after=now + _LATER)


def entries_to_index(session: Session, *, organisation_id: str) -> Sequence[str]:
    """The ids of all entries of an organisation that belong into the index, the oldest first."""
    query = (
        select(Entry.id)
        .join(Contest, Contest.id == Entry.contest_id)
        .where(
            Contest.organisation_id == organisation_id, Entry.erased_at.is_(None),
            Entry.submitted_at.is_not(None), Entry.state != EntryState.DRAFT,
        )
        .order_by(Entry.submitted_at, Entry.id)
    )  # fmt: skip
    return session.scalars(query).all()


def _load(session: Session, entry_id: str) -> Entry | None:
    return session.scalar(
        select(Entry)
        .where(Entry.id == entry_id)
        .options(
            joinedload(Entry.contest), joinedload(Entry.owner), selectinload(Entry.members), selectinload(Entry.files)
        )
    )


def _belongs(entry: Entry) -> bool:
    """Whether the entry was ever handed in and is not erased; one that was withdrawn or rejected is still compared."""
    return entry.submitted_at is not None and entry.erased_at is None and entry.state != EntryState.DRAFT
