"""What else a judge's desk may look like than in the world as it is: each opens a page that is closed there."""

from __future__ import annotations

import json
from dataclasses import dataclass
from typing import TYPE_CHECKING

from judging.domain.structure import digest
from tests.web.leaks.changes import FACTS, marks_of

if TYPE_CHECKING:
    import sqlite3
    from collections.abc import Iterator

    from tests.web.leaks.addresses import Address
    from tests.web.leaks.facts import Change
    from tests.web.leaks.site import Site
    from tests.web.leaks.world import World


@dataclass(frozen=True, slots=True, kw_only=True)
class DeskState:
    """How a desk comes to be as it is, whose it is, and which page that opens."""

    change: Change
    role: str
    opens: str
    hidden: tuple[str, ...] = ()
    """Sheets whose marks the judge reads in the world as it is, and not in this state."""


def undeclared(role: str) -> Change:
    """The judge has yet to say which entries they have a conflict of interest with."""

    def change(copy: sqlite3.Connection, world: World) -> None:
        copy.execute(
            "UPDATE judge SET conflicts_declared_at = NULL WHERE account_id = (SELECT id FROM account WHERE email = ?)",
            (world.emails[role],),
        )

    return change


def warm_up(first: str) -> Change:
    """The round offers each judge the first sheet once more; of its judge that is the one named here."""

    def change(copy: sqlite3.Connection, world: World) -> None:
        (text,) = copy.execute("SELECT rules FROM contest WHERE id = ?", (world.contest,)).fetchone()
        rules = json.loads(text)
        rules["rounds"][0]["warm_up"] = 1
        copy.execute(
            "UPDATE contest SET rules = ?, rules_digest = ? WHERE id = ?",
            (json.dumps(rules), digest(rules), world.contest),
        )
        copy.execute(
            "UPDATE sheet_version SET submitted_at = datetime(submitted_at, '-1 day') WHERE id = ?",
            (world.sheets[first],),
        )

    return change


def booths(copy: sqlite3.Connection, world: World) -> None:
    """The round leads its judges from booth to booth."""
    copy.execute(
        "INSERT INTO lease_round (id, contest_id, round, minutes) VALUES ('booths', ?, 'preliminary', 15)",
        (world.contest,),
    )


STATES = {
    "undeclared": DeskState(change=undeclared("judge_3"), role="judge_3", opens="judge.declare"),
    "second-look": DeskState(
        change=warm_up("e-judge_1"), role="judge_1", opens="judge.again", hidden=("e-judge_2", "e-judge_3")
    ),
    "booths": DeskState(change=booths, role="judge_3", opens="judge.next_entry"),
}


def secrets_of(state: DeskState) -> list[Change]:
    """What the judge of this desk may not know."""
    others = [fact.change for fact in FACTS if state.role not in fact.known_to]
    return [*others, *(marks_of(sheet) for sheet in state.hidden)]


def desk_addresses(site: Site) -> Iterator[Address]:
    """The addresses that are made for judges, by page and by program."""
    for one in site.addresses:
        program = one.endpoint.startswith("api.") and {"judge", "signed-in"} & one.names
        if one.endpoint.startswith("judge.") or program:
            yield one
