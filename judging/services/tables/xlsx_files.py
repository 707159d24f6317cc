"""The first sheet of an XLSX file as texts. Merged cells repeat what they show; formulas give their last result."""

from __future__ import annotations

import warnings
import zipfile
from datetime import date, datetime, time
from decimal import Decimal
from typing import IO, TYPE_CHECKING, BinaryIO
from xml.etree.ElementTree import ParseError

from defusedxml.common import DefusedXmlException
from defusedxml.ElementTree import iterparse

from judging.errors import N_
from judging.services.entries.answers import clean_text
from judging.services.tables.table import LONGEST_CELL, MOST_COLUMNS, MOST_ROWS, Row, refused

if TYPE_CHECKING:
    from openpyxl.cell.cell import Cell, MergedCell
    from openpyxl.worksheet.worksheet import Worksheet

_MOST_PARTS = 500
_MOST_UNPACKED = 40_000_000
_MOST_CELLS = 2 * MOST_ROWS * MOST_COLUMNS
_CHUNK = 65_536


def read_xlsx(stream: BinaryIO, *, decimal_sign: str = ",") -> list[Row]:
    """The rows of the first sheet. Raises Refused for what is no sheet, or unpacks to more than is read."""
    # To load it takes a tenth of a start of the program, and most of its processes never meet a table.
    from openpyxl import load_workbook  # noqa: PLC0415 - for the reason above
    from openpyxl.utils.exceptions import InvalidFileException  # noqa: PLC0415

    try:
        with zipfile.ZipFile(stream) as archive:
            _check_archive(archive)
        stream.seek(0)
        with warnings.catch_warnings():
            # What openpyxl does not know (pictures, validations) is no part of the table.
            warnings.simplefilter("ignore", UserWarning)
            book = load_workbook(stream, data_only=True, keep_links=False)
        sheet = book.worksheets[0]
    # All that zipfile, the XML parser and openpyxl raise over a broken file; the answer says what to do.
    except (
        zipfile.BadZipFile, InvalidFileException, DefusedXmlException, ParseError, KeyError, ValueError, TypeError,
        IndexError, OSError, EOFError, NotImplementedError, AttributeError,
    ) as error:  # fmt: skip
        raise refused(
            "damaged", N_("This XLSX file cannot be opened. Save it again, or save it as CSV UTF-8.")
        ) from error
    return _rows(sheet, decimal_sign)


def _check_archive(archive: zipfile.ZipFile) -> None:
    """Count what the archive really unpacks to, and what its sheets hold, before anything is built of it."""
    parts = archive.infolist()
    if len(parts) > _MOST_PARTS:
        raise _too_large()
    unpacked = 0
    for part in parts:
        with archive.open(part) as stream:
            while chunk := stream.read(_CHUNK):
                unpacked += len(chunk)
                if unpacked > _MOST_UNPACKED:
                    raise _too_large()
    for part in parts:
        if part.filename.startswith("xl/worksheets/") and part.filename.endswith(".xml"):
            with archive.open(part) as stream:
                _check_sheet(stream)


def _check_sheet(stream: IO[bytes]) -> None:
    from openpyxl.utils.cell import range_boundaries  # noqa: PLC0415 - as in `read_xlsx`

    cells = 0
    for _event, element in iterparse(stream, forbid_dtd=True):
        name = element.tag.rpartition("}")[2]
        if name == "c":
            cells += 1
        elif name == "mergeCell":
            left, top, right, bottom = range_boundaries(element.get("ref", ""))
            # Whole rows or columns have no bounds of their own, and so too many cells.
            bounded = None not in (left, top, right, bottom)
            cells += ((right or 0) - (left or 0) + 1) * ((bottom or 0) - (top or 0) + 1) if bounded else _MOST_CELLS
        element.clear()
        if cells > _MOST_CELLS:
            raise _too_large()


def _rows(sheet: Worksheet, decimal_sign: str) -> list[Row]:
    shown: dict[tuple[int, int], str] = {}
    for merged in sheet.merged_cells.ranges:
        text = _text(sheet.cell(merged.min_row, merged.min_col), decimal_sign)
        for row, column in merged.cells:
            shown[row, column] = text
    return [
        Row(
            number=number,
            cells=tuple(shown.get((number, at), _text(cell, decimal_sign)) for at, cell in enumerate(cells, start=1)),
        )
        for number, cells in enumerate(
            sheet.iter_rows(max_row=2 * MOST_ROWS + 1, max_col=min(sheet.max_column, MOST_COLUMNS + 1)), start=1
        )
    ]


def _text(cell: Cell | MergedCell, decimal_sign: str) -> str:
    value = cell.value
    if value is None:
        return ""
    if isinstance(value, bool):
        return "x" if value else ""
    if isinstance(value, datetime):
        return value.date().isoformat() if value.time() == time() else value.isoformat(sep=" ", timespec="minutes")
    if isinstance(value, date):
        return value.isoformat()
    if isinstance(value, int | float):
        # As it is shown: 0.5 in a cell of per cent is 50.
        number = Decimal(repr(value)) * (100 if "%" in str(cell.number_format) else 1)
        plain = format(number.normalize(), "f")
        return plain.replace(".", decimal_sign)
    return clean_text(str(value))[:LONGEST_CELL]


def _too_large() -> Exception:
    return refused(
        "unpacks-large", N_("This XLSX file unpacks to more than is read here. Save the table alone as CSV UTF-8.")
    )
