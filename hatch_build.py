"""Build hook: every message catalogue is compiled before the files of a wheel are chosen."""

from __future__ import annotations

from pathlib import Path
from typing import Any

from babel.messages.mofile import write_mo
from babel.messages.pofile import read_po
from hatchling.builders.hooks.plugin.interface import BuildHookInterface

CATALOGUE_PATTERNS = (
    "judging/translations/*/LC_MESSAGES/*.po",
    "plugins/*/judging_*/translations/*/LC_MESSAGES/*.po",
)


def compile_catalogues(root: Path) -> list[Path]:
    """Write a `.mo` beside each `.po` below `root` that is newer than it; return the files written.

    Fuzzy messages are left out, so an unconfirmed translation never reaches a reader.
    """
    written = []
    for pattern in CATALOGUE_PATTERNS:
        for source in sorted(root.glob(pattern)):
            target = source.with_suffix(".mo")
            if target.exists() and target.stat().st_mtime_ns > source.stat().st_mtime_ns:
                continue
            with source.open("rb") as readable:
                catalogue = read_po(readable)
            # Renamed into place, so that a server that reads at this moment sees the old file or the new one.
            draft = target.with_suffix(".mo.new")
            with draft.open("wb") as writable:
                write_mo(writable, catalogue, use_fuzzy=False)
            draft.replace(target)
            written.append(target)
    return written


class CatalogueBuildHook(BuildHookInterface[Any]):
    """Runs for wheels and for editable installs alike, before files are collected."""

    def initialize(self, version: str, build_data: dict[str, Any]) -> None:
        """Compile what is out of date; `version` ("standard" or "editable") makes no difference."""
        del version, build_data
        compile_catalogues(Path(self.root))
