"""How long a video is and how large its picture, read from the file's packets; nothing is decoded."""

from __future__ import annotations

from collections.abc import Mapping
from fractions import Fraction
from typing import Any, BinaryIO

import av
from av.container import InputContainer

MOST_PACKETS = 2_000_000
_MOST_STREAMS = 32
_MICROSECONDS = 1_000_000


def open_video(stream: BinaryIO) -> InputContainer:
    """Open a video as one of the two families that are taken: a list of other addresses, as of HLS, is neither."""
    stream.seek(0)
    matroska = stream.read(4) == b"\x1a\x45\xdf\xa3"
    stream.seek(0)
    # Parts that lie in other files are never looked for; the protocols name what could reach one.
    options = {"protocol_whitelist": "", "enable_drefs": "0"} if not matroska else {"protocol_whitelist": ""}
    return av.open(stream, mode="r", format="matroska" if matroska else "mov", container_options=options)


def look(stream: BinaryIO) -> Mapping[str, Any]:
    """Seconds as a fraction in words, width and height, or why the video is refused."""
    try:
        with open_video(stream) as container:
            return _look_at(container)
    except (av.FFmpegError, OSError, ValueError):
        return {"refused": "damaged"}


def _look_at(container: InputContainer) -> Mapping[str, Any]:
    if len(container.streams) > _MOST_STREAMS:
        return {"refused": "too-complex"}
    if not container.streams.video:
        return {"refused": "no-picture"}
    picture = container.streams.video[0]
    if not (picture.codec_context.width and picture.codec_context.height):
        return {"refused": "damaged"}
    promised = Fraction(container.duration or 0, _MICROSECONDS)
    found = _last_moment(container)
    if found is None:
        return {"refused": "too-complex"}
    if not found:
        return {"refused": "damaged"}
    return {
        "seconds": str(max(found, promised if promised > 0 else Fraction(0))),
        "width": picture.codec_context.width, "height": picture.codec_context.height,
    }  # fmt: skip


def _last_moment(container: InputContainer) -> Fraction | None:
    """When the last packet of sound or picture ends: what the head of the file says of its length counts for little."""
    wanted = [one for one in container.streams if one.type in {"video", "audio"}]
    first: Fraction | None = None
    last = Fraction(0)
    for number, packet in enumerate(container.demux(wanted)):
        if number > MOST_PACKETS:
            return None
        moment = packet.pts if packet.pts is not None else packet.dts
        if moment is None or packet.time_base is None:
            continue
        began = moment * packet.time_base
        first = began if first is None else min(first, began)
        last = max(last, began + (packet.duration or 0) * packet.time_base)
    # Sound often begins a little before nought, to be cut off by the player.
    return last - max(first or Fraction(0), Fraction(0))
