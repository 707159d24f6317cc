"""Names of files: made harmless, and given the extension that the content asks for."""

from __future__ import annotations

import re
import unicodedata

from judging.services.files.checks.kinds import EXTENSIONS

_LONGEST_NAME = 120


def safe_name(filename: str) -> str:
    """The last part of a file name in NFC, without signs that a system or a page could take for something else."""
    last = re.split(r"[\\/]", unicodedata.normalize("NFC", filename))[-1]
    kept = "".join(sign for sign in last if unicodedata.category(sign)[0] not in "CZ" or sign == " ")
    name = re.sub(r"[<>:\"|?*;%]", "", kept).strip(" .")
    stem, dot, extension = name.rpartition(".")
    return (f"{stem[:_LONGEST_NAME]}{dot}{extension[:10]}" if dot else name[:_LONGEST_NAME]) or "file"


def with_extension(name: str, media_type: str) -> str:
    """The name with the extension of its media type; one that fits already is kept as it was written."""
    extension = EXTENSIONS[media_type]
    stem, dot, given = name.rpartition(".")
    known = {extension, "jpeg"} if extension == "jpg" else {extension}
    return name if dot and given.casefold() in known else f"{stem if dot else name}.{extension}"
