"""At which stop of the entry form, and at which field of it, a problem is mended: for pages and for letters."""

from __future__ import annotations

from typing import NamedTuple

from judging.db.models import Entry
from judging.domain.fields import FieldKind
from judging.domain.rules import ContestRules
from judging.domain.values import Problem
from judging.services.entries.checks import MEMBERS
from judging.services.entries.people.guard import CONSENTS as OF_CONSENTS

ABOUT, PEOPLE, TEXT, FILES, CONSENTS, REVIEW = "about", "people", "text", "files", "consents", "review"


class Place(NamedTuple):
    """A stop of the form and the id of an element on its page."""

    step: str
    anchor: str

    def path(self, entry: Entry) -> str:
        """The address of the place, without the site's own."""
        return f"/entries/{entry.id}/edit/{self.step}#{self.anchor}"


def place_of(entry: Entry, rules: ContestRules, problem: Problem) -> Place:
    """Where the problem is mended; what has no place of its own is told on the last stop."""
    where = problem.where
    if where in ("title", "category", "division"):
        return Place(ABOUT, where)
    if where == OF_CONSENTS:
        return Place(CONSENTS, "answers")
    if where.partition("-")[0] == MEMBERS:
        return Place(PEOPLE, _row_anchor(entry, problem))
    if any(item.key == where for item in rules.dossier):
        return Place(FILES, f"item-{where}")
    for field in rules.fields:
        if field.key == where:
            return Place(TEXT if field.kind is FieldKind.LONG_TEXT else ABOUT, f"answer_{where}")
    return Place(REVIEW, "main")


def _row_anchor(entry: Entry, problem: Problem) -> str:
    """The field of the first author whose part is missing; the rows as a whole for everything else."""
    part = {"name-missing": "name", "born-missing": "born", "share-missing": "share"}.get(problem.code)
    if part is None:
        return "people"
    lacking = [at for at, member in enumerate(entry.members) if getattr(member, part) in (None, "")]
    return f"members-{lacking[0]}-{part}" if lacking else "people"
