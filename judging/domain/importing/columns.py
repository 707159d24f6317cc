"""Which column of a table is what: by the names that offices give to columns, in Vietnamese and English."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Sequence
from dataclasses import dataclass

from judging.errors import N_

KEY, TITLE, CATEGORY, DIVISION, RECEIVED, OWNER = "key", "title", "category", "division", "received", "owner"
AUTHOR = "author-"
NAME, BORN, UNIT, EMAIL, SHARE = (f"{AUTHOR}{what}" for what in ("name", "born", "unit", "email", "share"))
ANSWER = "answer-"


@dataclass(frozen=True, slots=True, kw_only=True)
class Target:
    """What a column may be: its key, its label (an msgid), and other names that offices give to such a column."""

    key: str
    label: str
    names: tuple[str, ...] = ()


CORE_TARGETS: tuple[Target, ...] = (
    Target(
        key=KEY,
        label=N_("Number in the office's own list"),
        names=("mã", "mã số", "mã hồ sơ", "số hồ sơ", "số đăng ký", "mã đăng ký", "mã bài dự thi", "code", "id", "key"),
    ),
    Target(
        key=TITLE,
        label=N_("Title"),
        names=(
            "tên", "tên sản phẩm", "tên mô hình", "tên mô hình sản phẩm", "tên đề tài", "tên giải pháp", "tên dự án",
            "tên bài dự thi", "tên công trình", "tên ý tưởng", "tiêu đề", "sản phẩm dự thi", "title", "entry",
            "name of entry",
        ),
    ),
    Target(
        key=CATEGORY, label=N_("Category"),
        names=("lĩnh vực", "lĩnh vực dự thi", "nhóm lĩnh vực", "category", "field"),
    ),
    Target(key=DIVISION, label=N_("Division"), names=("bảng", "bảng thi", "bảng dự thi", "division", "track")),
    Target(
        key=RECEIVED,
        label=N_("Day on which the office received it"),
        names=("ngày nộp", "ngày nhận", "ngày nhận hồ sơ", "received", "submitted", "date received"),
    ),
    Target(
        key=OWNER,
        label=N_("E-mail of the person who will look after the entry here"),
        names=("email người nộp", "email liên hệ", "thư điện tử liên hệ", "contact email", "contact e-mail", "contact"),
    ),
    Target(
        key=NAME,
        label=N_("Authors' names"),
        names=(
            "tác giả", "nhóm tác giả", "tác giả nhóm tác giả", "họ tên", "họ và tên", "họ tên tác giả",
            "họ và tên tác giả", "tên tác giả", "author", "authors", "author name", "names of authors",
        ),
    ),
    Target(
        key=BORN, label=N_("Authors' birth dates"),
        names=("ngày sinh", "ngày tháng năm sinh", "born", "date of birth"),
    ),
    Target(
        key=UNIT,
        label=N_("Authors' schools or units"),
        names=("đơn vị", "đơn vị công tác", "trường", "trường học", "cơ quan", "unit", "workplace"),
    ),
    Target(key=EMAIL, label=N_("Authors' e-mail"), names=("email", "thư điện tử", "email tác giả", "e-mail")),
    Target(
        key=SHARE,
        label=N_("Authors' shares in per cent"),
        names=("tỷ lệ", "tỉ lệ", "tỷ lệ đóng góp", "tỉ lệ đóng góp", "đóng góp", "phần đóng góp", "share",
            "contribution"),
    ),
)  # fmt: skip


def plain(text: str) -> str:
    """A name as names of columns are compared: no case, no tones, no punctuation, single spaces."""
    bare = unicodedata.normalize("NFD", text.casefold().replace("đ", "d"))
    letters = "".join(sign for sign in bare if not unicodedata.combining(sign))
    return " ".join(re.findall(r"\w+", letters))


def match_name(text: str, targets: Sequence[Target]) -> str:
    """The key of the target that a column of this name is for; empty when there is none, as for a running number.

    A name counts when it is the column's, or begins it ("Lĩnh vực (1-5)"); of several the longest, then the first.
    """
    wanted = plain(text)
    found = [
        (len(name), target.key)
        for target in targets
        for name in map(plain, (target.label, *target.names))
        if name and (wanted == name or wanted.startswith(f"{name} "))
    ]
    return max(found, key=lambda each: each[0])[1] if found else ""


def match_columns(head: Sequence[str], targets: Sequence[Target]) -> tuple[str, ...]:
    """The target of each column, each target once: the first column of that name has it."""
    chosen: list[str] = []
    for text in head:
        key = match_name(text, targets)
        chosen.append(key if key not in chosen else "")
    return tuple(chosen)
