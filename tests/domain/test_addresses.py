"""Addresses and names as they are compared and kept."""

from __future__ import annotations

import unicodedata

import pytest
from hypothesis import given
from hypothesis import strategies as st

from judging.domain.addresses import email_key, tidy_address, tidy_name

_INVISIBLE = ["\u200b", "\u200d", "\u2060", "\ufeff", "\u00ad", "\u202e", "\u034f", "\u3164", "\ufe0f"]


@pytest.mark.parametrize(
    "twin",
    [
        " an@example.vn", "AN@EXAMPLE.VN", "ａｎ@example.vn", "an@example.vn\u00a0",
        *(f"a{sign}n@example.vn" for sign in _INVISIBLE),
    ],
)  # fmt: skip
def test_key_is_the_same_for_what_looks_the_same(twin: str) -> None:
    assert email_key(twin) == "an@example.vn"


def test_key_of_another_script_is_another() -> None:
    assert email_key("\u0430n@example.vn") != email_key("an@example.vn")
    assert email_key("an@ex\u0430mple.vn") == "an@xn--exmple-4nf.vn"


@given(st.text(max_size=40))
def test_key_of_a_key_is_itself(text: str) -> None:
    assert email_key(email_key(text)) == email_key(text)


@given(st.text(alphabet="abcABC.-09", min_size=1, max_size=12), st.sampled_from(_INVISIBLE), st.integers(0, 12))
def test_key_knows_nothing_of_what_cannot_be_seen(local: str, sign: str, at: int) -> None:
    address = f"{local}@example.vn"

    assert email_key(address[:at] + sign + address[at:]) == email_key(address)


@given(st.text(max_size=40))
def test_address_that_is_kept_has_the_key_of_the_one_that_was_typed(text: str) -> None:
    assert email_key(tidy_address(text)) == email_key(text)


@given(st.text(max_size=40))
def test_name_is_one_line_that_can_be_seen(text: str) -> None:
    name = tidy_name(text)

    assert name == tidy_name(name)
    assert name == " ".join(name.split())
    assert not {unicodedata.category(sign) for sign in name} & {"Cf", "Cc", "Cs"}


def test_name_keeps_its_letters_composed() -> None:
    assert tidy_name(" Lê\u200b  Thị\u202e Mẫu ") == "Lê Thị Mẫu"
    assert tidy_name(unicodedata.normalize("NFD", "Nguyễn")) == "Nguyễn"
    assert tidy_name("\u200b\u3164 \u2800") == ""
