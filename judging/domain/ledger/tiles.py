"""Tiles (C2SP tlog-tiles): the tree's hashes and the leaves themselves, in static files of 256.

Tile (level, index) holds the nodes of level 8 * level from 256 * index on. The last tile of a level may be partial:
then its width stands in its path.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass

from judging.domain.ledger.faults import HashError
from judging.domain.ledger.merkle import HASH_BYTES, NodeId, ReadNodes
from judging.errors import N_

WIDTH = 256
HEIGHT = 8
_LONGEST_ENTRY = 0xFFFF
_PATH = re.compile(
    r"tile/(?P<level>entries|[0-9]|[1-5][0-9]|6[0-3])/(?P<index>(?:x[0-9]{3}/)*[0-9]{3})(?P<width>\.p/[1-9][0-9]{0,2})?"
)


@dataclass(frozen=True, slots=True)
class Tile:
    """A hash tile, or with level None an entry bundle."""

    level: int | None
    index: int
    width: int = WIDTH

    @property
    def path(self) -> str:
        """Where it lies: `tile/0/x001/234.p/5`."""
        name = "entries" if self.level is None else str(self.level)
        partial = "" if self.width == WIDTH else f".p/{self.width}"
        return f"tile/{name}/{_index_path(self.index)}{partial}"

    @property
    def nodes(self) -> list[NodeId]:
        """The nodes that a hash tile holds, or the leaves of an entry bundle."""
        first = self.index * WIDTH
        return [((self.level or 0) * HEIGHT, first + offset) for offset in range(self.width)]

    @classmethod
    def parse(cls, path: str) -> Tile:
        """Read a path in its one spelling. Raises HashError."""
        found = _PATH.fullmatch(path)
        if found is not None:
            level = None if found["level"] == "entries" else int(found["level"])
            index = int(found["index"].replace("x", "").replace("/", ""))
            tile = cls(level, index, int(found["width"][3:]) if found["width"] else WIDTH)
            if tile.path == path and tile.width <= WIDTH:
                return tile
        raise HashError(N_("“%(path)s” is no path of a tile."), path=path)


def hash_tiles(size: int) -> Iterator[Tile]:
    """All hash tiles of a log of that size, level by level; the last of a level may be partial."""
    level, nodes = 0, size
    while nodes:
        yield from _of_level(level, nodes)
        level, nodes = level + 1, nodes // WIDTH


def entry_tiles(size: int) -> Iterator[Tile]:
    """All entry bundles of a log of that size."""
    yield from _of_level(None, size)


def has_tile(size: int, tile: Tile) -> bool:
    """Whether a log of that size has that tile; a partial one may be of any width that it has grown past."""
    nodes = size >> (HEIGHT * (tile.level or 0))
    return tile.index * WIDTH + tile.width <= nodes


def hash_tile(tile: Tile, read: ReadNodes) -> bytes:
    """The bytes of a hash tile: its hashes, one after the other."""
    return b"".join(read(tile.nodes))


def entry_bundle(leaves: Iterable[bytes | None]) -> bytes:
    """The bytes of an entry bundle: each leaf behind its length in two bytes.

    None stands for a leaf that was erased: nothing is left of it but its hash, and its length here is 0.
    """
    parts = []
    for leaf in leaves:
        data = leaf or b""
        if len(data) > _LONGEST_ENTRY:
            raise HashError(N_("A leaf is too long for an entry bundle."))
        parts.append(len(data).to_bytes(2, "big") + data)
    return b"".join(parts)


def read_bundle(data: bytes) -> list[bytes]:
    """The leaves of an entry bundle; an erased one is empty. Raises HashError."""
    leaves = []
    place = 0
    while place < len(data):
        start = place + 2
        place = start + int.from_bytes(data[place:start], "big")
        if place > len(data) or start > len(data):
            raise HashError(N_("An entry bundle is cut short."))
        leaves.append(data[start:place])
    return leaves


def read_hashes(data: bytes) -> list[bytes]:
    """The hashes of a hash tile. Raises HashError."""
    if not data or len(data) % HASH_BYTES or len(data) > WIDTH * HASH_BYTES:
        raise HashError(N_("A hash tile has a length that no tile has."))
    return [data[place : place + HASH_BYTES] for place in range(0, len(data), HASH_BYTES)]


def _of_level(level: int | None, nodes: int) -> Iterator[Tile]:
    for index in range(nodes // WIDTH):
        yield Tile(level, index)
    if nodes % WIDTH:
        yield Tile(level, nodes // WIDTH, nodes % WIDTH)


def _index_path(index: int) -> str:
    parts = [f"{index % 1000:03d}"]
    while index >= 1000:
        index //= 1000
        parts.append(f"x{index % 1000:03d}")
    return "/".join(reversed(parts))
