"""Pages of a long list: which one is asked for in the address, and where the ones beside it are."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from flask import request, url_for

PARAMETER = "page"
PER_PAGE = 50


@dataclass(frozen=True, slots=True, kw_only=True)
class Page:
    """One page of a list, as the pager shows it; `offset` and `limit` are for the query."""

    number: int
    pages: int
    total: int
    offset: int
    limit: int
    prev_url: str | None
    next_url: str | None
    text: str = ""


def page_of(total: int, *, per_page: int = PER_PAGE) -> Page:
    """The page of `total` rows that the address asks for; the nearest one there is when it asks for nonsense."""
    pages = max(1, -(-total // per_page))
    asked = request.args.get(PARAMETER, "1")
    number = min(max(int(asked), 1), pages) if asked.isascii() and asked.isdigit() and len(asked) < 10 else 1
    return Page(
        number=number,
        pages=pages,
        total=total,
        offset=(number - 1) * per_page,
        limit=per_page,
        prev_url=_address(number - 1) if number > 1 else None,
        next_url=_address(number + 1) if number < pages else None,
    )


def _address(number: int) -> str:
    arguments: dict[str, Any] = {**request.args.to_dict(flat=False), **(request.view_args or {}), PARAMETER: number}
    return url_for(request.endpoint or "public.home", **arguments)
