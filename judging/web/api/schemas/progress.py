"""How far the reading of a round has come, in counts: no mark stands beside a judge's alias."""

from __future__ import annotations

from pydantic import Field

from judging.web.api.schemas.base import Amount, Answer, Moment


class PanelProgress(Answer):
    """The sheets on the entries of a panel; `panel` is null for entries of no panel."""

    panel: str | None
    done: int
    total: int
    silent: int
    gaps: int
    minutes_left: int | None = Field(
        description="Of the judge who needs longest, at this pace; null where nobody has one yet."
    )


class JudgeProgress(Answer):
    """One judge's sheets. Whoever has sheets left and has done nothing for a day is silent."""

    judge: str
    done: int
    total: int
    written_off: int
    left: int
    last: Moment | None
    silent: bool
    minutes_left: int | None = Field(
        description="At the own pace, else at that of the others; null where nobody has one yet."
    )


class EntryGap(Answer):
    """A locked entry whose judges differ by more than the limit."""

    entry: str
    code: str
    gap: Amount


class Progress(Answer):
    """The round as it stands now."""

    round: str
    done: int
    total: int
    panels: list[PanelProgress]
    judges: list[JudgeProgress]
    gaps: list[EntryGap]
