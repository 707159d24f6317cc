"""Writing the beginning of a plugin: a distribution that is whole, and passes its own tests as it is."""

from __future__ import annotations

import re
from pathlib import Path

import click

from judging.cli.options import json_option, print_json

_NAME = re.compile(r"[a-z][a-z0-9]*(?:[-_][a-z0-9]+)*")
_LONGEST = 40
_SUFFIX = ".tmpl"
_PREFIX = "judging"


@click.command("new-plugin")
@click.argument("name")
@click.option(
    "--into",
    type=click.Path(path_type=Path, file_okay=False),
    default=Path(),
    show_default="the present folder",
    help="Folder in which the distribution's own folder is made.",
)
@json_option
def new_plugin(*, name: str, into: Path, as_json: bool) -> None:
    """Write a plugin called NAME, as a distribution of its own that passes its conformance test."""
    words = read_name(name)
    folder = into / f"{_PREFIX}-{words['kind']}"
    written = write_plugin(folder, words)
    if as_json:
        files = [path.relative_to(folder).as_posix() for path in written]
        print_json(
            {"folder": str(folder), **{key: words[key] for key in ("plugin", "package", "kind")}, "files": files}
        )
        return
    click.echo(f"The plugin {words['plugin']} lies in {folder}. Its rules stand in {words['package']}/rules.py.")
    click.echo(f"Next: cd {folder}, then pip install --editable . and pytest.")


def read_name(name: str) -> dict[str, str]:
    """What the plugin and its parts are called. Raises BadParameter (wrong usage) for a name that cannot be one."""
    from judging.plugins import CORE, reserved

    if name.startswith((f"{_PREFIX}-", f"{_PREFIX}_")):
        raise click.BadParameter(
            f"leave “{name[: len(_PREFIX) + 1]}” out: it is put before the name.", param_hint="NAME"
        )
    if not _NAME.fullmatch(name) or len(name) > _LONGEST:
        raise click.BadParameter(
            f"“{name}” is no name for a plugin. Take small letters, digits and hyphens, at most {_LONGEST}, beginning"
            " with a letter, such as robot-league.",
            param_hint="NAME",
        )
    kind, plugin = name.replace("_", "-"), name.replace("-", "_")
    if plugin in reserved.BLUEPRINTS or plugin == CORE:
        raise click.BadParameter(f"“{name}” is a name of the core. Take another one.", param_hint="NAME")
    words = kind.replace("-", " ")
    initials = "".join(part[0] for part in kind.split("-"))
    return {
        "kind": kind,
        "plugin": plugin,
        "package": f"{_PREFIX}_{plugin}",
        "distribution": f"{_PREFIX}-{kind}",
        "class": "".join(part.capitalize() for part in kind.split("-")),
        "title": f"{words.capitalize()} contest",
        "words": words,
        "prefix": (initials if len(initials) > 1 else kind[:2]).upper()[:4],
    }


def write_plugin(folder: Path, words: dict[str, str]) -> list[Path]:
    """Write every file of the skeleton and compile its catalogues. Raises Conflict for a folder that is there."""
    from judging.errors import N_, Conflict
    from judging.paths import skeleton_folder

    if folder.exists():
        raise Conflict(
            N_("%(folder)s is there already and stays as it is. Choose another name, or another place with --into."),
            folder=folder,
        )
    written = []
    source = skeleton_folder()
    for template in sorted(source.rglob(f"*{_SUFFIX}")):
        target = folder / _filled(template.relative_to(source).as_posix().removesuffix(_SUFFIX), words)
        target.parent.mkdir(parents=True, exist_ok=True)
        target.write_text(_filled(template.read_text("utf-8"), words), encoding="utf-8")
        written.append(target)
    return written + [_compile(path) for path in written if path.suffix == ".po"]


def _filled(text: str, words: dict[str, str]) -> str:
    for key, value in words.items():
        text = text.replace(f"@@{key}@@", value)
    return text.replace("__package__", words["package"]).replace("__tests__", "tests")


def _compile(catalogue: Path) -> Path:
    from babel.messages.mofile import write_mo
    from babel.messages.pofile import read_po

    compiled = catalogue.with_suffix(".mo")
    with catalogue.open("rb") as readable, compiled.open("wb") as writable:
        write_mo(writable, read_po(readable))
    return compiled
