"""Names of people, schools and units, and domains of addresses, as they are compared when conflicts are looked for."""

from __future__ import annotations

import re
import unicodedata

_TONES = frozenset("\u0300\u0301\u0303\u0309\u0323")
_TITLES = re.compile(r"^(?:(?:gs|pgs|ts|ths|ks|cn|bs|ông|bà|thầy|cô|mr|mrs|ms|dr|prof)(?:\.\s*|\s+))+")
_NO_WORD = re.compile(r"[^\w\s]|_")
# What a school's kind is written as, without marks; longer ones first, since one begins another.
_SHORTENED = (
    ("trung hoc pho thong", "thpt"), ("trung hoc co so", "thcs"), ("tieu hoc", "th"), ("dai hoc", "dh"),
    ("cao dang", "cd"), ("pho thong dan toc noi tru", "ptdtnt"), ("pho thong dan toc ban tru", "ptdtbt"),
    ("cong ty", "cty"), ("trach nhiem huu han", "tnhh"), ("co phan", "cp"), ("hop tac xa", "htx"),
    ("uy ban nhan dan", "ubnd"),
)  # fmt: skip
_FIRST_WORDS = frozenset({"truong"})

SAYS_NOTHING = frozenset(
    {
        # Public providers that people in Vietnam use, and the mail that comes with a line.
        "gmail.com", "googlemail.com", "yahoo.com", "yahoo.com.vn", "ymail.com", "rocketmail.com", "outlook.com",
        "outlook.com.vn", "hotmail.com", "hotmail.com.vn", "live.com", "msn.com", "icloud.com", "me.com", "mac.com",
        "proton.me", "protonmail.com", "pm.me", "zoho.com", "zohomail.com", "aol.com", "mail.com", "email.com",
        "gmx.com", "gmx.net", "gmx.de", "web.de", "yandex.com", "yandex.ru", "ya.ru", "mail.ru", "tutanota.com",
        "tuta.com", "tuta.io", "fastmail.com", "hey.com", "qq.com", "163.com", "126.com", "foxmail.com", "naver.com",
        "hanmail.net", "daum.net", "inbox.com", "duck.com", "vnn.vn", "hn.vnn.vn", "hcm.vnn.vn", "fpt.vn", "hn.fpt.vn",
        "hcm.fpt.vn", "netnam.vn", "hn.netnam.vn", "saigonnet.vn", "viettel.vn",
        # Reserved names, and those of people who were made up for a demonstration.
        "example.com", "example.net", "example.org", "example.vn", "erased.invalid", "paper.invalid",
    }
)  # fmt: skip
"""Domains that two people may share without knowing each other."""


def normalise_name(name: str) -> str:
    """A person's name as it is compared: as `normalise_unit`, and titles dropped."""
    return _words(_TITLES.sub("", _plain(name)))


def normalise_unit(unit: str) -> str:
    """The name of a unit or school in one spelling: lower case, single spaces, tone marks at each word's end.

    Vietnamese writes the same word as “Hoà” and “Hòa”, composed and decomposed; all become one.
    """
    return _words(_plain(unit))


def unit_key(unit: str) -> str:
    """The name of a unit or school as it is compared with others: without marks, signs and “Trường”, kinds shortened.

    “Trường THPT Chu Văn An” and “trung hoc pho thong Chu Van An” are one school. Nothing is guessed beyond that: the
    schools of two districts that bear one name are one here, and a person looks.
    """
    bare = "".join(sign for sign in unicodedata.normalize("NFD", _plain(unit)) if not unicodedata.combining(sign))
    words = f" {' '.join(_NO_WORD.sub(' ', bare.replace('đ', 'd')).split())} "
    for long, short in _SHORTENED:
        words = words.replace(f" {long} ", f" {short} ")
    kept = words.split()
    while len(kept) > 1 and kept[0] in _FIRST_WORDS:
        kept = kept[1:]
    return " ".join(kept)


def mail_domain(email: str) -> str:
    """The domain of an address as it is compared; empty where sharing it says nothing."""
    domain = email.rpartition("@")[2].strip().rstrip(".").casefold() if "@" in email else ""
    return "" if domain in SAYS_NOTHING else domain


def surname_key(name: str) -> str:
    """The surname, which comes first in Vietnamese names; empty where there is one word only, which tells nothing."""
    words = normalise_name(name).split()
    return words[0] if len(words) > 1 else ""


def _plain(text: str) -> str:
    return unicodedata.normalize("NFC", " ".join(text.split()).casefold())


def _words(text: str) -> str:
    return " ".join(_tone_last(word) for word in text.split())


def _tone_last(word: str) -> str:
    parts = unicodedata.normalize("NFD", word)
    tones = "".join(sign for sign in parts if sign in _TONES)
    return "".join(sign for sign in parts if sign not in _TONES) + tones
