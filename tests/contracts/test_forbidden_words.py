"""No file names a package registry's host, a path of the machine it was written on, or leaves work undone."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

import pytest

from tests.contracts.source_tree import ROOT, source_files

if TYPE_CHECKING:
    from pathlib import Path

# Each needle is broken by brackets, so that this file does not contain what it looks for.
HOSTS = r"p[y]pi\.org|python[h]osted|n[p]mjs|d[e]b\.debian|pr[o]xy\.golang"
MACHINE_PATHS = r"(?<![\w.])/(?:w[o]rk|r[o]ot|h[o]me/\w+|U[s]ers/\w+)/"
UNDONE = r"\b(?:T[O]DO|F[I]XME|X[X]X)\b"
SECRETS = r"BEGIN [A-Z ]*PRIVATE K[E]Y|A[K]IA[0-9A-Z]{16}|gh[p]_[A-Za-z0-9]{36}"
BINARY = {".woff2", ".png", ".jpg", ".ico", ".pdf", ".mo", ".pyc", ".zip"}


def lines_with(pattern: str) -> list[str]:
    needle = re.compile(pattern)
    return [
        f"{path.relative_to(ROOT).as_posix()}:{number}"
        for path in source_files()
        if path.suffix not in BINARY
        for number, line in enumerate(text_of(path).splitlines(), start=1)
        if needle.search(line)
    ]


def text_of(path: Path) -> str:
    # Some vectors are bytes and no text; what they hold in ASCII is looked at all the same.
    return path.read_text("utf-8", errors="replace")


@pytest.mark.parametrize(
    "pattern",
    [
        pytest.param(HOSTS, id="registry hosts"),
        pytest.param(MACHINE_PATHS, id="paths of a machine"),
        pytest.param(UNDONE, id="work left undone"),
        pytest.param(SECRETS, id="secrets"),
    ],
)
def test_files_hold_none_of(pattern: str) -> None:
    assert lines_with(pattern) == []


@pytest.mark.parametrize(
    ("pattern", "text"),
    [
        (HOSTS, "https://py" + "pi.org/simple"),
        (MACHINE_PATHS, "see /ro" + "ot/notes.txt"),
        (MACHINE_PATHS, "open('/home/" + "mai/notes.txt')"),
        (UNDONE, "# TO" + "DO: later"),
        (SECRETS, "-----BEGIN PRIVATE K" + "EY-----"),
    ],
)
def test_pattern_finds_what_it_is_for(pattern: str, text: str) -> None:
    assert re.search(pattern, text)
