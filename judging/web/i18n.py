"""The reader's language: asked for in the address, remembered in a cookie, else the account's, else the browser's."""

from __future__ import annotations

from typing import TYPE_CHECKING

from flask import Flask, g, has_request_context, request
from flask_babel import Babel

if TYPE_CHECKING:
    from collections.abc import Sequence
    from pathlib import Path

    from flask import Response

LANGUAGES = {"vi": "Tiếng Việt", "en": "English"}
DEFAULT = "vi"
COOKIE = "lang"
_YEAR = 365 * 24 * 3600


def locale() -> str:
    """The language of this request."""
    if not has_request_context():
        return DEFAULT
    asked = request.args.get("lang", "")
    if asked in LANGUAGES:
        return asked
    remembered = request.cookies.get(COOKIE, "")
    if remembered in LANGUAGES:
        return remembered
    account = g.get("account")
    if account is not None and account.locale in LANGUAGES:
        return str(account.locale)
    return request.accept_languages.best_match(list(LANGUAGES)) or DEFAULT


def install(app: Flask, *, catalogues: Sequence[tuple[Path, str]]) -> None:
    """Set the languages up. `catalogues` are (folder, gettext domain), the core's last, since the last wins."""
    Babel(
        app,
        default_locale=DEFAULT,
        default_translation_directories=";".join(str(folder) for folder, _ in catalogues),
        default_domain=";".join(domain for _, domain in catalogues),
        locale_selector=locale,
    )

    @app.after_request
    def remember(response: Response) -> Response:
        asked = request.args.get("lang", "")
        if asked in LANGUAGES and request.cookies.get(COOKIE) != asked:
            response.set_cookie(
                COOKIE,
                asked,
                max_age=_YEAR,
                samesite="Lax",
                httponly=True,
                secure=bool(app.config["SESSION_COOKIE_SECURE"]),
            )
        return response
