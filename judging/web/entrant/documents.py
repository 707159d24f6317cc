"""What the people of an entry may print of it once the results are public, such as their certificate."""

from __future__ import annotations

from flask import url_for

from judging.domain.policy import policy
from judging.errors import N_, NotFound
from judging.services.results.documents import documents_of_entry
from judging.web.context import entry, rules
from judging.web.entrant.blueprint import blueprint
from judging.web.papers import papers_page
from judging.web.transaction import db


@blueprint.get("/entries/<entry_id>/documents/<document_key>")
@policy("contestant")
def document(entry_id: str, document_key: str) -> str:
    """One document of the entry, ready to be printed. Before the results are public there is none."""
    offered = {one.key: one for one in documents_of_entry(db(), rules=rules(), entry=entry())}
    if document_key not in offered:
        raise NotFound(N_("There is nothing here."))
    back = url_for("entrant.show", entry_id=entry_id)
    return papers_page(offered[document_key], [entry()], back=(entry().title, back))
