"""Entries with their people, files, receipts and the office's decisions."""

from __future__ import annotations

from datetime import date
from decimal import Decimal
from typing import Annotated, Any, Literal

from pydantic import Field, StringConstraints
from spectree.model_adapter.pydantic_adapter import BaseFile

from judging.domain.country import Purpose
from judging.services.entries.drafts import LONGEST_TITLE
from judging.services.entries.links import LONGEST
from judging.services.entries.members import MOST_ROWS
from judging.services.screening.deciding import Verdict
from judging.web.api.schemas.base import (
    Amount,
    Answer,
    Body,
    Email,
    FaultAnswer,
    Id,
    Key,
    Line,
    Moment,
    Paged,
    Reason,
)

Title = Annotated[str, StringConstraints(max_length=LONGEST_TITLE)]
Value = Annotated[str, StringConstraints(max_length=20_000)] | int | bool | None
Links = Annotated[
    dict[Key, Annotated[list[Annotated[str, StringConstraints(max_length=LONGEST)]], Field(max_length=50)]],
    Field(max_length=50),
]
Share = Annotated[Decimal, Field(strict=False, ge=0, le=100, max_digits=9, decimal_places=6, allow_inf_nan=False)]


class EntryQuery(Paged):
    """Which entries are asked for."""

    state: Key | None = None
    category: Key | None = None


class EntrySummary(Answer):
    """An entry in a list."""

    id: str
    number: int | None = Field(description="null for a judge in whose round entries go by codes.")
    code: str
    title: str
    category: str
    division: str | None
    state: str
    submitted_at: Moment | None


class EntryList(Answer):
    """A part of the entries, by number."""

    items: list[EntrySummary]
    next: str | None


class Member(Answer):
    """A person of an entry; the first is the lead author. `age_verified_at` is when the office saw a proof of age."""

    id: str
    name: str
    born: date | None
    email: str
    unit: str
    share: Amount | None
    age_verified_at: Moment | None


class EntryFile(Answer):
    """A file of the dossier; `url` gives its bytes to the same token.

    Judges get a copy without what tells of its authors: until it is `ready` it has neither size nor digest, and its
    bytes answer 409.
    """

    id: str
    item: str
    filename: str
    media_type: str
    size: int
    sha256: str
    pages: int | None
    ready: bool
    url: str


class ReceiptAnswer(Answer):
    """Proof of a submission: the code is the SHA-256 of all that was handed in."""

    number: str
    time: Moment
    sha256: str


class Entry(EntrySummary):
    """An entry as its reader may see it: judges of a blind round get neither people nor names of files."""

    contest: str
    alias: str
    unit: str | None
    answers: dict[str, Any]
    members: list[Member] | None = Field(description="null where the reader is not told who made the entry.")
    files: list[EntryFile]
    links: dict[str, list[str]] = Field(description="https addresses by dossier item, as the reader may see them.")
    receipts: list[ReceiptAnswer] | None
    consents: list[ConsentAnswer] | None
    may_edit: bool


class ConsentAnswer(Answer):
    """A consent to publish a name: whose, and by whose word."""

    member: str
    by: str


class MemberBody(Body):
    """A person; `id` keeps who they are, and their consents, when others are added or removed."""

    id: Id | None = None
    name: Line
    born: date | None = None
    email: Email = ""
    unit: Line = ""
    share: Share | None = None


class EntryBody(Body):
    """A new entry. Gaps are welcome: what is missing is told when it is handed in."""

    title: Title = ""
    category: Key | None = None
    division: Key | None = None
    answers: Annotated[dict[Key, Value], Field(max_length=200)] = Field(default_factory=dict)
    members: Annotated[list[MemberBody], Field(max_length=MOST_ROWS)] = Field(default_factory=list)
    links: Links = Field(default_factory=dict)


class EntryChange(Body):
    """What is to be changed. Answers are changed one by one, members as a whole; null takes an answer away.

    Links are changed item by item: an item that is named holds exactly those that are given.
    """

    title: Title | None = None
    category: Key | None = None
    division: Key | None = None
    answers: Annotated[dict[Key, Value], Field(max_length=200)] | None = None
    members: Annotated[list[MemberBody], Field(max_length=MOST_ROWS)] | None = None
    links: Links | None = None


class Submitted(Answer):
    """What a submission came to. A late entry is kept and waits for the organiser; `gaps` tell what it lacks."""

    number: str
    time: Moment
    sha256: str
    late: bool
    gaps: list[FaultAnswer]


class ConsentBody(Body):
    """A consent that stands."""

    member: Id
    by: Literal["self", "guardian"]


class ConsentsBody(Body):
    """All consents for one purpose by the caller's word; those of them left out are taken back at once."""

    consents: Annotated[list[ConsentBody], Field(max_length=100)]
    purpose: Annotated[Purpose, Field(strict=False)] = Purpose.PUBLISH_NAME


class FileForm(Body):
    """A file for an item of the dossier."""

    item: Key
    file: BaseFile


class ItemBody(Body):
    """Something to be mended: where in the entry (a field, `members`, a dossier item), and in what way."""

    where: Annotated[str, StringConstraints(max_length=80)] = ""
    text: Line


class ScreeningBody(Body):
    """A decision on a dossier; `admitted` lets a late entry in. A return may say what is to be mended until when."""

    verdict: Annotated[Verdict, Field(strict=False)]
    reason: Reason = ""
    items: Annotated[list[ItemBody], Field(max_length=50)] = Field(default_factory=list)
    until: Moment | None = None


class QueueAnswer(Answer):
    """The dossiers that wait for a decision, the oldest first."""

    items: list[EntrySummary]


class ScreeningAnswer(Answer):
    """The decision as it was recorded; `waiting` says that it is a first word which a second person confirms."""

    entry: str
    verdict: str
    reason: str
    time: Moment
    state: str
    waiting: bool = False


class ErasureBody(Body):
    """Why the people of an entry are erased, and whether its marks go too."""

    reason: Reason
    with_sheets: bool = False


class ErasureAnswer(Answer):
    """What is left of an erased entry."""

    entry: str
    alias: str
    state: str
    erased_at: Moment
    with_sheets: bool


Entry.model_rebuild()
