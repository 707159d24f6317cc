"""The judge's pages as an app of the device: its manifest, its worker, and the page for what it does not hold."""

from __future__ import annotations

import hashlib
import json
from functools import cache
from typing import TYPE_CHECKING

from flask import Response, jsonify, render_template, url_for
from flask_babel import force_locale
from flask_babel import gettext as _

from judging import __version__
from judging.domain.policy import policy
from judging.errors import N_, NotFound
from judging.paths import static_folder
from judging.web.i18n import LANGUAGES
from judging.web.judge.blueprint import blueprint

if TYPE_CHECKING:
    from flask.typing import ResponseReturnValue

_ICONS = (
    ("app-192.png", "192x192", "any"),
    ("app-512.png", "512x512", "any"),
    ("app-maskable-512.png", "512x512", "maskable"),
)
_KEPT_FOLDERS = ("css", "fonts", "img", "js")
_KEPT_ENDINGS = (".css", ".woff2", ".svg", ".js")
# What only other people's pages need.
_OTHERS = (
    "recount",
    "log-recount",
    "upload",
    "passkey",
    "office-",
    "entrant",
    "public",
    "people",
    "account",
    "api",
    "log",
    "documents",
)


@blueprint.get("/app/<language>.webmanifest")
@policy("public")
def manifest(language: str) -> ResponseReturnValue:
    """What the device shows when the judge's pages are installed on it."""
    with force_locale(_known(language)):
        told = {
            "id": url_for("judge.home"),
            "name": _("Judging – score sheets"),
            "short_name": _("Judging"),
            "description": _("Mark entries, without a network too."),
            "lang": language,
            "start_url": url_for("judge.home"),
            "scope": url_for("judge.home"),
            "display": "standalone",
            "background_color": "#ffffff",
            "theme_color": "#ffffff",
            "icons": [
                {
                    "src": url_for("static", filename=f"img/{name}", v=__version__), "sizes": sizes,
                    "type": "image/png", "purpose": purpose,
                }
                for name, sizes, purpose in _ICONS
            ],
        }  # fmt: skip
    response = jsonify(told)
    response.mimetype = "application/manifest+json"
    response.headers["Cache-Control"] = "no-store"
    return response


@blueprint.get("/app/<language>/not-kept")
@policy("public")
def not_kept(language: str) -> ResponseReturnValue:
    """What the device shows without a network in place of a page that it does not hold. It is about nobody."""
    with force_locale(_known(language)):
        page = render_template("judge/not_kept.html", page_lang=language, draft_lock=None)
    response = Response(page, mimetype="text/html")
    response.headers["Cache-Control"] = "no-store"
    return response


@blueprint.get("/worker.js")
@policy("public")
def worker() -> ResponseReturnValue:
    """The script that answers without a network. Its text changes with every file of the build, and so replaces it."""
    files, version = _kept_files()
    told = {
        "version": version,
        "files": [url_for("static", filename=name) for name in files],
        "home": url_for("judge.home"),
        "notKept": {language: url_for("judge.not_kept", language=language) for language in LANGUAGES},
    }
    script = url_for("static", filename="js/device-worker.js", v=version)
    text = f"import {{ serve }} from {json.dumps(script)};\n\nserve({json.dumps(told, sort_keys=True)});\n"
    response = Response(text, content_type="text/javascript; charset=utf-8")
    response.headers["Cache-Control"] = "no-store"
    response.headers["Service-Worker-Allowed"] = url_for("judge.home")
    return response


def _known(language: str) -> str:
    if language not in LANGUAGES:
        raise NotFound(N_("There is nothing here."))
    return language


@cache
def _kept_files() -> tuple[tuple[str, ...], str]:
    """The files of the program that judges' pages need, and a digest of them all."""
    root = static_folder()
    files = sorted(
        path
        for folder in _KEPT_FOLDERS
        for path in (root / folder).iterdir()
        if path.suffix in _KEPT_ENDINGS and not path.name.startswith(_OTHERS)
    )
    digest = hashlib.sha256(__version__.encode())
    for path in files:
        digest.update(path.name.encode() + b"\x00" + path.read_bytes())
    return tuple(path.relative_to(root).as_posix() for path in files), digest.hexdigest()[:16]
