"""T22, T23: what is small to send and large to open is refused at once, in little memory, and nothing is written."""

from __future__ import annotations

import io
import resource
from collections.abc import Callable
from dataclasses import replace
from functools import partial
from pathlib import Path

import pytest

from judging.domain.fields import DossierItem, ItemKind
from judging.errors import Refused
from judging.services.files.checks import check_file, checking
from judging.services.files.sandbox.running import LOOKING
from tests.services.files.contents import bombs, samples

DOCUMENT = DossierItem(key="text", label="Text", kind=ItemKind.DOCUMENT, max_megabytes=200)
PICTURE = DossierItem(key="picture", label="Picture", kind=ItemKind.IMAGE)
TOO_MUCH, UNSOUND = "unpacks-large", "unsound-archive"
QUICK = replace(LOOKING, seconds=2)
"""So long may the process live that looks into a bomb: what it has not refused by then, it is killed over."""

BOMBS: dict[str, tuple[Callable[[], bytes], str]] = {
    "42": (bombs.forty_two, UNSOUND),
    "nested five deep": (lambda: samples.office(parts={"word/a.bin": bombs.deep_zip(5)}), UNSOUND),
    "all at one place": (bombs.wide_zip, UNSOUND),
    "quoted overlap": (bombs.quoted_zip, UNSOUND),
    "a million nameless": (bombs.nameless_zip, TOO_MUCH),
    "upwards": (partial(bombs.climbing, "../../../outside.xml"), UNSOUND),
    "upwards inside": (partial(bombs.climbing, "word/../../outside.xml"), UNSOUND),
    "absolute": (partial(bombs.climbing, "/tmp/outside.xml"), UNSOUND),
    "by drive": (partial(bombs.climbing, "C:/outside.xml"), UNSOUND),
    "backwards": (partial(bombs.climbing, "..\\outside.xml"), UNSOUND),
    "link": (bombs.linking, UNSOUND),
    "zip64": (bombs.zip64_lie, UNSOUND),
    "gigabyte of XML": (bombs.swollen_docx, TOO_MUCH),
    "laughs": (lambda: samples.office(parts={"word/document.xml": bombs.LAUGHS}), "entities"),
    "laughs in UTF-16": (
        lambda: samples.office(parts={"word/document.xml": bombs.LAUGHS.decode().encode("utf-16")}),
        "entities",
    ),
    "outside entity": (lambda: samples.office(parts={"word/styles.xml": bombs.OUTSIDE}), "entities"),
    "laughs in OpenDocument": (lambda: samples.open_document(content=bombs.LAUGHS), "entities"),
}


@pytest.fixture
def quick(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(checking, "LOOKING", QUICK)


def resident() -> int:
    """The memory that this process holds now, in bytes."""
    return int(Path("/proc/self/statm").read_text(encoding="ascii").split()[1]) * resource.getpagesize()


@pytest.mark.parametrize("name", BOMBS)
def test_bomb_is_refused_at_once_in_little_memory(quick: None, tmp_path: Path, name: str) -> None:
    make, code = BOMBS[name]
    file = tmp_path / "sent"
    file.write_bytes(make())
    before = resident()

    with file.open("rb") as stream, pytest.raises(Refused) as refused:
        check_file(stream, filename="a.docx", item=DOCUMENT)

    assert [problem.code for problem in refused.value.problems] == [code]
    assert resident() - before < 50_000_000
    assert [one.name for one in tmp_path.iterdir()] == ["sent"]
    assert not Path("/tmp/outside.xml").exists()


def test_part_that_says_less_than_it_holds_is_counted_and_not_believed(quick: None) -> None:
    with pytest.raises(Refused) as refused:
        check_file(io.BytesIO(bombs.lying()), filename="a.docx", item=DOCUMENT)

    assert [problem.code for problem in refused.value.problems] in (["damaged"], [TOO_MUCH])


@pytest.mark.parametrize(
    ("make", "code"),
    [
        (samples.huge_png, "too-many-pixels"),
        (partial(samples.huge_png, 20_000, 20_000), "too-many-pixels"),
        (partial(samples.moving_picture, "GIF", 200), "kind"),
        (partial(samples.moving_picture, "PNG"), "moving"),
        (partial(samples.moving_picture, "WEBP"), "moving"),
        (lambda: samples.picture()[:60], "damaged"),
        (lambda: samples.picture("JPEG", (400, 300), quality=95)[:900], "damaged"),
    ],
)
def test_picture_that_grows_moves_or_ends_early_is_refused(quick: None, make: Callable[[], bytes], code: str) -> None:
    before = resident()

    with pytest.raises(Refused) as refused:
        check_file(io.BytesIO(make()), filename="a.png", item=PICTURE)

    assert [problem.code for problem in refused.value.problems] == [code]
    assert resident() - before < 50_000_000
