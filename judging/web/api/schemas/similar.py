"""Entries that look alike."""

from __future__ import annotations

from typing import Literal

from pydantic import Field

from judging.web.api.schemas.base import Answer


class SimilarEntry(Answer):
    """An entry by code and title; never by its people."""

    id: str
    code: str
    title: str
    contest: str
    state: str


class SimilarPassage(Answer):
    """The same passage as it stands in both, and how many words of it are common."""

    here: str
    there: str
    words: int


class SimilarPairAnswer(Answer):
    """Another entry that looks like this one. A hint, not a verdict."""

    entry: SimilarEntry
    other: SimilarEntry
    score: float = Field(description="From 0 to 1: how much is in common beyond what a theme explains.")
    reasons: list[str] = Field(description="By what: file, picture, text, title.")
    passages: list[SimilarPassage]
    decision: Literal["same", "different"] | None = Field(description="What the office said of the pair.")
    note: str | None


class SimilarList(Answer):
    """At most three entries, the likest first; `declared` is what the authors said themselves."""

    declared: bool
    items: list[SimilarPairAnswer]
