"""The copy of a PDF: its pages and nothing that acts, tells who made it, or lies beside them.

What is filled into a form is drawn into the page first. Then only what is known to be a part of the pages is kept: a
list of what may stay is safe against what nobody has thought of, a list of what must go is not.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, BinaryIO

import pikepdf
from pikepdf import Array, Dictionary, Name

from judging.services.files.parsers.jpeg_segments import without_metadata
from judging.services.files.parsers.pdf_facts import MOST_OBJECTS, MOST_PAGES, is_direct
from judging.services.files.parsers.pdf_pages import draw_pages

_ROOT = frozenset(
    {"/Type", "/Pages", "/PageLabels", "/Outlines", "/Lang", "/OCProperties", "/StructTreeRoot", "/MarkInfo"}
)
# These go wherever they stand: metadata, private data of programs, files, actions, and names of who wrote it.
_GONE = frozenset(
    {
        "/AA", "/AF", "/Collection", "/EF", "/EmbeddedFiles", "/JS", "/JavaScript", "/LastModified", "/Metadata",
        "/OpenAction", "/OPI", "/PieceInfo", "/PressSteps", "/RichMediaContent", "/RichMediaSettings", "/SpiderInfo",
        "/URI", "/XFA",
    }
)  # fmt: skip
_DEEPEST = 60


def copy(stream: BinaryIO) -> Mapping[str, Any]:
    """Write `copy` and pictures of its first pages into the present folder."""
    with pikepdf.open(stream) as pdf:
        if len(pdf.objects) > MOST_OBJECTS or len(pdf.pages) > MOST_PAGES:
            raise ValueError("too many objects")
        _flatten(pdf)
        root = pdf.Root
        for name in list(root.keys()):
            if name not in _ROOT:
                del root[name]
        for page in pdf.pages:
            _keep_inner_links(page)
        for one in pdf.objects:
            _clean(one, depth=0)
            if isinstance(one, pikepdf.Stream):
                _clean_picture(one)
        for name in list(pdf.trailer.keys()):
            if name in {"/Info", "/ID"}:
                del pdf.trailer[name]
        # No stamp of the time: the same file always gives the same copy.
        pdf.save("copy", deterministic_id=True, object_stream_mode=pikepdf.ObjectStreamMode.generate)
    return {"media_type": "application/pdf", "pictures": draw_pages("copy")}


def _flatten(pdf: pikepdf.Pdf) -> None:
    """Draw what was typed into forms, and stamps, into the pages themselves; notes of readers are not drawn."""
    for page in pdf.pages:
        drawn = [
            one
            for one in _annotations(page)
            if one.get("/Subtype") in {Name.Widget, Name.Stamp, Name.Ink, Name.Line, Name.Square, Name.Circle,
                                       Name.Highlight, Name.Underline, Name.Polygon, Name.PolyLine, Name.Link}
        ]  # fmt: skip
        if drawn:
            page.obj["/Annots"] = Array(drawn)
        elif "/Annots" in page.obj:
            del page.obj["/Annots"]
    if "/AcroForm" in pdf.Root:
        pdf.generate_appearance_streams()
    pdf.flatten_annotations("screen")


def _keep_inner_links(page: pikepdf.Page) -> None:
    kept = [
        Dictionary(Type=Name.Annot, Subtype=Name.Link, Rect=one.Rect, Border=Array([0, 0, 0]), Dest=destination)
        for one in _annotations(page)
        if one.get("/Subtype") == Name.Link and "/Rect" in one and (destination := _inner(one)) is not None
    ]
    if kept:
        page.obj["/Annots"] = Array(kept)
    elif "/Annots" in page.obj:
        del page.obj["/Annots"]


def _annotations(page: pikepdf.Page) -> list[Any]:
    found = page.obj.get("/Annots")
    if not isinstance(found, Array):
        return []
    return [one for one in found.as_list() if isinstance(one, Dictionary)]


def _inner(link: Any) -> Any:
    """Where a link leads inside the same file, None for every other link: it may name a person's address."""
    destination = link.get("/Dest")
    action = link.get("/A")
    if destination is None and isinstance(action, Dictionary) and action.get("/S") == Name.GoTo:
        destination = action.get("/D")
    return destination if isinstance(destination, Array) else None


def _clean(one: Any, *, depth: int) -> None:
    """Take what acts or tells out of a dictionary and of those written inside it."""
    if depth > _DEEPEST:
        raise ValueError("nested too deep")
    if isinstance(one, Array):
        for part in one.as_list():
            if is_direct(part):
                _clean(part, depth=depth + 1)
        return
    if not isinstance(one, Dictionary | pikepdf.Stream):
        return
    for name in list(one.keys()):
        if name in _GONE or (name == "/A" and not _leads_inside(one)):
            del one[name]
            continue
        inside = one.get(name)
        if is_direct(inside):
            _clean(inside, depth=depth + 1)


def _leads_inside(one: Any) -> bool:
    """Whether /A is an action that stays in the file; where /A is no action at all, it is a part of the structure."""
    action = one.get("/A")
    if not isinstance(action, Dictionary) or "/S" not in action:
        return True
    # An attribute of the structure has an owner (/O) and no kind of action.
    return action.get("/S") == Name.GoTo


def _clean_picture(one: Any) -> None:
    """Photographs lie in a PDF as the camera wrote them, with place and owner."""
    kinds = one.get("/Filter")
    names = [str(kind) for kind in kinds.as_list()] if isinstance(kinds, Array) else [str(kinds)]
    if names == ["/DCTDecode"]:
        one.write(without_metadata(one.read_raw_bytes()), filter=Name.DCTDecode, decode_parms=one.get("/DecodeParms"))
    elif "/DCTDecode" in names or "/JPXDecode" in names:
        # Packed twice, or of a kind whose boxes are not known here: drawn anew as its pixels.
        _redraw(one)


def _redraw(one: pikepdf.Stream) -> None:
    image = pikepdf.PdfImage(one).as_pil_image().convert("RGB")
    for name in ("/DecodeParms", "/Decode", "/ColorSpace", "/BitsPerComponent", "/SMaskInData"):
        if name in one:
            del one[name]
    one.ColorSpace, one.BitsPerComponent = Name.DeviceRGB, 8
    one.Width, one.Height = image.size
    one.write(image.tobytes())
