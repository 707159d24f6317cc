"""Texts that many entries were handed: they make nobody look like a copy, and hide none."""

from __future__ import annotations

from dataclasses import replace
from itertools import islice
from typing import TYPE_CHECKING

import pytest
from sqlalchemy import event

from judging.services.entries.similar.index import find_document
from judging.services.entries.similar.searching import search_similar
from judging.services.entries.similar.weighing import MOST_HAVING, documents_having, weigh_phrases
from tools.bench.planted import Copy, Corpus, make_corpus
from tools.bench.similar import Indexed, index_corpus

if TYPE_CHECKING:
    from judging.db.session import Database

GROUP = 5
"""So many of a school, the copy included, write on what their teacher handed out."""


def _on_a_template(size: int = 60) -> Corpus:
    """Half of the text of GROUP works is the same; one of them is besides a reworded copy of another."""
    corpus = make_corpus(size, seed=314, pairs=1, kinds=(Copy.TEXT,))
    template = make_corpus(1, seed=159, pairs=0).works[0].text
    works = list(corpus.works)
    for place in _members(corpus):
        works[place] = replace(works[place], text=f"{template} {works[place].text}")
    return replace(corpus, works=works)


def _members(corpus: Corpus) -> list[int]:
    """The copy, its original and others, each on a topic of its own: works on one topic are alike anyway."""
    pair = corpus.pairs[0]
    topics = {corpus.works[pair.copy].topic: pair.copy}
    for place, work in enumerate(corpus.works):
        topics.setdefault(work.topic, place)
    return [pair.original, *islice(topics.values(), GROUP - 1)]


@pytest.fixture
def indexed(database: Database) -> Indexed:
    return index_corpus(database, _on_a_template())


def test_a_template_of_a_few_entries_makes_no_two_of_them_alike_and_hides_no_copy(
    database: Database, indexed: Indexed
) -> None:
    pair, written = indexed.corpus.pairs[0], _members(indexed.corpus)
    found = set()
    with database.reading() as session:
        for place in written:
            document = find_document(session, indexed.ids[place])
            assert document is not None
            assert len(weigh_phrases(session, document).template) > 100
            for one in search_similar(session, document=document):
                found.add((place, indexed.ids.index(one.entry_id), one.evidence.reasons))

    alike = {(place, other) for place, other, _ in found if other in written}
    assert alike == {(pair.copy, pair.original), (pair.original, pair.copy)}
    assert {reasons for _, _, reasons in found} == {("text",)}


def test_a_print_that_too_many_have_is_left_out_and_not_read_to_its_end(database: Database, indexed: Indexed) -> None:
    with database.reading() as session:
        copy = find_document(session, indexed.ids[indexed.corpus.pairs[0].copy])
        assert copy is not None
        numbers = weigh_phrases(session, copy).prints.keys()
        all_of_them = documents_having(session, numbers, most=MOST_HAVING)
        few = documents_having(session, numbers, most=GROUP - 1)

    assert few == {number: ids for number, ids in all_of_them.items() if len(ids) < GROUP}
    assert 0 < len(few) < len(all_of_them)
    assert all(copy.id in ids for ids in all_of_them.values())


def test_a_search_makes_as_many_statements_among_many_as_among_few(database: Database) -> None:
    counts = []
    for size in (30, 90):
        indexed = index_corpus(database, _on_a_template(size))
        statements: list[str] = []
        with database.reading() as session:
            copy = find_document(session, indexed.ids[0])
            assert copy is not None
            event.listen(database.engine, "before_cursor_execute", lambda *told, kept=statements: kept.append(told[2]))
            search_similar(session, document=copy)
        counts.append(len(statements))

    assert counts[0] == counts[1] == 4
