"""What other parts know of a dossier that is screened: its files, its things, its likeness to others, its consents."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from flask import url_for
from flask_babel import gettext as _

from judging.db.queries import office_running_entry as dossier
from judging.db.queries.file_copies import made_of_files
from judging.domain.copy_states import OFFICE_IS_TOLD, CopyState
from judging.domain.permissions import can_see_file
from judging.domain.receiving import physical_items
from judging.domain.similarity.rights import can_see_similar
from judging.services.entries.handovers import handovers_of
from judging.services.entries.people.guard import CONSENTS
from judging.services.entries.similar.pairs import similar_to
from judging.services.entries.similar.shown import code_of
from judging.web.context import actor, contest, entry, platform, rules
from judging.web.file_previews import finding_texts, state_of
from judging.web.formats import label, shown_title
from judging.web.organiser.screening.similar_texts import reason_lines
from judging.web.transaction import db

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from judging.domain.permissions import Relation
    from judging.domain.values import Problem

_AMISS = (CopyState.HELD, CopyState.INFECTED, CopyState.FAILED)


@dataclass(frozen=True, slots=True, kw_only=True)
class Hint:
    """Something to be looked at, and where; without an address it stands on this page."""

    text: str
    url: str = ""
    link: str = ""


def desk_hints(problems: Sequence[Problem], relation: Relation) -> list[Hint]:
    """Everything that the checks of the rules do not see, for the entry of the address. Always as many queries."""
    return [*_of_consents(problems), *_of_files(relation), *_of_things(), *_of_similar()]


def _of_consents(problems: Sequence[Problem]) -> Iterator[Hint]:
    if any(problem.where == CONSENTS for problem in problems):
        yield Hint(
            text=_("An agreement is missing."),
            url=url_for("organiser.consents", entry_id=entry().id), link=_("Who has agreed, and forms on paper"),
        )  # fmt: skip


def _of_files(relation: Relation) -> Iterator[Hint]:
    made = made_of_files(db(), entry())
    for file in dossier.list_files(db(), entry()):
        item = next((one for one in rules().dossier if one.key == file.item), None)
        if item is None or not can_see_file(actor(), relation, office_only=item.office_only):
            continue
        state, findings = state_of(made.get(file.id)), finding_texts(made.get(file.id))
        told = [label(OFFICE_IS_TOLD[state])] if state in _AMISS and _concerns(state, item.office_only) else []
        for sentence in (*told, *findings):
            yield Hint(text=f"{file.filename}: {sentence}")


def _concerns(state: CopyState, office_only: bool) -> bool:  # noqa: FBT001 - the second of two plain facts
    """No judge gets a paper for the office only, so of its copy only harm is told."""
    return state is CopyState.INFECTED or not office_only


def _of_things() -> Iterator[Hint]:
    received = handovers_of(db(), entry=entry())
    for item in physical_items(rules()):
        if item.key not in received:
            text = (
                _("“%(item)s” has not been received at the office.", item=label(item.label))
                if item.required
                else _("“%(item)s” has not been received at the office. Not every entry needs it.",
                       item=label(item.label))
            )  # fmt: skip
            url = url_for("organiser.receiving", slug=contest().slug, item=item.key, show="missing")
            yield Hint(text=text, url=url, link=_("Receiving"))


def _of_similar() -> Iterator[Hint]:
    if not can_see_similar(actor()):
        return
    for found in similar_to(db(), entry=entry(), actor=actor()):
        if found.decision is None:
            other = f"{code_of(platform().registry, found.other)} {shown_title(found.other)}"
            yield Hint(
                text=_("It looks like %(other)s.", other=other) + " " + " ".join(reason_lines(found)),
                url=url_for("organiser.entry", entry_id=entry().id, _anchor="similar"), link=_("Compare them"),
            )  # fmt: skip
