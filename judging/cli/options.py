"""What the commands share: where the installation lies, how it is opened, how an answer is printed."""

from __future__ import annotations

import contextlib
import gc
import json
import os
from collections.abc import Callable, Iterator, Mapping, Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Any, TypeVar

import click

if TYPE_CHECKING:
    from judging.services.platform import Platform
    from judging.settings import Settings

Command = TypeVar("Command", bound=Callable[..., Any])


def data_option(command: Command) -> Command:
    """Where database, files and keys lie."""
    return click.option(
        "--data",
        type=click.Path(path_type=Path, file_okay=False),
        default=None,
        help="Folder of the installation (JUDGING_DATA, otherwise var/judging).",
    )(command)


def json_option(command: Command) -> Command:
    """One JSON document on standard output, and nothing else there."""
    return click.option("--json", "as_json", is_flag=True, help="Print one JSON document.")(command)


def address_options(command: Command) -> Command:
    """Where the web server listens."""
    host = click.option("--host", default=None, help="Address to listen on (JUDGING_HOST, otherwise 127.0.0.1).")
    port = click.option(
        "--port", type=click.IntRange(1, 65535), default=None, help="Port to listen on (JUDGING_PORT, otherwise 8000)."
    )
    return host(port(command))


def read_settings(data: Path | None, *, host: str | None = None, port: int | None = None) -> Settings:
    """The settings of the environment, with what the command line says instead. Raises SettingsError."""
    from judging.settings import Settings

    said = {"JUDGING_HOST": host, "JUDGING_PORT": None if port is None else str(port)}
    environ = {**os.environ, **{name: value for name, value in said.items() if value is not None}}
    return Settings.from_environment(environ, data=data)


def data_folder(data: Path | None) -> Path:
    """The folder that the command line or the environment names."""
    from judging.settings import DEFAULT_DATA

    return (data or Path(os.environ.get("JUDGING_DATA", "").strip() or DEFAULT_DATA)).expanduser().absolute()


@contextlib.contextmanager
def loading() -> Iterator[None]:
    """Look for no garbage while modules are loaded, which stay for good: that took a fifth of every start."""
    looked = gc.isenabled()
    gc.disable()
    try:
        yield
    finally:
        if looked:
            gc.enable()


@contextlib.contextmanager
def opened(settings: Settings) -> Iterator[Platform]:
    """A platform on the settings, closed at the end. Tables of another version raise Conflict."""
    with loading():
        from judging.composition import compose
        from judging.migrations import require_newest

    platform = compose(settings)
    try:
        require_newest(platform.database.engine)
        yield platform
    finally:
        platform.jobs.close()
        platform.database.close()


def print_json(document: Mapping[str, Any]) -> None:
    """Print the answer of a command that was asked for JSON."""
    click.echo(json.dumps(document, ensure_ascii=False, indent=2))


def print_table(heads: tuple[str, ...], rows: Sequence[tuple[str, ...]]) -> None:
    """Print rows in columns that line up."""
    widths = [max(len(cell) for cell in column) for column in zip(heads, *rows, strict=True)]
    for row in (heads, *rows):
        click.echo("  ".join(cell.ljust(width) for cell, width in zip(row, widths, strict=True)).rstrip())
