"""Papers as pages to be printed: what a template gets to see, and which template it is."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

from flask import render_template

from judging.errors import N_, JudgingError, PluginError
from judging.plugins.records import told
from judging.services.results.documents import make_papers
from judging.web.contest_value import contest_value
from judging.web.context import contest, platform, rules
from judging.web.formats import entry_code, label, score, shown_title
from judging.web.transaction import db

if TYPE_CHECKING:
    from judging.db.models import Entry
    from judging.domain.rules import Document
    from judging.services.results.documents import Paper

PAPER = "documents/paper.html"


@dataclass(frozen=True, slots=True, kw_only=True)
class Sheet:
    """One paper as its template sees it: texts in the reader's language, and no rows.

    `rank` and `score` are those of `round`, the last round the entry was judged in. `values` is what the kind's own
    code added for this document.
    """

    document: str
    code: str
    title: str
    names: tuple[str, ...]
    units: tuple[str, ...]
    category: str
    division: str
    round: str
    rank: int
    score: str
    prizes: tuple[str, ...]
    values: Mapping[str, object]


def papers_page(document: Document, entries: Sequence[Entry], *, back: tuple[str, str]) -> str:
    """The document for these entries, one after the other. `back` is (label, address) of the page it came from.

    Raises PluginError when the kind's own code or template fails: nothing is printed by half.
    """
    registry = platform().registry
    papers = make_papers(db(), registry=registry, contest=contest(), document=document, entries=entries)
    owner = registry.owner_of(contest().kind)
    template = f"{owner.name}:{document.template}" if document.template else PAPER
    try:
        return render_template(
            template,
            contest=contest_value(contest()),
            rules=rules(),
            document=label(document.label),
            papers=[_sheet(paper) for paper in papers],
            back=back,
        )
    except JudgingError:
        raise
    except Exception as error:
        if not document.template:
            raise
        raise PluginError(
            N_("Plugin %(plugin)s failed in the template of the document “%(document)s”: %(reason)s"),
            plugin=owner.name,
            document=document.label,
            reason=told(error),
        ) from error


def _sheet(paper: Paper) -> Sheet:
    kind, entry = rules(), paper.entry
    labels = {one.key: label(one.label) for one in (*kind.categories, *kind.divisions)}
    rounds = {one.key: label(one.label) for one in kind.rounds}
    awards = {one.key: label(one.label) for one in kind.awards}
    units = [entry.unit, *(member.unit for member in entry.members)]
    return Sheet(
        document=label(paper.document.label),
        code=entry_code(entry.number, kind.prefix),
        title=shown_title(entry),
        names=tuple(member.name for member in entry.members),
        units=tuple(dict.fromkeys(unit for unit in units if unit)),
        category=labels.get(entry.category, entry.category),
        division=labels.get(entry.division or "", entry.division or ""),
        round=rounds.get(paper.round, paper.round),
        rank=paper.standing.rank,
        score=score(paper.standing.score.value),
        prizes=tuple(awards.get(level, level) for level in paper.prizes),
        values=paper.values,
    )
