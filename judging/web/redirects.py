"""Where a person is sent after a form: only to a page of this site."""

from __future__ import annotations

from urllib.parse import urlsplit

from flask import current_app, request
from werkzeug.exceptions import HTTPException


def safe_next(target: str | None, *, default: str) -> str:
    r"""`target` when it is a path of this site that exists, else `default`.

    `//host`, `/\\host`, other schemes and control characters are other sites to some browser, so they are refused.
    """
    if not target or not target.startswith("/") or target.startswith(("//", "/\\")):
        return default
    if any(character < " " or character == "\\" for character in target):
        return default
    parts = urlsplit(target)
    if parts.scheme or parts.netloc:
        return default
    adapter = current_app.url_map.bind(request.host)
    try:
        adapter.match(parts.path, method="GET")
    except HTTPException:
        return default
    return target
