"""Security headers on every answer, errors and static files included."""

from __future__ import annotations

from typing import TYPE_CHECKING

from flask import request
from flask_login import current_user

if TYPE_CHECKING:
    from flask import Flask, Response

_DIRECTIVES = {
    "default-src": "'none'",
    "script-src": "'self'",
    "style-src": "'self'",
    "img-src": "'self' data:",
    "font-src": "'self'",
    "connect-src": "'self'",
    "manifest-src": "'self'",
    "form-action": "'self'",
    "base-uri": "'none'",
    "object-src": "'none'",
    "frame-ancestors": "'none'",
}
CONTENT_SECURITY_POLICY = "; ".join(f"{name} {value}" for name, value in _DIRECTIVES.items())

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
        headers.setdefault("Permissions-Policy", "camera=(), geolocation=(), microphone=()")
        if tls:
            headers.setdefault("Strict-Transport-Security", _HSTS)
        if request.endpoint is None or not request.endpoint.endswith("static"):
            response.vary.add("Cookie")
            response.vary.add("Accept-Language")
            if current_user.is_authenticated or "Cache-Control" not in headers:
                headers["Cache-Control"] = "no-store"
        return response
