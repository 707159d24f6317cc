"""What may be found in a file that is taken all the same: the office is told, judges get a copy without it."""

from __future__ import annotations

from collections.abc import Mapping

from judging.errors import N_

FINDING_LABELS: Mapping[str, str] = {
    "script": N_("It holds a script. Judges get a copy without it."),
    "opens-by-itself": N_("It starts something as soon as it is opened. Judges get a copy without that."),
    "launches": N_("It asks to start a program. Judges get a copy without that."),
    "sends-form": N_("It can send what is typed into it to an address. Judges get a copy without that."),
    "embedded-files": N_("It holds other files. Judges get a copy without them."),
    "form-xfa": N_(
        "It holds a form that only some programs show (XFA). Judges get a copy without it; look at its pages."
    ),
    "media": N_("It holds sound, video or a model inside its pages. Judges get a copy without them."),
    "outside-links": N_("It takes parts from other places when it is opened. Judges get a copy without them."),
    "comments": N_("It holds comments or tracked changes with names. Judges get a copy without the names."),
    "position": N_("It tells where the picture was taken. Judges get a copy without that."),
    "leading-bytes": N_("Something stands before its beginning, so that it could pass for another kind of file."),
    "trailing-bytes": N_("Something stands after its end, so that it could pass for another kind of file."),
}
"""The sentences by the codes that the parsers give."""
