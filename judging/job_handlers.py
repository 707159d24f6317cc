"""Every kind of background work by name, on the means that it takes."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import TYPE_CHECKING

from judging.jobs.runner import utc_now
from judging.services.entries.imports.kept import DROP_JOB, drop_old_sheet
from judging.services.entries.people.clock import CONSENT_JOB, look_for_missing_consents
from judging.services.entries.similar.work import SIMILAR_JOB, Searcher
from judging.services.files.copies.asking import PREPARE_JOB
from judging.services.files.copies.preparing import prepare_file
from judging.services.files.copies.rescanning import RESCAN_JOB, rescan_file
from judging.services.files.copies.scanning import open_scanner
from judging.services.files.sandbox.many import many_parsers
from judging.services.files.uploads.sweeping import SWEEP_JOB, sweep_uploads
from judging.services.judges.assigning.loans import LOAN_JOB, return_lent_reading
from judging.services.judges.new_work import WORK_JOB, tell_judges
from judging.services.letters import LETTER_JOB
from judging.services.messages.delivery import carry_letter
from judging.services.messages.reminders import REMINDER_JOB, send_reminders
from judging.services.messages.return_reminders import RETURN_REMINDER_JOB, send_return_reminder
from judging.services.privacy.jobs import privacy_handlers
from judging.services.score_log.day_letters import DAY_JOB, send_day_letters
from judging.services.score_log.publishing import BUNDLE_JOB, publish_bundle

if TYPE_CHECKING:
    from collections.abc import Mapping

    from judging.db.session import Database
    from judging.jobs import Handler, Task
    from judging.mail import Transport
    from judging.plugins import Registry
    from judging.settings import Settings
    from judging.storage import FileStore


@dataclass(frozen=True, slots=True, kw_only=True)
class Means:
    """What background work is done with."""

    settings: Settings
    database: Database
    registry: Registry
    files: FileStore
    transport: Transport


def job_handlers(means: Means) -> Mapping[str, Handler]:
    """The handler of each kind of work."""
    privacy = privacy_handlers(means.database, registry=means.registry, files=means.files, settings=means.settings)
    return {
        **_letters(means),
        **_score_log(means),
        **_files(means),
        **_people(means),
        **_similar(means),
        **_loans(means),
        **privacy,
    }


def _letters(means: Means) -> Mapping[str, Handler]:
    def send(task: Task) -> None:
        carry_letter(
            means.database, letter_id=task.id, payload=task.payload, attempt=task.attempt, transport=means.transport,
            settings=means.settings, clock=utc_now,
        )  # fmt: skip

    def remind(task: Task) -> None:
        send_reminders(
            means.database, registry=means.registry, settings=means.settings, contest_id=task.payload["contest"],
            closes_at=task.payload["closes_at"], step=task.payload["step"], now=utc_now(),
        )  # fmt: skip

    def remind_of_return(task: Task) -> None:
        send_return_reminder(
            means.database, registry=means.registry, settings=means.settings, screening_id=task.payload["screening"],
            until=task.payload["until"], now=utc_now(),
        )  # fmt: skip

    def tell(task: Task) -> None:
        tell_judges(
            means.database, registry=means.registry, settings=means.settings, contest_id=task.payload["contest"],
            now=utc_now(),
        )  # fmt: skip

    return {
        LETTER_JOB: send, REMINDER_JOB: remind, RETURN_REMINDER_JOB: remind_of_return, WORK_JOB: tell,
    }  # fmt: skip


def _score_log(means: Means) -> Mapping[str, Handler]:
    def publish(task: Task) -> None:
        publish_bundle(means.database, contest_id=task.payload["contest"], now=utc_now())

    def tell_judges(task: Task) -> None:
        until = datetime.fromisoformat(task.payload["until"])
        send_day_letters(means.database, contest_id=task.payload["contest"], until=until, now=utc_now())

    return {BUNDLE_JOB: publish, DAY_JOB: tell_judges}


def _files(means: Means) -> Mapping[str, Handler]:
    scanner = open_scanner(means.settings.clamd)

    def prepare(task: Task) -> None:
        prepare_file(
            means.database, means.files, file_id=task.payload["file"], scanner=scanner, attempt=task.attempt,
            now=utc_now(),
        )  # fmt: skip

    def sweep(_task: Task) -> None:
        sweep_uploads(means.database, means.files, now=utc_now())

    def drop_table(task: Task) -> None:
        drop_old_sheet(means.database, task.payload)

    def rescan(task: Task) -> None:
        rescan_file(means.database, means.files, file_id=task.payload["file"], scanner=scanner, now=utc_now())

    return {PREPARE_JOB: prepare, RESCAN_JOB: rescan, SWEEP_JOB: sweep, DROP_JOB: drop_table}


def _people(means: Means) -> Mapping[str, Handler]:
    def look(_task: Task) -> None:
        look_for_missing_consents(means.database, registry=means.registry, now=utc_now())

    return {CONSENT_JOB: look}


def _similar(means: Means) -> Mapping[str, Handler]:
    def search(task: Task) -> None:
        with many_parsers() as run:
            searcher = Searcher(database=means.database, registry=means.registry, files=means.files, run=run)
            if searcher.index(task.payload["entry"], now=utc_now()):
                searcher.search(task.payload["entry"], now=utc_now())

    return {SIMILAR_JOB: search}


def _loans(means: Means) -> Mapping[str, Handler]:
    def give_back(task: Task) -> None:
        return_lent_reading(means.database, loan_id=task.payload["loan"], now=utc_now())

    return {LOAN_JOB: give_back}
