"""What a person reads on the page in their language, found through the application's own catalogues."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from flask_babel import force_locale, gettext

from judging.web.formats import label

if TYPE_CHECKING:
    from flask import Flask


@dataclass(frozen=True, slots=True)
class Words:
    """Texts of one language. A journey names them in English and finds on the page what stands there."""

    app: Flask
    language: str

    def __call__(self, text: str, **values: object) -> str:
        """A text of the core. In another language than English it must have been translated."""
        with self.app.test_request_context(), force_locale(self.language):
            found = gettext(text, **values)
        assert self.language == "en" or found != text % values, f"not translated: {text}"
        return str(found)

    def label(self, text: str) -> str:
        """A label of a contest kind."""
        with self.app.test_request_context(), force_locale(self.language):
            return str(label(text))
