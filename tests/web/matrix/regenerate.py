"""Write the golden files and docs/access.md anew: `python -m tests.web.matrix.regenerate [AREA …]`.

To be run on purpose, after an address was added or a right changed, and its difference to be read line by line: each
line says who is let in. Nothing runs it by itself.
"""

from __future__ import annotations

import sys
import tempfile
from pathlib import Path

from judging import migrations
from judging.db.engine import make_engine
from tests.web.leaks.clock import noon
from tests.web.matrix.fields import FIELDS, write_fields
from tests.web.matrix.page import PAGE, access_page
from tests.web.matrix.plugin_pages import registry_with_pages
from tests.web.matrix.stand import Stand
from tests.web.matrix.survey import Survey
from tests.web.matrix.table import FOLDER


def main(areas: list[str]) -> int:
    """Write the files of these areas, or of all; returns 1 when something is wrong that no file can make right."""
    with tempfile.TemporaryDirectory() as folder, noon():
        template = Path(folder) / "template.db"
        engine = make_engine(f"sqlite:///{template}")
        migrations.upgrade(engine)
        engine.dispose()
        stand = Stand(Path(folder), template, registry_with_pages())
        try:
            return _write(stand, areas)
        finally:
            stand.close()


def _write(stand: Stand, areas: list[str]) -> int:
    survey = Survey(stand)
    FOLDER.mkdir(exist_ok=True)
    for area in survey.areas():
        if not areas or area in areas:
            (FOLDER / f"{area}.txt").write_text(survey.text(area), "utf-8")
    if survey.fields:
        (FOLDER / f"{FIELDS}.txt").write_text(write_fields(survey.fields), "utf-8")
    for gone in {path.stem for path in FOLDER.glob("*.txt")} - {*survey.areas(), FIELDS}:
        (FOLDER / f"{gone}.txt").unlink()
    PAGE.write_text(access_page(stand.doors), "utf-8")
    for fault in survey.faults:
        sys.stderr.write(f"{fault.door} as {fault.who} in {fault.scene}: {fault.what}\n")
    return 1 if survey.faults else 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
