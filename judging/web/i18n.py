"""The reader's language, and whose words a text of the rules is in.

The language is the one asked for in the address, remembered in a cookie, else the account's, else the browser's. Each
plugin brings a gettext domain of its own: two contest kinds may well translate "Final round" differently, so a text of
the rules is looked up in the catalogue of the kind it belongs to first. The interface speaks the core's words.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from flask import Flask, current_app, g, has_request_context, request
from flask_babel import Babel, Domain, gettext

from judging.web.programs import for_programs

if TYPE_CHECKING:
    from collections.abc import Mapping
    from pathlib import Path

    from flask import Response

    from judging.plugins import Registry

    Catalogue = tuple[Path, str]

LANGUAGES = {"vi": "Tiếng Việt", "en": "English"}
DEFAULT = "vi"
COOKIE = "lang"
_YEAR = 365 * 24 * 3600
_EXTENSION = "judging_words"


def locale() -> str:
    """The language of this request."""
    if not has_request_context():
        return DEFAULT
    account = g.get("account")
    if for_programs():
        chosen = request.accept_languages.best_match(list(LANGUAGES)) or (account.locale if account else "")
        return str(chosen) if chosen in LANGUAGES else DEFAULT
    asked = request.args.get("lang", "")
    if asked in LANGUAGES:
        return asked
    remembered = request.cookies.get(COOKIE, "")
    if remembered in LANGUAGES:
        return remembered
    if account is not None and account.locale in LANGUAGES:
        return str(account.locale)
    return request.accept_languages.best_match(list(LANGUAGES)) or DEFAULT


def install(app: Flask, *, core: Catalogue, plugins: Mapping[str, Catalogue], registry: Registry) -> None:
    """Set the languages up. A catalogue is (folder, gettext domain); `plugins` has one for each plugin by its name."""
    Babel(
        app,
        default_locale=DEFAULT,
        default_translation_directories=";".join(str(folder) for folder, _ in (*plugins.values(), core)),
        default_domain=";".join(domain for _, domain in (*plugins.values(), core)),
        locale_selector=locale,
    )
    app.extensions[_EXTENSION] = {
        kind: _words_of(plugins[info.name], [core, *plugins.values()])
        for info in registry.infos
        if info.name in plugins
        for kind in info.contests
    }
    pages = {name: _words_of(own, [core, *plugins.values()]) for name, own in plugins.items()}
    blueprints = {registry.pages[name].name: words for name, words in pages.items() if name in registry.pages}

    @app.before_request
    def speak_as_plugin() -> None:
        if (words := blueprints.get(request.blueprint or "")) is not None:
            words.as_default()

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


def show_kind(kind: str) -> None:
    """Say which contest kind a page without a contest is about, so that its texts come in that kind's words."""
    g.kind = kind


def rule_text(text: str) -> str:
    """A text of the rules in the reader's language, in the words of the contest kind that the page is about."""
    contest = g.get("contest")
    kind = g.get("kind", contest.kind if contest is not None else "")
    words: Domain | None = current_app.extensions[_EXTENSION].get(kind)
    return gettext(text) if words is None else str(words.gettext(text))


def _words_of(own: Catalogue, all_catalogues: list[Catalogue]) -> Domain:
    # The last catalogue that has a text wins.
    joined = [*(each for each in all_catalogues if each != own), own]
    return Domain([str(folder) for folder, _ in joined], ";".join(domain for _, domain in joined))
