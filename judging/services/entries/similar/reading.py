"""Texts and looks out of files of the dossier, read in a process of its own: they come from strangers."""

from __future__ import annotations

import base64
from typing import BinaryIO

from judging.domain.similarity.pictures import Look, look_of
from judging.services.files.checks import EXTENSIONS, is_image
from judging.services.files.sandbox.many import RunParser
from judging.services.files.sandbox.running import LOOKING, ParserStopped, run_parser

READ = frozenset(kind for kind, extension in EXTENSIONS.items() if extension in ("pdf", "docx") or is_image(kind))
"""The media types of which something is read."""


def read_file(stream: BinaryIO, *, media_type: str, run: RunParser = run_parser) -> str | Look | None:
    """The text of a paper or the look of a picture; None for one that tells nothing or cannot be read."""
    try:
        told = run("tell", media_type, stream, limits=LOOKING)
    except ParserStopped:
        # What stopped it is in the log of the parser's own starts.
        return None
    if "text" in told:
        return str(told["text"])
    if "grey" in told:
        return look_of(base64.b64decode(told["grey"]), base64.b64decode(told["fine"]))
    return None
