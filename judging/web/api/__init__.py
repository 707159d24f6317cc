"""The interface for programs: the same services as the pages, in JSON, by bearer token."""

from judging.web.api import (
    contests,
    docs,
    document,
    entries,
    erasure,
    files,
    me,
    overrides,
    people,
    phase,
    prizes,
    results,
    rounds,
    screening,
    settings,
    sheets,
    standings,
)
from judging.web.api.blueprint import blueprint

__all__ = [
    "blueprint",
    "contests",
    "docs",
    "document",
    "entries",
    "erasure",
    "files",
    "me",
    "overrides",
    "people",
    "phase",
    "prizes",
    "results",
    "rounds",
    "screening",
    "settings",
    "sheets",
    "standings",
]
