"""The words of a contest kind in the language of a letter's reader, where there is no request to ask."""

from __future__ import annotations

from functools import lru_cache
from importlib.resources import files
from pathlib import Path
from typing import TYPE_CHECKING

from babel.support import NullTranslations, Translations

from judging.services.messages.texts import catalogue

if TYPE_CHECKING:
    from collections.abc import Callable

    from judging.domain.values import Problem
    from judging.plugins import Registry


def sentence_writer(registry: Registry, kind: str, locale: str) -> Callable[[Problem], str]:
    """What turns a problem into a sentence of that language, in the words of the contest's kind."""
    package = next((info.package for info in registry.infos if kind in info.contests), "")
    own, core = _plugin_catalogue(package, locale), catalogue(locale)

    def word(text: str) -> str:
        if not text:
            return text
        told = own.gettext(text)
        return told if told != text else core.gettext(text)

    def write(problem: Problem) -> str:
        values = {key: word(value) if isinstance(value, str) else str(value) for key, value in problem.params.items()}
        text = word(problem.message)
        return text % values if values else text.replace("%%", "%")

    return write


@lru_cache(maxsize=32)
def _plugin_catalogue(package: str, locale: str) -> NullTranslations:
    if not package:
        return NullTranslations()
    return Translations.load(Path(str(files(package))) / "translations", [locale], domain=package)
