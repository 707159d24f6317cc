"""The words on the pages, looked up in the catalogues that the pages themselves read."""

from __future__ import annotations

import gettext
from importlib.resources import files
from pathlib import Path
from typing import TYPE_CHECKING

from judging import paths

if TYPE_CHECKING:
    from judging.plugins import Registry


class Words:
    """Says what a page calls something. `language` is `vi` or `en`; messages are looked up by their English."""

    def __init__(self, registry: Registry, language: str) -> None:
        self.language = language
        plugins = [
            (Path(str(files(info.package))) / "translations", info.package) for info in registry.infos if info.package
        ]
        # Of catalogues that hold the same text the application takes the last, and the core's comes after all others.
        self._catalogues = [
            gettext.translation(domain, str(folder), [language])
            for folder, domain in reversed([*plugins, (paths.translations_folder(), "messages")])
            if folder.is_dir()
        ]

    def __call__(self, message: str, **params: object) -> str:
        """The text of `message` with its placeholders filled."""
        found = (catalogue.gettext(message) for catalogue in self._catalogues)
        text = next((each for each in found if each != message), message)
        return text % params if params else text
