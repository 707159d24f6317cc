"""What the models have in common: how strict they are, and the types that recur."""

from __future__ import annotations

from typing import Annotated, Any

from pydantic import AwareDatetime, BaseModel, BeforeValidator, ConfigDict, Field, StringConstraints

Key = Annotated[str, StringConstraints(pattern=r"^[a-z0-9][a-z0-9_-]*$", max_length=80)]
"""A short stable name: of a category, a round, a prize, a contest."""

Id = Annotated[str, StringConstraints(pattern=r"^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$")]
Line = Annotated[str, StringConstraints(max_length=300)]
Reason = Annotated[str, StringConstraints(max_length=5000)]
Email = Annotated[str, StringConstraints(max_length=254)]
Moment = AwareDatetime
Amount = Annotated[str, Field(description="A decimal number as text, with a point.", examples=["27.5"])]
"""A number that people gave or that was computed exactly: text, so that no reader rounds it."""


def _plain_digits(value: Any) -> Any:
    # `int` would also take " 8 ", "1_000" and digits of other scripts.
    return int(value) if isinstance(value, str) and value.isascii() and value.isdigit() and len(value) < 10 else value


class Body(BaseModel):
    """What is sent as JSON."""

    model_config = ConfigDict(strict=True, extra="forbid", frozen=True)


class Query(BaseModel):
    """Parameters of an address."""

    model_config = ConfigDict(strict=True, extra="forbid", frozen=True)


class Answer(BaseModel):
    """What is answered."""

    model_config = ConfigDict(extra="forbid", frozen=True)


class NoParameters(Query):
    """For addresses that take none."""


class Paged(Query):
    """Which part of a list is asked for."""

    limit: Annotated[int, BeforeValidator(_plain_digits), Field(ge=1, le=100)] = Field(
        default=50, description="How many rows, at most."
    )
    cursor: Annotated[str, StringConstraints(pattern=r"^[A-Za-z0-9_-]{1,100}$")] | None = Field(
        default=None, description="`next` of the answer before; without it the list begins."
    )


class FaultAnswer(Answer):
    """One thing that is wrong."""

    pointer: str = Field(description="JSON pointer into the body, or the name of a parameter or header.")
    code: str
    detail: str


class ProblemAnswer(BaseModel):
    """A problem by RFC 9457. Some kinds add members: `current` holds a thing as it is now."""

    model_config = ConfigDict(extra="allow", frozen=True)

    type: str
    title: str
    status: int
    detail: str
    instance: str | None = None
    errors: list[FaultAnswer] | None = None


class Named(Answer):
    """A thing of the rules: its key and what it is called."""

    key: str
    label: str
