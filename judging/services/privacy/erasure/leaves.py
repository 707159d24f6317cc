"""What the score log gives up of an entry: the salts that open its commitments, and with the sheets their bytes."""

from __future__ import annotations

from typing import TYPE_CHECKING

from sqlalchemy import select, update

from judging.db.models import LogLeaf
from judging.domain.ledger.leaves import read_leaf
from judging.services.score_log.heads import list_logs

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from sqlalchemy.orm import Session

    from judging.db.models import Contest
    from judging.domain.ledger.leaves import Leaf
    from judging.services.score_log.appending import Log

_AT_A_TIME = 500


def erase_leaves(session: Session, contest: Contest, *, alias: str, with_sheets: bool) -> None:
    """Forget the salts of all texts about the entry; `with_sheets` also the bytes of its sheets and their overrides.

    The hashes stay, so the tree does: what was signed can still be verified.
    """
    for log in list_logs(session, contest):
        texts, sheets = [], []
        for index, leaf in _leaves_about(session, log, alias):
            texts.append(index)
            if leaf["type"] in ("sheet", "override"):
                sheets.append(index)
        _forget(session, log, texts, LogLeaf.text_salt.key)
        if with_sheets:
            _forget(session, log, sheets, LogLeaf.entry.key)


def _leaves_about(session: Session, log: Log, alias: str) -> Iterator[tuple[int, Leaf]]:
    query = (
        select(LogLeaf.idx, LogLeaf.entry)
        .where(LogLeaf.log_id == log.id, LogLeaf.entry.is_not(None))
        .order_by(LogLeaf.idx)
        .execution_options(yield_per=_AT_A_TIME)
    )
    sheets: set[int] = set()
    for index, data in session.execute(query):
        assert data is not None, "the query asks for such only"  # noqa: S101 - says what it selects
        leaf = read_leaf(bytes(data))
        if leaf.get("entry") == alias:
            if leaf["type"] == "sheet":
                sheets.add(index)
            yield index, leaf
        elif (leaf["type"] == "override" and leaf["target"] in sheets) or _voted_on(leaf, alias):
            yield index, leaf


def _voted_on(leaf: Leaf, alias: str) -> bool:
    if leaf["type"] != "vote":
        return False
    outcome = leaf["outcome"]
    return alias in outcome.get("order", ()) or outcome.get("entry") == alias


def _forget(session: Session, log: Log, indexes: Sequence[int], column: str) -> None:
    for start in range(0, len(indexes), _AT_A_TIME):
        session.execute(
            update(LogLeaf)
            .where(LogLeaf.log_id == log.id, LogLeaf.idx.in_(indexes[start : start + _AT_A_TIME]))
            .values({column: None})
        )
