"""Blind repeats behind the addresses of score sheets: a view that has a twin for repeats hands those on to it.

A repeat is no assignment of the request: a view without a twin finds nothing, whatever it does with readings.
"""

from __future__ import annotations

from functools import wraps
from typing import TYPE_CHECKING

from flask import request

from judging.errors import N_, NotFound
from judging.web.context import repeat

if TYPE_CHECKING:
    from collections.abc import Callable

    from flask.typing import ResponseReturnValue

    from judging.db.models import BlindRepeat

    Twin = Callable[[BlindRepeat], ResponseReturnValue]

_TWINS: dict[str, Twin] = {}


def twin_of(endpoint: str) -> Callable[[Twin], Twin]:
    """Let the decorated function answer `endpoint` for repeats."""

    def keep(twin: Twin) -> Twin:
        _TWINS[f"judge.{endpoint}"] = twin
        return twin

    return keep


def with_twin(view: Callable[..., ResponseReturnValue]) -> Callable[..., ResponseReturnValue]:
    """Hand requests that name a repeat on to the view's twin."""

    @wraps(view)
    def answer(**named: str) -> ResponseReturnValue:
        here = repeat()
        if here is None:
            return view(**named)
        twin = _TWINS.get(request.endpoint or "")
        if twin is None:
            raise NotFound(N_("There is nothing here."))
        return twin(here)

    return answer
