"""The contestant's pages: eligibility, the entry in steps, files, receipts."""

from judging.web.entrant import (
    documents,
    eligibility,
    files,
    finish,
    home,
    labels,
    links,
    people_links,
    show,
    steps,
    uploads,
    versions,
    write_up,
)
from judging.web.entrant.blueprint import blueprint

__all__ = [
    "blueprint",
    "documents",
    "eligibility",
    "files",
    "finish",
    "home",
    "labels",
    "links",
    "people_links",
    "show",
    "steps",
    "uploads",
    "versions",
    "write_up",
]
