"""The write-up of an entry as a DOCX: the rules' questions as headings, with what was answered and blanks for the rest.

It looks as administrative documents in Viet Nam do (Decree 30/2020/ND-CP, annex I): A4, margins of 20, 20, 30 and 15
mm, Times New Roman of 13 and 14 points, the state's name at the top right. Everything a person typed is put in as the
text of a run: no field, link or macro can come of it.
"""

from __future__ import annotations

import io
import re
from collections.abc import Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

from docx import Document
from docx.enum.text import WD_ALIGN_PARAGRAPH
from docx.oxml.ns import qn
from docx.shared import Mm, Pt

if TYPE_CHECKING:
    from docx.document import Document as DocumentType
    from docx.text.paragraph import Paragraph

MEDIA_TYPE = "application/vnd.openxmlformats-officedocument.wordprocessingml.document"
_FONT = "Times New Roman"
_BLANKS = 4
_DOTS = "." * 110
# What XML 1.0 cannot hold (section 2.2).
_NOT_XML = re.compile("[^\t\n\r\u0020-\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]")


@dataclass(frozen=True, slots=True, kw_only=True)
class Question:
    """A heading with what was answered and what the rules say of it; an empty answer leaves lines to write on."""

    heading: str
    answer: str = ""
    hint: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Author:
    """A row of the authors: texts as they are to stand there."""

    name: str
    unit: str
    share: str


@dataclass(frozen=True, slots=True, kw_only=True)
class WriteUp:
    """What the paper says, all texts in its language. Without `authors` there are blank rows for `rows` of them."""

    office: str
    state: str
    motto: str
    heading: str
    contest: str
    facts: Sequence[tuple[str, str]]
    authors_heading: str
    author_columns: Sequence[str]
    questions: Sequence[Question]
    signature: Sequence[str]
    authors: Sequence[Author] = ()
    rows: int = 1


def write_document(paper: WriteUp) -> bytes:
    """The paper as the bytes of a DOCX."""
    document = Document()
    _set_page(document, paper)
    _write_head(document, paper)
    for name, value in paper.facts:
        line = document.add_paragraph()
        line.add_run(f"{_clean(name)}: ").bold = True
        line.add_run(_clean(value) or _DOTS[: 100 - len(name)])
    _write_authors(document, paper)
    for number, question in enumerate(paper.questions, start=1):
        _write_question(document, number, question)
    _write_signature(document, paper)
    out = io.BytesIO()
    document.save(out)
    return out.getvalue()


def _set_page(document: DocumentType, paper: WriteUp) -> None:
    section = document.sections[0]
    section.page_width, section.page_height = Mm(210), Mm(297)
    section.top_margin = section.bottom_margin = Mm(20)
    section.left_margin, section.right_margin = Mm(30), Mm(15)
    style = document.styles["Normal"]
    style.font.name, style.font.size = _FONT, Pt(13)
    # Word takes Vietnamese letters from the font for East Asia unless it is told.
    style.element.get_or_add_rPr().get_or_add_rFonts().set(qn("w:eastAsia"), _FONT)
    style.paragraph_format.space_after = Pt(6)
    about = document.core_properties
    about.author, about.comments, about.title = "", "", _clean(paper.heading)


def _write_head(document: DocumentType, paper: WriteUp) -> None:
    left, right = document.add_table(rows=1, cols=2).rows[0].cells
    _centred(left.paragraphs[0], paper.office.upper(), size=12)
    _centred(right.paragraphs[0], paper.state.upper(), size=12)
    _centred(right.add_paragraph(), paper.motto, size=13)
    document.add_paragraph()
    _centred(document.add_paragraph(), paper.heading.upper(), size=14)
    _centred(document.add_paragraph(), paper.contest, size=14)


def _write_authors(document: DocumentType, paper: WriteUp) -> None:
    document.add_paragraph().add_run(_clean(paper.authors_heading)).bold = True
    rows = [(one.name, one.unit, one.share) for one in paper.authors] or [("", "", "")] * paper.rows
    table = document.add_table(rows=1, cols=len(paper.author_columns), style="Table Grid")
    for cell, name in zip(table.rows[0].cells, paper.author_columns, strict=True):
        _centred(cell.paragraphs[0], name, size=13)
    for row in rows:
        for cell, text in zip(table.add_row().cells, row, strict=False):
            cell.paragraphs[0].add_run(_clean(text))


def _write_question(document: DocumentType, number: int, question: Question) -> None:
    heading = document.add_paragraph()
    heading.paragraph_format.keep_with_next = True
    heading.paragraph_format.space_before = Pt(10)
    heading.add_run(f"{number}. {_clean(question.heading)}").bold = True
    if question.hint:
        hint = document.add_paragraph()
        hint.paragraph_format.keep_with_next = True
        hint.add_run(_clean(question.hint)).italic = True
    for line in _clean(question.answer).split("\n") if question.answer else [_DOTS] * _BLANKS:
        paragraph = document.add_paragraph(line)
        paragraph.alignment = WD_ALIGN_PARAGRAPH.JUSTIFY if question.answer else WD_ALIGN_PARAGRAPH.LEFT


def _write_signature(document: DocumentType, paper: WriteUp) -> None:
    document.add_paragraph()
    left, right = document.add_table(rows=1, cols=2).rows[0].cells
    del left
    for at, text in enumerate(paper.signature):
        _centred(right.paragraphs[0] if not at else right.add_paragraph(), text, size=13, bold=at == 1)


def _centred(paragraph: Paragraph, text: str, *, size: int, bold: bool = True) -> None:
    paragraph.alignment = WD_ALIGN_PARAGRAPH.CENTER
    run = paragraph.add_run(_clean(text))
    run.bold, run.font.size = bold, Pt(size)


def _clean(text: str) -> str:
    return _NOT_XML.sub("", text)
