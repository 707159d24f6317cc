"""How the kit tells an author what is wrong: which plugin, which hook, what, and what to mend."""

from __future__ import annotations

import contextlib
from collections.abc import Iterator
from typing import NoReturn

import pytest

from judging.errors import JudgingError
from judging.plugins.records import told


def fault(plugin: str, hook: str, what: str, mend: str) -> NoReturn:
    """Fail the test with one message, without the kit's own lines above it."""
    pytest.fail(f"Plugin {plugin}, hook {hook}: {what.rstrip('.')}. Mend: {mend}", pytrace=False)


@contextlib.contextmanager
def asked(plugin: str, hook: str, mend: str) -> Iterator[None]:
    """Turn whatever a plugin's code raises inside into a fault. A refusal of the registry keeps its own words."""
    try:
        yield
    except JudgingError as error:
        text = str(error)
        for start in (f"Plugin {plugin}, hook {hook}: ", f"Plugin {plugin} failed in hook {hook}: "):
            text = text.removeprefix(start)
        fault(plugin, hook, text, mend)
    except (Exception, SystemExit) as error:  # noqa: BLE001 - a stranger's code may raise whatever it likes
        fault(plugin, hook, told(error), mend)
