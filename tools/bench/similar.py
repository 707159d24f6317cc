"""The search for near duplicates: how many planted copies it finds, how many honest works it flags, how fast it is."""

from __future__ import annotations

import gc
import time
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from functools import partial
from itertools import count
from random import Random
from statistics import median
from typing import TYPE_CHECKING

from sqlalchemy import func, insert, select, text

from judging.db.models import Account, Contest, Entry, Organisation, SimilarPrint
from judging.db.types import new_id
from judging.domain.similarity.pictures import look_of
from judging.services.entries.similar.contents import Contents
from judging.services.entries.similar.index import find_document, write_document
from judging.services.entries.similar.searching import search_similar
from judging.services.files.parsers.telling import small_copies
from tools.bench.measure import Bound, Figure, Target, Timing, measure
from tools.bench.planted import Copy, Corpus, make_corpus
from tools.bench.sizes import Sizes
from tools.bench.stores import SQLITE, Stores, count_statements

if TYPE_CHECKING:
    from sqlalchemy.orm import Session

    from judging.db.session import Database

FIRST = 3
_NOW = datetime(2021, 8, 2, 3, 0, tzinfo=UTC)
_AT_A_TIME = 250
_TEXT, _MIXED = "text alone", "mixed"
_MIXES = {_TEXT: (Copy.TEXT,), "picture alone": (Copy.PICTURE,), _MIXED: tuple(Copy)}


@dataclass(frozen=True, slots=True, kw_only=True)
class Indexed:
    """A corpus in a database: the ids of its entries by place, and seconds of indexing for one entry."""

    corpus: Corpus
    ids: Sequence[str]
    index_seconds: float


@dataclass(frozen=True, slots=True, kw_only=True)
class Outcome:
    """How many of the pairs were in the first three suggestions, and how many of `honest` works were flagged.

    Of each search the seconds of the clock and of this process's own processor time: the machine may be shared.
    """

    found: int
    pairs: int
    flagged: int
    honest: int
    seconds: Sequence[float]
    cpu_seconds: Sequence[float]

    @property
    def flagged_share(self) -> float:
        """The share of honest works that were flagged."""
        return self.flagged / self.honest


def index_corpus(database: Database, corpus: Corpus) -> Indexed:
    """Make an organisation with two editions of a contest, and index the works as their entries."""
    with database.writing() as session:
        organisation_id, contest_ids, owner_id = _hold(session)
    ids = [new_id() for _ in corpus.works]
    spent = 0.0
    for start in range(0, len(ids), _AT_A_TIME):
        places = range(start, min(start + _AT_A_TIME, len(ids)))
        contents = [_contents(corpus, place) for place in places]
        began = time.perf_counter()
        with database.writing() as session:
            rows = [
                _row(ids[place], contest_ids[place * 2 // len(ids)], owner_id, place, corpus.works[place].title)
                for place in places
            ]
            session.execute(insert(Entry), rows)
            for place, one in zip(places, contents, strict=True):
                write_document(session, entry_id=ids[place], organisation_id=organisation_id, contents=one, now=_NOW)
        spent += time.perf_counter() - began
    return Indexed(corpus=corpus, ids=ids, index_seconds=spent / len(ids))


def try_search(database: Database, indexed: Indexed, *, honest: int) -> Outcome:
    """Search for every planted copy, and for so many honest works drawn from all others."""
    corpus, ids = indexed.corpus, indexed.ids
    planted = {place for pair in corpus.pairs for place in (pair.original, pair.copy)}
    others = [place for place in range(len(ids)) if place not in planted]
    sample = Random(len(ids)).sample(others, min(honest, len(others)))  # noqa: S311 - the same works in every run
    # The corpus is the bench's own: a search must not be billed for looking through it for garbage.
    gc.collect()
    gc.freeze()
    seconds: list[tuple[float, float]] = []
    try:
        with database.reading() as session:
            found = sum(
                ids[pair.original] in _timed_search(session, ids[pair.copy], seconds)[:FIRST] for pair in corpus.pairs
            )
            flagged = sum(bool(_timed_search(session, ids[place], seconds)) for place in sample)
    finally:
        gc.unfreeze()
    return Outcome(
        found=found, pairs=len(corpus.pairs), flagged=flagged, honest=len(sample),
        seconds=[wall for wall, _ in seconds], cpu_seconds=[cpu for _, cpu in seconds],
    )  # fmt: skip


def _timed_search(session: Session, entry_id: str, seconds: list[tuple[float, float]]) -> list[str]:
    wall, cpu = time.perf_counter(), time.process_time()
    found = _search(session, entry_id)
    seconds.append((time.perf_counter() - wall, time.process_time() - cpu))
    return found


def searching(stores: Stores, engines: Sequence[str], sizes: Sizes) -> Iterator[Figure]:
    """Plant 20 copies among many works, index all and search; every mix of copies on SQLite, one on PostgreSQL."""
    for engine in engines:
        for seed, name in _cases(engine, sizes.more_seeds):
            yield _figure(stores, engine, sizes.similar, seed=seed, name=name, kinds=_MIXES[name])


def _cases(engine: str, more: Sequence[int]) -> list[tuple[int, str]]:
    """Seeds with what is planted. More seeds are of texts alone, which are the hardest to find."""
    seeds = dict(zip(_MIXES, count(101), strict=False))
    if engine != SQLITE:
        return [(seeds[_MIXED], _MIXED)]
    return [(seed, name) for name, seed in seeds.items()] + [(seed, _TEXT) for seed in more]


def _figure(stores: Stores, engine: str, size: int, *, seed: int, name: str, kinds: Sequence[Copy]) -> Figure:
    corpus = make_corpus(size, seed=seed, kinds=kinds)
    with stores.installation(engine) as platform:
        database = platform.database
        indexed = index_corpus(database, corpus)
        outcome = try_search(database, indexed, honest=400)
        one = indexed.ids[corpus.pairs[0].copy]
        timing = measure(partial(_read_and_search, database, one), times=5)
        with count_statements(platform) as statements:
            _read_and_search(database, one)
        with database.reading() as session:
            prints = session.scalar(select(func.count()).select_from(SimilarPrint)) or 0
            size_of_index = _index_bytes(session)
    return Figure(
        benchmark="near duplicates",
        case=f"{size:,} entries, copies of {name}, seed {seed}, {engine}",
        timing=_all_searches(timing, outcome.seconds),
        bound=Bound(seconds=1.0, reason="a search within a second"),
        targets=(
            Target(name="found of 20 in first three", value=outcome.found, limit=0.9 * outcome.pairs, is_floor=True),
            Target(name="longest search, seconds", value=max(outcome.seconds), limit=1.0),
            Target(name="honest flagged", value=outcome.flagged_share, limit=0.02),
        ),
        notes={
            "statements": len(statements),
            "processor time": f"median {median(outcome.cpu_seconds) * 1000:.0f} ms, "
            f"most {max(outcome.cpu_seconds) * 1000:.0f} ms",
            "index": f"{indexed.index_seconds * 1000:.1f} ms an entry, {prints / size:.0f} prints an entry, "
            f"{size_of_index / size / 1000:.1f} kB an entry",
        },
    )  # fmt: skip


def _all_searches(timing: Timing, seconds: Sequence[float]) -> Timing:
    return Timing(
        median=median(seconds), least=min(seconds), most=max(seconds), cpu=timing.cpu, times=len(seconds)
    )  # fmt: skip


def _read_and_search(database: Database, entry_id: str) -> list[str]:
    with database.reading() as session:
        return _search(session, entry_id)


def _search(session: Session, entry_id: str) -> list[str]:
    document = find_document(session, entry_id)
    return [] if document is None else [one.entry_id for one in search_similar(session, document=document)]


def _index_bytes(session: Session) -> int:
    """The bytes of the prints with their indexes."""
    if session.get_bind().dialect.name == "sqlite":
        query = text("SELECT sum(pgsize) FROM dbstat WHERE name LIKE '%similar_print%'")
    else:
        query = text("SELECT pg_total_relation_size('similar_print')")
    try:
        return int(session.scalar(query) or 0)
    except Exception:  # noqa: BLE001 - an SQLite built without this table tells nothing of sizes
        return 0


def _hold(session: Session) -> tuple[str, Sequence[str], str]:
    organisation = Organisation(slug=f"similar-{new_id()}", name="Sở mẫu", created_at=_NOW)
    email = f"{new_id()}@example.vn"
    owner = Account(email=email, email_key=email, name="Người mẫu", password_hash="", locale="vi", created_at=_NOW)
    session.add_all([organisation, owner])
    session.flush()
    contests = [
        Contest(
            organisation_id=organisation.id, slug=f"similar-{new_id()}", kind="youth-creativity",
            title=f"Cuộc thi {year}", year=year, phase="archived", created_at=_NOW,
        )
        for year in (2020, 2021)
    ]  # fmt: skip
    session.add_all(contests)
    session.flush()
    return organisation.id, [one.id for one in contests], owner.id


def _contents(corpus: Corpus, place: int) -> Contents:
    work = corpus.works[place]
    copies = small_copies(corpus.picture_of(place))
    look = None if copies is None else look_of(*copies)
    return Contents(title=work.title, text=work.text, looks=() if look is None else (("", look),))


def _row(entry_id: str, contest_id: str, owner_id: str, place: int, title: str) -> dict[str, object]:
    return {
        "id": entry_id, "contest_id": contest_id, "owner_id": owner_id, "number": place + 1, "alias": f"e-{place}",
        "title": title, "category": "software", "unit": "", "state": "submitted", "answers": {}, "version": 1,
        "created_at": _NOW, "changed_at": _NOW, "submitted_at": _NOW,
    }  # fmt: skip
