"""T06, T21: what judges get tells of nobody and does nothing; T44's way of leaving: no bytes without a row."""

from __future__ import annotations

import io
import zipfile
from collections.abc import Callable
from functools import partial

import docx
import openpyxl
import pikepdf
import pytest
from PIL import Image
from sqlalchemy import select

from judging.db.models import Entry, EntryFile, FileCopy, FilePicture
from judging.domain.copy_states import CopyState
from judging.domain.permissions import Actor, Role
from judging.services.entries.files import remove_file
from judging.services.files.copies.preparing import prepare_file
from judging.services.files.sandbox.running import LOOKING, ParserStopped, run_parser
from judging.services.platform import Platform
from judging.services.privacy.erasure.erasing import erase_entry
from tests.copies import prepare_files
from tests.factories import NOW, make_account, make_contest, make_entry
from tests.services.files.contents import samples, telling


@pytest.fixture
def entry(platform: Platform) -> Entry:
    with platform.database.writing() as session:
        owner = make_account(session)
        return make_entry(session, make_contest(session, platform.registry), owner=owner, state="draft")


def keep(platform: Platform, entry: Entry, content: bytes, media_type: str, *, item: str = "summary") -> str:
    """Lay a file into the database as an upload would; its copy is still to be made."""
    stored = platform.files.put(content)
    with platform.database.writing() as session:
        file = EntryFile(
            entry_id=entry.id, item=item, filename="a", media_type=media_type, size=stored.size, sha256=stored.sha256,
            key=stored.key, uploaded_at=NOW, copied=FileCopy(),
        )  # fmt: skip
        session.add(file)
        session.flush()
        return file.id


def made_of(platform: Platform, file_id: str) -> tuple[FileCopy, list[FilePicture]]:
    with platform.database.reading() as session:
        pictures = session.scalars(
            select(FilePicture).where(FilePicture.file_id == file_id).order_by(FilePicture.small, FilePicture.place)
        ).all()
        return session.get_one(FileCopy, file_id), list(pictures)


def read(platform: Platform, key: str | None) -> bytes:
    assert key is not None
    return b"".join(platform.files.stream(key))


TELLING: dict[str, tuple[Callable[[], bytes], str]] = {
    "jpg": (telling.jpeg, "image/jpeg"),
    "png": (telling.png, "image/png"),
    "webp": (telling.webp, "image/webp"),
    "pdf": (telling.pdf, "application/pdf"),
    "docx": (telling.text, samples.MEDIA_TYPES["docx"]),
    "xlsx": (telling.table, samples.MEDIA_TYPES["xlsx"]),
    "odt": (telling.open_text, samples.MEDIA_TYPES["odt"]),
    "mp4": (partial(telling.film, "mp4"), "video/mp4"),
    "mov": (partial(telling.film, "mov"), "video/quicktime"),
    "webm": (partial(telling.film, "webm"), "video/webm"),
}


@pytest.mark.parametrize("kind", TELLING)
def test_no_byte_that_judges_get_tells_who_made_it(platform: Platform, entry: Entry, kind: str) -> None:
    make, media_type = TELLING[kind]
    content = make()
    assert telling.tells(content)
    file_id = keep(platform, entry, content, media_type)

    prepare_files(platform)

    copied, pictures = made_of(platform, file_id)
    assert copied.state == CopyState.READY
    assert not telling.tells(read(platform, copied.key))
    assert [telling.tells(read(platform, one.key)) for one in pictures] == [False] * len(pictures)
    with platform.database.reading() as session:
        original = session.get_one(EntryFile, file_id)
        assert read(platform, original.key) == content


def test_copy_still_holds_the_work(platform: Platform, entry: Entry) -> None:
    kept = {
        "docx": telling.text(), "xlsx": telling.table(), "jpg": telling.jpeg(), "pdf": samples.pdf(3),
        "odt": telling.open_text(),
    }  # fmt: skip
    ids = [keep(platform, entry, content, samples.MEDIA_TYPES[kind]) for kind, content in kept.items()]

    prepare_files(platform)

    text, table, picture, paper, open_text = (io.BytesIO(read(platform, made_of(platform, one)[0].key)) for one in ids)
    assert docx.Document(text).paragraphs[0].text == "Cách làm"
    book = openpyxl.load_workbook(table)
    assert [[cell.value for cell in row] for row in book.worksheets[0].iter_rows()] == [[21, "=A1*2"]]
    with Image.open(picture) as image:
        assert (image.format, image.size, dict(image.getexif())) == ("JPEG", (400, 300), {})
    with pikepdf.open(paper) as document:
        assert len(document.pages) == 3
    with zipfile.ZipFile(open_text) as archive:
        assert archive.infolist()[0].filename == "mimetype"
        assert "Cách làm" in archive.read("content.xml").decode()


@pytest.mark.parametrize("arm", samples.ARMS)
def test_pdf_that_acts_is_flagged_and_its_copy_does_not(platform: Platform, entry: Entry, arm: str) -> None:
    armed = samples.armed_pdf(arm)
    told = run_parser("look", "application/pdf", io.BytesIO(armed), limits=LOOKING)
    file_id = keep(platform, entry, armed, "application/pdf")

    prepare_files(platform)

    copied, pictures = made_of(platform, file_id)
    clean = read(platform, copied.key)
    assert told["findings"]
    assert run_parser("look", "application/pdf", io.BytesIO(clean), limits=LOOKING) == {"pages": 1, "findings": []}
    assert not telling.tells(clean)
    assert [one.small for one in pictures] == [False, True]


def test_pictures_are_drawn_of_the_first_pages_only(platform: Platform, entry: Entry) -> None:
    file_id = keep(platform, entry, samples.pdf(23), "application/pdf")

    prepare_files(platform)

    _, pictures = made_of(platform, file_id)
    assert [(one.place, one.small) for one in pictures] == [*((place, False) for place in range(1, 21)), (1, True)]
    assert {one.media_type for one in pictures} == {"image/webp"}
    with Image.open(io.BytesIO(read(platform, pictures[0].key))) as image:
        assert (image.format, image.size) == ("WEBP", (pictures[0].width, pictures[0].height))


def test_work_done_twice_leaves_one_copy(platform: Platform, entry: Entry) -> None:
    file_id = keep(platform, entry, samples.pdf(1), "application/pdf")
    prepare_files(platform)
    before = sorted(platform.files.keys())

    prepare_files(platform)

    assert sorted(platform.files.keys()) == before
    assert made_of(platform, file_id)[0].state == CopyState.READY


def test_file_that_no_parser_survives_has_no_copy_after_the_second_try(platform: Platform, entry: Entry) -> None:
    file_id = keep(platform, entry, b"%PDF-1.7 nothing that follows", "application/pdf")
    once = partial(prepare_file, platform.database, platform.files, file_id=file_id, scanner=None, now=NOW)

    with pytest.raises(ParserStopped):
        once(attempt=1)
    assert made_of(platform, file_id)[0].state == CopyState.WAITING
    once(attempt=2)

    assert made_of(platform, file_id)[0].state == CopyState.FAILED
    assert len(list(platform.files.keys())) == 1


def test_bytes_of_copy_and_pictures_go_with_the_file(platform: Platform, entry: Entry) -> None:
    file_id = keep(platform, entry, samples.pdf(2), "application/pdf")
    prepare_files(platform)
    assert len(list(platform.files.keys())) == 5
    actor = Actor(account_id=entry.owner_id, roles=frozenset({Role.CONTESTANT}))

    with platform.database.writing() as session:
        key = remove_file(session, entry=session.get_one(Entry, entry.id), file_id=file_id, actor=actor, now=NOW)

    assert list(platform.files.keys()) == [key]


def test_erasure_takes_copy_and_pictures(platform: Platform, entry: Entry) -> None:
    keep(platform, entry, samples.pdf(2), "application/pdf")
    prepare_files(platform)
    actor = Actor(account_id=entry.owner_id, roles=frozenset({Role.ORGANISER}))

    with platform.database.writing() as session:
        erased = session.get_one(Entry, entry.id)
        erase_entry(session, entry=erased, actor=actor, reason="theo yêu cầu", with_sheets=False, now=NOW)

    assert list(platform.files.keys()) == []
