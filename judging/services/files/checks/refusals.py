"""Why a file is not taken, and what to do next, by the code that a check gives."""

from __future__ import annotations

from collections.abc import Mapping

from judging.domain.values import Problem
from judging.errors import N_, Refused

_SENTENCES: Mapping[str, str] = {
    "link": N_("“%(item)s” is an address: type it, there is no file."),
    "physical": N_("“%(item)s” is handed in at the office, not here."),
    "empty": N_("%(file)s is empty. Choose it again; it may not have been saved."),
    "too-large": N_("%(file)s is larger than %(limit)s MB. Make it smaller, or split it."),
    "kind": N_("%(file)s is not a file of the kind that is taken here: %(kinds)s. Convert it and try again."),
    "page": N_(
        "%(file)s is not a file of the kind that is taken here: it is a web page, a drawing in SVG, or a script, which "
        "can run in a browser. Save it as one of these and try again: %(kinds)s."
    ),
    "program": N_(
        "%(file)s is not a file of the kind that is taken here: it is a program. Send what it does as one of these: "
        "%(kinds)s."
    ),
    "old-office": N_(
        "%(file)s is not a file of the kind that is taken here: it is of an office program before 2007, or protected "
        "by a password. Save it without a password as one of these and try again: %(kinds)s."
    ),
    "phone-picture": N_(
        "%(file)s is not a file of the kind that is taken here: your phone saved the picture as HEIC. Choose “Most "
        "compatible” in the camera's settings, or share the picture as JPEG, and try again."
    ),
    "damaged": N_("%(file)s cannot be opened. It may be damaged; save it again and retry."),
    "locked": N_("%(file)s is protected by a password. Save it without one."),
    "too-many-pages": N_("%(file)s has %(count)s pages; at most %(limit)s are taken here."),
    "too-many-slides": N_("%(file)s has %(count)s slides; at most %(limit)s are taken here."),
    "too-many-pixels": N_("%(file)s has too many pixels. Save it smaller."),
    "moving": N_("%(file)s holds moving pictures. Save one of them as a still picture, or send a video as a video."),
    "unpacks-large": N_("%(file)s unpacks to more than can be taken. Save it as PDF."),
    "unsound-archive": N_(
        "%(file)s is not packed as an office program packs its files, so it is not opened. Open it, save it anew under "
        "another name, and send that; or save it as PDF."
    ),
    "macros": N_("%(file)s holds macros, which are programs. Save it without macros, or as PDF, and try again."),
    "entities": N_("%(file)s holds definitions that no office program writes. Save it anew, or as PDF, and try again."),
    "too-complex": N_("%(file)s takes too long or too much memory to open. Save it in a simpler form and try again."),
    "no-picture": N_("%(file)s holds no moving picture. Send the recording itself, as MP4 if you can."),
    "too-long": N_("%(file)s lasts %(seconds)s seconds; at most %(limit)s are taken here. Cut it and try again."),
    "too-low": N_(
        "%(file)s has a picture of %(width)s × %(height)s; at least %(limit)s lines are asked for (%(limit)sp). Record "
        "or export it in a higher resolution."
    ),
}  # fmt: skip

CODES = frozenset(_SENTENCES)
"""All codes that `refused` can say in words."""


def refused(code: str, **params: object) -> Refused:
    """The refusal in words; `params` fill the sentence's placeholders, `file` among them."""
    return Refused([Problem(code=code, message=_SENTENCES[code], params=params, where="file")])
