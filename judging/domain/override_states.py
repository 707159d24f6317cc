"""Where a decision over a submitted sheet stands: proposed by one person, decided by another."""

from __future__ import annotations

from collections.abc import Mapping
from enum import StrEnum

from judging.errors import N_


class OverrideState(StrEnum):
    """Only `approved` counts. A later decision over the same version makes an approved one `replaced`."""

    PROPOSED = "proposed"
    APPROVED = "approved"
    REPLACED = "replaced"
    REJECTED = "rejected"
    WITHDRAWN = "withdrawn"


OVERRIDE_LABELS: Mapping[OverrideState, str] = {
    OverrideState.PROPOSED: N_("Waits for a second person"),
    OverrideState.APPROVED: N_("Approved"),
    OverrideState.REPLACED: N_("Replaced by a later decision"),
    OverrideState.REJECTED: N_("Proposal rejected"),
    OverrideState.WITHDRAWN: N_("Proposal withdrawn"),
}
