"""Security headers on every answer, errors and static files included."""

from __future__ import annotations

from typing import TYPE_CHECKING

from flask import g, request

if TYPE_CHECKING:
    from flask import Flask, Response

_DIRECTIVES = {
    "default-src": "'none'",
    "script-src": "'self'",
    "style-src": "'self'",
    "img-src": "'self' data:",
    "media-src": "'self'",
    "font-src": "'self'",
    "connect-src": "'self'",
    "manifest-src": "'self'",
    "worker-src": "'self'",
    "form-action": "'self'",
    "base-uri": "'none'",
    "object-src": "'none'",
    "frame-ancestors": "'none'",
}
CONTENT_SECURITY_POLICY = "; ".join(f"{name} {value}" for name, value in _DIRECTIVES.items())

_UNUSED = (
    "accelerometer", "camera", "display-capture", "geolocation", "gyroscope", "magnetometer", "microphone", "payment",
    "usb",
)  # fmt: skip
PERMISSIONS_POLICY = ", ".join(f"{feature}=()" for feature in _UNUSED)

_HSTS = "max-age=63072000; includeSubDomains"


def install(app: Flask, *, tls: bool) -> None:
    """Add the headers to what `app` answers; HSTS only where the site is served over TLS."""

    @app.after_request
    def protect(response: Response) -> Response:
        headers = response.headers
        headers.setdefault("Content-Security-Policy", CONTENT_SECURITY_POLICY)
        headers.setdefault("X-Content-Type-Options", "nosniff")
        headers.setdefault("Referrer-Policy", "same-origin")
        headers.setdefault("Cross-Origin-Opener-Policy", "same-origin")
        headers.setdefault("Cross-Origin-Resource-Policy", "same-origin")
        headers.setdefault("Permissions-Policy", PERMISSIONS_POLICY)
        if g.get("no_index"):
            headers["X-Robots-Tag"] = "noindex, noarchive"
        if tls:
            headers.setdefault("Strict-Transport-Security", _HSTS)
        if not _is_static(response):
            response.vary.add("Cookie")
            response.vary.add("Accept-Language")
            # Asked of what is known already: finding out who it is may be what failed.
            if g.get("account") is not None or "Cache-Control" not in headers:
                headers["Cache-Control"] = "no-store"
        return response


def no_index() -> None:
    """Ask search engines to keep this answer out of their index and stores."""
    g.no_index = True


def _is_static(response: Response) -> bool:
    """A file of the program. The page that says there is no such file greets the reader by name, so it is none."""
    return (
        request.endpoint is not None and request.endpoint.rsplit(".", 1)[-1] == "static" and response.status_code < 400
    )
