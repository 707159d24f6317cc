"""Reading the leaves that a log has by the hundred thousand: sheets, in one look instead of a parse and a rewrite.

Whatever is not plainly a well-formed sheet in canonical form gets None here and is read the long way, which has the
last word: what this module reads, the long way reads alike.
"""

from __future__ import annotations

import re
from typing import Any

_KEY = r"[a-z][a-z0-9]*(?:[-_][a-z0-9]+)*"
_DECIMAL = r"-?[0-9]{1,6}(?:\.[0-9]{1,6})?"
_MARK = rf'"{_KEY}(?:\.{_KEY})?":"{_DECIMAL}"'
_TIME = r"[0-9]{4}-(?:0[1-9]|1[0-2])-(?:0[1-9]|[12][0-9]|3[01])T(?:[01][0-9]|2[0-3]):[0-5][0-9]:[0-5][0-9]\.[0-9]{3}Z"
_SHEET = re.compile(
    r'\{"abstain":false,"comment_sha256":"(?P<comment_sha256>[0-9a-f]{64})"(?P<consensus>,"consensus":true)?'
    r',"contest":"(?P<contest>[a-z0-9]{1,50}(?:-[a-z0-9]{1,9}){0,5})"'
    r',"entry":"(?P<entry>e-[0-9a-z]{4,32})","judge":"(?P<judge>j-[0-9a-z]{4,32})"'
    rf',"round":"(?P<round>{_KEY})","rubric":"(?P<rubric>[0-9a-f]{{64}})"'
    r',"salt":"(?P<salt>[A-Za-z0-9+/]{42}[AEIMQUYcgkosw048]=)"'
    rf',"scores":\{{(?P<scores>{_MARK}(?:,{_MARK})*)\}}(?:,"supersedes":(?P<supersedes>0|[1-9][0-9]{{0,8}}))?'
    rf',"t":"(?P<t>{_TIME})","type":"sheet","v":1,"ver":(?P<ver>[1-9][0-9]{{0,8}})\}}',
    re.ASCII,
)
_LONGEST_KEY = 60


def read_plain_sheet(data: bytes) -> dict[str, Any] | None:
    """The sheet that these bytes are, as `leaves.read_leaf` gives it; None when they must be read the long way."""
    found = _SHEET.fullmatch(data.decode("latin-1"))
    if found is None:
        return None
    leaf: dict[str, Any] = found.groupdict()
    scores = _read_scores(leaf["scores"])
    supersedes, ver = leaf.pop("supersedes"), int(leaf["ver"])
    if scores is None or len(leaf["round"]) > _LONGEST_KEY or (supersedes is None) != (ver == 1):
        return None
    if leaf.pop("consensus"):
        leaf["consensus"] = True
    if supersedes is not None:
        leaf["supersedes"] = int(supersedes)
    leaf |= {"abstain": False, "scores": scores, "type": "sheet", "v": 1, "ver": ver}
    return leaf


def _read_scores(text: str) -> dict[str, str] | None:
    """Marks by key. Canonical JSON has the keys sorted and each once; quotes and commas stand in none of them."""
    parts = text.replace('"', "").replace(",", ":").split(":")
    keys = parts[::2]
    if any(len(key) > _LONGEST_KEY for key in keys) or any(map(str.__ge__, keys, keys[1:])):
        return None
    return dict(zip(keys, parts[1::2], strict=True))
