"""Pages that many open or that show much: the published results, the office's board and its list of entries."""

from __future__ import annotations

from collections.abc import Iterator
from functools import partial

from flask.testing import FlaskClient

from judging.composition import create_web
from judging.services.platform import Platform
from tools.bench.bare import bare_page
from tools.bench.clients import browser, expect, sign_in
from tools.bench.contests import PASSWORD, SLUG, fill_contest
from tools.bench.measure import Bound, Figure, Peer, measure_in_turns
from tools.bench.sizes import Sizes
from tools.bench.stores import Stores, count_statements

_IN_A_ROW = 10
_OFFICE = Bound(seconds=0.3, reason="an office page within 300 ms")
_RESULTS = "/contests/youth-creativity-2021/results"
_OFFICE_PAGES = (
    ("board", f"/organise/{SLUG}/"),
    ("progress", f"/organise/{SLUG}/progress"),
    ("entries, first page", f"/organise/{SLUG}/entries"),
    ("entries, last page by title", f"/organise/{SLUG}/entries?sort=title&order=desc&page=40"),
)


def results(platform: Platform) -> Iterator[Figure]:
    """Time the published results of the demo's province, ten requests at a time."""
    client = browser(create_web(platform))
    yield beside_bare(platform, client, _RESULTS, benchmark="public results", case="province, 128 entries", times=7)


def office(stores: Stores, sizes: Sizes) -> Iterator[Figure]:
    """Time the organiser's pages of a contest in judging with five submitted sheets for each entry."""
    with stores.installation() as platform:
        with platform.database.writing() as session:
            filled = fill_contest(session, platform.registry, entries=sizes.office, sheets=5, submitted=True)
        client = sign_in(create_web(platform), filled.organiser, PASSWORD)
        for name, address in _OFFICE_PAGES:
            yield beside_bare(
                platform, client, address, benchmark=f"organiser, {name}", case=f"{sizes.office:,} entries, SQLite",
                times=sizes.repeats, in_a_row=1, bound=_OFFICE,
            )  # fmt: skip


def beside_bare(
    platform: Platform,
    client: FlaskClient,
    address: str,
    *,
    benchmark: str,
    case: str,
    times: int,
    in_a_row: int = _IN_A_ROW,
    bound: Bound | None = None,
) -> Figure:
    """A page that is asked for so many times `in_a_row`, beside a route that answers with the same bytes."""
    with count_statements(platform) as statements:
        text = expect(client, "GET", address, 200)
    bare = browser(bare_page(text))
    ours, plain = partial(_get, client, address, in_a_row), partial(_get, bare, "/", in_a_row)
    timing, peer = (one.per(in_a_row) for one in measure_in_turns(ours, plain, times=times))
    return Figure(
        benchmark=benchmark,
        case=case,
        timing=timing,
        bound=bound,
        peer=Peer(name="bare Flask route, same bytes", timing=peer),
        notes={
            "statements": len(statements),
            "requests/s": f"{1 / timing.median:.0f}",
            "bare requests/s": f"{1 / peer.median:.0f}",
            "KiB": len(text.encode()) // 1024,
        },
    )


def _get(client: FlaskClient, address: str, count: int) -> None:
    for _ in range(count):
        expect(client, "GET", address, 200)
