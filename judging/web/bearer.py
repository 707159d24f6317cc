"""Who a program acts for: the owner of the bearer token (RFC 6750). A cookie signs nobody in here."""

from __future__ import annotations

import logging
import re
from collections.abc import Collection, Sequence
from typing import TYPE_CHECKING

from flask import Flask, current_app, g, request

from judging.errors import N_, StoreUnavailable
from judging.services.access.api_tokens import find_token, narrowed, needs_touch, touch_token
from judging.web.context import now, platform
from judging.web.problems import REALM, ApiError
from judging.web.programs import for_programs
from judging.web.transaction import db

if TYPE_CHECKING:
    from flask import Response

    from judging.db.models import ApiToken
    from judging.domain.permissions import Actor

log = logging.getLogger(__name__)

SCOPES = "judging_scopes"
"""The attribute of a view that names the scopes of which a token needs one."""

_READING = frozenset({"GET", "HEAD", "OPTIONS"})
_BEARER = re.compile(r"bearer +([\x21-\x7e]+) *", re.ASCII | re.IGNORECASE)


def install(app: Flask) -> None:
    """Find out who a program acts for before anything else is looked at, and note that the token is in use."""
    app.before_request(_authenticate)
    app.after_request(_note_use)


def token() -> ApiToken | None:
    """The token of this request."""
    found: ApiToken | None = g.get("api_token")
    return found


def covers(*scopes: str) -> bool:
    """Whether the token of this request is for one of these purposes."""
    held = token()
    return held is not None and not set(scopes).isdisjoint(held.scopes)


def as_far_as_the_token_reaches(actor: Actor) -> Actor:
    """The actor with no more roles than the token of this request lends."""
    held = token()
    return actor if held is None else narrowed(actor, scopes=held.scopes, reading=request.method in _READING)


def unauthorized() -> ApiError:
    """The answer to somebody without a token, whatever the address names."""
    return ApiError(401, "unauthorized", N_("Send a valid token in the header Authorization: Bearer TOKEN."))


def _authenticate() -> None:
    if not for_programs() or request.endpoint is None:
        return
    header = request.headers.get("Authorization")
    if header is not None:
        given = _BEARER.fullmatch(header.strip())
        found = find_token(db(), text=given[1], now=now()) if given else None
        if found is None:
            error = f'{REALM}, error="invalid_token"'
            raise ApiError(
                401, "unauthorized", N_("This token is not valid: it is wrong, has ended or was revoked."),
                headers={"WWW-Authenticate": error},
            )  # fmt: skip
        g.api_token, g.account = found, found.account
        _require_scope(found.scopes)
        if needs_touch(found, now=now()):
            g.token_use = found.id


def _require_scope(held: Collection[str]) -> None:
    """Refuse a token that is for something else, before it is known whether the address names anything."""
    wanted: Sequence[str] = getattr(current_app.view_functions.get(request.endpoint or ""), SCOPES, ())
    if not wanted or not set(wanted).isdisjoint(held):
        return
    needed = " ".join(wanted)
    raise ApiError(
        403, "insufficient-scope", N_("The token is for something else. One of these scopes is needed: %(scopes)s."),
        headers={"WWW-Authenticate": f'{REALM}, error="insufficient_scope", scope="{needed}"'}, scopes=needed,
    )  # fmt: skip


def _note_use(response: Response) -> Response:
    """Write the time of last use in a unit of work of its own, at most once an hour."""
    if (token_id := g.pop("token_use", None)) is not None and response.status_code < 500:
        try:
            with platform().database.writing() as session:
                touch_token(session, token_id=token_id, now=now())
        except StoreUnavailable:
            # The answer is made and what it tells is stored; when the token was last used can wait.
            log.warning("the last use of a token could not be noted")
    return response
