"""A file of either kind as a table, told by its content."""

from __future__ import annotations

import io
from collections.abc import Callable

from judging.errors import N_
from judging.services.tables.csv_files import read_csv
from judging.services.tables.table import MOST_BYTES, MOST_ROWS, Table, make_table, refused
from judging.services.tables.xlsx_files import read_xlsx

_ZIP = b"PK\x03\x04"
_OLD_OFFICE = b"\xd0\xcf\x11\xe0"


def read_table(
    data: bytes,
    *,
    is_name: Callable[[str], bool],
    encoding: str = "",
    most_bytes: int = MOST_BYTES,
    most_rows: int = MOST_ROWS,
) -> Table:
    """Read a CSV or XLSX file. `is_name` says which cells name a column; `encoding` is only for CSV.

    `most_bytes` and `most_rows` are for people at their own machine; XLSX keeps its bounds of rows and cells. Raises
    Refused with the reason and the way out.
    """
    if len(data) > most_bytes:
        raise refused("too-large", N_("The file is larger than %(limit)s MB. Split it."), limit=most_bytes // 1_000_000)
    if data.startswith(_OLD_OFFICE):
        raise refused("old", N_("This is a file of an old Excel. Save it as XLSX."))
    if data.startswith(_ZIP):
        return make_table(read_xlsx(io.BytesIO(data)), is_name=is_name)
    rows, name = read_csv(data, encoding=encoding, most_rows=most_rows)
    return make_table(rows, is_name=is_name, encoding=name, most_rows=most_rows)
