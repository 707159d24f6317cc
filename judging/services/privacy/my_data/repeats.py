"""What a judge gave where an entry was shown a second time: in their archive once the round is over.

Until then the archive has nothing of the judge's work in that round: what was missing from it would be the repeats.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from sqlalchemy import select

from judging.db.models import Judge
from judging.db.queries.repeats import ended_repeats, hiding_rounds
from judging.errors import N_
from judging.services.privacy.my_data.parts import facts

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from sqlalchemy.orm import Session

    from judging.db.models import Account
    from judging.services.privacy.my_data.parts import Fact


def withheld_rounds(session: Session, account: Account) -> frozenset[tuple[str, str]]:
    """The rounds (contest, key) of which the archive has nothing yet, since the person meets repeats in them."""
    contests = session.scalars(select(Judge.contest_id).where(Judge.account_id == account.id)).all()
    return hiding_rounds(session, contest_ids=contests)


def own_repeat_rows(session: Session, account: Account) -> Iterator[Sequence[Fact]]:
    """The person's repeats with notes, drafts included. Entries are named by alias, as in their sheets."""
    for one in ended_repeats(session, account_id=account.id):
        yield facts(
            ("entry", N_("Entry"), one.entry.alias),
            ("round", N_("Round"), one.first.round),
            ("marks", N_("Marks"), dict(one.marks)),
            ("total", N_("Total"), one.total),
            ("comments", N_("Comments"), dict(one.comments)),
            ("comment", N_("Comment"), one.comment),
            ("note", N_("Note"), one.note),
            ("set_aside", N_("Why it was set aside"), one.aside_words),
            ("submitted_at", N_("Submitted"), one.submitted_at),
        )
