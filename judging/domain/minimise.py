"""Questions that a form had better not ask: identity numbers, addresses, telephones, pictures of people.

A warning, not a refusal: a contest may have its reason. The words are looked for in keys and labels, in English and
Vietnamese.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterator
from dataclasses import dataclass

from judging.domain.fields import FieldKind
from judging.domain.rules import ContestRules
from judging.errors import N_


@dataclass(frozen=True, slots=True, kw_only=True)
class Warned:
    """A question or dossier item by its key and label, and why it should not be asked; both are msgids."""

    key: str
    label: str
    reason: str


_IDENTITY = N_("An identity number is sensitive and decides nothing here. Leave the question out.")
_ADDRESS = N_("Where people live is not needed to judge their work. Leave the question out, or ask for the school.")
_PHONE = N_("A telephone number is not needed: letters reach whoever made the entry. Leave the question out.")
_PHOTO = N_("Pictures of people are not needed to judge their work. Ask for pictures of the product.")
_ABOUT_ME = N_("A free text about oneself invites children to tell what nobody needs. Ask one precise question.")

# Whole words of a key or label without marks; "cccd" and "cmnd" are the Vietnamese identity cards.
_WORDS = (
    (
        re.compile(
            r"\b(cccd|cmnd|can cuoc|chung minh|dinh danh|ho chieu|passport|identity|id (number|card|no)|national id)\b"
        ),
        _IDENTITY,
    ),
    (re.compile(r"\b(home address|address|dia chi|noi o|thuong tru|tam tru|residence)\b"), _ADDRESS),
    (re.compile(r"\b(phone|telephone|mobile|dien thoai|so dt|zalo)\b"), _PHONE),
    (re.compile(r"\b(photo|portrait|selfie|anh the|anh chan dung|anh ca nhan|chan dung)\b"), _PHOTO),
)  # fmt: skip
_OF_ONESELF = re.compile(r"\b(about (me|myself|yourself|you)|gioi thieu ban than|ve ban than)\b")
_MAIL = re.compile(r"\be ?mail\b")


def warn_of_fields(rules: ContestRules) -> tuple[Warned, ...]:
    """What the entry form of these rules asks though nobody needs it, in the order of the form."""
    return tuple(_warned(rules))


def _warned(rules: ContestRules) -> Iterator[Warned]:
    for field in rules.fields:
        text = _plain(f"{field.key} {field.label}")
        if field.kind is FieldKind.PHONE:
            yield Warned(key=field.key, label=field.label, reason=_PHONE)
        elif (reason := _reason(text)) and not (reason == _ADDRESS and _MAIL.search(text)):
            yield Warned(key=field.key, label=field.label, reason=reason)
        elif rules.children and field.kind is FieldKind.LONG_TEXT and _OF_ONESELF.search(text):
            yield Warned(key=field.key, label=field.label, reason=_ABOUT_ME)
    for item in rules.dossier:
        # The office alone sees a proof of age, and deletes it once it is checked.
        if not item.office_only and (reason := _reason(_plain(f"{item.key} {item.label}"))):
            yield Warned(key=item.key, label=item.label, reason=reason)


def _reason(text: str) -> str:
    return next((reason for words, reason in _WORDS if words.search(text)), "")


def _plain(text: str) -> str:
    """Lower case without marks, words parted by single spaces."""
    apart = unicodedata.normalize("NFD", text.casefold().replace("đ", "d"))
    return " ".join(re.sub(r"[\W_]+", " ", "".join(sign for sign in apart if not unicodedata.combining(sign))).split())
