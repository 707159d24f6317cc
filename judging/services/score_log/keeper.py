"""What appends to score logs need beyond the session: the notary, and which plugins are in use."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING

import structlog
from sqlalchemy.orm import Session

from judging.errors import JudgingError
from judging.plugins import CORE
from judging.services.score_log.tree import read_nodes

if TYPE_CHECKING:
    from judging.db.session import Database
    from judging.notary import Growth, Notary
    from judging.plugins import Registry

_KEEPER = "judging_log_keeper"
_GROWN = "judging_log_grown"
_log = structlog.get_logger(__name__)


@dataclass(frozen=True, slots=True, kw_only=True)
class LogKeeper:
    """Handed to every session."""

    notary: Notary
    registry: Registry

    @property
    def plugins(self) -> Mapping[str, str]:
        """The version of each plugin in use by its name."""
        return {one.name: one.version for one in self.registry.infos if one.name != CORE}


def keep_logs(database: Database, *, notary: Notary, registry: Registry) -> None:
    """Let the sessions of a database append to score logs, and sign after each commit what it added.

    A checkpoint that cannot be signed or kept now is logged, and signed with the next one: the leaves are stored.
    """
    database.share(_KEEPER, LogKeeper(notary=notary, registry=registry))

    def sign(session: Session) -> None:
        grown: dict[str, Growth] = session.info.pop(_GROWN, {})
        for log_id, growth in grown.items():
            try:
                with database.reading() as reader:
                    notary.witness(growth, read=read_nodes(reader, log_id))
            except (JudgingError, OSError):
                _log.exception("checkpoint_not_signed", origin=growth.origin, size=growth.size)

    database.after_commit(sign)


def keeper_of(session: Session) -> LogKeeper:
    """The keeper of the session's logs."""
    found: LogKeeper | None = session.info.get(_KEEPER)
    if found is None:
        raise RuntimeError("this database was opened without a keeper of its score logs: see keep_logs")
    return found


def grown_logs(session: Session) -> dict[str, Growth]:
    """What this unit of work added to each log, by the log's id: signed once it is committed."""
    grown: dict[str, Growth] = session.info.setdefault(_GROWN, {})
    return grown
