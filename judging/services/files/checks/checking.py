"""The whole check of one file: its size, its kind, and what the parsers in their own process find in it."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from fractions import Fraction
from typing import Any, BinaryIO

from judging.domain.fields import DossierItem, ItemKind
from judging.domain.video_length import is_within, whole_seconds
from judging.services.files.checks.kinds import EXTENSIONS, extensions_for, is_office, is_video
from judging.services.files.checks.names import safe_name, with_extension
from judging.services.files.checks.refusals import CODES, refused
from judging.services.files.checks.sniffing import ARCHIVE, recognised_as, sniff
from judging.services.files.sandbox.running import LOOKING, ParserStopped, run_parser

MEGABYTE = 1_000_000


@dataclass(frozen=True, slots=True, kw_only=True)
class Checked:
    """A file that may be kept: a safe name, its media type by content, its size in bytes and its pages if any.

    `findings` are codes of `domain.file_findings`: what the office is told of and judges get a copy without. `seconds`
    is the length of a video; `width` and `height` are in pixels.
    """

    filename: str
    media_type: str
    size: int
    pages: int | None = None
    findings: tuple[str, ...] = ()
    seconds: int | None = None
    width: int | None = None
    height: int | None = None


def check_file(stream: BinaryIO, *, filename: str, item: DossierItem) -> Checked:
    """Look into the whole file, leave the stream at its beginning. Raises Refused with the reason and the way out."""
    name = safe_name(filename)
    size = stream.seek(0, 2)
    stream.seek(0)
    _check_size(name, size, item)
    media_type = _claimed_type(stream, name, item)
    found = _look_into(stream, name, media_type)
    media_type = found.get("media_type", media_type)
    _check_kind(stream, name, media_type, item)
    _check_limits(name, media_type, found, item)
    stream.seek(0)
    seconds = found.get("seconds")
    return Checked(
        filename=with_extension(name, media_type), media_type=media_type, size=size, pages=found.get("pages"),
        findings=tuple(found.get("findings", ())), width=found.get("width"), height=found.get("height"),
        seconds=None if seconds is None else whole_seconds(Fraction(seconds)),
    )  # fmt: skip


def _check_size(name: str, size: int, item: DossierItem) -> None:
    if not extensions_for(item):
        raise refused("link" if item.kind is ItemKind.LINK else "physical", item=item.label)
    if size == 0:
        raise refused("empty", file=name)
    if item.max_megabytes and size > item.max_megabytes * MEGABYTE:
        raise refused("too-large", file=name, limit=item.max_megabytes)


def _claimed_type(stream: BinaryIO, name: str, item: DossierItem) -> str:
    """What the file claims to be; only that which the item takes is opened at all."""
    claimed = sniff(stream)
    takes_archives = any(is_office(kind) and EXTENSIONS[kind] in extensions_for(item) for kind in EXTENSIONS)
    if not (claimed == ARCHIVE and takes_archives):
        _check_kind(stream, name, claimed, item)
    return claimed


def _check_kind(stream: BinaryIO, name: str, media_type: str, item: DossierItem) -> None:
    allowed = extensions_for(item)
    if EXTENSIONS.get(media_type) in allowed:
        return
    kinds = ", ".join(kind.upper() for kind in allowed)
    raise refused(recognised_as(stream) or "kind", file=name, kinds=kinds)


def _look_into(stream: BinaryIO, name: str, media_type: str) -> Mapping[str, Any]:
    """The facts that a parser found. Raises Refused for what it refuses, and for what stopped it."""
    try:
        found = run_parser("look", media_type, stream, limits=LOOKING)
    except ParserStopped as stopped:
        raise refused("too-complex" if stopped.out_of_bounds else "damaged", file=name) from stopped
    code = found.get("refused")
    if code is None:
        return found
    params = {key: value for key, value in found.get("params", {}).items() if isinstance(value, int)}
    raise refused(code if code in CODES else "damaged", file=name, **params)


def _check_limits(name: str, media_type: str, found: Mapping[str, Any], item: DossierItem) -> None:
    pages = found.get("pages")
    if item.max_pages and pages is not None and pages > item.max_pages:
        code = "too-many-slides" if item.kind is ItemKind.SLIDES else "too-many-pages"
        raise refused(code, file=name, count=pages, limit=item.max_pages)
    if not is_video(media_type):
        return
    seconds = Fraction(found["seconds"])
    if item.max_seconds and not is_within(seconds, limit=item.max_seconds):
        raise refused("too-long", file=name, seconds=whole_seconds(seconds), limit=item.max_seconds)
    if item.min_height and min(found["width"], found["height"]) < item.min_height:
        raise refused("too-low", file=name, width=found["width"], height=found["height"], limit=item.min_height)
