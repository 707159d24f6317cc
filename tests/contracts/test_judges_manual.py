"""What the manuals for judges name in bold or italics stands on a page, letter by letter."""

from __future__ import annotations

import re
from pathlib import Path
from typing import TYPE_CHECKING

import pytest
from babel.messages.pofile import read_po

from judging.paths import translations_folder

if TYPE_CHECKING:
    from collections.abc import Iterable

ROOT = Path(__file__).resolve().parents[2]
MANUALS = ("giam-khao.md", "cham-khi-mat-mang.md")
_NAMED = re.compile(r"\*\*(.+?)\*\*|(?<!\*)\*(?! )([^*\n]+?)(?<! )\*(?!\*)")
# Bold words that begin a paragraph or an item say what it is about.
_OPENING = re.compile(r"^((?:\* |\d+\. )?)\*\*.+?\*\*", re.MULTILINE)


def shown_texts() -> set[str]:
    """Every Vietnamese text of the pages, whatever its first letter."""
    texts: set[str] = set()
    with (translations_folder() / "vi" / "LC_MESSAGES" / "messages.po").open("rb") as file:
        for message in read_po(file):
            shown: Iterable[str] = (message.string,) if isinstance(message.string, str) else message.string or ()
            texts.update(text.casefold() for text in shown if text)
    return texts


@pytest.mark.parametrize("name", MANUALS)
def test_buttons_and_states_in_a_manual_are_called_as_on_the_page(name: str) -> None:
    text = (ROOT / "docs" / "vi" / name).read_text("utf-8")
    body = " ".join(_OPENING.sub(r"\1", text).split())
    named = {part for pair in _NAMED.findall(body) for words in pair for part in words.split(" → ") if part}
    assert len(named) > 5
    assert {words for words in named if words.casefold() not in shown_texts()} == set()
