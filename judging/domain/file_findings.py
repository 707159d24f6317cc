"""What may be found in a file that is taken all the same: the office is told, and judges get a copy without it."""

from __future__ import annotations

from collections.abc import Mapping

from judging.errors import N_

FINDING_LABELS: Mapping[str, str] = {
    "script": N_("It holds a script."),
    "opens-by-itself": N_("It starts something as soon as it is opened."),
    "launches": N_("It asks to start a program."),
    "sends-form": N_("It can send what is typed into it to an address."),
    "embedded-files": N_("It holds other files."),
    "form-xfa": N_("It holds a form that only some programs show (XFA): look at its pages."),
    "media": N_("It holds sound, video or a model inside its pages."),
    "outside-links": N_("It takes parts from other places when it is opened."),
    "comments": N_("It holds comments or tracked changes with names."),
    "position": N_("It tells where the picture was taken."),
    "leading-bytes": N_("Something stands before its beginning, so that it could pass for another kind of file."),
    "trailing-bytes": N_("Something stands after its end, so that it could pass for another kind of file."),
}
"""The sentences by the codes that the parsers give."""
