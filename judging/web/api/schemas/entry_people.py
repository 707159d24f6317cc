"""The people of an entry as programs see them: consents with their proof, and who was asked."""

from __future__ import annotations

from typing import Annotated, Literal

from pydantic import Field

from judging.web.api.schemas.base import Answer, Body, Email, Id, Line, Moment


class ConsentProof(Answer):
    """A consent with its proof; `text` is the SHA-256 of the words that were shown."""

    purpose: str
    by: str
    method: str
    given_at: Moment
    withdrawn_at: Moment | None
    text: str


class AskedPerson(Answer):
    """Somebody who was asked; `answer` is empty as long as there is none."""

    role: str
    email: str
    asked_at: Moment
    answer: str
    answered_at: Moment | None


class MemberConsents(Answer):
    """An author: whose agreement to taking part is needed and missing, all consents ever given, who was asked."""

    member: str
    needed: list[str]
    missing: list[str]
    consents: list[ConsentProof]
    asked: list[AskedPerson]


class LinkBody(Body):
    """Whom to send a link: `coauthor` and `guardian` name the member, `mentor` and `school` none."""

    role: Literal["coauthor", "guardian", "mentor", "school"]
    email: Email
    member: Id | None = None
    name: Line = ""


class EntryPeople(Answer):
    """The authors of an entry with their consents, and mentor and school if they were asked."""

    entry: str
    members: Annotated[list[MemberConsents], Field(description="In the order of authors.")]
    asked: list[AskedPerson]
