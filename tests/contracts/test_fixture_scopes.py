"""Fixtures live as long as they say."""

from __future__ import annotations

from tests.contracts.source_tree import ROOT


def test_no_fixture_has_the_scope_of_a_package() -> None:
    """Test folders are no packages: such a fixture, with a clock that it stopped, would live until the very end."""
    scope = 'scope="pack' + 'age"'
    assert [path.name for path in (ROOT / "tests").rglob("*.py") if scope in path.read_text("utf-8")] == []
