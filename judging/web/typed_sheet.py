"""What a form of a score sheet holds, by what it is."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from flask import request

from judging.domain.marks import lines_of
from judging.web.sheet_blocks import COMMENT_FIELD, MARK_FIELD, OVERALL_FIELD

if TYPE_CHECKING:
    from collections.abc import Mapping

    from judging.domain.rules import Round


def seen_version(*, absent: int | None = None) -> int | None:
    """The version of the draft that the form of this request was made from; `absent` where it says none."""
    version = request.form.get("version", "")
    return int(version) if version.isascii() and version.isdigit() else absent


def typed_texts(judged: Round, fields: Mapping[str, str] | None = None) -> dict[str, Any]:
    """The texts of the form, or of `fields` under its names, by what they are; unknown ones are left out."""
    form, rubric = request.form if fields is None else fields, judged.rubric
    return {
        "marks": {key: form.get(MARK_FIELD + key, "") for key in lines_of(rubric)},
        "bands": {
            criterion.key: form.get(f"{MARK_FIELD}{criterion.key}-band", "")
            for criterion in rubric.criteria
            if criterion.bands
        },
        "comments": {criterion.key: form.get(COMMENT_FIELD + criterion.key, "") for criterion in rubric.criteria},
        "comment": form.get(OVERALL_FIELD, ""),
    }
