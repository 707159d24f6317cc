"""Score sheets in an archive: those a judge wrote, and those an author's entry got, if the rules release them."""

from __future__ import annotations

from typing import TYPE_CHECKING

from sqlalchemy import select
from sqlalchemy.orm import joinedload

from judging.db.models import Assignment, Judge, SheetVersion
from judging.domain.lifecycle import RESULT_PUBLIC_PHASES, ContestPhase
from judging.errors import N_
from judging.services.privacy.my_data.parts import facts
from judging.services.privacy.my_data.repeats import withheld_rounds
from judging.services.results.prizes import living_publication

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from sqlalchemy.orm import Session

    from judging.db.models import Account, Entry
    from judging.domain.rules import ContestRules
    from judging.services.privacy.my_data.parts import Fact


def own_sheet_rows(session: Session, account: Account) -> Iterator[Sequence[Fact]]:
    """What the person wrote as a judge, see `withheld_rounds`. Entries are named by alias, as the judge knew them."""
    withheld = withheld_rounds(session, account)
    query = (
        select(SheetVersion)
        .join(Assignment, Assignment.id == SheetVersion.assignment_id)
        .join(Judge, Judge.id == Assignment.judge_id)
        .where(Judge.account_id == account.id)
        .options(joinedload(SheetVersion.assignment).joinedload(Assignment.entry))
        .order_by(SheetVersion.submitted_at, SheetVersion.id)
    )
    for sheet in session.scalars(query):
        if (sheet.assignment.contest_id, sheet.assignment.round) not in withheld:
            yield _sheet(sheet, sheet.assignment.entry)


def received_sheet_rows(session: Session, entry: Entry, rules: ContestRules) -> Iterator[Sequence[Fact]]:
    """The sheets that count for an author's entry, without a word on who wrote them; none unless they are released."""
    contest = entry.contest
    public = ContestPhase(contest.phase) in RESULT_PUBLIC_PHASES and living_publication(session, contest=contest)
    if not rules.sheets_to_authors or not public:
        return
    query = (
        select(SheetVersion)
        .join(Assignment, Assignment.id == SheetVersion.assignment_id)
        .where(
            Assignment.entry_id == entry.id, Assignment.state == "submitted",
            SheetVersion.number == Assignment.sheet_version,
        )
        .options(joinedload(SheetVersion.assignment))
        # Not in the order in which they came in, which would tell judges apart.
        .order_by(Assignment.round, SheetVersion.code)
    )  # fmt: skip
    for sheet in session.scalars(query):
        yield _sheet(sheet, entry)[:-1]


def _sheet(sheet: SheetVersion, entry: Entry) -> Sequence[Fact]:
    return facts(
        ("entry", N_("Entry"), entry.alias),
        ("round", N_("Round"), sheet.assignment.round),
        ("marks", N_("Marks"), dict(sheet.marks)),
        ("total", N_("Total"), sheet.total),
        ("comments", N_("Comments"), dict(sheet.comments)),
        ("comment", N_("Comment"), sheet.comment),
        ("submitted_at", N_("Submitted"), sheet.submitted_at),
    )
