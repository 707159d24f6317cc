"""Letters about a contest: the log, and messages to chosen people."""

from __future__ import annotations

from typing import Annotated, Literal

from pydantic import Field, StringConstraints

from judging.web.api.schemas.base import Answer, Body, Line, Moment

Template = Annotated[str, StringConstraints(max_length=10_000)]
Group = Literal["drafts", "submitted", "returned", "eligible", "ineligible", "judges"]


class MessageAnswer(Answer):
    """A letter without its text. `answer` is what the mail server said to the last attempt."""

    id: str
    kind: str
    state: str
    address: str
    entry: str | None
    subject: str
    attempts: int
    answer: str
    written_at: Moment
    leaves_at: Moment
    sent_at: Moment | None


class MessageList(Answer):
    """A part of the log, the newest first."""

    items: list[MessageAnswer]
    next: str | None


class MessageText(Body):
    """A message in one language, with placeholders: {name}, {title}, {code}, {contest}."""

    subject: Line = ""
    text: Template = ""


class MessageBody(Body):
    """A message to the people of `groups`; with `dry_run` it is only shown as each reader would get it."""

    groups: Annotated[list[Group], Field(min_length=1, max_length=6)]
    vi: MessageText = MessageText()
    en: MessageText = MessageText()
    per_entry: bool = False
    dry_run: bool = False


class WrittenMessage(Answer):
    """What one reader would get."""

    address: str
    subject: str
    text: str


class MessageSent(Answer):
    """How many letters are on their way (none in a dry run), to how many, and the first hundred as they are read."""

    queued: int
    recipients: int
    preview: list[WrittenMessage]
