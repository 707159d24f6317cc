"""Each kind's limits at their edges: what is just within is taken, one more is not, and the refusal says how many."""

from __future__ import annotations

import io
from collections.abc import Callable
from functools import partial

import pytest

from judging.domain.fields import DossierItem
from judging.errors import Refused
from judging.plugins import Registry
from judging.services.files.checks import check_file
from tests.services.files.contents import samples

YOUTH, TECHNICAL, STARTUP = "youth-creativity", "technical-innovation", "startup"


def item_of(registry: Registry, kind: str, key: str) -> DossierItem:
    return next(one for one in registry.kinds[kind].dossier if one.key == key)


@pytest.mark.parametrize(
    ("kind", "key", "made", "told"),
    [
        (YOUTH, "summary", partial(samples.pdf, 2), {"pages": 2}),
        (YOUTH, "video", partial(samples.video, 180, size=(320, 180)), {"seconds": 180, "height": 180}),
        (YOUTH, "video", partial(samples.video, 180.5, size=(64, 48)), {"seconds": 180}),
        (YOUTH, "video", partial(samples.video, 180, size=(64, 48), kind="webm"), {"seconds": 180}),
        (YOUTH, "video", partial(samples.video, 180, size=(64, 48), kind="mov"), {"seconds": 180}),
        (TECHNICAL, "registration", partial(samples.pdf, 5), {"pages": 5}),
        (STARTUP, "plan", partial(samples.pdf, 20), {"pages": 20}),
        (STARTUP, "deck", partial(samples.pdf, 10), {"pages": 10}),
        (STARTUP, "deck", partial(samples.deck, 10), {"pages": 10}),
        (STARTUP, "deck", partial(samples.open_deck, 10), {"pages": 10}),
        (STARTUP, "video", partial(samples.video, 180), {"seconds": 180, "width": 1280, "height": 720}),
        (STARTUP, "video", partial(samples.video, 10, size=(720, 1280)), {"seconds": 10, "width": 720, "height": 1280}),
    ],
)
def test_file_at_the_limit_is_taken(
    registry: Registry, kind: str, key: str, made: Callable[[], bytes], told: dict[str, int]
) -> None:
    checked = check_file(io.BytesIO(made()), filename="a", item=item_of(registry, kind, key))

    assert {name: getattr(checked, name) for name in told} == told


@pytest.mark.parametrize(
    ("kind", "key", "made", "sentence"),
    [
        (YOUTH, "summary", partial(samples.pdf, 3), "a has 3 pages; at most 2 are taken here."),
        (
            YOUTH,
            "video",
            partial(samples.video, 181, size=(64, 48)),
            "a lasts 181 seconds; at most 180 are taken here.",
        ),
        (
            YOUTH,
            "video",
            partial(samples.video, 180.6, size=(64, 48)),
            "a lasts 181 seconds; at most 180 are taken here.",
        ),
        (YOUTH, "video", partial(samples.video, 181, size=(64, 48), kind="webm"), "a lasts 181 seconds"),
        (TECHNICAL, "registration", partial(samples.pdf, 6), "a has 6 pages; at most 5 are taken here."),
        (STARTUP, "plan", partial(samples.pdf, 21), "a has 21 pages; at most 20 are taken here."),
        (STARTUP, "deck", partial(samples.pdf, 11), "a has 11 slides; at most 10 are taken here."),
        (STARTUP, "deck", partial(samples.deck, 11), "a has 11 slides; at most 10 are taken here."),
        (STARTUP, "deck", partial(samples.open_deck, 11), "a has 11 slides; at most 10 are taken here."),
        (STARTUP, "video", partial(samples.video, 181), "a lasts 181 seconds; at most 180 are taken here."),
        (
            STARTUP,
            "video",
            partial(samples.video, 10, size=(1280, 718)),
            "a has a picture of 1280 × 718; at least 720 lines",
        ),
        (
            STARTUP,
            "video",
            partial(samples.video, 10, size=(718, 1280)),
            "a has a picture of 718 × 1280; at least 720 lines",
        ),
    ],
)
def test_file_above_the_limit_is_refused_with_its_figure(
    registry: Registry, kind: str, key: str, made: Callable[[], bytes], sentence: str
) -> None:
    stream = io.BytesIO(made())

    with pytest.raises(Refused) as refused:
        check_file(stream, filename="a", item=item_of(registry, kind, key))

    assert sentence in str(refused.value)
