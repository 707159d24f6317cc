"""The kinds of letters about a contest: what each says by default, what can be put into it, and whether it may wait."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field

from judging.errors import N_

OTHER = "other"
ANNOUNCEMENT = "announcement"
REMINDER = "reminder"
RETURN_REMINDER, RETURN_EXTENDED = "return-reminder", "return-extended"
RECEIPT = "receipt"
RECEIPT_LATE = "receipt-late"
PEOPLE_ASKED, PEOPLE_ANSWERED = "people-asked", "people-answered"
CONSENT_WITHDRAWN, ERASURE_AHEAD = "consent-withdrawn", "erasure-ahead"
DEADLINE_EXTENDED = "deadline-extended"
ASIDE_ANSWERED, NEW_WORK = "aside-answered", "new-work"
ROUND_END, LATE_SHEET_TAKEN, SILENT_JUDGE = "round-end", "late-sheet-taken", "silent-judge"


@dataclass(frozen=True, slots=True, kw_only=True)
class MessageKind:
    """A kind of letter. `values` are its placeholders with what they stand for; `subject` and `text` are msgids.

    A kind without a text of its own cannot be written anew by the organiser. `urgent` leaves in quiet hours too.
    """

    key: str
    label: str
    subject: str = ""
    text: str = ""
    values: Mapping[str, str] = field(default_factory=dict)
    urgent: bool = False

    @property
    def editable(self) -> bool:
        """Whether an organiser may write it anew."""
        return bool(self.text)


_NAME, _TITLE, _CONTEST = N_("Name of the reader"), N_("Title of the entry"), N_("Name of the contest")
_CODE, _REASON = N_("Code of the entry"), N_("Reason that was given")
_DECISION = {"name": _NAME, "title": _TITLE, "code": _CODE, "reason": _REASON, "contest": _CONTEST}
_REMOVAL = {"name": _NAME, "title": _TITLE, "reason": _REASON, "contest": _CONTEST}
_RECEIPT = {
    "title": _TITLE, "number": N_("Number of the receipt"), "time": N_("Time of the receipt (UTC)"),
    "code": N_("SHA-256 of what was handed in"),
}  # fmt: skip
_REMINDER = {
    "name": _NAME, "title": _TITLE, "contest": _CONTEST, "deadline": N_("Deadline, in the contest's zone"),
    "left": N_("Time left when the letter is written"), "missing": N_("What is still missing, one line each"),
    "link": N_("Link to the entry"),
}  # fmt: skip
_WORK = {
    "name": _NAME, "contest": _CONTEST, "round": N_("Name of the round"), "count": N_("How many entries are new"),
    "deadline": N_("Deadline, in the contest's zone"), "link": N_("Link to the judge's list"),
}  # fmt: skip
_ROUND_END = {
    "name": _NAME, "contest": _CONTEST, "round": N_("Name of the round"), "reason": _REASON,
    "until": N_("End of the round, in the contest's zone"), "link": N_("Link to the judge's list"),
}  # fmt: skip
_LATE_SHEET = {
    "name": _NAME, "title": _TITLE, "contest": _CONTEST, "reason": _REASON, "link": N_("Link to the score sheet"),
}  # fmt: skip
_SILENT = {
    "name": _NAME, "contest": _CONTEST, "round": N_("Name of the round"), "count": N_("How many sheets are awaited"),
    "since": N_("Since when nothing has come from the judge"),
    "deadline": N_("Deadline, in the contest's zone"), "link": N_("Link to the judge's list"),
}  # fmt: skip

_UNTIL = {**_DECISION, "deadline": N_("Date until which the dossier may be completed, in the contest's zone")}
_RETURNED = {**_DECISION, "until": N_("Date until which the dossier may be completed, or nothing")}
_RETURN_REMINDER = {
    **_UNTIL, "left": N_("Time left when the letter is written"), "link": N_("Link to the entry"),
}  # fmt: skip

_KINDS = (
    MessageKind(
        key=RECEIPT, label=N_("Receipt"), values=_RECEIPT, urgent=True, subject=N_("Receipt %(number)s"),
        text=N_(
            "Your entry “%(title)s” is recorded.\n\n"
            "Receipt: %(number)s\nReceived: %(time)s (UTC)\nSHA-256: %(code)s\n\n"
            "Keep this letter: number and code prove what was handed in and when.\n"
        ),
    ),
    MessageKind(
        key=RECEIPT_LATE, label=N_("Receipt of a late entry"), values=_RECEIPT, urgent=True,
        subject=N_("Receipt %(number)s"),
        text=N_(
            "Your entry “%(title)s” reached us after the deadline. It is kept and waits for the organiser's "
            "decision.\n\n"
            "Receipt: %(number)s\nReceived: %(time)s (UTC)\nSHA-256: %(code)s\n"
        ),
    ),
    MessageKind(
        key="eligible", label=N_("Entry found eligible"), values=_DECISION,
        subject=N_("Your entry %(code)s may take part"),
        text=N_(
            "Dear %(name)s,\n\nthe office has checked the dossier of “%(title)s” (%(code)s). It is complete and goes "
            "to the judges.\n\n%(contest)s"
        ),
    ),
    MessageKind(
        key="returned", label=N_("Entry returned to complete"), values=_RETURNED,
        subject=N_("Your entry %(code)s needs something more"),
        text=N_(
            "Dear %(name)s,\n\nthe office has checked the dossier of “%(title)s” (%(code)s) and gives it back to you "
            "to complete:\n\n%(reason)s\n\nCorrect it and submit it again.\n\n%(contest)s"
        ),
    ),
    MessageKind(
        key=RETURN_REMINDER, label=N_("Reminder of a returned entry"), values=_RETURN_REMINDER,
        subject=N_("%(left)s left to complete your entry %(code)s"),
        text=N_(
            "Dear %(name)s,\n\nthe office gave “%(title)s” (%(code)s) back to you to complete. It can be handed in "
            "again until %(deadline)s: %(left)s from now. After that it cannot come back by itself.\n\nWhat the office "
            "asks for:\n%(reason)s\n\nGo on here: %(link)s\n\n%(contest)s"
        ),
    ),
    MessageKind(
        key=RETURN_EXTENDED, label=N_("Later date for a returned entry"), values=_UNTIL,
        subject=N_("More time for your entry %(code)s"),
        text=N_(
            "Dear %(name)s,\n\nthe office gives you more time to complete “%(title)s” (%(code)s): it can be handed in "
            "again until %(deadline)s.\n\n%(reason)s\n\n%(contest)s"
        ),
    ),
    MessageKind(
        key="rejected", label=N_("Entry rejected"), values=_DECISION,
        subject=N_("Your entry %(code)s cannot take part"),
        text=N_(
            "Dear %(name)s,\n\nthe office has checked the dossier of “%(title)s” (%(code)s). It cannot take part, for "
            "this reason:\n\n%(reason)s\n\nAnswer the office if you think that this is a mistake.\n\n%(contest)s"
        ),
    ),
    MessageKind(
        key="admitted", label=N_("Late entry admitted"), values=_DECISION,
        subject=N_("Your late entry %(code)s is accepted"),
        text=N_(
            "Dear %(name)s,\n\n“%(title)s” (%(code)s) came after the deadline. The organiser accepts it all the "
            "same:\n\n%(reason)s\n\nThe office checks the dossier now.\n\n%(contest)s"
        ),
    ),
    MessageKind(
        key="withdrawn", label=N_("Entry withdrawn"), values=_REMOVAL, subject=N_("Your entry was withdrawn"),
        text=N_(
            "Dear %(name)s,\n\nthe office has withdrawn “%(title)s” from the contest. The reason given: %(reason)s\n\n"
            "Answer the office if you did not ask for this.\n\n%(contest)s"
        ),
    ),
    MessageKind(
        key="disqualified", label=N_("Entry disqualified"), values=_REMOVAL, subject=N_("Your entry was disqualified"),
        text=N_(
            "Dear %(name)s,\n\n“%(title)s” was disqualified and takes no further part in the contest. The reason "
            "given: %(reason)s\n\nAnswer the office if you think that this is a mistake.\n\n%(contest)s"
        ),
    ),
    MessageKind(
        key=REMINDER, label=N_("Reminder before the deadline"), values=_REMINDER,
        subject=N_("%(left)s left to hand in “%(title)s”"),
        text=N_(
            "Dear %(name)s,\n\nyour entry “%(title)s” in “%(contest)s” is not handed in yet. The deadline is "
            "%(deadline)s: %(left)s from now.\n\nStill to do:\n%(missing)s\n\nGo on here: %(link)s\n\n"
            "If you do not want to take part, you need not do anything."
        ),
    ),
    MessageKind(
        key=NEW_WORK, label=N_("New entries for a judge"), values=_WORK,
        subject=N_("%(count)s for you to judge: %(contest)s"),
        text=N_(
            "Dear %(name)s,\n\nyou have been given %(count)s to judge in “%(contest)s”, %(round)s.\n\n"
            "Due by: %(deadline)s\nYour list: %(link)s\n\n"
            "First say there whether you have a conflict of interest with any of them. An entry that you cannot judge "
            "now can be set aside for later."
        ),
    ),
    MessageKind(
        key=SILENT_JUDGE, label=N_("Reminder to a silent judge"), values=_SILENT,
        subject=N_("%(count)s still awaited from you: %(contest)s"),
        text=N_(
            "Dear %(name)s,\n\nin “%(contest)s”, %(round)s, we still wait for %(count)s from you. "
            "Since %(since)s nothing has reached us.\n\n"
            "Due by: %(deadline)s\nYour list: %(link)s\n\n"
            "If something keeps you from judging an entry, set it aside there with a word, or step back from it. If "
            "you cannot go on at all, please tell the office soon, so that others can take over."
        ),
    ),
    MessageKind(
        key=ROUND_END, label=N_("End of a round set or moved"), values=_ROUND_END, urgent=True,
        subject=N_("Score sheets are taken until %(until)s: %(contest)s"),
        text=N_(
            "Dear %(name)s,\n\nin “%(contest)s”, %(round)s, your score sheets are taken until %(until)s. After that "
            "you can still write, but hand in nothing more.\n\nThe reason given: %(reason)s\n\nYour list: %(link)s"
        ),
    ),
    MessageKind(
        key=LATE_SHEET_TAKEN, label=N_("Late score sheet taken"), values=_LATE_SHEET, urgent=True,
        subject=N_("Your late score sheet can be handed in again"),
        text=N_(
            "Dear %(name)s,\n\nyour score sheet for “%(title)s” in “%(contest)s” came after the end of the round. The "
            "organiser takes it all the same:\n\n%(reason)s\n\nPlease hand it in again, before the round is "
            "closed: %(link)s\n\nA sheet that waits on your device stands there under “Needs your eye”: choose “Send "
            "it again”."
        ),
    ),
    MessageKind(key=ANNOUNCEMENT, label=N_("Message of the organiser")),
    MessageKind(key=OTHER, label=N_("Other letter")),
    MessageKind(key=PEOPLE_ASKED, label=N_("Question to an author, guardian, mentor or school"), urgent=True),
    MessageKind(key=PEOPLE_ANSWERED, label=N_("Somebody answered about an entry")),
    MessageKind(key=CONSENT_WITHDRAWN, label=N_("Agreement taken back")),
    MessageKind(key=ERASURE_AHEAD, label=N_("Draft will be erased")),
    MessageKind(key=DEADLINE_EXTENDED, label=N_("Deadline extended"), urgent=True),
    MessageKind(key="sheet-reopened", label=N_("Sheet reopened")),
    MessageKind(key="paper-recorded", label=N_("Sheet on paper recorded")),
    MessageKind(key=ASIDE_ANSWERED, label=N_("Entry set aside can be judged")),
    MessageKind(key="override", label=N_("Decision over a sheet")),
    MessageKind(key="force", label=N_("Assigning in spite of a conflict")),
    MessageKind(key="day-receipts", label=N_("Receipts of the day"), urgent=True),
    MessageKind(key="judge-invited", label=N_("Judge invited"), urgent=True),
)  # fmt: skip

MESSAGE_KINDS: Mapping[str, MessageKind] = {kind.key: kind for kind in _KINDS}
EDITABLE_KINDS = tuple(kind.key for kind in _KINDS if kind.editable)
KINDS_OF_JUDGING = (
    "sheet-reopened", "paper-recorded", "override", "force", "day-receipts", ASIDE_ANSWERED, ROUND_END,
    LATE_SHEET_TAKEN, SILENT_JUDGE,
)  # fmt: skip
"""Letters about judges' work: closed to whoever judges in the contest, whatever office they hold."""

FREE_VALUES: Mapping[str, str] = {"name": _NAME, "title": _TITLE, "code": _CODE, "contest": _CONTEST}
"""What an organiser's own message may name."""


def find_kind(key: str) -> MessageKind:
    """The kind of that key; a stranger's kind is an ordinary letter."""
    return MESSAGE_KINDS.get(key, MESSAGE_KINDS[OTHER])
