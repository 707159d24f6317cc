"""How much of a log everybody may see: its state at the last beat, and all of it once the results are public."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import TYPE_CHECKING

from sqlalchemy import func, select

from judging.db.models import LogLeaf, Publication
from judging.domain.ledger.faults import HashError
from judging.domain.ledger.fold import NOTED
from judging.domain.ledger.leaves import Leaf, read_leaf
from judging.domain.ledger.tiles import Tile, entry_bundle, has_tile, hash_tile
from judging.errors import N_, NotAllowed, NotFound, StoreUnavailable
from judging.services.results.published import public_publication
from judging.services.score_log.publishing import checkpoint_note, closed_size
from judging.services.score_log.tree import read_nodes, stored_leaves

if TYPE_CHECKING:
    from collections.abc import Sequence

    from sqlalchemy.orm import Session

    from judging.db.models import Contest
    from judging.services.score_log.appending import Log

BEAT = timedelta(minutes=10)
"""While a contest is judged its checkpoint moves at this beat, so that growth does not tell who is scoring."""

_SETTLED = timedelta(minutes=1)
# A sheet bears the time at which its request began. One that was begun just before a beat may be committed just after
# it, and would move the checkpoint between two beats; so a beat is shown once such requests have ended.

_SHEET = b'"type":"sheet"'


@dataclass(frozen=True, slots=True, kw_only=True)
class PublishedState:
    """What everybody may see of a log: its first `size` leaves as hashes, of which the first `opened` can be read.

    `at` is the beat at which it had that size, or the time of its last leaf once the results are public.
    """

    log: Log
    size: int
    opened: int
    at: datetime

    @property
    def is_open(self) -> bool:
        """Whether the leaves themselves are public."""
        return self.opened > 0


def published_state(session: Session, log: Log, *, contest: Contest, now: datetime) -> PublishedState | None:
    """The published state of a log, or None before its first leaf is published."""
    opened = closed_size(session, log) if public_publication(session, contest=contest) is not None else 0
    if opened:
        return PublishedState(log=log, size=log.size, opened=opened, at=datetime.fromisoformat(log.last_t))
    beat = last_beat(now)
    size = _size_before(session, log, max(beat, _shown_until(session, contest) or beat))
    return PublishedState(log=log, size=size, opened=0, at=beat) if size else None


def last_beat(now: datetime) -> datetime:
    """The newest beat whose leaves are all committed."""
    seconds = int((now - _SETTLED).timestamp())
    return datetime.fromtimestamp(seconds - seconds % int(BEAT.total_seconds()), UTC)


def published_checkpoint(session: Session, state: PublishedState) -> bytes:
    """The signed checkpoint of the published state: the same bytes at every call. Raises StoreUnavailable."""
    try:
        return checkpoint_note(session, state.log, state.size)
    except (HashError, OSError) as error:
        raise StoreUnavailable(N_("The state of the score log cannot be shown now.")) from error


def published_tile(session: Session, state: PublishedState, tile: Tile) -> bytes:
    """The bytes of a tile. Raises NotFound past the published size, NotAllowed for leaves that are not public yet."""
    if tile.level is None and not state.is_open:
        raise NotAllowed(N_("The leaves of the score log are public once the results are."))
    if not has_tile(state.opened if tile.level is None else state.size, tile):
        raise NotFound(N_("There is nothing here."))
    if tile.level is not None:
        return hash_tile(tile, read_nodes(session, state.log.id))
    first = tile.nodes[0][1]
    leaves = stored_leaves(session, state.log.id, start=first, end=first + tile.width)
    return entry_bundle(entry for _, entry in leaves)


def list_acts(session: Session, state: PublishedState) -> Sequence[tuple[int, Leaf]]:
    """The acts among the published leaves that changed what counts, each with its index.

    Before the leaves are public the caller may tell how many there are, and nothing else of them.
    """
    found = []
    for index, (_, entry) in enumerate(stored_leaves(session, state.log.id, end=state.opened or state.size)):
        # Nearly all leaves are sheets, and reading one takes long.
        if entry is not None and _SHEET not in entry and (leaf := read_leaf(entry))["type"] in NOTED:
            found.append((index, leaf))
    return found


def _shown_until(session: Session, contest: Contest) -> datetime | None:
    """When a publication was withdrawn: what was public up to then stays so, for a log is never seen to shrink.

    Cut to milliseconds as the leaf is that says so, which is not among what was public.
    """
    query = select(func.max(Publication.withdrawn_at)).where(Publication.contest_id == contest.id)
    at = session.scalar(query)
    return None if at is None else at.replace(microsecond=at.microsecond // 1000 * 1000)


def _size_before(session: Session, log: Log, moment: datetime) -> int:
    query = (
        select(LogLeaf.idx).where(LogLeaf.log_id == log.id, LogLeaf.at < moment).order_by(LogLeaf.idx.desc()).limit(1)
    )
    index = session.scalar(query)
    return 0 if index is None else index + 1
