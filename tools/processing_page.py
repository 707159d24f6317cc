"""Write docs/processing.md from the tags of the columns, so that the page cannot say anything else than the tables."""

from __future__ import annotations

from pathlib import Path

from judging.db.personal import LABELS, record_of_processing
from judging.domain.retention import CLASSES, RetentionClass

PAGE = Path(__file__).resolve().parent.parent / "docs" / "processing.md"
_HEAD = """# Record of processing

What is kept of people, table by table, as the columns of the database say it. This page is written by
`python -m tools.processing_page`; a test holds it against the code, and another refuses a new column of a table about
people without a word on what it tells. Administrators see the same at **Administration → Record of processing**.

Who runs an installation is the controller and completes it: name and address, purpose (running contests), legal
ground, and who else gets data. The program gives data to no third party, and no page asks one for anything.
"""


def page() -> str:
    """The whole page."""
    parts = [_HEAD, "## How long\n", "| what | counted from | kept for |\n|---|---|---|"]
    parts += [f"| {one.label} | {one.since.value} | {_term(one)} |" for one in CLASSES.values()]
    for table in record_of_processing():
        parts += [f"\n## {table.name}\n", f"{table.about}\n", "| what it tells | columns |\n|---|---|"]
        parts += [
            f"| {LABELS[tag]} | {', '.join(f'`{column}`' for column in columns)} |" for tag, columns in table.columns
        ]
    return "\n".join(parts) + "\n"


def _term(one: RetentionClass) -> str:
    return f"{one.term.months} months" if one.term.months else f"{one.term.days} days"


if __name__ == "__main__":
    PAGE.write_text(page(), encoding="utf-8")
