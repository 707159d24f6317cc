"""Where the files that come with the program lie: in the installed package, or beside it in a checkout."""

from __future__ import annotations

from pathlib import Path

_PACKAGE = Path(__file__).resolve().parent


def templates_folder() -> Path:
    """Return the folder of the core's page templates.

    The wheel carries it inside the package; in a checkout it stands beside the package.
    """
    installed = _PACKAGE / "templates"
    return installed if installed.is_dir() else _PACKAGE.parent / "templates"


def static_folder() -> Path:
    """Return the folder that the web server hands out as it is: styles, scripts, fonts, images."""
    return _PACKAGE / "static"


def translations_folder() -> Path:
    """Return the folder of the core's message catalogues."""
    return _PACKAGE / "translations"


def migrations_folder() -> Path:
    """Return the folder of the migration environment, with `versions` in it."""
    return _PACKAGE / "migrations"


def skeleton_folder() -> Path:
    """Return the folder of the files from which `judging new-plugin` makes a plugin."""
    return _PACKAGE / "skeleton"
