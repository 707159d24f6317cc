"""The copy of a video: its first picture and first sound in a new container, packet by packet, and one still of it."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any, BinaryIO, cast

import av
from av.container import InputContainer
from PIL import Image

from judging.services.files.parsers.pictures import redrawn, save_pictures
from judging.services.files.parsers.video_facts import MOST_PACKETS, open_video

_MOST_TRIED = 250
# What a browser plays is tried first; a container that cannot hold the packets says so at once.
_CONTAINERS = {"mov": (("mp4", "video/mp4"), ("mov", "video/quicktime")), "matroska": (("webm", "video/webm"),)}


def copy(stream: BinaryIO) -> Mapping[str, Any]:
    """Write `copy` and its still into the present folder."""
    with open_video(stream) as source:
        family = "matroska" if "matroska" in source.format.name else "mov"
    return {"media_type": _remux_into(stream, _CONTAINERS[family]), "pictures": _still(stream)}


def _remux_into(stream: BinaryIO, ways: Sequence[tuple[str, str]]) -> str:
    """The media type of the first container that takes the packets."""
    (container, media_type), *others = ways
    try:
        _remux(stream, container)
    except (av.FFmpegError, ValueError):
        if not others:
            raise
        return _remux_into(stream, others)
    return media_type


def _remux(stream: BinaryIO, kind: str) -> None:
    options = {"movflags": "+faststart", "fflags": "+bitexact"} if kind != "webm" else {"fflags": "+bitexact"}
    with open_video(stream) as source, av.open("copy", "w", format=kind, options=options) as target:
        target.metadata.clear()
        wanted = [*source.streams.video[:1], *source.streams.audio[:1]]
        ways = {}
        for one in wanted:
            made = target.add_stream_from_template(one)
            made.metadata.clear()
            ways[one.index] = made
        for number, packet in enumerate(source.demux(wanted)):
            if number > MOST_PACKETS:
                raise ValueError("too many packets")
            if packet.dts is None:
                continue
            way = ways[packet.stream.index]
            packet.stream = way
            target.mux(packet)


def _still(stream: BinaryIO) -> list[dict[str, Any]]:
    """The first picture that can be decoded; a video without one has none, and is played all the same."""
    try:
        with open_video(stream) as source:
            return _first_picture(source)
    except (av.FFmpegError, ValueError):
        return []


def _first_picture(source: InputContainer) -> list[dict[str, Any]]:
    for number, packet in enumerate(source.demux(source.streams.video[0])):
        if number > _MOST_TRIED:
            break
        for frame in packet.decode():
            still: Image.Image = cast("Any", frame).to_image()
            return save_pictures(redrawn(still), name="still", small=True)
    return []
