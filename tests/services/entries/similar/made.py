"""A department with two editions of a contest, in which an entry comes back reworded."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from judging.db.models import Account, Contest, Entry, EntryFile
from judging.domain.permissions import Actor, Role
from judging.services.entries.similar.work import Searcher
from tests.factories import NOW, give_role, make_account, make_contest, make_entry, make_organisation
from tools.bench.planted import Copy, draw_picture, halved, make_corpus

if TYPE_CHECKING:
    from sqlalchemy.orm import Session

    from judging.db.models import Organisation
    from judging.services.platform import Platform

MARK = "Qxzcanary"
"""The lead author of the earlier entry, whose name stands in its text too."""


@dataclass(slots=True, kw_only=True)
class Department:
    """The two contests and the two entries that are one work; `honest` are others of both contests."""

    earlier: Contest
    now: Contest
    original: Entry
    copy: Entry
    honest: list[Entry]
    secretary: Account
    organisation: Organisation

    @property
    def desk(self) -> Actor:
        """The secretary of the present contest."""
        return Actor(account_id=self.secretary.id, roles=frozenset({Role.SECRETARY}))


def make_department(platform: Platform) -> Department:
    """A copy of an earlier entry, 40 to 60 % of its words replaced and its picture at half size, and nine others."""
    corpus = make_corpus(11, seed=77, pairs=1, kinds=(Copy.BOTH,))
    pair = corpus.pairs[0]
    with platform.database.writing() as session:
        organisation = make_organisation(session)
        earlier, present = (
            make_contest(session, platform.registry, organisation=organisation, phase=phase, year=year)
            for phase, year in (("archived", 2020), ("screening", 2021))
        )
        secretary = make_account(session)
        give_role(session, present, secretary, "secretary")
        entries = {}
        for place, work in enumerate(corpus.works):
            is_copy = place == pair.copy
            entries[place] = make_entry(
                session, present if is_copy or place % 2 else earlier, title=work.title, state="submitted",
                answers={"idea": work.text, "construction": f"Nông Mẫu {MARK} đã làm."},
                members=[{"name": f"Nông Mẫu {MARK}"}],
            )  # fmt: skip
        # Whatever its place, the original belongs to the earlier edition.
        entries[pair.original].contest_id = earlier.id
        picture = draw_picture(corpus.works[pair.original].picture)
        add_file(session, platform, entries[pair.original], picture)
        add_file(session, platform, entries[pair.copy], halved(picture))
        session.flush()
        return Department(
            earlier=earlier, now=present, original=entries.pop(pair.original), copy=entries.pop(pair.copy),
            honest=list(entries.values()), secretary=secretary, organisation=organisation,
        )  # fmt: skip


def add_file(session: Session, platform: Platform, entry: Entry, data: bytes, *, item: str = "pictures") -> EntryFile:
    """Put a JPEG into the dossier."""
    stored = platform.files.put(data)
    file = EntryFile(
        entry_id=entry.id, item=item, filename="anh.jpg", media_type="image/jpeg", size=stored.size,
        sha256=stored.sha256, key=stored.key, uploaded_at=NOW,
    )  # fmt: skip
    session.add(file)
    session.flush()
    return file


def searcher(platform: Platform) -> Searcher:
    """The work on a platform."""
    return Searcher(database=platform.database, registry=platform.registry, files=platform.files)


def index_all(platform: Platform, department: Department) -> None:
    """Index every entry, then search for each."""
    work = searcher(platform)
    ids = [one.id for one in (*department.honest, department.original, department.copy)]
    for one in ids:
        assert work.index(one, now=NOW)
    for one in ids:
        work.search(one, now=NOW)
