"""The language of whoever reads a terminal."""

from __future__ import annotations

import locale
import os
from collections.abc import Callable

LANGUAGES = ("vi", "en")


def own_language() -> str:
    """The language of the environment where the program speaks it, else English."""
    spoken = next(filter(None, map(os.environ.get, ("LC_ALL", "LC_MESSAGES", "LANG"))), "")
    short = locale.normalize(spoken).split("_")[0].lower()
    return short if short in LANGUAGES else "en"


def own_words() -> Callable[[str], str]:
    """What gives a text in that language."""
    from babel.support import Translations

    from judging.paths import translations_folder

    return Translations.load(translations_folder(), [own_language()]).gettext
