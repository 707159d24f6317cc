"""Writing an archive: data.json, index.html in the person's language, and the files, piece by piece."""

from __future__ import annotations

import json
import tempfile
import zipfile
from datetime import UTC, date, datetime
from html import escape
from typing import IO, TYPE_CHECKING, Any
from zoneinfo import ZoneInfo

from babel.dates import format_date, format_datetime
from babel.support import Translations

from judging.domain.retention import ZONE
from judging.errors import N_
from judging.paths import translations_folder
from judging.services.privacy.my_data.entries import archive_name
from judging.services.privacy.my_data.parts import as_json, plain
from judging.storage import FileMissing

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Sequence

    from judging.services.privacy.my_data.parts import Part
    from judging.services.privacy.my_data.subjects import Subject
    from judging.storage import FileStore

    Translate = Callable[[str], str]

FORMAT = "judging-my-data/1"
_IN_MEMORY = 1_000_000
_TITLE = N_("What is kept of you")
_STYLE = (
    "body{font:16px/1.5 sans-serif;max-width:48rem;margin:0 auto;padding:1rem}dl{border-top:1px solid;padding:.5rem 0}"
    "dt{font-weight:600}dd{margin:0 0 .5rem;overflow-wrap:anywhere;white-space:pre-line}"
)


def write_archive(
    out: IO[bytes], *, parts: Sequence[Part], subjects: Sequence[Subject], store: FileStore, locale: str, now: datetime
) -> None:
    """Write the ZIP into `out`. Never holds more than one piece of a file in memory."""
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as archive:
        document = {"format": FORMAT, "made_at": now.astimezone(UTC).isoformat(), **as_json(parts)}
        archive.writestr("data.json", json.dumps(document, ensure_ascii=False, indent=2))
        archive.writestr("index.html", "".join(_page(parts, locale=locale, now=now)))
        for subject in subjects:
            for place, file in enumerate(subject.entry.files if subject.whole else (), 1):
                _add_file(archive, archive_name(subject.entry, file, place), store, file.key)


def scratch_file() -> IO[bytes]:
    """A file that is gone when it is closed; small ones never touch the disk."""
    return tempfile.SpooledTemporaryFile(max_size=_IN_MEMORY)


def _add_file(archive: zipfile.ZipFile, name: str, store: FileStore, key: str) -> None:
    try:
        pieces = store.stream(key)
    except FileMissing:
        # `judging check` tells of it; the rest of the archive is still the person's.
        return
    # Pictures, videos and PDF do not get smaller.
    info = zipfile.ZipInfo(name)
    with archive.open(info, "w", force_zip64=True) as target:
        for piece in pieces:
            target.write(piece)


def _page(parts: Sequence[Part], *, locale: str, now: datetime) -> Iterator[str]:
    translate: Translate = Translations.load(translations_folder(), [locale]).gettext
    title = escape(translate(_TITLE))
    yield (
        f'<!doctype html><html lang="{locale}"><head><meta charset="utf-8">'
        '<meta name="viewport" content="width=device-width, initial-scale=1">'
        f"<title>{title}</title><style>{_STYLE}</style></head><body><h1>{title}</h1>"
        f"<p>{escape(_shown(now, translate, locale))}</p>"
    )
    for part in parts:
        yield f"<h2>{escape(translate(part.title))}</h2>"
        for row in part.rows:
            yield "<dl>"
            for fact in row:
                value = _shown(fact.value, translate, locale)
                if value:
                    yield f"<dt>{escape(translate(fact.label))}</dt><dd>{escape(value)}</dd>"
            yield "</dl>"
    yield "</body></html>"


def _shown(value: Any, translate: Translate, locale: str) -> str:
    """A value in the person's words; nothing for what is not known."""
    if isinstance(value, dict):
        return "\n".join(f"{key}: {_shown(one, translate, locale)}" for key, one in value.items())
    if isinstance(value, list):
        return ", ".join(_shown(one, translate, locale) for one in value)
    if isinstance(value, date):
        return _moment(value, locale)
    if isinstance(value, bool):
        value = translate("yes") if value else translate("no")
    return "" if value is None else str(plain(value))


def _moment(value: date, locale: str) -> str:
    if isinstance(value, datetime):
        return format_datetime(value.astimezone(ZoneInfo(ZONE)), "medium", locale=locale)
    return format_date(value, "medium", locale=locale)
