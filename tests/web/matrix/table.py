"""What the matrix finds, as lines that a person can read, and back.

    POST   /organise/<slug>/screening
        acts    | screening             | secretary organiser judging-organiser
        asks    | draft … published     | secretary organiser judging-organiser

Whoever is not named is kept out in the ordinary way: a guest is sent to sign in, everybody else is told that there is
nothing. Programs without a token are told 401.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

from tests.web.matrix.people import GUEST, SIGNED_IN, WHO

FOLDER = Path(__file__).parent / "golden"
ALWAYS = "always"
EVERYBODY, NOBODY, ALL_SIGNED_IN = "everybody", "nobody", "signed-in"
_ORDER = ("acts", "open", "asks", "sign-in", "401", "403", "404")


@dataclass(frozen=True, slots=True)
class Row:
    """One line: what these people are told in these scenes."""

    word: str
    when: tuple[str, ...]
    who: tuple[str, ...]


Seen = Mapping[tuple[str, str], str]
"""By scene and person: the word of an outcome."""


def ordinary(who: str, *, api: bool) -> str:
    """How somebody is kept out."""
    if who != GUEST:
        return "404"
    return "401" if api else "sign-in"


def rows_of(seen: Seen, *, scenes: Sequence[str], api: bool) -> list[Row]:
    """The lines for one address; empty when everybody is kept out in the ordinary way."""
    people: dict[tuple[str, tuple[str, ...]], list[str]] = {}
    for who in WHO:
        by_word: dict[str, list[str]] = {}
        for scene in scenes:
            word = seen.get((scene, who))
            if word is not None and word != ordinary(who, api=api):
                by_word.setdefault(word, []).append(scene)
        asked = [scene for scene in scenes if (scene, who) in seen]
        for word, when in by_word.items():
            shown = (ALWAYS,) if when == asked else tuple(when)
            people.setdefault((word, shown), []).append(who)
    rows = [Row(word, when, tuple(names)) for (word, when), names in people.items()]
    places = {scene: place for place, scene in enumerate((ALWAYS, *scenes))}
    return sorted(rows, key=lambda row: (_ORDER.index(row.word), places[row.when[0]], row.when, row.who))


def write_rows(name: str, rows: Iterable[Row]) -> str:
    """The address with its lines."""
    lines = [f"    {row.word:<7} | {' '.join(row.when)} | {' '.join(_short(row.who))}" for row in rows]
    return "\n".join([name, *(lines or [f"    {NOBODY}"])])


def read_rows(text: str) -> Iterator[tuple[str, list[Row]]]:
    """The addresses of a golden file with their lines."""
    name, rows = "", list[Row]()
    for line in text.splitlines():
        if line.startswith("    "):
            if line.strip() != NOBODY:
                word, when, who = (part.split() for part in line.split("|"))
                rows.append(Row(word[0], tuple(when), tuple(_long(who))))
        elif line and not line.startswith("#"):
            if name:
                yield name, rows
            name, rows = line, []
    if name:
        yield name, rows


def golden(area: str) -> str:
    """The golden file of an area; nothing when there is none yet."""
    path = FOLDER / f"{area}.txt"
    return path.read_text("utf-8") if path.exists() else ""


def _short(who: Sequence[str]) -> Sequence[str]:
    if set(who) == set(WHO):
        return (EVERYBODY,)
    if set(SIGNED_IN) <= set(who):
        return (ALL_SIGNED_IN,)
    return who


def _long(who: Sequence[str]) -> Sequence[str]:
    if EVERYBODY in who:
        return tuple(WHO)
    return SIGNED_IN if ALL_SIGNED_IN in who else who
