"""Who visits, and the words that mark a secret: of each word, who may read it.

A page that shows a word to anybody else leaks.
"""

from __future__ import annotations

OFFICE = frozenset({"organiser", "secretary", "committee", "auditor"})
READERS = OFFICE | {"organiser_who_judges"}
"""Who reads all entries and their people; marks, standings and prizes are closed to the organiser who also judges."""
DESK = frozenset({"organiser", "organiser_who_judges", "secretary"})
FAMILY = frozenset({"contestant_a", "joined_author", "guardian"})
"""The people of entry A who have an account."""
PANEL = frozenset({"judge_1", "judge_2", "judge_3"})
ROLES = (
    "guest", "stranger", "contestant_a", "contestant_b", "co_author", "joined_author", "guardian", "asked_guardian",
    "judge_1", "judge_2", "judge_3",
    "judge_other_panel", "judge_recused", "judge_dismissed", "chair", "secretary", "organiser", "organiser_who_judges",
    "committee", "auditor", "judge_elsewhere", "auditor_elsewhere", "organiser_elsewhere", "administrator",
)  # fmt: skip
"""Everybody who asks. `_elsewhere` is of another organisation; the chair heads the panel of entry A and reads none."""
BY_LINK = frozenset({"asked_guardian"})
"""Of these: who has no account, and comes by the link in a letter."""

SECRETS: dict[str, frozenset[str]] = {
    "zq-title-a": READERS | PANEL | FAMILY | {"chair"},
    "zq-author-name": READERS | FAMILY,
    "zq-author-mail": READERS | {"contestant_a", "co_author", "administrator"},
    "zq-school": READERS | FAMILY,
    "zq-mentor": READERS | FAMILY,
    "zq-file-of-author": READERS | {"contestant_a"},
    "zq-bytes-of-summary": READERS | PANEL | {"contestant_a", "chair"},
    "zq-picture-of-summary": READERS | PANEL | {"contestant_a", "chair"},
    "zq-picture-of-certificate": DESK | {"auditor", "contestant_a"},
    "zq-birth-certificate": DESK | {"auditor", "contestant_a"},
    "zq-bytes-of-certificate": DESK | {"auditor", "contestant_a"},
    "zq-account-of-a": READERS | {"contestant_a", "administrator"},
    "zq-draft-title": READERS | {"contestant_b"},
    "zq-draft-idea": READERS | {"contestant_b"},
    "zq-screening-reason": READERS | {"contestant_b"},
    "zq-comment-of-1": frozenset({"judge_1", "auditor"}),
    "zq-draft-of-3": frozenset({"judge_3", "auditor"}),
    "zq-note-of-3": frozenset({"judge_3"}),
    "zq-aside-of-3": OFFICE | {"judge_3"},
    "zq-name-of-1": READERS | {"judge_1", "chair", "administrator"},
    "zq-mail-of-1": READERS | {"judge_1", "administrator"},
    "zq-recusal-reason": READERS | {"judge_recused"},
    "zq-letter-to": DESK,
    "zq-letter-subject": DESK | {"contestant_a"},
    "zq-letter-text": DESK | {"contestant_a"},
    "zq-letter-answer": DESK,
    "zq-paper-letter": frozenset({"organiser", "secretary", "judge_1"}),
    "zq-prize-reason": OFFICE,
    "zq-override-reason": OFFICE | {"administrator"},
    "zq-tie-unit": OFFICE | {"judge_1"},
    "zq-forced-reason": OFFICE,
    "zq-request-text": DESK | {"administrator"},
    "zq-bytes-of-archive": frozenset({"contestant_a"}),
    "zq-hold-reason": frozenset({"organiser", "organiser_who_judges", "administrator"}),
    "zq-breach-what": frozenset({"administrator"}),
    "zq-record-detail": frozenset({"organiser", "organiser_who_judges", "auditor"}),
    "zq-contest-in-preparation": OFFICE | {"administrator"},
}
"""By word: who may read it. Office-only papers are closed to the committee, and marks to the office until a lock."""
