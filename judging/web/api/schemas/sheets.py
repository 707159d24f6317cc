"""A judge's own work: what was assigned, the sheet, its receipt."""

from __future__ import annotations

from typing import Annotated, Any, Final, Literal

from pydantic import AfterValidator, Field, StringConstraints, WithJsonSchema, model_validator
from pydantic_core import PydanticCustomError

from judging.domain.conflicts import DECLARABLE, ConflictKind
from judging.services.sheets.drafts import LONGEST_COMMENT
from judging.web.api.schemas.base import Amount, Answer, Body, FaultAnswer, Id, Key, Moment, Paged, Reason
from judging.web.api.schemas.contests import RubricAnswer

MarkKey = Annotated[str, StringConstraints(pattern=r"^[a-z0-9_.-]{1,130}$")]
MarkText = Annotated[str, StringConstraints(max_length=40)]
Comment = Annotated[str, StringConstraints(max_length=LONGEST_COMMENT)]


class AssignmentQuery(Paged):
    """Which of one's readings are asked for."""

    contest: Key | None = None
    state: Key | None = None


class AssignedEntry(Answer):
    """The entry of a reading. Where entries go by codes, its `id` is the reading's own until the round has closed."""

    id: str
    code: str
    title: str
    category: str


class AssignmentAnswer(Answer):
    """One reading. `open` says whether its sheet can be written on now."""

    id: str
    contest: str
    round: str
    state: str
    entry: AssignedEntry
    deadline: Moment | None
    open: bool
    must_declare: bool = Field(description="Whether conflicts of interest must be declared first.")
    aside: bool = Field(description="Whether one has set the entry aside for later.")


class AssignmentList(Answer):
    """A part of one's readings, in the order in which they were given; those set aside come last."""

    items: list[AssignmentAnswer]
    next: str | None
    declare_units: list[str] = Field(
        description="The contests whose readings are left out until one has declared one's ties to schools and units."
    )


class SheetBody(Body):
    """The whole sheet. Marks are decimals as text, by the mark keys of the rubric."""

    marks: Annotated[dict[MarkKey, MarkText], Field(max_length=200)] = Field(default_factory=dict)
    comments: Annotated[dict[Key, Comment], Field(max_length=100)] = Field(default_factory=dict)
    bands: Annotated[dict[Key, Key], Field(max_length=100)] = Field(default_factory=dict)
    comment: Comment = ""
    state: Literal["draft", "submitted"]
    rubric: Annotated[str, StringConstraints(pattern=r"^[0-9a-f]{64}$")] | None = Field(
        default=None, description="The digest of the rubric that was filled in; another one in force is refused."
    )


class SheetReceipt(Answer):
    """Proof of a submitted sheet. `code` begins the hash of the leaf that recorded it in the contest's score log.

    In a round in which entries go by codes, the log and the place in it are told once the round has closed.
    """

    version: int
    code: str
    time: Moment
    total: Amount
    log: str | None = Field(description="The origin of the score log.")
    index: int | None = Field(description="The leaf's place in the log.")
    proof: str | None = Field(
        default=None,
        description="The receipt itself (C2SP tlog-proof), in the answer to a submission; else see `…/receipt`.",
    )


class Sheet(Answer):
    """One's own sheet as it stands. `left` counts criteria without a sound mark; a receipt is of the newest version."""

    assignment: str
    contest: str
    round: str
    entry: AssignedEntry
    state: str
    marks: dict[str, Amount]
    comments: dict[str, str]
    bands: dict[str, str]
    comment: str
    total: Amount
    left: int
    problems: list[FaultAnswer]
    receipt: SheetReceipt | None


class SheetWork(Sheet):
    """The sheet with all that is needed to fill it in. `closed` says why it cannot be written on, empty when it can."""

    deadline: Moment | None
    closed: str
    must_declare: bool
    rubric: RubricAnswer


class RecuseBody(Body):
    """Why one steps back; “other” needs a reason in words."""

    kind: Annotated[ConflictKind, Field(strict=False)] = ConflictKind.OTHER
    reason: Reason = ""


class Recused(Answer):
    """The reading after one stepped back."""

    assignment: str
    state: str


NO_CONFLICT: Final = "none"
_CONFLICT_ANSWERS = (NO_CONFLICT, *(kind.value for kind in DECLARABLE))


def _on_offer(value: str) -> str:
    # A union of “none” and the kinds would tell of each of its halves that the value is wrong.
    if value not in _CONFLICT_ANSWERS:
        raise PydanticCustomError("enum", "not on offer", {"expected": ", ".join(_CONFLICT_ANSWERS)})
    return value


ConflictAnswer = Annotated[
    str, AfterValidator(_on_offer), WithJsonSchema({"type": "string", "enum": list(_CONFLICT_ANSWERS)})
]


class Undeclared(Answer):
    """A reading for which one has yet to say whether there is a conflict of interest."""

    assignment: str
    title: str
    members: list[str]


class UndeclaredList(Answer):
    """All such readings of a contest."""

    items: list[Undeclared]


class ConflictsBody(Body):
    """What ties one to each entry that is listed, by the id of the reading: “none”, or the kind of conflict."""

    answers: Annotated[dict[Id, ConflictAnswer], Field(min_length=1, max_length=1000)]

    @model_validator(mode="before")
    @classmethod
    def _is_answered(cls, value: Any) -> Any:
        # Silence is no declaration: a program that sends nothing may have looked at nothing.
        if isinstance(value, dict) and value.get("answers") in (None, {}):
            raise PydanticCustomError("answers_missing", "answers missing")
        return value


class Declared(Answer):
    """From how many entries one stepped back by the declaration."""

    recused: int
