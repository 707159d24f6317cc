"""What standings say where they mix scores of judges who cannot be compared."""

from __future__ import annotations

from judging.db.queries.office_running import list_judges
from judging.services.judges.assigning.linkage import judges_apart
from judging.web.context import contest, rules
from judging.web.plan_words import Names, link_state
from judging.web.transaction import db


def apart_sentences(round_key: str) -> list[str]:
    """A sentence for each board of the round on which judges compete whom no common entry joins."""
    parts = judges_apart(db(), contest=contest(), rules=rules(), round_key=round_key)
    judges = {judge.alias: judge for judge in list_judges(db(), contest())}
    return link_state(parts, Names(rules=rules(), entries={}, judges=judges, panels={}))
