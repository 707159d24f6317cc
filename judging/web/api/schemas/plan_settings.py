"""What the office asks of the plan of a round."""

from __future__ import annotations

from typing import Annotated

from pydantic import Field

from judging.domain.plan_settings import MOST_COMMON, MOST_LEAST
from judging.web.api.schemas.base import Answer, Body

_Common = Annotated[int, Field(ge=0, le=MOST_COMMON)]


class PlanSettingsBody(Body):
    """All of it at once; what is left out is as usual.

    `common` entries of each panel are read by all its judges, `across` entries of each panel by a judge of every other
    panel too. With `preferences` the categories that judges know best count, and with `even` only as far as loads stay
    even. Every judge should get `least` entries.
    """

    common: _Common = 0
    across: _Common = 0
    even: bool = True
    preferences: bool = True
    least: Annotated[int, Field(ge=0, le=MOST_LEAST)] = 0


class PlanSettingsAnswer(Answer):
    """What is asked of the plan of a round."""

    common: int
    across: int
    even: bool
    preferences: bool
    least: int
