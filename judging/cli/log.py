"""`judging log`: what concerns the score logs of contests."""

from __future__ import annotations

import click

from judging.cli.log_recovery import recover, status


@click.group()
def log() -> None:
    """Score logs: where they stand, and going on after a restore."""


log.add_command(status)
log.add_command(recover)
