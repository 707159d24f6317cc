"""The papers of a contest: which there are, for which entries, and each of them ready to be printed."""

from __future__ import annotations

from typing import TYPE_CHECKING

from flask import render_template, url_for

from judging.domain.permissions import can_see_entry
from judging.domain.policy import policy
from judging.errors import N_, NotFound
from judging.services.entries.relations import relation_to_entry
from judging.services.results.documents import entries_with_paper, find_document, may_print
from judging.web.context import actor, contest, entry, platform, rules
from judging.web.formats import label
from judging.web.organiser.acts import READERS, require_standings
from judging.web.organiser.blueprint import blueprint
from judging.web.paging import Page, page_of
from judging.web.papers import papers_page
from judging.web.transaction import db

if TYPE_CHECKING:
    from collections.abc import Sequence

    from judging.db.models import Entry
    from judging.domain.rules import Document

_PER_PAGE = 50


@blueprint.get("/<slug>/documents")
@policy(*READERS)
def documents(slug: str) -> str:
    """Every document that the rules of the contest name."""
    del slug
    require_standings()
    return render_template(
        "organiser/results/documents.html",
        contest=contest(),
        rules=rules(),
        documents=rules().documents,
        ready=may_print(contest()),
    )


@blueprint.get("/<slug>/documents/<document_key>")
@policy(*READERS)
def document(slug: str, document_key: str) -> str:
    """The entries that get this document."""
    del slug
    shown, entries, page = _list(document_key)
    return render_template(
        "organiser/results/documents_list.html",
        contest=contest(),
        rules=rules(),
        document=shown,
        entries=entries,
        list_page=page,
        categories={one.key: label(one.label) for one in rules().categories},
    )


@blueprint.get("/<slug>/documents/<document_key>/papers")
@policy(*READERS)
def papers(slug: str, document_key: str) -> str:
    """The documents of one page of the list in one go, to be printed together."""
    shown, entries, page = _list(document_key)
    back = url_for("organiser.document", slug=slug, document_key=document_key, page=page.number)
    return papers_page(shown, entries, back=(label(shown.label), back))


@blueprint.get("/entries/<entry_id>/documents/<document_key>")
@policy(*READERS)
def paper(entry_id: str, document_key: str) -> str:
    """One document of one entry, ready to be printed."""
    del entry_id
    if not can_see_entry(actor(), relation_to_entry(db(), actor=actor(), entry=entry())):
        raise NotFound(N_("There is nothing here."))
    require_standings()
    shown = find_document(rules(), document_key)
    back = url_for("organiser.document", slug=contest().slug, document_key=document_key)
    return papers_page(shown, [entry()], back=(label(shown.label), back))


def _list(document_key: str) -> tuple[Document, Sequence[Entry], Page]:
    require_standings()
    shown = find_document(rules(), document_key)
    found = entries_with_paper(db(), registry=platform().registry, contest=contest(), document=shown)
    page = page_of(len(found), per_page=_PER_PAGE)
    return shown, found[page.offset : page.offset + page.limit], page
