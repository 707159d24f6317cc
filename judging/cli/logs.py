"""What is written to standard error: JSON lines for machines that collect them, text for a person at a terminal.

All records, the standard library's and gunicorn's included, take the same way: they get a time in UTC and what is known
of the request, lose whatever looks like a secret or an address, and stay on one line.
"""

from __future__ import annotations

import json
import logging
import re
import sys
from collections.abc import MutableMapping
from typing import Any

import structlog
from structlog.stdlib import ProcessorFormatter

JSON, TEXT, AUTO = "json", "text", "auto"

_Event = MutableMapping[str, Any]

_SECRET_NAMES = re.compile(r"password|passwd|secret|token|cookie|authorization|api_?key", re.IGNORECASE)
# An address of a person, and the password in an address of a server.
_PERSON = re.compile(r"[\w.+-]+@[\w-]+(?:\.[\w-]+)+")
_PASSWORD = re.compile(r"(?<=://)[^/\s:@]*:[^/\s@]*(?=@)")
_QUERY = re.compile(r"(?<=[\w/])\?[^\s\"']*=[^\s\"']*")
_CONTROL = re.compile(r"[\x00-\x1f\x7f-\x9f\u2028\u2029]")
_REMOVED = "[removed]"


def configure_logs(*, style: str = TEXT, level: int = logging.WARNING) -> None:
    """Send every record from `level` on to standard error, in that style; `auto` asks whether it is a terminal.

    May be called again, and then replaces what it set up before.
    """
    handler = logging.StreamHandler(sys.stderr)
    handler.setFormatter(_formatter(as_json=is_json(style)))
    root = logging.getLogger()
    for old in [one for one in root.handlers if isinstance(one.formatter, ProcessorFormatter)]:
        root.removeHandler(old)
    root.addHandler(handler)
    root.setLevel(level)
    structlog.configure(
        processors=[
            structlog.stdlib.filter_by_level,
            *_known_of_every_record(),
            structlog.processors.StackInfoRenderer(),
            ProcessorFormatter.wrap_for_formatter,
        ],
        wrapper_class=structlog.stdlib.BoundLogger,
        logger_factory=structlog.stdlib.LoggerFactory(),
        cache_logger_on_first_use=False,
    )


def is_json(style: str) -> bool:
    """Whether records of that style are JSON; `auto` is, unless a person reads along at a terminal."""
    return style == JSON or (style == AUTO and not sys.stderr.isatty())


def _known_of_every_record() -> list[Any]:
    return [
        structlog.contextvars.merge_contextvars,
        structlog.stdlib.add_logger_name,
        structlog.stdlib.add_log_level,
        structlog.processors.TimeStamper(fmt="iso", utc=True, key="time"),
    ]


def _formatter(*, as_json: bool) -> ProcessorFormatter:
    last: list[Any] = [structlog.processors.format_exc_info, without_secrets]
    if as_json:
        last.append(structlog.processors.JSONRenderer(serializer=_line))
    else:
        last += [on_one_line, structlog.dev.ConsoleRenderer(colors=sys.stderr.isatty(), timestamp_key="time")]
    return ProcessorFormatter(
        foreign_pre_chain=[*_known_of_every_record(), structlog.stdlib.ExtraAdder()],
        processors=[ProcessorFormatter.remove_processors_meta, *last],
    )


def _line(event: _Event, **_options: Any) -> str:
    first = {name: event.pop(name) for name in ("time", "level", "event") if name in event}
    # JSON itself writes out only the control characters of ASCII; others end a line for some programs.
    return _CONTROL.sub(_written_out, json.dumps({**first, **event}, ensure_ascii=False, default=str))


def _written_out(found: re.Match[str]) -> str:
    return f"\\u{ord(found.group()):04x}"


def without_secrets(_logger: object, _method: str, event: _Event) -> _Event:
    """Take out what no log may hold: passwords, tokens, people's addresses, query strings."""
    for name, value in event.items():
        if _SECRET_NAMES.search(name):
            event[name] = _REMOVED
        elif isinstance(value, str):
            event[name] = _QUERY.sub("?…", _PERSON.sub(_REMOVED, _PASSWORD.sub(_REMOVED, value)))
    return event


def on_one_line(_logger: object, _method: str, event: _Event) -> _Event:
    r"""Write control characters out, so that nobody can begin a line of their own; a traceback keeps its lines."""
    for name, value in event.items():
        if isinstance(value, str) and name != "exception":
            event[name] = _CONTROL.sub(_written_out, value)
    return event
