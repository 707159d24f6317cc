"""General limits: how many requests a minute a network address and a person have.

They keep one visitor from using up the server. They are counted in the memory of each process; what keeps passwords
from being guessed is counted in the database instead.
"""

from __future__ import annotations

import math
import time
from typing import TYPE_CHECKING

from flask import current_app, g, request
from flask_login import current_user
from limits import RateLimitItemPerMinute
from limits.strategies import FixedWindowRateLimiter
from werkzeug.exceptions import TooManyRequests

from judging.web.limit_memory import WindowMemory

if TYPE_CHECKING:
    from flask import Flask, Response

    from judging.settings import Settings

_FREE = frozenset({"static", "health"})


def install(app: Flask, settings: Settings) -> None:
    """Count requests and refuse with 429 what is beyond the settings; the answer says how long to wait.

    Files of the program and the health addresses cost nothing, and nothing is counted while `app.testing` is set.
    """
    counter = FixedWindowRateLimiter(WindowMemory())
    scopes = (("address", settings.limit_address, _address), ("account", settings.limit_account, _person))
    counted = [(scope, RateLimitItemPerMinute(number), whose) for scope, number, whose in scopes if number]
    if not counted:
        return

    # The counter is asked directly: working out for each request which limits apply to it costs more than counting.
    @app.before_request
    def count() -> None:
        if _is_free():
            return
        for scope, limit, whose in counted:
            key = whose()
            if key and not counter.hit(limit, scope, key):
                until = counter.get_window_stats(limit, scope, key).reset_time
                g.retry_after = max(1, math.ceil(until - time.time()))
                raise TooManyRequests

    app.after_request(_say_when)


def _address() -> str:
    return request.remote_addr or ""


def _person() -> str:
    """The signed-in person; nobody for a guest, who is counted by address alone."""
    return str(g.account.id) if current_user.is_authenticated else ""


def _is_free() -> bool:
    endpoint = request.endpoint or ""
    return current_app.testing or bool(_FREE & {endpoint.rsplit(".", 1)[-1], request.blueprint or ""})


def _say_when(response: Response) -> Response:
    if (seconds := g.get("retry_after")) is not None:
        response.headers.setdefault("Retry-After", str(seconds))
    return response
