"""CSV as Vietnamese offices save it: UTF-8 with or without a mark, UTF-16, Windows-1258 or Latin-1."""

from __future__ import annotations

import csv
import io
import re
import unicodedata

from judging.errors import N_
from judging.services.entries.answers import clean_text
from judging.services.tables.table import LONGEST_CELL, MOST_ROWS, Row, refused

ENCODINGS = ("utf-8", "utf-16", "cp1258", "cp1252")
_DELIMITERS = ",;\t|"
_MARKS = {b"\xef\xbb\xbf": "utf-8-sig", b"\xff\xfe": "utf-16", b"\xfe\xff": "utf-16"}
# Windows-1258 writes a tone after its vowel. Latin-1 has other letters in these places (Ì Ò Þ ì ò), which seldom
# follow a vowel.
_TONED = re.compile("[aeiouyAEIOUYăâêôơưĂÂÊÔƠƯ][\u0300\u0301\u0303\u0309\u0323]")
_TONES = re.compile("[\u0300\u0301\u0303\u0309\u0323]")


def decode(data: bytes, *, encoding: str = "") -> tuple[str, str]:
    """The text of a file and its encoding, told from its bytes unless it is named. Raises Refused."""
    name = encoding or _marked(data) or _guessed(data)
    try:
        text = data.decode(name)
    except (UnicodeDecodeError, LookupError) as error:
        raise refused(
            "encoding", N_("The letters of this file cannot be read as %(name)s. Save it as CSV UTF-8."), name=name
        ) from error
    if "\x00" in text:
        raise refused("binary", N_("This is no text file. Save the table as XLSX or as CSV UTF-8."))
    return unicodedata.normalize("NFC", text.removeprefix("\ufeff")), name.removesuffix("-sig")


def read_csv(data: bytes, *, encoding: str = "", most_rows: int = MOST_ROWS) -> tuple[list[Row], str]:
    """The rows of a CSV file and its encoding. Raises Refused."""
    text, name = decode(data, encoding=encoding)
    reader = csv.reader(io.StringIO(text, newline=""), delimiter=_delimiter(text), strict=True)
    rows: list[Row] = []
    try:
        for number, cells in enumerate(reader, start=1):
            if number > 2 * most_rows:
                raise refused("many-rows", N_("The table has more than %(limit)s rows. Split it."), limit=most_rows)
            rows.append(Row(number=number, cells=tuple(_cell(cell) for cell in cells)))
    except csv.Error as error:
        raise refused(
            "csv", N_("Row %(row)s cannot be read: a quotation mark has no end."), row=len(rows) + 1
        ) from error
    return rows, name


def _marked(data: bytes) -> str:
    return next((name for mark, name in _MARKS.items() if data.startswith(mark)), "")


def _guessed(data: bytes) -> str:
    try:
        data.decode("utf-8")
    except UnicodeDecodeError:
        pass
    else:
        return "utf-8"
    if data[1:400:2].count(0) > len(data[:400]) // 4:
        return "utf-16-le"
    text = data.decode("cp1258", errors="replace")
    tones, toned = len(_TONES.findall(text)), len(_TONED.findall(text))
    return "cp1258" if 2 * toned > tones or (not tones and set("đĐơƠưƯ") & set(text)) else "cp1252"


def _delimiter(text: str) -> str:
    """The sign that divides most lines alike, outside quotation marks."""
    plain = re.sub(r'"[^"]*"', "", text[:20_000])
    lines = [line for line in plain.splitlines() if line.strip()][:30]
    return max(
        _DELIMITERS, key=lambda sign: (sum(sign in line for line in lines), sum(line.count(sign) for line in lines))
    )


def _cell(text: str) -> str:
    """A cell as it was meant: our own exports put an apostrophe before what a spreadsheet would take for a formula."""
    cleaned = clean_text(text)[:LONGEST_CELL]
    return cleaned[1:] if cleaned.startswith("'") and cleaned[1:2] in set("=+-@＝＋－＠") else cleaned
