"""The states of the copy of a file that judges get, and what each of them is told."""

from __future__ import annotations

from collections.abc import Mapping
from enum import StrEnum

from judging.errors import N_


class CopyState(StrEnum):
    """What has become of the copy: only a `ready` one is ever given to a judge, and the original never."""

    WAITING = "waiting"
    READY = "ready"
    HELD = "held"
    INFECTED = "infected"
    FAILED = "failed"


JUDGES_ARE_TOLD: Mapping[CopyState, str] = {
    CopyState.WAITING: N_("This file is being prepared for you. Open the page again in a minute."),
    CopyState.HELD: N_("This file has not been scanned yet, so it is held back. The office sees this too; try later."),
    CopyState.INFECTED: N_("This file is kept back: a scanner found something harmful in it. Ask the office."),
    CopyState.FAILED: N_("No copy for judges could be made of this file. Ask the office, which can ask for another."),
}
OFFICE_IS_TOLD: Mapping[CopyState, str] = {
    CopyState.WAITING: N_("The copy for judges is being made."),
    CopyState.READY: N_("Judges get a copy without what tells of its authors."),
    CopyState.HELD: N_(
        "The scanner cannot be reached. Judges do not get this file until it was scanned; it is tried again by itself."
    ),
    CopyState.INFECTED: N_(
        "The scanner found something harmful. Nobody gets this file: return the entry and ask for another one."
    ),
    CopyState.FAILED: N_(
        "No copy for judges could be made, so they do not get this file: return the entry and ask for it as PDF."
    ),
}
WITHOUT_FINDINGS = N_("Judges get a copy without what is listed here, and without what tells of its authors.")
"""What the office is told of a copy that is ready where something was found in the file."""
AUTHORS_ARE_TOLD: Mapping[CopyState, str] = {
    CopyState.INFECTED: N_("A scanner found something harmful in this file. Remove it, and send another one."),
    CopyState.FAILED: N_(
        "Judges cannot be shown this file. Remove it, save it as PDF (a picture as JPEG), and send that."
    ),
}
"""What the people of the entry can do something about; the rest comes right by itself."""


class Recheck(StrEnum):
    """What a file that is kept needs when its check is asked for again."""

    NOTHING = "nothing"
    SCAN = "scan"
    COPY = "copy"


def recheck_of(state: CopyState | None, *, scanned: bool, scans: bool, anew: bool) -> Recheck:
    """What is to be done with a file whose copy stands so; `state` is None where none was ever asked for.

    `scanned` says whether a scanner has passed it, `scans` whether there is one now, `anew` whether a ready copy is to
    be made again. A file in which harm was found is looked at again by a scanner, and never without one.
    """
    if state is CopyState.INFECTED:
        return Recheck.COPY if scans else Recheck.NOTHING
    if state is not CopyState.READY or anew:
        return Recheck.COPY
    return Recheck.SCAN if scans and not scanned else Recheck.NOTHING
