"""The contestant's pages: eligibility, the entry in steps, files, receipts."""

from judging.web.entrant import documents, eligibility, files, finish, home, show, steps, uploads
from judging.web.entrant.blueprint import blueprint

__all__ = ["blueprint", "documents", "eligibility", "files", "finish", "home", "show", "steps", "uploads"]
from judging.web.entrant import people_links

__all__ = ["blueprint", "documents", "eligibility", "files", "finish", "home", "people_links", "show", "steps"]
from judging.web.entrant import labels, links, versions, write_up

__all__ = [
    "blueprint",
    "documents",
    "eligibility",
    "files",
    "finish",
    "home",
    "labels",
    "links",
    "show",
    "steps",
    "versions",
    "write_up",
]
