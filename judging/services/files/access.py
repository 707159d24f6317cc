"""Who gets which bytes of a file: decided by the database, in the condition of the query that finds the file.

Authors and the office have what was handed in; judges have the copy, and never anything else. The condition says the
same as `domain.permissions`, which a test holds it against; so there is no moment at which a file is in hand and the
right to it is still to be asked for.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, TypeVarTuple

from sqlalchemy import and_, exists, false, func, or_, select, true
from sqlalchemy.orm import aliased

from judging.db.models import Assignment, Entry, EntryFile, FileCopy, FilePicture, Judge, Panel, PanelSeat
from judging.db.queries.conflict_gate import bars_account
from judging.domain.copy_states import JUDGES_ARE_TOLD, CopyState
from judging.domain.lifecycle import SheetState
from judging.domain.permissions import Actor, Role
from judging.errors import N_, NotFound
from judging.errors import Conflict as NotNow
from judging.services.entries.files import blind_name
from judging.services.entries.relations import BEFORE_PANELS, GONE, judges_blind

if TYPE_CHECKING:
    from collections.abc import Collection

    from sqlalchemy import ColumnElement, Select
    from sqlalchemy.orm import Session

    from judging.domain.rules import ContestRules

_Ts = TypeVarTuple("_Ts")
_DESK = (Role.SECRETARY, Role.ORGANISER, Role.AUDITOR)
_READERS = (*_DESK, Role.COMMITTEE)


@dataclass(frozen=True, slots=True, kw_only=True)
class ShownFile:
    """Bytes that the actor may have, under the name by which this actor may know them."""

    key: str
    size: int
    media_type: str
    filename: str


@dataclass(frozen=True, slots=True, kw_only=True)
class _Rights:
    """The conditions on a row of entry and file under which the actor has the whole of it, or the copy."""

    whole: ColumnElement[bool]
    copy: ColumnElement[bool]


def find_file(session: Session, *, entry: Entry, file_id: str, actor: Actor, rules: ContestRules) -> ShownFile:
    """A file of the entry as it was handed in; for a judge its copy, in blind rounds under a name that tells nothing.

    Raises NotFound for everything that the actor may not see, as for what does not exist; Conflict while there is no
    copy for a judge, and for everybody once a scanner found something in the file.
    """
    rights = _rights(session, entry, actor, rules)
    other = aliased(EntryFile)
    place = (
        select(func.count())
        .where(
            other.entry_id == EntryFile.entry_id,
            other.item == EntryFile.item,
            or_(
                other.uploaded_at < EntryFile.uploaded_at,
                and_(other.uploaded_at == EntryFile.uploaded_at, other.id <= EntryFile.id),
            ),
        )
        .scalar_subquery()
    )
    query = _of(select(EntryFile, FileCopy, rights.whole.label("whole"), place.label("place")), entry, rights)
    found = session.execute(query.where(EntryFile.id == file_id)).one_or_none()
    if found is None:
        raise NotFound(N_("There is nothing here."))
    file, copied, whole, number = found
    state = CopyState.WAITING if copied is None else CopyState(copied.state)
    if state is CopyState.INFECTED or (not whole and state is not CopyState.READY):
        raise NotNow(JUDGES_ARE_TOLD[state])
    if whole:
        return ShownFile(key=file.key, size=file.size, media_type=file.media_type, filename=file.filename)
    blind = judges_blind(session, rules=rules, actor=actor, entry=entry)
    name = blind_name(rules, entry, file, number, media_type=copied.media_type)
    return ShownFile(
        key=copied.key, size=copied.size, media_type=copied.media_type,
        filename=name if blind else with_extension_of(file.filename, name),
    )  # fmt: skip


def find_picture(session: Session, *, entry: Entry, picture_id: str, actor: Actor, rules: ContestRules) -> FilePicture:
    """A picture that was drawn of a file which the actor may see. Raises NotFound as `find_file` does."""
    rights = _rights(session, entry, actor, rules)
    query = _of(select(FilePicture), entry, rights).join(FilePicture, FilePicture.file_id == EntryFile.id)
    found = session.scalar(query.where(FilePicture.id == picture_id, FileCopy.state == CopyState.READY.value))
    if found is None:
        raise NotFound(N_("There is nothing here."))
    return found


def with_extension_of(filename: str, other: str) -> str:
    """The name with the extension of another: a copy may be of another kind than what was handed in."""
    stem, dot, _ = filename.rpartition(".")
    return f"{stem if dot else filename}.{other.rpartition('.')[2]}"


def _of(query: Select[*_Ts], entry: Entry, rights: _Rights) -> Select[*_Ts]:
    return (
        query.select_from(EntryFile)
        .join(Entry, Entry.id == EntryFile.entry_id)
        .outerjoin(FileCopy, FileCopy.file_id == EntryFile.id)
        .where(Entry.id == entry.id, or_(rights.whole, rights.copy))
    )


def _rights(session: Session, entry: Entry, actor: Actor, rules: ContestRules) -> _Rights:
    open_items = [item.key for item in rules.dossier if not item.office_only]
    # A file of an item that the rules no longer know may be anything: it counts as the office's own.
    may_item = true() if actor.has(*_DESK) else EntryFile.item.in_(open_items)
    author = Entry.owner_id == actor.account_id if actor.account_id is not None else false()
    # Guardians and co-authors of this very entry: their roles were worked out for it alone.
    if actor.has(Role.GUARDIAN):
        author = true()
    elif actor.has(Role.COAUTHOR):
        author = or_(author, EntryFile.item.in_(open_items))
    reads = and_(true() if actor.has(*_READERS) else false(), may_item)
    if not actor.has(Role.JUDGE, Role.CHAIR):
        return _Rights(whole=or_(author, reads), copy=false())
    judges, stepped_back = _judging(session, entry, actor)
    return _Rights(
        whole=and_(~stepped_back, or_(author, and_(reads, ~judges))),
        copy=and_(~stepped_back, ~author, judges, may_item),
    )


def _judging(session: Session, entry: Entry, actor: Actor) -> tuple[ColumnElement[bool], ColumnElement[bool]]:
    """Whether the actor judges the entry, as scorer or as head of its panel, and whether they stepped back from it."""
    judge = and_(Judge.contest_id == Entry.contest_id, Judge.account_id == actor.account_id)
    reading = exists().where(Assignment.entry_id == Entry.id, Assignment.judge_id == Judge.id, judge)
    assigned = reading.where(Assignment.state.not_in([state.value for state in GONE]))
    recused = reading.where(Assignment.state == SheetState.RECUSED.value)
    heads = and_(
        Entry.state.not_in([state.value for state in BEFORE_PANELS]),
        Entry.category.in_(_headed(session, entry, actor)),
    )
    return or_(assigned, heads), or_(recused, bars_account(actor.account_id))


def _headed(session: Session, entry: Entry, actor: Actor) -> Collection[str]:
    """The categories of the panels that the actor heads."""
    if not actor.has(Role.CHAIR):
        return ()
    panels = session.scalars(
        select(Panel.categories)
        .join(PanelSeat, PanelSeat.panel_id == Panel.id)
        .join(Judge, Judge.id == PanelSeat.judge_id)
        .where(Judge.contest_id == entry.contest_id, Judge.account_id == actor.account_id, PanelSeat.is_chair)
    )
    return {category for categories in panels for category in categories}
