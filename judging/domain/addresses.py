"""E-mail addresses and names: as they are compared, and as they are kept.

Two people must not look like one, nor one address pass for two (CVE-2020-7245). So what a reader cannot see is taken
out, letters that are one letter to Unicode become one, and a domain of other scripts is written in its ASCII form,
which no reader takes for a Latin one.
"""

from __future__ import annotations

import unicodedata

ERASED_DOMAIN = "erased.invalid"
"""Where the addresses of erased accounts lie: no letter can be sent there (RFC 6761)."""

PAPER_DOMAIN = "paper.invalid"
"""Where the addresses of accounts lie that stand for dossiers on paper, whose people have no address here."""


def is_reachable(email: str) -> bool:
    """Whether a letter to this address can reach anybody."""
    return not email.endswith((f"@{ERASED_DOMAIN}", f"@{PAPER_DOMAIN}"))


def email_key(email: str) -> str:
    """The form in which addresses are compared: NFKC, case-folded, nothing invisible, the domain in ASCII."""
    folded = unicodedata.normalize("NFKC", unicodedata.normalize("NFKC", _visible(email)).casefold())
    return _with_ascii_domain(folded.strip())


def tidy_address(email: str) -> str:
    """The form in which an address is kept and written to: as it was typed, but NFKC and without what is invisible."""
    return _with_ascii_domain(unicodedata.normalize("NFKC", _visible(email)).strip())


def tidy_name(name: str) -> str:
    """A person's name in one line of composed letters, without invisible signs and changes of direction."""
    return " ".join(unicodedata.normalize("NFC", _visible(name)).split())


def _visible(text: str) -> str:
    """`text` without format and control characters; those that separate words become a space."""
    kept = (" " if sign.isspace() else sign for sign in text if sign.isspace() or not _is_hidden(sign))
    return "".join(kept)


def _is_hidden(sign: str) -> bool:
    # Cf: zero-width signs and changes of direction. Cc: control. U+034F and U+115F… are invisible without saying so.
    return unicodedata.category(sign) in {"Cf", "Cc", "Cs", "Cn"} or sign in _BLANKS


_BLANKS = frozenset("\u034f\u115f\u1160\u17b4\u17b5\u2800\u3164\uffa0") | {chr(code) for code in range(0xFE00, 0xFE10)}


def _with_ascii_domain(address: str) -> str:
    local, at, domain = address.rpartition("@")
    if not at or domain.isascii():
        return address
    try:
        folded = unicodedata.normalize("NFKC", domain.casefold())
        return f"{local}@{folded.encode('idna').decode('ascii')}"
    except UnicodeError:
        return address
