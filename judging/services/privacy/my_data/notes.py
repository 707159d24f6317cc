"""What a judge wrote beside the sheets: notes for themselves, and why they set entries aside."""

from __future__ import annotations

from typing import TYPE_CHECKING

from sqlalchemy import select

from judging.db.models import Assignment, Entry, Judge, SheetAside, SheetNote
from judging.errors import N_
from judging.services.privacy.my_data.parts import facts
from judging.services.privacy.my_data.repeats import withheld_rounds

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from sqlalchemy.orm import Session

    from judging.db.models import Account
    from judging.services.privacy.my_data.parts import Fact


def own_note_rows(session: Session, account: Account) -> Iterator[Sequence[Fact]]:
    """The person's notes, then their times aside, see `withheld_rounds`. Entries are named by alias, as in sheets."""
    withheld = withheld_rounds(session, account)
    notes = (
        select(SheetNote.text, SheetNote.changed_at, Entry.alias, Assignment.contest_id, Assignment.round)
        .join(Assignment, Assignment.id == SheetNote.assignment_id)
        .join(Entry, Entry.id == Assignment.entry_id)
        .join(Judge, Judge.id == Assignment.judge_id)
        .where(Judge.account_id == account.id)
        .order_by(SheetNote.changed_at, SheetNote.assignment_id)
    )
    asides = (
        select(SheetAside.words, SheetAside.at, Entry.alias, Assignment.contest_id, Assignment.round)
        .join(Assignment, Assignment.id == SheetAside.assignment_id)
        .join(Entry, Entry.id == Assignment.entry_id)
        .join(Judge, Judge.id == Assignment.judge_id)
        .where(Judge.account_id == account.id)
        .order_by(SheetAside.at, SheetAside.id)
    )
    for kind, query in (("note", notes), ("set-aside", asides)):
        for text, at, alias, contest_id, round_key in session.execute(query):
            if (contest_id, round_key) in withheld:
                continue
            yield facts(
                ("kind", N_("Kind"), kind), ("entry", N_("Entry"), alias), ("round", N_("Round"), round_key),
                ("text", N_("Text"), text), ("at", N_("At"), at),
            )  # fmt: skip
