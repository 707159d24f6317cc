"""Tables as offices save them, and files that are none."""

from __future__ import annotations

import io
import unicodedata
import zipfile
from datetime import date

import pytest
from openpyxl import Workbook
from openpyxl.worksheet.worksheet import Worksheet

from judging.errors import Refused
from judging.services.tables.reading import read_table
from judging.services.tables.table import MOST_BYTES, MOST_ROWS, Table

NAMES = {"Tên sản phẩm", "Tác giả", "Lĩnh vực", "Title", "Tỷ lệ"}
TEXT = "Tên sản phẩm;Tác giả;Lĩnh vực\nBộ lọc nước;Nguyễn Mẫu An;2\nĐèn đọc sách;Trần Mẫu Bình;5\n"


def read(data: bytes, encoding: str = "") -> Table:
    return read_table(data, is_name=NAMES.__contains__, encoding=encoding)


def book(*rows: list[object], merged: tuple[str, ...] = ()) -> tuple[Workbook, Worksheet]:
    made = Workbook()
    sheet = made.worksheets[0]
    for row in rows:
        sheet.append(row)
    for place in merged:
        sheet.merge_cells(place)
    return made, sheet


def saved(made: Workbook) -> bytes:
    out = io.BytesIO()
    made.save(out)
    return out.getvalue()


def as_1258(text: str) -> bytes:
    """Windows-1258 as Windows writes it: tones after their vowels, other marks within the letter."""
    out = []
    for sign in text:
        parts = unicodedata.normalize("NFD", sign)
        tones = "".join(part for part in parts if part in "\u0300\u0301\u0303\u0309\u0323")
        out.append(unicodedata.normalize("NFC", "".join(part for part in parts if part not in tones)) + tones)
    return "".join(out).encode("cp1258")


@pytest.mark.parametrize(
    ("data", "encoding"),
    [
        (TEXT.encode(), "utf-8"),
        (b"\xef\xbb\xbf" + TEXT.encode(), "utf-8"),
        (TEXT.encode("utf-16"), "utf-16"),
        (TEXT.encode("utf-16-le"), "utf-16-le"),
        (as_1258(TEXT), "cp1258"),
    ],
)
def test_letters_of_every_encoding_are_read(data: bytes, encoding: str) -> None:
    table = read(data)
    assert table.encoding == encoding
    assert table.head.cells == ("Tên sản phẩm", "Tác giả", "Lĩnh vực")
    assert [row.cells for row in table.rows] == [
        ("Bộ lọc nước", "Nguyễn Mẫu An", "2"),
        ("Đèn đọc sách", "Trần Mẫu Bình", "5"),
    ]


def test_latin_1_is_told_from_vietnamese() -> None:
    table = read("Title;Tác giả\nCafé à Hội;Zoé Ruíz Müller\n".encode("cp1252", errors="ignore"))
    assert table.encoding == "cp1252"
    assert table.rows[0].cells == ("Café à Hi", "Zoé Ruíz Müller")


def test_encoding_that_was_chosen_wins_and_a_wrong_one_is_told() -> None:
    assert read(as_1258(TEXT), "cp1258").rows[0].cells[0] == "Bộ lọc nước"
    with pytest.raises(Refused) as refused:
        read(b"Title\n\xff\xfe\xfa\n", "utf-8")
    assert refused.value.problems[0].code == "encoding"


@pytest.mark.parametrize("sign", [",", ";", "\t", "|"])
def test_delimiter_is_told_from_the_lines(sign: str) -> None:
    text = sign.join(["Title", "Tác giả", "Lĩnh vực"]) + "\n" + sign.join(['"a, b; c"', "An", "2"]) + "\n"
    assert read(text.encode()).rows[0].cells == ("a, b; c", "An", "2")


def test_table_begins_below_the_office_title_and_keeps_row_numbers() -> None:
    table = read("SỞ KHOA HỌC;;\n;;\nDANH SÁCH BÀI DỰ THI;;\n".encode() + TEXT.encode())
    assert table.head.number == 4
    assert [row.number for row in table.rows] == [5, 6]


def test_own_exports_come_back_without_their_apostrophe() -> None:
    assert read(b"Title\n'=1+1\n'tis\n").rows[0].cells == ("=1+1",)
    assert read(b"Title\n'=1+1\n'tis\n").rows[1].cells == ("'tis",)


def test_workbook_gives_what_it_shows() -> None:
    made, sheet = book(
        ["Title", "Tác giả", "Tỷ lệ", "Ngày", "Có"], ["=1+1 là hai", "An", 0.335, date(2021, 5, 4), True]
    )
    sheet["A2"].data_type = "s"
    sheet["C2"].number_format = "0.0%"
    assert read(saved(made)).rows[0].cells == ("=1+1 là hai", "An", "33,5", "2021-05-04", "x")


def test_merged_cells_repeat_what_they_show() -> None:
    made, _sheet = book(["Title", "Tác giả"], ["Bộ lọc nước", "An"], [None, "Bình"], merged=("A2:A3",))
    assert [row.cells for row in read(saved(made)).rows] == [("Bộ lọc nước", "An"), ("Bộ lọc nước", "Bình")]


def test_merged_cells_without_end_are_refused() -> None:
    made, sheet = book(["Title"], ["x"])
    sheet.merge_cells("A2:A3")
    data = io.BytesIO()
    with zipfile.ZipFile(io.BytesIO(saved(made))) as old, zipfile.ZipFile(data, "w") as new:
        for part in old.infolist():
            content = old.read(part).replace(b'ref="A2:A3"', b'ref="A2:XFD1048576"')
            new.writestr(part, content)
    with pytest.raises(Refused) as refused:
        read(data.getvalue())
    assert refused.value.problems[0].code == "unpacks-large"


def test_archive_that_unpacks_to_much_is_refused_before_it_is_built() -> None:
    data = io.BytesIO()
    with zipfile.ZipFile(data, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("xl/worksheets/sheet1.xml", b"<a>" + b" " * 60_000_000 + b"</a>")
    with pytest.raises(Refused) as refused:
        read(data.getvalue())
    assert refused.value.problems[0].code == "unpacks-large"


def test_entities_are_refused() -> None:
    data = io.BytesIO()
    with zipfile.ZipFile(data, "w") as archive:
        archive.writestr("xl/worksheets/sheet1.xml", b'<!DOCTYPE a [<!ENTITY b "bb">]><a>&b;</a>')
    with pytest.raises(Refused) as refused:
        read(data.getvalue())
    assert refused.value.problems[0].code == "damaged"


@pytest.mark.parametrize(
    ("data", "code"),
    [
        (b"", "no-table"),
        (b"\n\n", "no-table"),
        (b"PK\x03\x04nothing", "damaged"),
        (b"\xd0\xcf\x11\xe0old", "old"),
        (b"Title\n\x00\x00\n", "binary"),
        (b'Title\n"no end\n', "csv"),
        (b"Title\n" + b"x\n" * (MOST_ROWS + 1), "many-rows"),
        (b"x" * (MOST_BYTES + 1), "too-large"),
        (b"Title" + b",a" * 100 + b"\n", "many-columns"),
    ],
)
def test_what_is_no_table_is_refused_with_a_reason(data: bytes, code: str) -> None:
    with pytest.raises(Refused) as refused:
        read(data)
    assert [problem.code for problem in refused.value.problems] == [code]
