"""The XML of documents without who wrote it, where it lay, and what it fetches from elsewhere."""

from __future__ import annotations

import re
from typing import Any

from lxml import etree

NOBODY = "–"
_NOWHERE = "about:blank"
_PEOPLE = re.compile(r"(comment|author|people|person|users|revision)", re.IGNORECASE)
_COMMENTS = re.compile(r"comment", re.IGNORECASE)
# Attributes that name somebody wherever they stand, and those that do in lists of people only.
_NAMES = frozenset(
    {"author", "initials", "userName", "userId", "providerId", "lastModifiedBy", "lastEditedBy", "creator"}
)
_NAMES_OF_PEOPLE = frozenset({"name", "displayName", "email"})
_DROPPED = frozenset(
    {
        "absPath", "fileSharing", "docVars", "attachedTemplate", "annotation", "scripts", "event-listeners",
        "saveThroughXslt",
    }
)  # fmt: skip
_EMPTIED = frozenset(
    {
        "creator", "initial-creator", "creator-initials", "sender-firstname", "sender-lastname", "sender-initials",
        "sender-email", "sender-phone-private", "sender-phone-work", "sender-company", "author-name", "author-initials",
        "printed-by",
    }
)  # fmt: skip
_FETCHING = re.compile(r"\s*(INCLUDEPICTURE|INCLUDETEXT|LINK|DDE|DDEAUTO|HYPERLINK|IMPORT|DATABASE)\b", re.IGNORECASE)
_PATH = re.compile(r"[\\/]|\.\w{3,4}$")
_INSIDE = re.compile(r"(?!\.\.)(?![a-zA-Z][\w+.-]*:)(?!//).*", re.DOTALL)


def clean_xml(content: bytes, name: str) -> bytes:
    """One part of a document, cleaned. Raises ValueError for what is no XML."""
    parser = etree.XMLParser(
        resolve_entities=False, no_network=True, load_dtd=False, huge_tree=False, remove_comments=True, remove_pis=True
    )
    try:
        root = etree.fromstring(content, parser)
    except etree.XMLSyntaxError as error:
        raise ValueError(f"{name} is no XML") from error
    if not _local(root):
        raise ValueError(f"{name} has no root")
    people = _NAMES | (_NAMES_OF_PEOPLE if _PEOPLE.search(name) else frozenset())
    silent = _COMMENTS.search(name) is not None
    for element in list(root.iter()):
        _clean(element, root, people, silent=silent)
    return etree.tostring(root, encoding="UTF-8", xml_declaration=True, standalone=True)


def _clean(element: etree._Element, root: etree._Element, people: frozenset[str], *, silent: bool) -> None:
    local = _local(element)
    if local in _DROPPED and element is not root:
        _drop(element)
        return
    if local in _EMPTIED or local == "author":
        element.text = NOBODY
    elif silent or (local == "instrText" and _FETCHING.match(element.text or "")):
        element.text = ""
    if silent:
        element.tail = None
    _clean_attributes(element, local, people)


def _clean_attributes(element: etree._Element, local: str, people: frozenset[str]) -> None:
    outside = element.attrib.get("TargetMode") == "External"
    for name, value in list(element.attrib.items()):
        short = name.rpartition("}")[2]
        if short in people:
            element.attrib[name] = NOBODY
        elif (short == "Target" and outside) or (short == "href" and not _INSIDE.fullmatch(value)):
            element.attrib[name] = _NOWHERE
        elif short == "instr" and _FETCHING.match(value):
            element.attrib[name] = ""
        elif local in {"docPr", "cNvPr"} and short in {"name", "descr", "title"} and _PATH.search(value):
            element.attrib[name] = NOBODY


def _drop(element: etree._Element) -> None:
    """Take an element out and leave the text behind it where it is."""
    parent = element.getparent()
    if parent is None:
        return
    if element.tail:
        before = element.getprevious()
        if before is None:
            parent.text = (parent.text or "") + element.tail
        else:
            before.tail = (before.tail or "") + element.tail
    parent.remove(element)


def _local(element: Any) -> str:
    # An entity that is not resolved has a function for a tag.
    return element.tag.rpartition("}")[2] if isinstance(element.tag, str) else ""
