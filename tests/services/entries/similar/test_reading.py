"""What is read out of files: texts, looks; nothing out of broken ones."""

from __future__ import annotations

import io
import zipfile
from dataclasses import replace
from itertools import pairwise

import docx
import pikepdf
import pytest
from PIL import Image

from judging.demo.paper import draw_paper
from judging.domain.similarity.pictures import CLOSE, Look, look_of
from judging.services.entries.similar.reading import read_file
from judging.services.files.parsers import telling
from judging.services.files.parsers.telling import DOCX, read_docx, read_pdf, small_copies
from judging.services.files.sandbox.running import LOOKING
from tools.bench.planted import draw_picture, halved


def look_of_picture(data: bytes) -> Look | None:
    copies = small_copies(data)
    return None if copies is None else look_of(*copies)


def _pdf(*pages: str) -> bytes:
    made = pikepdf.new()
    font = pikepdf.Dictionary(Type=pikepdf.Name.Font, Subtype=pikepdf.Name.Type1, BaseFont=pikepdf.Name.Helvetica)
    for line in pages:
        page = made.add_blank_page()
        page.Contents = made.make_stream(f"BT /F 12 Tf 72 700 Td ({line}) Tj ET".encode())
        page.Resources = pikepdf.Dictionary(Font=pikepdf.Dictionary(F=font))
    out = io.BytesIO()
    made.save(out)
    return out.getvalue()


def _docx(*lines: str) -> bytes:
    document = docx.Document()
    for line in lines:
        document.add_paragraph(line)
    document.add_table(1, 1).cell(0, 0).text = "trong bảng"
    out = io.BytesIO()
    document.save(out)
    return out.getvalue()


def test_text_of_a_pdf_is_read() -> None:
    assert read_pdf(_pdf("Vo trau hun", "giu lai can bun")).split() == ["Vo", "trau", "hun", "giu", "lai", "can", "bun"]


def test_of_a_long_pdf_only_so_much_is_read(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(telling, "_MOST_PAGES", 2)

    assert read_pdf(_pdf("one", "two", "three")).split() == ["one", "two"]


def test_a_pdf_of_pictures_has_no_text() -> None:
    scanned, _ = draw_paper("Máy lọc nước", [("Mục 1", "Vỏ trấu hun giữ lại cặn bùn.")])

    assert read_pdf(scanned) == ""


def test_text_and_tables_of_a_docx_are_read() -> None:
    assert read_docx(_docx("Vỏ trấu hun.", "Giữ cặn bùn.")).splitlines() == [
        "Vỏ trấu hun.", "Giữ cặn bùn.", "trong bảng",
    ]  # fmt: skip


@pytest.mark.parametrize("data", [b"", b"%PDF-1.7 nothing", b"PK\x03\x04 nothing", b"\xff\xd8\xff nothing"])
def test_a_broken_file_tells_nothing(data: bytes) -> None:
    assert read_pdf(data) == ""
    assert read_docx(data) == ""
    assert look_of_picture(data) is None


def test_a_docx_that_unpacks_to_too_much_is_not_unpacked(monkeypatch: pytest.MonkeyPatch) -> None:
    packed = io.BytesIO(_docx("Vỏ trấu hun."))
    with zipfile.ZipFile(packed, "a", zipfile.ZIP_DEFLATED) as into:
        into.writestr("word/media/zeros.bin", b"\0" * 2_000_000)
    monkeypatch.setattr(telling, "_MOST_UNPACKED", 1_000_000)

    assert read_docx(packed.getvalue()) == ""


def test_a_picture_of_too_many_points_is_not_opened(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(telling, "_MOST_PIXELS", 100)

    assert look_of_picture(draw_picture(1)) is None


def test_half_size_and_poor_quality_hardly_change_a_look_and_another_picture_has_another() -> None:
    pictures = [draw_picture(seed) for seed in range(60)]
    looks = [look_of_picture(one) for one in pictures]
    copies = [look_of_picture(halved(one)) for one in pictures]

    near = [one.distance(copy) for one, copy in zip(looks, copies, strict=True) if one and copy]
    apart = [one.distance(other) for one, other in pairwise(looks) if one and other]

    assert len(near) == len(pictures)
    assert sum(distance <= CLOSE for distance in near) >= 57
    assert sum(distance <= CLOSE for distance in apart) == 0


def test_a_picture_of_one_grey_has_no_look() -> None:
    out = io.BytesIO()
    Image.new("RGB", (300, 200), "white").save(out, "PNG")

    assert look_of_picture(out.getvalue()) is None


def test_files_are_read_in_a_process_of_their_own() -> None:
    assert read_file(io.BytesIO(_pdf("Vo trau hun")), media_type="application/pdf") == "Vo trau hun"
    assert str(read_file(io.BytesIO(_docx("Vỏ trấu hun.")), media_type=DOCX)).startswith("Vỏ trấu hun.")
    assert read_file(io.BytesIO(draw_picture(3)), media_type="image/png") == look_of_picture(draw_picture(3))


def test_file_that_takes_its_process_down_tells_nothing(monkeypatch: pytest.MonkeyPatch) -> None:
    small = replace(LOOKING, memory=1)
    monkeypatch.setattr("judging.services.entries.similar.reading.LOOKING", small)
    assert read_file(io.BytesIO(_pdf("Vo trau hun")), media_type="application/pdf") is None
