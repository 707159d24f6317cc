"""A contest of a kind of which the core knows nothing goes from opening to published results by programs alone."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from judging.composition import create_web
from tests.factories import with_registry
from tests.plugin_authors.stranger import KIND, stranger_registry
from tests.web.api.journey import Journey

if TYPE_CHECKING:
    from judging.plugins import Registry
    from judging.services.platform import Platform


@pytest.fixture(scope="module")
def stranger(tmp_path_factory: pytest.TempPathFactory) -> Registry:
    return stranger_registry(tmp_path_factory.mktemp("stranger"))


def test_kind_of_a_stranger_runs_from_opening_to_published_results(platform: Platform, stranger: Registry) -> None:
    with_stranger = with_registry(platform, stranger)
    app = create_web(with_stranger)
    app.testing = True
    app.config["PROPAGATE_EXCEPTIONS"] = False

    results = Journey(app=app, platform=with_stranger, rules=stranger.kinds[KIND]).run()

    # By the kind's own rule a category has one prize; all three products are of bamboo.
    assert [(one["level"], one["title"], one["rank"]) for one in results["prizes"]] == [("gold", "Mẫu 0", 1)]
