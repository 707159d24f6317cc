"""Planted copies are found and honest works left alone: in short; in full by `make bench`. Figures, never times."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from tools.bench.planted import Copy, halved, make_corpus
from tools.bench.similar import index_corpus, try_search

if TYPE_CHECKING:
    from collections.abc import Sequence

    from judging.db.session import Database

SIZE = 1_500


@pytest.mark.parametrize(
    ("seed", "kinds"),
    [(1001, (Copy.TEXT,)), (1002, tuple(Copy))],
    ids=["text-alone", "mixed"],
)
def test_copies_are_among_the_first_three_and_few_honest_works_are_flagged(
    sqlite_database: Database, seed: int, kinds: Sequence[Copy]
) -> None:
    corpus = make_corpus(SIZE, seed=seed, kinds=kinds)

    outcome = try_search(sqlite_database, index_corpus(sqlite_database, corpus), honest=400)

    assert (outcome.pairs, outcome.honest) == (20, 400)
    assert outcome.found >= 18
    assert outcome.flagged_share <= 1 / 50


def test_planted_copies_are_what_they_say() -> None:
    corpus = make_corpus(80, seed=5, kinds=(Copy.BOTH,))

    for pair in corpus.pairs:
        one, other = corpus.works[pair.original], corpus.works[pair.copy]
        first, second = one.text.split(" "), other.text.split(" ")
        kept = sum(before == after for before, after in zip(first, second, strict=True))
        assert 0.38 <= kept / len(first) <= 0.6
        assert one.title != other.title
        assert corpus.picture_of(pair.copy) == halved(corpus.picture_of(pair.original))
