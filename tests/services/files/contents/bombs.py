"""Archives and pictures that are small to send and large to open, or that are not what they say (T22, T23)."""

from __future__ import annotations

import io
import stat
import struct
import zipfile
import zlib

from tests.services.files.contents import samples

_LOCAL = struct.Struct("<4s5H3L2H")
_LISTED = struct.Struct("<4s4B4H3L5H2L")
_END = struct.Struct("<4s4H2LH")


def deep_zip(levels: int) -> bytes:
    """An archive in an archive in an archive, the innermost full of nought."""
    content = bytes(1_000_000)
    for level in range(levels):
        made = io.BytesIO()
        with zipfile.ZipFile(made, "w", zipfile.ZIP_DEFLATED) as archive:
            archive.writestr(f"{level}.zip", content)
        content = made.getvalue()
    return content


def forty_two() -> bytes:
    """The bomb of old: archives beside each other in an archive, five deep."""
    return samples.office(parts={f"word/{number}.zip": deep_zip(5) for number in range(16)})


def wide_zip(copies: int = 100) -> bytes:
    """Every entry of the list points at one and the same place (overlap in full)."""
    kernel = zlib.compress(bytes(1_000_000), 9)[2:-4]
    head = _LOCAL.pack(b"PK\x03\x04", 20, 0, 8, 0, 0, zlib.crc32(bytes(1_000_000)), len(kernel), 1_000_000, 1, 0)
    body = head + b"a" + kernel
    names = [b"[Content_Types].xml", *(f"{number}".encode() for number in range(copies))]
    return body + _list(names, [0] * len(names), kernel, len(body))


def quoted_zip(copies: int = 100) -> bytes:
    """Fifield's better bomb: each entry quotes the head of the next, so that all share one kernel and none is equal."""
    kernel = zlib.compress(bytes(1_000_000), 9)[2:-4]
    heads = [
        _LOCAL.pack(b"PK\x03\x04", 20, 0, 8, 0, 0, 0, len(kernel), 1_000_000, 4, 0) + f"{number:04d}".encode()
        for number in range(copies)
    ]
    places, body = [], b""
    for number, head in enumerate(heads):
        places.append(len(body))
        following = len(heads[number + 1]) if number + 1 < copies else 0
        body += head + (struct.pack("<BHH", 0, following, following ^ 0xFFFF) if following else b"")
    body += kernel
    names = [f"{number:04d}".encode() for number in range(copies)]
    return body + _list(names, places, kernel, len(body), to_the_end=True)


def _list(names: list[bytes], places: list[int], kernel: bytes, start: int, *, to_the_end: bool = False) -> bytes:
    listed = b""
    for name, place in zip(names, places, strict=True):
        length = start - place - _LOCAL.size - len(name) if to_the_end else len(kernel)
        listed += _LISTED.pack(
            b"PK\x01\x02", 20, 0, 20, 0, 0, 8, 0, 0, 0, length, 1_000_000, len(name), 0, 0, 0, 0, 0, place
        ) + name  # fmt: skip
    return listed + _END.pack(b"PK\x05\x06", 0, 0, len(names), len(names), len(listed), start, 0)


def nameless_zip(entries: int = 1_000_000) -> bytes:
    """A million entries without a name."""
    one = _LISTED.pack(b"PK\x01\x02", 20, 0, 20, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0)
    body = _LOCAL.pack(b"PK\x03\x04", 20, 0, 0, 0, 0, 0, 0, 0, 0, 0)
    # The short field of the end cannot hold a million; what it holds is the rest.
    end = _END.pack(b"PK\x05\x06", 0, 0, entries % 65_536, entries % 65_536, len(one) * entries, len(body), 0)
    return body + one * entries + end


def climbing(name: str) -> bytes:
    """A document with a part whose name leads out of the folder it would be unpacked into."""
    return samples.office(parts={name: b"canary-outside"})


def linking() -> bytes:
    """A document with a part that is a symbolic link."""
    made = io.BytesIO(samples.office())
    with zipfile.ZipFile(made, "a") as archive:
        link = zipfile.ZipInfo("word/media/picture.png")
        link.external_attr = (stat.S_IFLNK | 0o777) << 16
        archive.writestr(link, "/etc/passwd")
    return made.getvalue()


def lying(told: int = 10) -> bytes:
    """A document whose list says ten bytes for a part that unpacks to sixty million."""
    whole = bytearray(samples.office(parts={"word/lie.xml": bytes(60_000_000)}))
    place = whole.rfind(b"PK\x01\x02", 0, whole.rfind(b"word/lie.xml"))
    struct.pack_into("<L", whole, place + 24, told)
    local = whole.find(b"word/lie.xml") - _LOCAL.size
    struct.pack_into("<L", whole, local + 22, told)
    return bytes(whole)


def zip64_lie() -> bytes:
    """A document whose end says by the larger figures of zip64 that it has four thousand million parts."""
    whole = samples.office()
    place = whole.rfind(b"PK\x05\x06")
    record = struct.pack("<4sQ2H2L4Q", b"PK\x06\x06", 44, 45, 45, 0, 0, 1 << 32, 1 << 32, 1 << 40, 1 << 50)
    locator = struct.pack("<4sLQL", b"PK\x06\x07", 0, place, 1)
    end = _END.pack(b"PK\x05\x06", 0, 0, 0xFFFF, 0xFFFF, 0xFFFFFFFF, 0xFFFFFFFF, 0)
    return whole[:place] + record + locator + end


def swollen_docx(megabytes: int = 1_000) -> bytes:
    """A document whose text unpacks to a thousand megabytes."""
    made = io.BytesIO()
    with zipfile.ZipFile(made, "w", zipfile.ZIP_DEFLATED, compresslevel=1) as archive:
        with zipfile.ZipFile(io.BytesIO(samples.office())) as least:
            archive.writestr("[Content_Types].xml", least.read("[Content_Types].xml"))
        with archive.open("word/document.xml", "w", force_zip64=False) as part:
            part.write(b"<document>")
            for _ in range(megabytes):
                part.write(bytes(1_000_000))
    return made.getvalue()


LAUGHS = (
    b'<!DOCTYPE l [<!ENTITY a "ha">'
    + b"".join(f'<!ENTITY {chr(98 + level)} "{f"&{chr(97 + level)};" * 10}">'.encode() for level in range(9))
    + b"]><l>&j;</l>"
)
"""A thousand million laughs, each a reference to ten of the one below."""
OUTSIDE = b'<!DOCTYPE l [<!ENTITY a SYSTEM "file:///etc/passwd">]><l>&a;</l>'
