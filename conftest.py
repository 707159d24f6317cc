"""What all tests of core and plugins share: how hypothesis searches, which browser is driven, how garbage is found."""

from __future__ import annotations

import gc
import os
import shutil
from pathlib import Path
from typing import Any

import pytest
from hypothesis import settings

pytest_plugins = ("tests.spread",)

CI = os.environ.get("CI", "").lower() in {"1", "true", "yes"}
CHROMIUM_NAMES = ("chromium", "chromium-browser", "google-chrome-stable", "google-chrome")
MAC_CHROME = Path("/Applications/Google Chrome.app/Contents/MacOS/Google Chrome")
# Headless, as root too, and talking to nobody but the server under test.
CHROMIUM_ARGUMENTS = [
    "--no-sandbox",
    "--disable-gpu",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
]

# A slow machine is no fault of the code, so no example has a deadline; in CI the examples are the same in every run.
settings.register_profile("judging", deadline=None, print_blob=True, derandomize=CI)
settings.load_profile("judging")


def find_chromium() -> str | None:
    """Say where a Chromium lies: `JUDGING_CHROMIUM`, else one on the path, else None."""
    named = os.environ.get("JUDGING_CHROMIUM")
    if named:
        return named
    found = next(filter(None, map(shutil.which, CHROMIUM_NAMES)), None)
    return found or (str(MAC_CHROME) if MAC_CHROME.exists() else None)


def pytest_runtest_setup(item: pytest.Item) -> None:
    """Let a browser test tell that it has no browser: by a skip at home, by a failure in CI."""
    if item.get_closest_marker("browser") is None or find_chromium() is not None:
        return
    reason = "no Chromium found: install the system package chromium, or name one in JUDGING_CHROMIUM"
    if CI:
        pytest.fail(reason, pytrace=False)
    pytest.skip(reason)


@pytest.fixture(scope="session")
def browser_type_launch_args(browser_type_launch_args: dict[str, Any]) -> dict[str, Any]:
    """Drive the system's Chromium, since none is downloaded."""
    return {**browser_type_launch_args, "executable_path": find_chromium(), "args": CHROMIUM_ARGUMENTS}


def pytest_collection_finish() -> None:
    """Leave what is there by now for the whole run out of every later search for garbage, and search less often."""
    gc.collect()
    gc.freeze()
    gc.set_threshold(10_000, 20, 10)
