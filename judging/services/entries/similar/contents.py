"""What of an entry is compared: never its people, nor what judges must not see, nor papers for the office alone."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import TYPE_CHECKING

import structlog

from judging.domain.fields import FieldKind
from judging.domain.similarity.pictures import Look
from judging.domain.similarity.words import in_one_form, without_names
from judging.errors import JudgingError
from judging.services.entries.similar.reading import READ, read_file
from judging.services.files.parsers.tell_bounds import MOST_BYTES, MOST_LETTERS

if TYPE_CHECKING:
    from judging.db.models import Entry, EntryFile
    from judging.domain.rules import ContestRules
    from judging.services.files.sandbox.many import RunParser
    from judging.storage import FileStore

_TEXTS = (FieldKind.TEXT, FieldKind.LONG_TEXT)

_log = structlog.get_logger(__name__)


@dataclass(frozen=True, slots=True, kw_only=True)
class Contents:
    """The title, all texts of answers and files in one, looks of pictures and SHA-256 of files by the file's id."""

    title: str
    text: str
    looks: tuple[tuple[str, Look], ...] = ()
    files: tuple[tuple[str, str], ...] = ()


def contents_of(entry: Entry, *, rules: ContestRules, store: FileStore, run: RunParser) -> Contents:
    """What the entry is compared by. Reads its files; their bytes are asked of the store and read on this thread.

    `run` opens one file in a process of its own.
    """
    open_items = {item.key for item in rules.dossier if not item.office_only}
    files = [file for file in entry.files if file.item in open_items]
    texts, looks = list(_answers(entry, rules)), []
    for file in files:
        told = _told_by(file, store, run)
        if isinstance(told, str):
            texts.append(told)
        elif told is not None:
            looks.append((file.id, told))
    names = [entry.owner.name, entry.unit, *(text for one in entry.members for text in (one.name, one.unit))]
    text = without_names("\n\n".join(part.strip() for part in texts if part.strip()), names)
    return Contents(
        title=in_one_form(entry.title),
        text=in_one_form(text)[: 2 * MOST_LETTERS].replace("\x00", ""),
        looks=tuple(looks),
        files=tuple((file.id, file.sha256) for file in files),
    )


def _answers(entry: Entry, rules: ContestRules) -> Iterator[str]:
    for field in rules.fields:
        answer = entry.answers.get(field.key)
        if field.kind in _TEXTS and not field.blind and isinstance(answer, str):
            yield answer


def _told_by(file: EntryFile, store: FileStore, run: RunParser) -> str | Look | None:
    if file.media_type not in READ or file.size > MOST_BYTES:
        return None
    try:
        with store.open(file.key) as opened:
            return read_file(opened, media_type=file.media_type, run=run)
    except JudgingError:
        # `judging check` tells of files that the store has lost.
        _log.warning("similar_file_missing", file=file.id)
        return None
