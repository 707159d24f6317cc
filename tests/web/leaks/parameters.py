"""What may be asked for beside an address: lists sorted, filtered and searched in every way, and relations named."""

from __future__ import annotations

from typing import TYPE_CHECKING
from urllib.parse import urlencode

if TYPE_CHECKING:
    from collections.abc import Iterable

    from tests.web.leaks.addresses import Address
    from tests.web.leaks.site import Site
    from tests.web.leaks.world import World

LISTED: tuple[str, ...] = (
    "sort=score&order=desc&page=2",
    "sort=title&order=asc&state=submitted&category=environment",
    "round=final&page=-1&q=zq-author-name",
    "q=%25&state=draft",
    "lang=vi",
)
"""List parameters of pages: those that some list understands, asked of every page that is open."""

LISTED_FOR_PROGRAMS: tuple[str, ...] = ("limit=1", "limit=1&cursor=MQ", "state=draft", "category=environment")
"""The same for programs, which are refused what an address does not know."""


def relations(world: World) -> str:
    """Parameters that name others, which no address understands: all of them at once."""
    return urlencode(
        {
            "judge": world.judges[0], "author": "zq-author-name", "group": "judges", "include": "authors,members",
            "expand": "judge", "fields": "*", "embed": "sheets", "unknown": "1",
        }
    )  # fmt: skip


def one_of_each(site: Site, role: str) -> list[Address]:
    """For each endpoint the first address that lets the role in, and the first that does not."""
    found: dict[tuple[str, bool], Address] = {}
    told = site.answers(role)
    for address in site.addresses:
        if "?" not in address.path:
            found.setdefault((address.endpoint, told[address.path].status == 200), address)
    # Where some are open, a closed one has been compared with what does not exist already.
    return [one for (endpoint, is_open), one in found.items() if is_open or (endpoint, True) not in found]


def with_list_parameters(addresses: Iterable[Address]) -> list[str]:
    """Each address with each of the queries that are meant for its kind."""
    return [
        f"{one.path}?{query}"
        for one in addresses
        for query in (LISTED_FOR_PROGRAMS if one.path.startswith("/api/") else LISTED)
    ]
