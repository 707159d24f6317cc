"""Placeholders that cannot inject: a value changes nothing but its own place."""

from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

from judging.domain.message_kinds import MESSAGE_KINDS
from judging.domain.message_templates import (
    check_template,
    fill_subject,
    fill_text,
    from_msgid,
    one_line,
    placeholders_in,
    plain_text,
)

NAMES = ("name", "title", "code")
_hostile = st.sampled_from(
    [
        "{title}",
        "{name}",
        "%(title)s",
        "%s",
        "{0.__class__}",
        "{{ 7*7 }}",
        "{% raw %}",
        "\r\nBcc: a@example.vn",
        "\\g<1>",
    ]
)
values = st.lists(st.one_of(st.text(), _hostile), max_size=4).map("".join)
literals = st.text(st.characters(exclude_characters="{}", exclude_categories=["Cs"]), max_size=30)


@given(
    st.lists(st.tuples(literals, st.sampled_from(NAMES)), max_size=6),
    literals,
    st.fixed_dictionaries(dict.fromkeys(NAMES, values)),
)
def test_each_value_stands_in_its_own_place_and_nothing_else_moves(
    parts: list[tuple[str, str]], tail: str, given_values: dict[str, str]
) -> None:
    template = "".join(f"{text}{{{name}}}" for text, name in parts) + tail
    expected = "".join(text + plain_text(given_values[name]) for text, name in parts) + tail
    assert fill_text(template, given_values) == expected


@given(values)
def test_title_that_looks_like_a_placeholder_stays_text(value: str) -> None:
    assert fill_text("{title}|{name}", {"title": value, "name": "An"}) == f"{plain_text(value)}|An"


@given(values)
def test_subject_is_one_line_whatever_the_value(value: str) -> None:
    subject = fill_subject("Thư: {title}", {"title": value})
    assert subject.splitlines() == [subject]
    assert subject == one_line(subject)


@given(st.text())
def test_filling_without_values_changes_no_sign(text: str) -> None:
    assert fill_text(text, {}) == text


def test_unknown_placeholder_is_refused_by_its_name() -> None:
    (problem,) = check_template(subject="{name}", text="{titel} {name.upper}", allowed=NAMES)
    assert (problem.code, problem.where, problem.params) == ("unknown-placeholder", "text", {"name": "titel"})


def test_what_only_looks_like_format_syntax_is_text() -> None:
    text = "{name.__class__} {0} {} {name!r} %(name)s {{ name }}"
    assert placeholders_in(text) == ()
    assert fill_text(text, {"name": "An"}) == text


def test_line_break_in_a_subject_is_refused() -> None:
    for sign in ("\n", "\r", "\u2028", "\x85"):
        assert [one.code for one in check_template(subject=f"A{sign}Bcc: x", text="B", allowed=())] == ["subject-lines"]


def test_empty_and_too_long_templates_are_refused() -> None:
    assert [one.code for one in check_template(subject=" ", text="", allowed=())] == ["subject-empty", "text-empty"]
    assert [one.code for one in check_template(subject="a" * 201, text="b", allowed=())] == ["too-long"]


def test_every_default_text_uses_only_what_its_kind_allows() -> None:
    for kind in MESSAGE_KINDS.values():
        if kind.editable:
            subject, text = from_msgid(kind.subject), from_msgid(kind.text)
            assert check_template(subject=subject, text=text, allowed=kind.values) == ()
            assert "%(" not in subject + text


def test_msgid_becomes_a_template() -> None:
    assert from_msgid("%(left)s: 100 %% of “%(title)s”") == "{left}: 100 % of “{title}”"
