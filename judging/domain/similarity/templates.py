"""Passages that many works have: headings of a form, sentences of a template, what a whole class was told to write.

A phrase of two words alone does not tell a template from a theme. A row of them that the same works have does.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence

LENGTH = 6
"""So many phrases in a row, seven words, make a passage."""

_KNOWN = LENGTH // 2
"""Of a passage at least so many phrases must be known: of the others nothing is said."""


def template_phrases(
    row: Sequence[int | None], having: Mapping[int, frozenset[int]], *, few: int
) -> set[int]:  # fmt: skip
    """The phrases that stand in a passage which more than `few` other works have.

    `row` holds a text's phrases in their order, None for one that is not known; `having` by phrase the other works
    that have it. A phrase without an entry there is as unknown as None: so many works have it that nobody counted.
    """
    found: set[int] = set()
    for start in range(len(row) - LENGTH + 1):
        known = [number for number in row[start : start + LENGTH] if number is not None and number in having]
        if len(known) >= _KNOWN and not found.issuperset(known) and _in_common(known, having) > few:
            found.update(known)
    return found


def _in_common(numbers: Sequence[int], having: Mapping[int, frozenset[int]]) -> int:
    """How many works have all these phrases."""
    rarest, *others = sorted((having[number] for number in set(numbers)), key=len)
    return len(rarest.intersection(*others))
