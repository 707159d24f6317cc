"""The texts of a contest's rules in every language that the program speaks: tables name things in either."""

from __future__ import annotations

from collections.abc import Callable
from functools import cache
from importlib.resources import files
from pathlib import Path

from babel.support import Translations

from judging.paths import translations_folder
from judging.plugins import Registry

Say = Callable[[str], tuple[str, ...]]
_LANGUAGES = ("vi", "en")


def words_of(registry: Registry, kind: str) -> Say:
    """A function that gives an msgid of that contest kind as it reads in each language, the msgid itself first."""
    package = next((info.package for info in registry.infos if kind in info.contests), "")
    folders = [(str(translations_folder()), "messages")]
    if package:
        own = Path(str(files(package))) / "translations"
        folders.insert(0, (str(own), package))

    def say(text: str) -> tuple[str, ...]:
        found = (_catalogue(*where, locale).gettext(text) for where in folders for locale in _LANGUAGES)
        return tuple(dict.fromkeys((text, *map(str, found))))

    return say


@cache
def _catalogue(folder: str, domain: str, locale: str) -> Translations:
    # Without a catalogue babel gives one that says every text as it is.
    return Translations.load(folder, [locale], domain)  # type: ignore[return-value]  # NullTranslations answers alike
