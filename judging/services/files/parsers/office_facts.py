"""What a document of an office program is: OOXML (ECMA-376) or OpenDocument (ISO 26300), archives of XML both."""

from __future__ import annotations

import re
import zipfile
import zlib
from collections.abc import Mapping
from typing import Any, BinaryIO
from xml.parsers import expat

from judging.services.files.parsers.archive_bounds import Unsound, open_archive, unpack

_OFFICE = "application/vnd.openxmlformats-officedocument"
_KINDS = r"wordprocessingml\.document|spreadsheetml\.sheet|presentationml\.presentation"
_MAIN = re.compile(rf"{re.escape(_OFFICE)}\.({_KINDS})\.main\+xml")
_OPEN = tuple(f"application/vnd.oasis.opendocument.{kind}" for kind in ("text", "spreadsheet", "presentation"))
_TYPES = "[Content_Types].xml"
_MOST_OF_A_LIST = 2_000_000
_MOST_XML = 100_000_000
_MACROS = re.compile(r"(^|/)(vbaProject|vbaData)[^/]*\.(bin|xml)$|^Basic/|^Scripts/|/macrosheets/", re.IGNORECASE)
_EMBEDDED = re.compile(r"(^|/)(embeddings|activeX)/|^Object \d+/|^ObjectReplacements/", re.IGNORECASE)
_XML = re.compile(r"\.(xml|rels|rdf)$", re.IGNORECASE)
_PACKED = b"PK\x03\x04"
_HEAD = 4
_SLIDE = re.compile(r"ppt/slides/slide\d+\.xml")


def look(stream: BinaryIO) -> Mapping[str, Any]:
    """The media type by content, the number of slides and the findings, or why the document is refused."""
    try:
        with open_archive(stream) as archive:
            return _look_at(archive)
    except Unsound as unsound:
        return {"refused": str(unsound)}
    except (zipfile.BadZipFile, zlib.error, OSError, ValueError, NotImplementedError, expat.ExpatError, EOFError):
        return {"refused": "damaged"}


def _look_at(archive: zipfile.ZipFile) -> Mapping[str, Any]:
    media_type = kind_of(archive)
    if media_type is None:
        # An archive of anything else is said to be one, and refused for that.
        return {"media_type": "application/zip"}
    names = set(archive.namelist())
    if any(_MACROS.search(name) for name in names) or media_type == "macros":
        return {"refused": "macros"}
    reader = _Reader()
    for part in archive.infolist():
        reader.read(archive, part)
    found: dict[str, Any] = {"media_type": media_type, "findings": sorted(reader.findings)}
    if media_type.endswith("presentationml.presentation"):
        found["pages"] = sum(_SLIDE.fullmatch(name) is not None for name in names)
    elif media_type.endswith("opendocument.presentation"):
        found["pages"] = reader.slides
    return found


def kind_of(archive: zipfile.ZipFile) -> str | None:
    """The media type of the document, None for an archive that is none, `macros` for a kind that runs them."""
    names = archive.namelist()
    if "mimetype" in names:
        said = b"".join(unpack(archive, archive.getinfo("mimetype"), most=200)).decode("ascii", "replace").strip()
        return said if said in _OPEN and "content.xml" in names else None
    if _TYPES not in names:
        return None
    listed = b"".join(unpack(archive, archive.getinfo(_TYPES), most=_MOST_OF_A_LIST)).decode("utf-8", "replace")
    if "macroEnabled" in listed:
        return "macros"
    main = _MAIN.search(listed)
    return f"{_OFFICE}.{main.group(1)}" if main else None


class _Reader:
    """Unpacks part after part, counts what really comes out, and looks at the XML on the way."""

    def __init__(self) -> None:
        self.findings: set[str] = set()
        self.slides = 0

    def read(self, archive: zipfile.ZipFile, part: zipfile.ZipInfo) -> None:
        """Unpack a part and note what is in it."""
        if _EMBEDDED.search(part.filename) and not part.is_dir():
            self.findings.add("embedded-files")
        head, watch = b"", _Watch(self, part.filename) if _XML.search(part.filename) else None
        for piece in unpack(archive, part):
            if not head:
                head = piece[:_HEAD]
                if head == _PACKED:
                    self._refuse_nested(part.filename)
            if watch is not None:
                watch.feed(piece)
        if part.filename.endswith("comments.xml") or "/comments/" in part.filename or "commentAuthors" in part.filename:
            self.findings.add("comments")

    def _refuse_nested(self, name: str) -> None:
        # A table inside a text is packed itself, and stays packed: nothing here opens it, and judges do not get it.
        if not _EMBEDDED.search(name):
            raise Unsound("unsound-archive")


class _Watch:
    """Looks at one part of XML: no document type, and links to other places are told."""

    def __init__(self, reader: _Reader, name: str) -> None:
        self._reader = reader
        self._size = 0
        self._links = name.endswith(".rels")
        self._slides = name == "content.xml"
        self._done = False
        self._parser = expat.ParserCreate(namespace_separator=" ")
        self._parser.StartDoctypeDeclHandler = self._refuse
        self._parser.EntityDeclHandler = self._refuse
        self._parser.StartElementHandler = self._element

    def feed(self, piece: bytes) -> None:
        """Take the next bytes. After the first element no document type can follow, so most parts end there."""
        self._size += len(piece)
        if self._size > _MOST_XML:
            raise Unsound("unpacks-large")
        if not self._done:
            self._parser.Parse(piece, False)

    def _element(self, name: str, attributes: Mapping[str, str]) -> None:
        if self._links:
            outside = attributes.get("TargetMode") == "External"
            if outside and not attributes.get("Type", "").endswith("/hyperlink"):
                self._reader.findings.add("outside-links")
        elif self._slides:
            self._reader.slides += name.endswith("drawing:1.0 page")
        else:
            self._done = True

    def _refuse(self, *_declared: object) -> None:
        raise Unsound("entities")
