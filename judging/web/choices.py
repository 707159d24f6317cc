"""Choices of select and radio fields."""

from __future__ import annotations

from typing import TYPE_CHECKING

# The stubs still describe the release before the one that brought SelectChoice.
from wtforms.fields.choices import SelectChoice  # type: ignore[attr-defined]

if TYPE_CHECKING:
    from collections.abc import Iterable


def choices(pairs: Iterable[tuple[str, str]]) -> list[SelectChoice]:
    """What `choices=` of a SelectField or RadioField takes, from (value, label) pairs."""
    return [SelectChoice(value=value, label=label) for value, label in pairs]
