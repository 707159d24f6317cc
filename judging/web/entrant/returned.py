"""What the office wants mended in a returned entry: until when, and each thing with the link to where it is."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

from judging.domain.values import Problem
from judging.services.contests.deadlines import return_term
from judging.web.entrant.step_list import Missing, locate
from judging.web.transaction import db

if TYPE_CHECKING:
    from collections.abc import Sequence
    from datetime import datetime

    from judging.db.models import Entry, Screening
    from judging.domain.rules import ContestRules


@dataclass(frozen=True, slots=True, kw_only=True)
class Returned:
    """`reason` is what the office wrote besides the things; `until` None without a date."""

    reason: str
    things: Sequence[Missing]
    until: datetime | None


def what_to_mend(entry: Entry, rules: ContestRules, screenings: Sequence[Screening]) -> Returned | None:
    """What the newest decision asks for; None for an entry that is not with its people."""
    if entry.state != "returned" or not screenings:
        return None
    reason, term = screenings[0].reason, return_term(db(), entry)
    if term is None or term.screening_id != screenings[0].id:
        return Returned(reason=reason, things=(), until=None)
    texts = [(str(item.get("where", "")), str(item.get("text", ""))) for item in term.items]
    # The desk puts the sentences before the reason, so that a letter has both; here each has its link.
    told = "\n".join(f"– {text}" for _where, text in texts)
    rest = reason.removeprefix(told).strip() if told else reason
    places = locate(entry, rules, [Problem(code="returned", message="–", where=where) for where, _text in texts])
    things = [replace(place, sentence=text) for place, (_where, text) in zip(places, texts, strict=True)]
    return Returned(reason=rest, things=things, until=term.until)
