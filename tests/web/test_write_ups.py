"""The write-up as a DOCX: opened again, with what was answered as plain text and nothing that runs."""

from __future__ import annotations

import io
import zipfile
from collections.abc import Callable
from datetime import date

from docx import Document
from flask.testing import FlaskClient

from judging.db.models import Account
from judging.services.platform import Platform
from tests.factories import make_account, make_contest, make_entry

SignIn = Callable[[FlaskClient, Account], str]
NASTY = '{ HYPERLINK "https://evil.example" } =cmd|calc <w:fldSimple w:instr="DATE"/> \ufffe{ INCLUDETEXT "c:\\\\x" }'


def test_form_of_an_entry_has_its_answers_and_blanks_for_the_rest(
    client: FlaskClient, sign_in: SignIn, platform: Platform
) -> None:
    with platform.database.writing() as session:
        owner = make_account(session)
        contest = make_contest(session, platform.registry, title="Cuộc thi Sáng tạo Mẫu")
        entry = make_entry(
            session, contest, owner=owner, state="draft", title="Bộ lọc nước", answers={"idea": "Dòng một\nDòng hai"},
            members=({"name": "Nông Mẫu Bình", "born": date(2009, 1, 1), "unit": "THCS Mẫu 12"},),
        )  # fmt: skip
    sign_in(client, owner)

    answer = client.get(f"/entries/{entry.id}/write-up.docx")

    assert str(answer.mimetype).endswith("wordprocessingml.document")
    assert answer.headers["Content-Disposition"].startswith("attachment;")
    document = Document(io.BytesIO(answer.data))
    lines = [paragraph.text for paragraph in document.paragraphs]
    assert "Cuộc thi Sáng tạo Mẫu" in lines
    assert lines[lines.index("Dòng một") + 1] == "Dòng hai"
    head = [paragraph.text for cell in document.tables[0].rows[0].cells for paragraph in cell.paragraphs]
    assert "CỘNG HÒA XÃ HỘI CHỦ NGHĨA VIỆT NAM" in head
    assert "Độc lập - Tự do - Hạnh phúc" in head
    assert [cell.text for cell in document.tables[1].rows[1].cells] == ["Nông Mẫu Bình", "THCS Mẫu 12", "100%"]
    fields = platform.registry.rules("youth-creativity").fields
    headings = [line for line in lines if line[:1].isdigit()]
    assert len(headings) == sum(field.kind == "long-text" for field in fields)
    assert any(line.startswith("....") for line in lines)


def test_typed_text_stays_text(client: FlaskClient, sign_in: SignIn, platform: Platform) -> None:
    with platform.database.writing() as session:
        owner = make_account(session)
        entry = make_entry(
            session, make_contest(session, platform.registry), owner=owner, state="draft", title=NASTY,
            answers={"idea": NASTY}, members=({"name": NASTY[:190]},),
        )  # fmt: skip
    sign_in(client, owner)

    answer = client.get(f"/entries/{entry.id}/write-up.docx")

    archive = zipfile.ZipFile(io.BytesIO(answer.data))
    assert not [name for name in archive.namelist() if "vba" in name.casefold() or name.endswith(".bin")]
    text = archive.read("word/document.xml").decode()
    for element in ("<w:fldSimple", "<w:instrText", "<w:fldChar", "<w:hyperlink"):
        assert element not in text
    assert "evil.example" not in archive.read("word/_rels/document.xml.rels").decode()
    assert NASTY.replace("\ufffe", "") in [paragraph.text for paragraph in Document(io.BytesIO(answer.data)).paragraphs]


def test_blank_form_is_for_everybody_and_holds_nobody(client: FlaskClient, platform: Platform) -> None:
    with platform.database.writing() as session:
        contest = make_contest(session, platform.registry)
        make_entry(session, contest, title="Bài bí mật", members=({"name": "Người Lạ"},))

    answer = client.get(f"/contests/{contest.slug}/write-up.docx")

    document = Document(io.BytesIO(answer.data))
    said = "\n".join([
        *(paragraph.text for paragraph in document.paragraphs),
        *(cell.text for table in document.tables for row in table.rows for cell in row.cells),
    ])  # fmt: skip
    assert "Bài bí mật" not in said
    assert "Người Lạ" not in said
    assert len(document.tables[1].rows) == 1 + platform.registry.rules("youth-creativity").team.high
    assert f"/contests/{contest.slug}/write-up.docx" in client.get(f"/contests/{contest.slug}/rules").text


def test_form_of_another_person_is_not_found(client: FlaskClient, sign_in: SignIn, platform: Platform) -> None:
    with platform.database.writing() as session:
        entry = make_entry(session, make_contest(session, platform.registry), state="draft")
        stranger = make_account(session)
    sign_in(client, stranger)

    assert client.get(f"/entries/{entry.id}/write-up.docx").status_code == 404
