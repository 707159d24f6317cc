"""The people who knock, by the names that the golden files use, and what each of them is to the things asked for."""

from __future__ import annotations

from collections.abc import Mapping

GUEST = "guest"

WHO: Mapping[str, str] = {
    GUEST: "guest",
    "stranger": "stranger",
    "author": "contestant_a",
    "other-author": "contestant_b",
    "co-author": "co_author",
    "joined-author": "joined_author",
    "guardian": "guardian",
    "judge": "judge_3",
    "fellow-judge": "judge_1",
    "other-panel": "judge_other_panel",
    "recused-judge": "judge_recused",
    "dismissed-judge": "judge_dismissed",
    "chair": "chair",
    "secretary": "secretary",
    "organiser": "organiser",
    "judging-organiser": "organiser_who_judges",
    "committee": "committee",
    "auditor": "auditor",
    "judge-elsewhere": "judge_elsewhere",
    "auditor-elsewhere": "auditor_elsewhere",
    "organiser-elsewhere": "organiser_elsewhere",
    "administrator": "administrator",
}
"""By name in the golden files: the role in the world of the leak tests."""

SIGNED_IN = tuple(who for who in WHO if who != GUEST)

RIGHTS: Mapping[str, frozenset[str]] = {
    "author": frozenset({"contestant"}),
    "other-author": frozenset({"contestant"}),
    "joined-author": frozenset({"coauthor"}),
    "guardian": frozenset({"guardian"}),
    "judge": frozenset({"judge"}),
    "fellow-judge": frozenset({"judge"}),
    "other-panel": frozenset({"judge", "chair"}),
    "recused-judge": frozenset({"judge"}),
    "chair": frozenset({"judge", "chair"}),
    "secretary": frozenset({"secretary"}),
    "organiser": frozenset({"organiser"}),
    "judging-organiser": frozenset({"organiser", "judge"}),
    "committee": frozenset({"committee"}),
    "auditor": frozenset({"auditor"}),
    "administrator": frozenset({"administrator"}),
}
"""The roles that people hold in the contest, by which it is known whose answer may depend on its phase."""

MEANING: Mapping[str, str] = {
    GUEST: "nobody has signed in",
    "stranger": "an account without any right",
    "author": "the account that entered the entry asked for",
    "other-author": "the account of other entries in the same contest",
    "co-author": "an account whose address the entry names among its people; only the account that entered has rights",
    "joined-author": "another author of the entry, who has said so by the link and tied that to an account",
    "guardian": "a guardian of an author of the entry, who has agreed by the link and tied that to an account",
    "judge": "the judge whose sheet is asked for",
    "fellow-judge": "another judge of the same entry",
    "other-panel": "a judge, and chair, of another panel",
    "recused-judge": "a judge who stepped back from the entry",
    "dismissed-judge": "a former judge of the contest",
    "chair": "heads the panel that reads the entry, and reads none of its sheets",
    "secretary": "of the contest's organisation",
    "organiser": "of the contest's organisation",
    "judging-organiser": "organiser of this contest who also sits among its judges",
    "committee": "of the contest's organisation",
    "auditor": "of the contest's organisation",
    "judge-elsewhere": "a judge of another organisation's contest",
    "auditor-elsewhere": "auditor of another organisation",
    "organiser-elsewhere": "organiser of another organisation",
    "administrator": "runs the installation and holds no office",
}
