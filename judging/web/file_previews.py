"""What pages show of a file: the pictures drawn of it, and what is to be said of the copy that judges get."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from flask import url_for
from flask_babel import gettext as _
from flask_babel import ngettext

from judging.domain.copy_states import CopyState
from judging.domain.file_findings import FINDING_LABELS
from judging.web.formats import label

if TYPE_CHECKING:
    from judging.db.models import FilePicture
    from judging.db.queries.file_copies import MadeOf


@dataclass(frozen=True, slots=True, kw_only=True)
class Picture:
    """A picture with its address, its size in pixels and the words for whoever does not see it."""

    url: str
    width: int
    height: int
    alt: str
    caption: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Preview:
    """The pictures of a file: the first one small, then all in order. `more` says what is not drawn."""

    small: Picture | None
    pages: tuple[Picture, ...]
    more: str


def preview_of(made: MadeOf | None, *, entry_id: str, name: str, count: int | None) -> Preview | None:
    """The pictures of a file called `name` of `count` pages; None when none were drawn, or not yet."""
    if made is None or made.copied.state != CopyState.READY or not made.pages:
        return None
    total = len(made.pages)
    pages = tuple(_picture(one, entry_id=entry_id, name=name, total=max(count or 1, total)) for one in made.pages)
    small = _picture(made.small, entry_id=entry_id, name=name, total=max(count or 1, total)) if made.small else None
    more = ""
    if count and count > total:
        more = ngettext(
            "Only the first page is shown here; the file itself has all of them.",
            "The first %(num)s pages are shown here; the file itself has all of them.",
            total,
        )
    return Preview(small=small, pages=pages, more=more)


def state_of(made: MadeOf | None) -> CopyState:
    """The state of the copy; a file that nobody has looked at yet waits."""
    return CopyState.WAITING if made is None else CopyState(made.copied.state)


def finding_texts(made: MadeOf | None) -> tuple[str, ...]:
    """What the check found, for the office. A finding of another version is left out rather than shown as a code."""
    if made is None:
        return ()
    return tuple(label(FINDING_LABELS[code]) for code in made.copied.findings if code in FINDING_LABELS)


def video_facts(made: MadeOf | None) -> tuple[str, ...]:
    """Length and resolution of a video, in words."""
    if made is None or (seconds := made.copied.seconds) is None:
        return ()
    return (
        ngettext("%(num)s second", "%(num)s seconds", seconds),
        _("%(width)s × %(height)s", width=made.copied.width, height=made.copied.height),
    )


def _picture(row: FilePicture, *, entry_id: str, name: str, total: int) -> Picture:
    caption = _("Page %(page)s", page=row.place) if total > 1 else name
    alt = _("%(file)s, page %(page)s of %(total)s", file=name, page=row.place, total=total) if total > 1 else name
    return Picture(
        url=url_for("entrant.picture", entry_id=entry_id, picture_id=row.id), width=row.width, height=row.height,
        alt=alt, caption=caption,
    )  # fmt: skip
