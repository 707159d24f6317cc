"""Things received at the office."""

from __future__ import annotations

from typing import Annotated

from pydantic import StringConstraints

from judging.web.api.schemas.base import Answer, Body, Key, Moment


class HandoverBody(Body):
    """Which item of the dossier came, where it stands, and in what condition it is."""

    item: Key
    place: Annotated[str, StringConstraints(max_length=200)] = ""
    note: Annotated[str, StringConstraints(max_length=2000)] = ""


class HandoverAnswer(Answer):
    """A thing that was received, by whom and when."""

    id: str
    entry: str
    item: str
    time: Moment
    by: str
    place: str
    note: str
