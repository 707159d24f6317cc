"""What every exchange of the protocol has: its version on each answer, and another method under POST."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from flask import request

from judging.domain.tus import VERSION
from judging.errors import N_
from judging.web.problems import ApiError

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable

    from flask import Flask, Response

_NAMES = frozenset({"upload_options", "create_upload", "head_upload", "patch_upload", "delete_upload"})
_OVERRIDE = "HTTP_X_HTTP_METHOD_OVERRIDE"
_METHODS = frozenset({"PATCH", "DELETE", "HEAD"})
_FOLDER = "/uploads/"


def install(app: Flask) -> None:
    """Say the version on every answer of these addresses, refusals included, and let POST stand for other methods."""
    app.after_request(_say_version)
    app.wsgi_app = _Overridden(app.wsgi_app)  # type: ignore[method-assign]  # Flask's documented way to wrap itself


def require_version() -> None:
    """Raise ApiError 412 unless the request says the version that is spoken here."""
    if request.headers.get("Tus-Resumable") != VERSION:
        raise ApiError(
            412, "unsupported-version", N_("Send the header Tus-Resumable: %(version)s."),
            headers={"Tus-Version": VERSION}, version=VERSION,
        )  # fmt: skip


def _say_version(response: Response) -> Response:
    if (request.endpoint or "").rpartition(".")[2] in _NAMES:
        response.headers["Tus-Resumable"] = VERSION
    return response


class _Overridden:
    """Takes the method from `X-HTTP-Method-Override`, as the protocol asks, where something old lets only POST pass.

    It turns one changing method into another, or into one that reads, and only below the addresses of uploads: what a
    form's token guards stays guarded.
    """

    def __init__(self, inner: Any) -> None:
        self._inner = inner

    def __call__(self, environ: dict[str, Any], start_response: Callable[..., Any]) -> Iterable[bytes]:
        wanted = str(environ.get(_OVERRIDE, "")).upper()
        if wanted in _METHODS and environ["REQUEST_METHOD"] == "POST" and _FOLDER in environ.get("PATH_INFO", ""):
            environ["REQUEST_METHOD"] = wanted
        answer: Iterable[bytes] = self._inner(environ, start_response)
        return answer
