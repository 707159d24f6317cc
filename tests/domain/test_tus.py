"""The protocol's headers, and the room for files."""

from __future__ import annotations

from datetime import UTC, datetime

import pytest
from hypothesis import given
from hypothesis import strategies as st

from judging.domain.tus import Checksum, Unreadable, read_checksum, read_metadata, read_number, write_metadata
from judging.domain.upload_limits import UploadLimits, Usage, outside_limits, what_exceeds

KEYS = st.text(st.characters(min_codepoint=0x21, max_codepoint=0x7E, exclude_characters=","), min_size=1)
VALUES = st.text(st.characters(exclude_characters="\x00", exclude_categories=["Cs"]), max_size=60)
CLOSES = datetime(2026, 10, 1, 10, 0, tzinfo=UTC)
LIMITS = UploadLimits(entry_megabytes=10, contest_megabytes=20, most_open=2)


@given(st.dictionaries(KEYS, VALUES, max_size=5))
def test_metadata_is_read_as_it_was_written(values: dict[str, str]) -> None:
    assert read_metadata(write_metadata(values)) == values


@pytest.mark.parametrize("text", ["a ###", "a YQ==,a YQ==", ",", "é YQ==", "a AA==", "a " + "YWFh" * 2000])
def test_metadata_that_can_be_doubted_is_refused(text: str) -> None:
    with pytest.raises(Unreadable):
        read_metadata(text)


@pytest.mark.parametrize("text", ["", "-1", "1.0", "1e3", "٣", " 1", "1" * 19, None])
def test_number_that_is_no_count_of_bytes_is_refused(text: str | None) -> None:
    with pytest.raises(Unreadable, match="Upload-Offset"):
        read_number("Upload-Offset", text)


@given(st.integers(0, 10**18 - 1))
def test_number_is_read(number: int) -> None:
    assert read_number("Upload-Offset", str(number)) == number


def test_checksum_is_read_with_its_algorithm() -> None:
    assert read_checksum("sha1 C8iKWZ8+mZg1LY7PcfBHlhZNcQU=") == Checksum(
        algorithm="sha1", digest=bytes.fromhex("0bc88a599f3e9998352d8ecf71f04796164d7105")
    )
    assert read_checksum(None) is None


@pytest.mark.parametrize("text", ["", "sha1", "sha1 AAAA", "crc32 AAAA", "sha256 " + "A" * 43, "SHA1 !"])
def test_checksum_that_cannot_hold_is_refused(text: str) -> None:
    with pytest.raises(Unreadable):
        read_checksum(text)


@pytest.mark.parametrize(
    ("usage", "size", "codes"),
    [
        (Usage(), 10_000_000, []),
        (Usage(), 10_000_001, ["entry-full"]),
        (Usage(entry=9_000_000, contest=9_000_000), 1_000_000, []),
        (Usage(entry=9_000_000, contest=9_000_000), 1_000_001, ["entry-full"]),
        (Usage(contest=19_000_000), 1_000_001, ["contest-full"]),
        (Usage(open=1), 1, []),
        (Usage(open=2), 1, ["too-many-uploads"]),
        (Usage(entry=10_000_000, contest=20_000_000, open=2), 1, ["too-many-uploads", "entry-full", "contest-full"]),
    ],
)
def test_every_room_that_is_exceeded_is_told(usage: Usage, size: int, codes: list[str]) -> None:
    assert [problem.code for problem in what_exceeds(LIMITS, usage, size=size, begins=True)] == codes


@given(st.integers(0, 2**40), st.integers(0, 2**40), st.integers(1, 2**40))
def test_what_is_taken_never_exceeds_the_entry(entry: int, contest: int, size: int) -> None:
    taken = not what_exceeds(LIMITS, Usage(entry=entry, contest=contest), size=size, begins=False)

    assert taken == (entry + size <= 10_000_000 and contest + size <= 20_000_000)


def test_limits_outside_their_range_are_told_one_by_one() -> None:
    assert outside_limits(UploadLimits()) == ()
    odd = UploadLimits(entry_megabytes=0, contest_megabytes=10_000_001, most_open=101)
    assert [problem.where for problem in outside_limits(odd)] == ["entry_megabytes", "contest_megabytes", "most_open"]
