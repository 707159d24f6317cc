"""Links to a plugin's pages in the side navigation of the contests of its kind, as data."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any, TypeVar

View = TypeVar("View", bound=Callable[..., Any])

ATTRIBUTE = "judging_menu"


def menu(label: str) -> Callable[[View], View]:
    """Put a page of the plugin into the side navigation of every contest of its kinds: `@menu(N_("The gardens"))`.

    A page that everybody may see stands beside the public pages of the contest, any other among those of the office,
    for the people whom its policy admits. The view takes no arguments, or the contest's address as `slug`. `label` is
    an msgid.
    """

    def name(view: View) -> View:
        setattr(view, ATTRIBUTE, label)
        return view

    return name
