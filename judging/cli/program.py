"""The program `judging`: its commands, those of the plugins, and how a refusal is told."""

from __future__ import annotations

import sys
from typing import Any, NoReturn

import click

from judging import __version__
from judging.cli.assign import assign
from judging.cli.backup import backup
from judging.cli.check import check
from judging.cli.demo import demo
from judging.cli.erase import erase
from judging.cli.files import files
from judging.cli.found_plugins import find_plugins, plugins
from judging.cli.importing import import_entries
from judging.cli.leave_one_out import leave_one_out
from judging.cli.log import log
from judging.cli.logs import configure_logs
from judging.cli.new_plugin import new_plugin
from judging.cli.plan import plan
from judging.cli.restore import restore
from judging.cli.retention import retention
from judging.cli.serve import serve, worker
from judging.cli.set_up import init, migrate
from judging.cli.show import contests, standings
from judging.cli.similar import similar
from judging.cli.timetable import timetable
from judging.cli.token import token
from judging.cli.verify import verify
from judging.errors import JudgingError
from judging.settings import SettingsError

REFUSED, WRONG_USAGE = 1, 2


class Program(click.Group):
    """A group that also finds the commands of plugins, and that tells a refusal in one sentence."""

    def list_commands(self, ctx: click.Context) -> list[str]:
        """The core's commands, then those of the plugins."""
        own = super().list_commands(ctx)
        return [*own, *sorted(set(_plugin_commands()) - set(own))]

    def get_command(self, ctx: click.Context, cmd_name: str) -> click.Command | None:
        """The core's command of that name, else a plugin's. Plugins are looked at only when the core has none."""
        return super().get_command(ctx, cmd_name) or _plugin_commands().get(cmd_name)

    def invoke(self, ctx: click.Context) -> Any:
        """Run the command; what the product refuses ends with one line and a code."""
        try:
            return super().invoke(ctx)
        except SettingsError as error:
            _refuse(error, WRONG_USAGE)
        except JudgingError as error:
            _refuse(error, REFUSED)


def _refuse(error: JudgingError, code: int) -> NoReturn:
    click.echo(f"judging: {error}", err=True)
    sys.exit(code)


def _plugin_commands() -> dict[str, click.Command]:
    return dict(find_plugins().commands)


@click.group(cls=Program, context_settings={"help_option_names": ["-h", "--help"], "max_content_width": 110})
@click.version_option(__version__, prog_name="judging")
def program() -> None:
    """Contests and innovation awards: entries, judges, scoring and published results."""
    # Standard output is kept for what a command answers.
    configure_logs()


for _command in (
    demo,
    init,
    migrate,
    serve,
    worker,
    plugins,
    new_plugin,
    contests,
    standings,
    assign,
    timetable,
    plan,
    import_entries,
    similar,
    leave_one_out,
    files,
    check,
    backup,
    restore,
    erase,
    retention,
    token,
    verify,
    log,
):
    program.add_command(_command)


def main() -> None:
    """Run `judging`. Ends with 0 (done), 1 (the data says no) or 2 (wrong usage)."""
    program(prog_name="judging")
