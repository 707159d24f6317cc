"""docs/access.md: who may do what, as a table made of the golden files."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from pathlib import Path
from typing import TYPE_CHECKING

from tests.web.matrix.people import GUEST, MEANING, SIGNED_IN, WHO
from tests.web.matrix.table import ALWAYS, Row, golden, read_rows

if TYPE_CHECKING:
    from tests.web.matrix.doors import Door

PAGE = Path(__file__).parents[3] / "docs" / "access.md"

_AREAS: Mapping[str, str] = {
    "public": "Pages for everybody",
    "account": "Accounts and signing in",
    "entrant": "Entering a contest",
    "people": "People asked by a link: co-authors, mentors, schools, guardians",
    "judge": "Judging",
    "organiser": "The office of a contest",
    "admin": "The installation",
    "api": "The interface for programs",
    "third_party": "Pages of a plugin, as an example",
    "health": "Health",
}

_HEAD = """# Who may do what

This page is made from the golden files in `tests/web/matrix/golden`, which the tests hold against the running
application: every address, every method, asked for by everybody below in the phases of a contest. It is written anew
by `python -m tests.web.matrix.regenerate`; a test fails when it is out of date.

Read it so:

* **sees** – a page or a file; **acts** – something stored is changed; **is let in** – nothing is changed, because it is
  the wrong time or the form lacks something. All other people are kept out: a guest is sent to sign in, a program
  without a token is told 401, and everybody else is told 404, in the same bytes as for what does not exist.
* Where nothing is said of phases, it is the same in all of them that were asked for.
* Rights are per contest. “Elsewhere” is another organisation.
* Whom the policy of an address does not name was asked in one phase: policies know no phases. For everybody without a
  right in the contest the stranger was asked in the others.
* The standings are narrower than the table can say: from deliberation until publication a panel's chair, in the office
  or not, reads there the entries of the panels that they head, ranked among each other, and nothing of the whole.
* What a person sees *on* a page they are let into is another matter, which the tests in `tests/web/leaks` look after.

## People

| name | who that is |
|---|---|
"""

_WORDS: Mapping[str, str] = {
    "acts": "acts", "open": "sees", "asks": "is let in", "sign-in": "is sent to sign in", "401": "is told 401",
    "403": "is told 403", "404": "is told 404",
}  # fmt: skip


def access_page(doors: Iterable[Door]) -> str:
    """The page, of the golden files and what the views say of themselves."""
    does = {door.name: door.does for door in doors}
    parts = [_HEAD + "\n".join(f"| {who} | {MEANING[who]} |" for who in WHO)]
    for area, title in _AREAS.items():
        rows = list(read_rows(golden(area)))
        if rows:
            parts.append(f"## {title}\n\n| address | what it does | who |\n|---|---|---|\n" + _lines(rows, does))
    return "\n\n".join(parts) + "\n"


def _lines(rows: Sequence[tuple[str, list[Row]]], does: Mapping[str, str]) -> str:
    return "\n".join(f"| `{' '.join(name.split())}` | {does.get(name, '')} | {_who(told)} |" for name, told in rows)


def _who(rows: Sequence[Row]) -> str:
    return "; ".join(_sentence(row) for row in rows) or "nobody in the phases asked for"


def _sentence(row: Row) -> str:
    people = ", ".join(row.who)
    if set(SIGNED_IN) <= set(row.who):
        people = "everybody" if GUEST in row.who else "everybody signed in"
    when = "" if row.when == (ALWAYS,) else f" ({', '.join(row.when)})"
    return f"{_WORDS[row.word]}: {people}{when}"
