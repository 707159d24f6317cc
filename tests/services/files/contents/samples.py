"""Files as people, programs and attackers make them, drawn when a test asks for them."""

from __future__ import annotations

import io
import struct
import zipfile
import zlib
from fractions import Fraction
from typing import cast

import av
import pikepdf
from av.video.stream import VideoStream
from pikepdf import Array, Dictionary, Name, String
from PIL import Image

from judging.services.files.checks import EXTENSIONS

MEDIA_TYPES = {extension: media_type for media_type, extension in EXTENSIONS.items()}
_OFFICE = "application/vnd.openxmlformats-officedocument"
_MAIN = {
    "docx": ("word/document.xml", "wordprocessingml.document"),
    "xlsx": ("xl/workbook.xml", "spreadsheetml.sheet"),
    "pptx": ("ppt/presentation.xml", "presentationml.presentation"),
}


def pdf(pages: int = 1, *, password: str = "") -> bytes:
    made = io.BytesIO()
    with pikepdf.new() as document:
        for _ in range(pages):
            document.add_blank_page()
        encryption = pikepdf.Encryption(owner=password, user=password) if password else False
        document.save(made, encryption=encryption)
    return made.getvalue()


def armed_pdf(arm: str) -> bytes:
    """A PDF of one page that does what `arm` says: each is a thing that a reader would do, or ask about, on opening."""
    made = io.BytesIO()
    with pikepdf.new() as document:
        page = document.add_blank_page()
        _ARMS[arm](document, page)
        document.save(made, deterministic_id=True)
    return made.getvalue()


def _script(document: pikepdf.Pdf, _page: pikepdf.Page) -> None:
    document.Root.OpenAction = Dictionary(S=Name.JavaScript, JS=String("app.alert('canary-script')"))


def _named_script(document: pikepdf.Pdf, _page: pikepdf.Page) -> None:
    action = document.make_indirect(Dictionary(S=Name.JavaScript, JS=String("app.alert('canary-script')")))
    document.Root.Names = Dictionary(JavaScript=Dictionary(Names=Array([String("go"), action])))


def _launch(_document: pikepdf.Pdf, page: pikepdf.Page) -> None:
    page.Annots = Array([_link(Dictionary(S=Name.Launch, F=String("canary-launch.exe")))])


def _submit(_document: pikepdf.Pdf, page: pikepdf.Page) -> None:
    page.Annots = Array([_link(Dictionary(S=Name.SubmitForm, F=String("https://canary-submit.example.vn")))])


def _page_action(_document: pikepdf.Pdf, page: pikepdf.Page) -> None:
    page.AA = Dictionary(O=Dictionary(S=Name.URI, URI=String("https://canary-page.example.vn")))


def _attachment(document: pikepdf.Pdf, _page: pikepdf.Page) -> None:
    document.attachments["canary-attachment.exe"] = b"MZ canary-attachment"


def _xfa(document: pikepdf.Pdf, _page: pikepdf.Page) -> None:
    form = document.make_stream(b"<xdp>canary-xfa</xdp>")
    document.Root.AcroForm = Dictionary(Fields=Array([]), XFA=form)


def _rich_media(document: pikepdf.Pdf, page: pikepdf.Page) -> None:
    film = document.make_indirect(
        Dictionary(Type=Name.Annot, Subtype=Name.RichMedia, Rect=Array([0, 0, 9, 9]), NM=String("canary-media"))
    )
    page.Annots = Array([film])


def _note(document: pikepdf.Pdf, page: pikepdf.Page) -> None:
    page.Annots = Array(
        [
            document.make_indirect(
                Dictionary(
                    Type=Name.Annot,
                    Subtype=Name.Text,
                    Rect=Array([0, 0, 9, 9]),
                    T=String("canary-reviewer"),
                    Contents=String("canary-note"),
                )
            )
        ]
    )


def _link(action: Dictionary) -> Dictionary:
    return Dictionary(Type=Name.Annot, Subtype=Name.Link, Rect=Array([0, 0, 9, 9]), A=action)


_ARMS = {
    "script": _script,
    "named-script": _named_script,
    "launch": _launch,
    "submit": _submit,
    "page-action": _page_action,
    "attachment": _attachment,
    "xfa": _xfa,
    "rich-media": _rich_media,
    "note": _note,
}
ARMS = tuple(_ARMS)


def picture(kind: str = "PNG", size: tuple[int, int] = (40, 30), **options: object) -> bytes:
    made = io.BytesIO()
    Image.new("RGB", size, "#005e75").save(made, kind, **options)
    return made.getvalue()


def moving_picture(kind: str, frames: int = 3) -> bytes:
    made = io.BytesIO()
    first, *rest = (Image.new("RGB", (8, 8), (number * 7 % 256, 0, 0)) for number in range(frames))
    first.save(made, kind, save_all=True, append_images=rest, duration=20)
    return made.getvalue()


def huge_png(width: int = 50_000, height: int = 50_000) -> bytes:
    """A PNG whose head promises more than any memory holds, in less than a kilobyte."""

    def chunk(kind: bytes, content: bytes) -> bytes:
        return struct.pack(">I", len(content)) + kind + content + struct.pack(">I", zlib.crc32(kind + content))

    head = struct.pack(">IIBBBBB", width, height, 8, 2, 0, 0, 0)
    return b"\x89PNG\r\n\x1a\n" + chunk(b"IHDR", head) + chunk(b"IDAT", zlib.compress(bytes(64))) + chunk(b"IEND", b"")


def video(
    seconds: float, *, size: tuple[int, int] = (1280, 720), kind: str = "mp4", metadata: dict[str, str] | None = None
) -> bytes:
    """A film of two pictures, of which the second stands until the end: as long as asked for, and made at once."""
    codec = "libvpx" if kind == "webm" else "mpeg4"
    made = io.BytesIO()
    with av.open(made, "w", format=kind) as container:
        container.metadata.update(metadata or {})
        stream = cast("VideoStream", container.add_stream(codec, rate=25))
        stream.width, stream.height, stream.pix_fmt = *size, "yuv420p"
        stream.time_base = stream.codec_context.time_base = Fraction(1, 1000)
        frame = av.VideoFrame(*size, "yuv420p")
        # The last picture stands for its own length as well, which an encoder takes from the one before.
        for moment in (0, round(seconds * 500)):
            frame.pts, frame.time_base = moment, Fraction(1, 1000)
            for packet in stream.encode(frame):
                packet.duration = round(seconds * 500)
                container.mux(packet)
        for packet in stream.encode():
            packet.duration = round(seconds * 500)
            container.mux(packet)
    return made.getvalue()


def office(kind: str = "docx", parts: dict[str, bytes] | None = None, *, content_types: str = "") -> bytes:
    """The least document of OOXML that is one, with these parts besides."""
    main, content_type = _MAIN[kind]
    made = io.BytesIO()
    with zipfile.ZipFile(made, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr(
            "[Content_Types].xml",
            '<?xml version="1.0"?><Types xmlns="http://schemas.openxmlformats.org/package/2006/content-types">'
            '<Default Extension="rels" ContentType="application/vnd.openxmlformats-package.relationships+xml"/>'
            f'<Override PartName="/{main}" ContentType="{_OFFICE}.{content_type}.main+xml"/>{content_types}</Types>',
        )
        archive.writestr(
            "_rels/.rels",
            '<Relationships xmlns="http://schemas.openxmlformats.org/package/2006/relationships">'
            f'<Relationship Id="r1" Type="http://schemas.openxmlformats.org/officeDocument/2006/relationships/'
            f'officeDocument" Target="{main}"/></Relationships>',
        )
        if main not in (parts or {}):
            archive.writestr(main, '<?xml version="1.0"?><document/>')
        for name, content in (parts or {}).items():
            archive.writestr(name, content)
    return made.getvalue()


def deck(slides: int) -> bytes:
    return office("pptx", {f"ppt/slides/slide{number}.xml": b"<slide/>" for number in range(1, slides + 1)})


def open_document(kind: str = "odt", content: bytes = b"<content/>", parts: dict[str, bytes] | None = None) -> bytes:
    made = io.BytesIO()
    with zipfile.ZipFile(made, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr(zipfile.ZipInfo("mimetype"), MEDIA_TYPES[kind])
        archive.writestr("content.xml", content)
        for name, more in (parts or {}).items():
            archive.writestr(name, more)
    return made.getvalue()


def open_deck(slides: int) -> bytes:
    drawing = "urn:oasis:names:tc:opendocument:xmlns:drawing:1.0"
    return open_document("odp", f'<o xmlns:draw="{drawing}">{"<draw:page/>" * slides}</o>'.encode())
