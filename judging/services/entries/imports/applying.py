"""Writing what a table says, exactly as it was shown before."""

from __future__ import annotations

import secrets
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from judging.db.models import Account, Contest, Entry, ImportedEntry
from judging.domain.addresses import PAPER_DOMAIN
from judging.domain.aliases import ENTRY_PREFIX, new_alias
from judging.domain.importing.access import can_import_entries
from judging.domain.lifecycle import ContestPhase, EntryState
from judging.domain.permissions import Actor
from judging.domain.values import Problem
from judging.errors import N_, Conflict, NotAllowed, Refused
from judging.plugins import Registry
from judging.services.access.accounts import find_account, register_account
from judging.services.audit import record_event
from judging.services.contests.editions import rules_in_force
from judging.services.entries.eligibility import check_entry
from judging.services.entries.imports.planning import Fate, ImportPlan, Planned, plan_import
from judging.services.entries.imports.wanted import wanted_people
from judging.services.entries.members import put_people
from judging.services.entries.receipts import give_receipt
from judging.services.entries.record import record_entry_event
from judging.services.entries.similar.work import search_later
from judging.services.tables.table import Table

_PAPER_NAME = "Hồ sơ giấy"


@dataclass(frozen=True, slots=True, kw_only=True)
class Imported:
    """What was written: how many entries were made, changed, left as they are, and left out."""

    made: int
    changed: int
    unchanged: int
    refused: int


def must_import(contest: Contest, actor: Actor) -> None:
    """Raise NotAllowed unless the actor may bring entries into the contest now."""
    if not can_import_entries(actor, phase=ContestPhase(contest.phase)):
        raise NotAllowed(N_("Entries come from a table while the contest is open, and until judging begins."))


def apply_import(
    session: Session,
    *,
    registry: Registry,
    contest: Contest,
    table: Table,
    columns: Sequence[str],
    locale: str,
    seal: str | None,
    only_sound: bool,
    actor: Actor,
    now: datetime,
) -> Imported:
    """Make and change the entries of a table, as `plan_import` says. A repeated import changes nothing.

    `seal` is that of the plan that was shown; None stands for whoever saw none. With `only_sound` refused entries are
    left out, else they stop everything. Raises Conflict when the contest has changed since, Refused, NotAllowed.
    """
    must_import(contest, actor)
    session.scalars(
        select(Contest).where(Contest.id == contest.id).with_for_update().execution_options(populate_existing=True)
    ).one()
    plan = plan_import(session, registry=registry, contest=contest, table=table, columns=columns, locale=locale)
    if seal is not None and plan.seal != seal:
        raise Conflict(N_("Entries have changed since this preview was made. Look at it again, then import."))
    if plan.count(Fate.REFUSED) and not only_sound:
        raise Refused([_stopped(plan)])
    writer = _Writer(session, registry, contest, actor, now)
    for one in plan.planned:
        if one.fate is Fate.NEW:
            writer.make(one)
        elif one.fate is Fate.CHANGED:
            writer.change(one)
        elif one.fate is Fate.UNCHANGED and one.entry is not None:
            writer.remember_key(one.entry, one)
    done = Imported(
        made=plan.count(Fate.NEW), changed=plan.count(Fate.CHANGED), unchanged=plan.count(Fate.UNCHANGED),
        refused=plan.count(Fate.REFUSED),
    )  # fmt: skip
    if done.made or done.changed:
        record_event(
            session, action="entries-imported", subject="contest", subject_id=contest.id, contest_id=contest.id,
            actor_id=actor.account_id, now=now,
            details={"made": done.made, "changed": done.changed, "refused": done.refused},
        )  # fmt: skip
    return done


def _stopped(plan: ImportPlan) -> Problem:
    rows = [str(one.rows[0]) for one in plan.planned if one.fate is Fate.REFUSED]
    shown = ", ".join(rows[:10]) + (" …" if len(rows) > 10 else "")
    return Problem(
        code="rows-refused", where="file", params={"rows": shown},
        message=N_("Rows %(rows)s cannot be imported. Mend them, or import the sound ones only."),
    )  # fmt: skip


class _Writer:
    """Writes entries one after another, with numbers and aliases that go on from those that are there."""

    def __init__(self, session: Session, registry: Registry, contest: Contest, actor: Actor, now: datetime) -> None:
        self._session, self._registry, self._contest, self._actor, self._now = session, registry, contest, actor, now
        self._rules = rules_in_force(registry, contest)
        self._aliases = set(session.scalars(select(Entry.alias).where(Entry.contest_id == contest.id)))
        self._highest = session.scalar(select(func.max(Entry.number)).where(Entry.contest_id == contest.id)) or 0
        self._imported = {
            row.entry_id: row
            for row in session.scalars(select(ImportedEntry).where(ImportedEntry.contest_id == contest.id))
        }

    def make(self, one: Planned) -> None:
        """A new entry, handed in on paper when the table says, else now; late if that was after the deadline."""
        received = one.wanted.received or self._now
        closes = self._contest.closes_at
        late = closes is not None and received > closes
        alias = new_alias(ENTRY_PREFIX, self._aliases, secrets.SystemRandom())
        self._aliases.add(alias)
        self._highest += 1
        entry = Entry(
            contest_id=self._contest.id,
            owner_id=self._owner(one).id,
            number=self._highest,
            alias=alias,
            state=(EntryState.LATE if late else EntryState.SUBMITTED).value,
            answers={},
            created_at=self._now,
            changed_at=self._now,
            submitted_at=min(received, self._now),
        )
        self._session.add(entry)
        self._session.flush()
        self._write(entry, one, action="entry-late" if late else "entry-imported")

    def change(self, one: Planned) -> None:
        """An entry that is there, as the table has it; one that was returned to complete waits for screening again."""
        entry = one.entry
        if entry is None:
            return
        if entry.state == EntryState.RETURNED and entry.owner.email_key.endswith(f"@{PAPER_DOMAIN}"):
            entry.state = EntryState.SUBMITTED.value
        self._write(entry, one, action="entry-import-changed")

    def remember_key(self, entry: Entry, one: Planned) -> None:
        """Keep the number that the entry has in the office's own list."""
        row, key = self._imported.get(entry.id), one.wanted.key
        if row is None and (key or one.fate is Fate.NEW):
            row = ImportedEntry(entry_id=entry.id, contest_id=self._contest.id, key=key, at=self._now)
            self._imported[entry.id] = row
            self._session.add(row)
        elif row is not None and key and row.key != key and row.key is None:
            row.key = key

    def _write(self, entry: Entry, one: Planned, *, action: str) -> None:
        wanted = one.wanted
        people = wanted_people(entry, wanted)
        if people is not None:
            put_people(self._session, entry=entry, people=people, now=self._now)
        entry.title = wanted.title if wanted.title is not None else entry.title
        entry.category = wanted.category if wanted.category is not None else entry.category
        entry.division = wanted.division if wanted.division is not None else entry.division
        merged = {**entry.answers, **(wanted.answers or {})}
        entry.answers = {key: value for key, value in merged.items() if value is not None}
        entry.changed_at = self._now
        self.remember_key(entry, one)
        self._session.flush()
        search_later(self._session, entry=entry, now=self._now)
        gaps = check_entry(self._session, registry=self._registry, entry=entry, now=self._now)
        receipt = give_receipt(
            self._session, contest=self._contest, entry=entry, rules=self._rules, now=entry.submitted_at or self._now
        )
        record_entry_event(
            self._session, entry=entry, action=action, actor_id=self._actor.account_id, now=self._now,
            details={
                "receipt": receipt.number, "sha256": receipt.sha256, "gaps": sorted({gap.code for gap in gaps}),
                "rows": list(one.rows),
            },
        )  # fmt: skip

    def _owner(self, one: Planned) -> Account:
        """Whoever looks after the entry here; without an address, an account into which nobody can come."""
        if one.wanted.owner:
            known = find_account(self._session, email=one.wanted.owner)
            name = next((person.name for person in one.wanted.people if person.name), one.wanted.owner)
            return known or register_account(
                self._session, email=one.wanted.owner, name=name, password_hash="", locale="vi", now=self._now
            )  # fmt: skip
        key = f"{self._contest.slug}@{PAPER_DOMAIN}"
        paper = self._session.scalar(select(Account).where(Account.email_key == key))
        if paper is None:
            paper = Account(
                email=key, email_key=key, name=f"{_PAPER_NAME} – {self._contest.title}"[:200], password_hash="",
                locale="vi", created_at=self._now, disabled_at=self._now,
            )  # fmt: skip
            self._session.add(paper)
            self._session.flush()
        return paper
