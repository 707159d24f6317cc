"""Where a chunked body ends, whatever its chunks and however the network cuts them."""

from __future__ import annotations

from types import SimpleNamespace

import pytest
from gunicorn.http.body import Body, ChunkedReader
from gunicorn.http.unreader import IterUnreader
from hypothesis import given
from hypothesis import strategies as st

from judging.server.chunks import Chunks

SIZES = st.lists(st.integers(1, 400), max_size=8)
CUTS = st.lists(st.integers(1, 30), min_size=1, max_size=20)


def chunked(sizes: list[int], *, extension: bytes = b"", trailer: bytes = b"") -> bytes:
    """Chunks of line ends, so that none of them may be taken for the frame."""
    parts = [b"%X%s\r\n%s\r\n" % (size, extension, (b"\r\n0\r\n\r\n" * size)[:size]) for size in sizes]
    return b"".join(parts) + b"0\r\n" + trailer + b"\r\n"


def feed(data: bytes, cuts: list[int]) -> tuple[int, Chunks]:
    """Give the data piece by piece, as long as it has not ended; how much of it belonged to the body."""
    chunks, at, turn = Chunks(), 0, 0
    while at < len(data) and not chunks.ended:
        piece = data[at : at + cuts[turn % len(cuts)]]
        at += chunks.feed(piece)
        turn += 1
    return at, chunks


@given(
    sizes=SIZES, cuts=CUTS, rest=st.binary(max_size=40),
    extension=st.sampled_from([b"", b";a=b", b' ; a="0"']), trailer=st.sampled_from([b"", b"X-A: 1\r\n"]),
)  # fmt: skip
def test_body_ends_where_its_last_chunk_does(
    sizes: list[int], cuts: list[int], rest: bytes, extension: bytes, trailer: bytes
) -> None:
    body = chunked(sizes, extension=extension, trailer=trailer)

    size, chunks = feed(body + rest, cuts)

    assert (size, chunks.ended) == (len(body), True)


@given(sizes=SIZES, cuts=CUTS, data=st.data())
def test_body_that_lacks_anything_has_not_ended(sizes: list[int], cuts: list[int], data: st.DataObject) -> None:
    body = chunked(sizes)
    short = body[: data.draw(st.integers(0, len(body) - 1))]

    size, chunks = feed(short, cuts)

    assert (size, chunks.ended) == (len(short), False)


@given(sizes=SIZES, cuts=CUTS)
def test_servers_own_reader_needs_nothing_beyond_it(sizes: list[int], cuts: list[int]) -> None:
    body = chunked(sizes)
    size, _ = feed(body + b"GET / HTTP/1.1\r\n", cuts)
    request = SimpleNamespace(parse_headers=lambda *_, **__: [], trailers=[])

    read = Body(ChunkedReader(request, IterUnreader(iter([body[:size]])))).read()

    assert len(read) == sum(sizes)


@pytest.mark.parametrize("body", [b"zz\r\n", b"\r\n", b"-1\r\n", b"+5\r\n", b"0x5\r\n", b"5" * 9_000])
def test_what_is_not_well_formed_ends_it(body: bytes) -> None:
    _, chunks = feed(body, [1_000])

    assert chunks.ended
