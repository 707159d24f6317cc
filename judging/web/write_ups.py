"""The write-up of a contest as a download: blank, or with what an entry says so far."""

from __future__ import annotations

from datetime import date

from flask import Response
from flask_babel import force_locale
from flask_babel import gettext as _

from judging.db.models import Contest, Entry
from judging.domain.fields import EntryField, FieldKind
from judging.domain.rules import ContestRules
from judging.services.entries.write_up import MEDIA_TYPE, Author, Question, WriteUp, write_document
from judging.web.formats import day, entry_code, label, mark

# The language in which the contest itself is held: its papers go to a Vietnamese office.
_LANGUAGE = "vi"


def write_up_answer(contest: Contest, rules: ContestRules, entry: Entry | None = None) -> Response:
    """The DOCX as an attachment."""
    with force_locale(_LANGUAGE):
        made = write_document(_paper(contest, rules, entry))
    name = entry_code(entry.number, rules.prefix) if entry is not None else contest.slug
    answer = Response(made, mimetype=MEDIA_TYPE)
    answer.headers["Content-Disposition"] = f'attachment; filename="{name}-write-up.docx"'
    return answer


def _paper(contest: Contest, rules: ContestRules, entry: Entry | None) -> WriteUp:
    says = entry.answers if entry is not None else {}
    category = next((label(one.label) for one in rules.categories if entry and one.key == entry.category), "")
    facts = [(_("Title"), entry.title if entry is not None else ""), (_("Category"), category)]
    if entry is not None:
        facts.insert(0, (_("Code"), entry_code(entry.number, rules.prefix)))
    long_texts = [field for field in rules.fields if field.kind is FieldKind.LONG_TEXT]
    short = [field for field in rules.fields if field.kind not in (FieldKind.LONG_TEXT, FieldKind.BOOLEAN)]
    facts += [(label(field.label), _said(field, says.get(field.key))) for field in short]
    return WriteUp(
        office=contest.organisation.name,
        state=_("Socialist Republic of Viet Nam"),
        motto=_("Independence – Freedom – Happiness"),
        heading=_("Description of the entry"),
        contest=contest.title,
        facts=facts,
        authors_heading=_("Authors"),
        author_columns=(_("Full name"), _("School, workplace or firm"), _("Share in per cent")),
        authors=_authors(entry),
        rows=rules.team.high,
        questions=[
            Question(heading=label(field.label), answer=_said(field, says.get(field.key)), hint=_hint(field))
            for field in long_texts
        ],
        signature=(_("….., day ….. month ….. year ………"), _("The authors"), _("(signatures and full names)")),
    )


def _authors(entry: Entry | None) -> list[Author]:
    members = entry.members if entry is not None else []
    return [
        Author(name=one.name, unit=one.unit, share=f"{mark(one.share)}%" if one.share is not None else "")
        for one in members
        if one.name
    ]


def _hint(field: EntryField) -> str:
    limit = _("At most %(max)s words", max=field.max_words) if field.max_words else ""
    return " ".join(text for text in (label(field.help), f"({limit}.)" if limit else "") if text)


def _said(field: EntryField, value: object) -> str:
    if value in (None, ""):
        return ""
    if field.kind is FieldKind.CHOICE:
        return next((label(choice.label) for choice in field.choices if choice.key == value), str(value))
    if field.kind is FieldKind.DATE:
        return day(date.fromisoformat(str(value)))
    return mark(str(value)) if field.kind is FieldKind.DECIMAL else str(value)
