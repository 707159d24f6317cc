"""Write docs/hooks.md from the hook specifications, so that the page cannot say anything else than the code."""

from __future__ import annotations

import inspect
import re
from pathlib import Path

from judging import hookspecs
from judging.api import API_VERSION, PROJECT

PAGE = Path(__file__).resolve().parent.parent / "docs" / "hooks.md"


def hooks() -> list[str]:
    """The names of all hooks, in the order in which they stand in the module."""
    return [
        name
        for name, function in vars(hookspecs).items()
        if inspect.isfunction(function) and hasattr(function, f"{PROJECT}_spec")
    ]


def signature(name: str) -> str:
    """A hook's signature as it is written in the module."""
    return f"{name}{inspect.signature(getattr(hookspecs, name), eval_str=False)}".replace("'", "")


def _section(name: str) -> str:
    function = getattr(hookspecs, name)
    options = getattr(function, f"{PROJECT}_spec")
    first = " (the first answer that is not None counts)" if options["firstresult"] else ""
    text = inspect.getdoc(function) or ""
    body, _, example = text.partition("\n    @hookimpl")
    code = inspect.cleandoc("    @hookimpl" + example) if example else ""
    parts = [f"## {name}", f"`{signature(name)}`{first}", body.strip()]
    if code:
        parts.append(f"```python\n{code}\n```")
    return "\n\n".join(parts)


def page() -> str:
    """The whole page."""
    introduction = (inspect.getdoc(hookspecs) or "").partition("\n")[2].strip()
    head = (
        f"# Hooks\n\nAPI version {API_VERSION}. Made by `make hooks` from `judging/hookspecs.py`.\n\n{introduction}\n"
    )
    body = "\n\n".join(_section(name) for name in hooks())
    return re.sub(r"\n{3,}", "\n\n", f"{head}\n{body}\n")


if __name__ == "__main__":
    PAGE.write_text(page(), encoding="utf-8")
