"""What a judge gave where an entry was shown a second time: in their archive once the round is over."""

from __future__ import annotations

from typing import TYPE_CHECKING

from judging.db.queries.repeats import ended_repeats
from judging.errors import N_
from judging.services.privacy.my_data.parts import facts

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from sqlalchemy.orm import Session

    from judging.db.models import Account
    from judging.services.privacy.my_data.parts import Fact


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
