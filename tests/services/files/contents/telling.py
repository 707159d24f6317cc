"""Files that tell who made them, where and with what, in every place that such things are written (T06)."""

from __future__ import annotations

import io
import zipfile
from typing import cast

import docx
import openpyxl
import pikepdf
from openpyxl.comments import Comment
from openpyxl.worksheet.worksheet import Worksheet
from PIL import Image, PngImagePlugin

from tests.services.files.contents import samples

WORDS = (b"canary", b"c\x00a\x00n\x00a\x00r\x00y\x00", b"\x00c\x00a\x00n\x00a\x00r\x00y")
_MAIL, _PATH = "canary@example.vn", r"C:\Users\canary\De tai\canary.docx"


def exif() -> Image.Exif:
    made = Image.Exif()
    made[0x013B] = "canary-artist"
    made[0x8298] = "canary-copyright"
    made[0x010E] = "canary-description"
    place = made.get_ifd(0x8825)
    place[1], place[2], place[29] = "N", (21.0, 51.0, 12.0), "canary-date"
    return made


def jpeg() -> bytes:
    return samples.picture("JPEG", (400, 300), exif=exif(), comment=b"canary-comment", xmp=b"<x>canary-xmp</x>") + (
        b"canary-behind-the-end"
    )


def png() -> bytes:
    told = PngImagePlugin.PngInfo()
    told.add_text("Author", "canary-author")
    told.add_itxt("XML:com.adobe.xmp", "<x>canary-xmp</x>")
    return samples.picture("PNG", pnginfo=told, exif=exif())


def webp() -> bytes:
    return samples.picture("WEBP", exif=exif(), xmp=b"<x>canary-xmp</x>")


def pdf() -> bytes:
    """With information, XMP, a photograph, a note, a link to an address, a form filled in, and an older version."""
    made = io.BytesIO()
    with pikepdf.new() as document:
        page = document.add_blank_page()
        document.docinfo["/Author"] = "canary-author"
        document.docinfo["/Company"] = "canary-company"
        with document.open_metadata() as metadata:
            metadata["dc:creator"] = ["canary-creator"]
            metadata["pdf:Keywords"] = "canary-keywords"
        photo = document.make_stream(jpeg().removesuffix(b"canary-behind-the-end"))
        photo.Type, photo.Subtype = pikepdf.Name.XObject, pikepdf.Name.Image
        photo.Width, photo.Height, photo.BitsPerComponent = 400, 300, 8
        photo.ColorSpace, photo.Filter = pikepdf.Name.DeviceRGB, pikepdf.Name.DCTDecode
        photo.Metadata = document.make_stream(b"<x>canary-xmp-of-the-photo</x>")
        page.Resources = pikepdf.Dictionary(XObject=pikepdf.Dictionary(Im0=photo))
        page.Contents = document.make_stream(b"q 400 0 0 300 0 0 cm /Im0 Do Q")
        page.PieceInfo = pikepdf.Dictionary(Program=pikepdf.Dictionary(Private=pikepdf.String(_PATH)))
        page.Annots = pikepdf.Array([_note(), _link()])
        document.Root.URI = pikepdf.Dictionary(Base=pikepdf.String("https://canary.example.vn"))
        document.attachments["canary-attachment.docx"] = b"canary-in-the-attachment"
        document.save(made)
    return made.getvalue()


def _note() -> pikepdf.Dictionary:
    return pikepdf.Dictionary(
        Type=pikepdf.Name.Annot, Subtype=pikepdf.Name.Text, Rect=pikepdf.Array([0, 0, 9, 9]),
        T=pikepdf.String("canary-reviewer"), Contents=pikepdf.String("canary-note"),
    )  # fmt: skip


def _link() -> pikepdf.Dictionary:
    action = pikepdf.Dictionary(S=pikepdf.Name.URI, URI=pikepdf.String(f"mailto:{_MAIL}"))
    return pikepdf.Dictionary(
        Type=pikepdf.Name.Annot, Subtype=pikepdf.Name.Link, Rect=pikepdf.Array([0, 0, 9, 9]), A=action
    )


def text() -> bytes:
    """A DOCX with properties, a comment, a photograph, its path, a tracked change and links to elsewhere."""
    document = docx.Document()
    properties = document.core_properties
    properties.author, properties.last_modified_by, properties.comments = "canary-author", "canary-editor", _PATH
    paragraph = document.add_paragraph("Cách làm")
    document.add_picture(io.BytesIO(jpeg()))
    document.add_comment(paragraph.runs, text="canary-remark", author="canary-commenter", initials="canary")
    made = io.BytesIO()
    document.save(made)
    return _with(
        made.getvalue(),
        {
            "docProps/app.xml": b"<Properties xmlns='http://schemas.openxmlformats.org/officeDocument/2006/"
            b"extended-properties'><Company>canary-company</Company><Manager>canary-manager</Manager></Properties>",
            "docProps/thumbnail.jpeg": jpeg(),
            "customXml/item1.xml": b"<cover><author>canary-cover</author></cover>",
            "word/people.xml": b'<w15:people xmlns:w15="http://schemas.microsoft.com/office/word/2012/wordml">'
            b'<w15:person w15:author="canary-person"><w15:presenceInfo w15:providerId="AD" w15:userId="canary-user"/>'
            b"</w15:person></w15:people>",
            "word/embeddings/table.xlsx": table(),
            "word/header9.xml": b'<w:hdr xmlns:w="http://schemas.openxmlformats.org/wordprocessingml/2006/main">'
            b'<!-- canary-comment --><?canary data?><w:p><w:ins w:author="canary-inserter"><w:r><w:instrText>'
            b'INCLUDEPICTURE "C:\\Users\\canary\\a.jpg"</w:instrText></w:r></w:ins></w:p></w:hdr>',
            "word/_rels/header9.xml.rels": b'<Relationships xmlns="http://schemas.openxmlformats.org/package/2006/'
            b'relationships"><Relationship Id="r1" Type="http://schemas.openxmlformats.org/officeDocument/2006/'
            b'relationships/attachedTemplate" Target="file://///server/canary/a.dotm" TargetMode="External"/>'
            b'<Relationship Id="r2" Type="http://schemas.openxmlformats.org/officeDocument/2006/relationships/'
            b'hyperlink" Target="mailto:canary@example.vn" TargetMode="External"/></Relationships>',
        },
    )


def table() -> bytes:
    """An XLSX with properties, a remark and the folder it was last saved in."""
    book = openpyxl.Workbook()
    book.properties.creator, book.properties.lastModifiedBy = "canary-creator", "canary-editor"
    sheet = cast("Worksheet", book.active)
    sheet["A1"], sheet["B1"] = 21, "=A1*2"
    sheet["A1"].comment = Comment("canary-remark", "canary-commenter")
    made = io.BytesIO()
    book.save(made)
    whole = made.getvalue()
    with zipfile.ZipFile(io.BytesIO(whole)) as archive:
        workbook = archive.read("xl/workbook.xml")
    place = b'<absPath xmlns="http://schemas.microsoft.com/office/spreadsheetml/2010/11/ac" url="C:\\Users\\canary\\"/>'
    return _with(whole, {"xl/workbook.xml": workbook.replace(b"<sheets>", place + b"<sheets>")})


def open_text() -> bytes:
    """An ODT with its properties, a remark, a picture and a printer's name."""
    office, dc = "urn:oasis:names:tc:opendocument:xmlns:office:1.0", "http://purl.org/dc/elements/1.1/"
    words = "urn:oasis:names:tc:opendocument:xmlns:text:1.0"
    content = (
        f'<office:document-content xmlns:office="{office}" xmlns:dc="{dc}" xmlns:text="{words}" '
        'xmlns:xlink="http://www.w3.org/1999/xlink"><office:body><office:text><text:p>Cách làm'
        "<office:annotation><dc:creator>canary-commenter</dc:creator><text:p>canary-remark</text:p></office:annotation>"
        '<text:a xlink:href="file:///srv/canary/a.odt">bản vẽ</text:a><text:author-name>canary-name</text:author-name>'
        "</text:p></office:text></office:body></office:document-content>"
    )
    meta = f'<office:document-meta xmlns:office="{office}" xmlns:dc="{dc}"><dc:creator>canary</dc:creator>'
    return samples.open_document(
        "odt", content.encode(),
        {
            "meta.xml": f"{meta}</office:document-meta>".encode(),
            "settings.xml": f'<s xmlns:office="{office}">canary-printer</s>'.encode(),
            "Pictures/a.jpg": jpeg(), "Thumbnails/thumbnail.png": png(),
        },
    )  # fmt: skip


def film(kind: str) -> bytes:
    told = {"title": "canary-title", "artist": "canary-artist", "comment": "canary", "location": "+21.8+106.7/canary"}
    return samples.video(8, size=(64, 48), kind=kind, metadata=told)


def _with(whole: bytes, parts: dict[str, bytes]) -> bytes:
    made = io.BytesIO()
    with zipfile.ZipFile(io.BytesIO(whole)) as old, zipfile.ZipFile(made, "w", zipfile.ZIP_DEFLATED) as new:
        for name in old.namelist():
            if name not in parts:
                new.writestr(name, old.read(name))
        for name, content in parts.items():
            new.writestr(name, content)
    return made.getvalue()


def laid_open(content: bytes) -> bytes:
    """All that a file holds, unpacked as far as it is packed."""
    if content.startswith(b"%PDF"):
        made = io.BytesIO()
        with pikepdf.open(io.BytesIO(content)) as document:
            document.save(
                made, stream_decode_level=pikepdf.StreamDecodeLevel.generalized, compress_streams=False,
                object_stream_mode=pikepdf.ObjectStreamMode.disable,
            )  # fmt: skip
        return content + made.getvalue()
    if content.startswith(b"PK"):
        with zipfile.ZipFile(io.BytesIO(content)) as archive:
            return content + b"".join(name.encode() + laid_open(archive.read(name)) for name in archive.namelist())
    return content


def tells(content: bytes) -> bool:
    """Whether one of the words stands anywhere in it."""
    return any(word in laid_open(content).lower() for word in WORDS)
