"""Texts of letters with `{placeholders}`: checked when they are saved, filled without any logic.

Filling is one pass over the template: a value is put in as it is and never looked at again, so that a title which
looks like a placeholder, or like any other template language, stays the text that somebody typed.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Collection, Mapping

from judging.domain.values import Problem
from judging.errors import N_

LONGEST_SUBJECT = 200
LONGEST_TEXT = 10_000

_PLACEHOLDER = re.compile(r"\{([A-Za-z_][A-Za-z0-9_]{0,39})\}")
_NAMED = re.compile(r"%\((\w+)\)s|%%")
_LINE_BREAKS = re.compile("[\r\n\x0b\x0c\x1c-\x1e\x85\u2028\u2029]")
_KEPT = frozenset("\n\t")


def placeholders_in(template: str) -> tuple[str, ...]:
    """The names of the placeholders, in their order, each once."""
    return tuple(dict.fromkeys(_PLACEHOLDER.findall(template)))


def check_template(*, subject: str, text: str, allowed: Collection[str]) -> tuple[Problem, ...]:
    """Everything that is wrong with a template: an unknown placeholder by its name, an empty or broken header."""
    problems = []
    if not subject.strip():
        problems.append(Problem(code="subject-empty", where="subject", message=N_("Write a subject.")))
    if not text.strip():
        problems.append(Problem(code="text-empty", where="text", message=N_("Write the text of the letter.")))
    if _LINE_BREAKS.search(subject):
        message = N_("A subject is one line. Take the line break out.")
        problems.append(Problem(code="subject-lines", where="subject", message=message))
    for where, value, longest in (("subject", subject, LONGEST_SUBJECT), ("text", text, LONGEST_TEXT)):
        if len(value) > longest:
            message = N_("That is too long: at most %(limit)s characters.")
            problems.append(Problem(code="too-long", where=where, message=message, params={"limit": longest}))
        problems += [
            Problem(
                code="unknown-placeholder", where=where, params={"name": name},
                message=N_("There is no placeholder {%(name)s} in this letter. Use one of those listed beside it."),
            )
            for name in placeholders_in(value) if name not in allowed
        ]  # fmt: skip
    return tuple(problems)


def fill_text(template: str, values: Mapping[str, str]) -> str:
    """`template` with its placeholders replaced; one without a value stays as it is written."""
    return _PLACEHOLDER.sub(lambda found: plain_text(values.get(found[1], found[0])), template)


def fill_subject(template: str, values: Mapping[str, str]) -> str:
    """As `fill_text`, on one line: a line break in a value would begin another header."""
    return one_line(fill_text(template, values))[:LONGEST_SUBJECT]


def one_line(text: str) -> str:
    """The text without control characters, each run of white space a single space."""
    return " ".join("".join(" " if _is_control(sign) else sign for sign in text).split())


def plain_text(value: str) -> str:
    """A value as it goes into a letter: no control characters but line feed and tab, and no lone surrogates."""
    tidy = value.replace("\r\n", "\n").replace("\r", "\n")
    return "".join(sign for sign in tidy if sign in _KEPT or not _is_control(sign))


def from_msgid(message: str) -> str:
    """A catalogue's text with `%(named)s` placeholders as a template with `{named}` ones."""
    return _NAMED.sub(lambda found: f"{{{found[1]}}}" if found[1] else "%", message)


def _is_control(sign: str) -> bool:
    return unicodedata.category(sign) in {"Cc", "Cs", "Zl", "Zp"}
