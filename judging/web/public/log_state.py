"""The score log of the contest of the address, as far as everybody may see it."""

from __future__ import annotations

from typing import TYPE_CHECKING

from judging.errors import N_, NotFound, StoreUnavailable
from judging.services.score_log.heads import list_logs
from judging.services.score_log.keeper import keeper_of
from judging.services.score_log.published_state import PublishedState, published_checkpoint, published_state
from judging.web.context import contest, now
from judging.web.formats import moment
from judging.web.transaction import db

if TYPE_CHECKING:
    from typing import Any

    from judging.domain.ledger.notes import VerifierKey
    from judging.services.score_log.appending import Log

_GROUP = 8


def log_of_epoch(epoch: int) -> Log:
    """The contest's log of that epoch. Raises NotFound."""
    for log in list_logs(db(), contest()):
        if log.epoch == epoch:
            return log
    raise NotFound(N_("There is nothing here."))


def state_of(log: Log) -> PublishedState | None:
    """What everybody may see of a log now; None before its first leaf is published."""
    return published_state(db(), log, contest=contest(), now=now())


def newest_state() -> PublishedState | None:
    """What everybody may see of the contest's newest log."""
    logs = list_logs(db(), contest())
    return state_of(logs[-1]) if logs else None


def open_state() -> dict[str, Any] | None:
    """The newest log for the results page, once its leaves are public: that page is shown even where this fails."""
    try:
        state = newest_state()
        return shown_state(state) if state is not None and state.is_open else None
    except StoreUnavailable:
        return None


def key_of(log: Log) -> VerifierKey:
    """The public key that a log is signed with."""
    return keeper_of(db()).notary.verifier(log.origin)


def shown_state(state: PublishedState) -> dict[str, Any]:
    """A published state as pages show it; the root in groups of eight, to be compared rather than typed."""
    note = published_checkpoint(db(), state)
    root = note.decode().split("\n")[2]
    return {
        "origin": state.log.origin,
        "epoch": state.log.epoch,
        "size": state.size,
        "root": " ".join(root[start : start + _GROUP] for start in range(0, len(root), _GROUP)),
        "at": moment(state.at, contest().zone, seconds=True),
        "is_open": state.is_open,
        "vkey": str(key_of(state.log)),
    }
