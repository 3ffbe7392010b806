"""A mail taken apart: which of its parts become inputs, which do not and why. Pure, bounded, total.

1. A body and each attachment is one `Part`; its number counts every part, so that it is the same for every delivery.
2. Text bodies of one mail are one part, in UTF-8; attachments keep their bytes.
3. What is left out is a note or a refusal, and both are said in the answer.

Source: RFC 2045-2049 (MIME), RFC 2183 (Content-Disposition), RFC 5322.
"""

import hashlib
import re
from collections.abc import Iterator
from email import message_from_bytes
from email.message import Message
from email.policy import compat32
from typing import Final, NamedTuple

from coordinator.edges.smtp import headers, kinds
from coordinator.edges.smtp.body import Note, Unreadable, decoded, flowed, of_html
from coordinator.edges.smtp.cuts import cut, is_covering_note

MAX_PARTS: Final = 20
MAX_FORWARDED: Final = 3  # mails inside mails
_MAX_ID: Final = 130  # characters; with a file name behind it, it still fits into a name on the bus
_MAX_MULTI: Final = 40  # multiparts and mails inside; the parser goes one call deeper for each
_MAX_HEADERS: Final = 128_000  # bytes of the headers of the mail
_MAX_STRUCTURE: Final = 4_000  # bytes of a header that says how the mail is built
_MAX_STRUCTURES: Final = 100_000  # of all of them
_MAX_BREAKS: Final = 450_000  # line breaks of any kind: the parser makes a string of each line
_MULTI: Final = re.compile(rb"(?:multipart|message)/", re.IGNORECASE)
_STRUCTURE: Final = re.compile(
    rb"(?:^|[\r\n])content-[a-z-]{1,40}:[^\r\n]*(?:(?:\r\n|\r|\n)[ \t][^\r\n]*)*", re.IGNORECASE
)
BODY: Final = "body.txt"


class Part(NamedTuple):
    """A body or an attachment. ``refusal`` says why it is not put on the bus, if it is not."""

    number: int  # from 1, in the order of the mail
    file: str  # a file name in which nothing is harmful
    data: bytes
    refusal: Note | None = None


class Mail(NamedTuple):
    """A mail as far as it concerns the bus."""

    id: str  # its Message-ID, or a hash of what it says
    message_id: str  # as an answer refers to it; "" if it has none
    references: tuple[str, ...]
    subject: str
    kind: headers.Kind
    parts: tuple[Part, ...]
    notes: tuple[Note, ...]  # what was left out of it, and what was hard to read

    def name(self, part: Part) -> str:
        """Return the name of an input: the same mail delivered twice has the same names."""
        return f"{self.id}/{part.number}/{part.file}"

    @property
    def key(self) -> str:
        """What tells this mail from every other, also from one that wrongly has the same Message-ID."""
        return hashlib.sha256(b"\0".join((self.id.encode(), *(part.data for part in self.parts)))).hexdigest()


class Unusable(ValueError):
    """Raised for a mail that is refused as a whole, in words that fit an SMTP reply."""


def apart(data: bytes, own: re.Pattern[str]) -> Mail:
    """Return what a mail holds. ``own`` matches the Message-IDs of our own mails.

    Raises:
        Unusable: its headers or its structure are larger than those of any report.
    """
    _bounded(data)
    message = _parsed(data)
    walk = _Walk()
    walk.mail(message, 0)
    found = headers.message_id(message)
    return Mail(
        id=found if 0 < len(found) <= _MAX_ID else headers.content_id(message, data),
        message_id=found,
        references=headers.references(message),
        subject=headers.words(headers.value(message, "subject")),
        kind=headers.kind(message, own),
        parts=tuple(walk.parts),
        notes=tuple(walk.notes),
    )


def _parsed(data: bytes) -> Message:
    try:
        return message_from_bytes(data, policy=compat32)
    except headers.MALFORMED as error:  # `email` trips over parameters that contradict each other
        raise Unusable(f"its Content headers cannot be read ({error})") from error


def _bounded(data: bytes) -> None:
    end = re.search(rb"\r\n\r\n|\n\n|\r\r", data[: _MAX_HEADERS + 4])
    if end is None and len(data) > _MAX_HEADERS:
        raise Unusable(f"its headers are longer than {_MAX_HEADERS} bytes")
    if data.count(b"\n") + data.count(b"\r") > _MAX_BREAKS:
        raise Unusable(f"it has more than {_MAX_BREAKS // 2} lines")
    if sum(1 for _ in _MULTI.finditer(data)) > _MAX_MULTI:
        raise Unusable(f"it has more than {_MAX_MULTI} mails and groups of parts inside it")
    lengths = [len(found.group()) for found in _STRUCTURE.finditer(data)]
    if max(lengths, default=0) > _MAX_STRUCTURE or sum(lengths) > _MAX_STRUCTURES:
        raise Unusable(f"it has a Content header of {_MAX_STRUCTURE} bytes, or {_MAX_STRUCTURES} bytes of them")


class _Walk:
    """Goes through a mail and the mails inside it, in order."""

    def __init__(self) -> None:
        self.parts: list[Part] = []
        self.notes: list[Note] = []
        self._number = 0

    def mail(self, message: Message, depth: int) -> None:
        """Take one mail apart: its body first in line, then its attachments."""
        texts: list[str] = []
        start, number = len(self.parts), 0
        for leaf in _leaves(message, spare=False):
            self._number += 1
            if leaf.entity.get_content_type() == "message/rfc822":
                self._forwarded(leaf.entity, depth)
            elif _is_text(leaf.entity):
                texts += [] if leaf.spare else self._text(leaf.entity)
                number = number or self._number
            else:
                self._attachment(leaf)
        attached = len(self.parts) > start
        if texts or not attached:
            self._body(texts, start, number or self._number, attached=attached)

    def _forwarded(self, entity: Message, depth: int) -> None:
        inner = _inside(entity)
        if depth >= MAX_FORWARDED or not inner:
            self._refuse("mail.eml", b"", Note("mail-too-deep", {"limit": MAX_FORWARDED}))
        else:
            self.mail(inner[0], depth + 1)

    def _text(self, entity: Message) -> list[str]:
        text, notes = decoded(_bytes(entity), headers.parameter(entity, "charset") or "utf-8")
        self.notes += notes
        text = text.removeprefix("\ufeff").replace("\r\n", "\n").replace("\r", "\n").replace("\0", "\ufffd")
        try:
            if entity.get_content_type() == "text/html":
                return [of_html(text)]
        except Unreadable as error:
            self.notes.append(error.note)
            return []
        if headers.parameter(entity, "format").lower() == "flowed":
            text = flowed(text, delete_space=headers.parameter(entity, "delsp").lower() == "yes")
        return [text]

    def _body(self, texts: list[str], at: int, number: int, *, attached: bool) -> None:
        text, notes = cut("\n".join(texts))
        self.notes += notes
        if attached and not text.strip():
            return
        if attached and is_covering_note(text):
            self.notes.append(Note("mail-covering-note", {"first": headers.line(text, 80)}))
            return
        self._keep(Part(number, BODY, text.encode() + b"\n" if text.strip() else b""), at)

    def _attachment(self, leaf: "_Leaf") -> None:
        entity, media = leaf.entity, leaf.entity.get_content_type()
        name = headers.file_name(entity)
        if media in kinds.SIGNATURES or leaf.decoration:
            self.notes.append(Note("mail-ignored", {"file": name or media}))
            return
        data = _bytes(entity)
        name = kinds.with_suffix(name, media)
        if key := kinds.refused(name, media, data):
            self._refuse(name, data, Note(key, {"sha256": hashlib.sha256(data).hexdigest()}))
        else:
            self._keep(Part(self._number, name, data))

    def _refuse(self, name: str, data: bytes, why: Note) -> None:
        self._keep(Part(self._number, name, data, why))

    def _keep(self, part: Part, at: int | None = None) -> None:
        if len(self.parts) >= MAX_PARTS:
            part = part._replace(refusal=Note("mail-too-many", {"limit": MAX_PARTS}))
        self.parts.insert(len(self.parts) if at is None else at, part)


class _Leaf(NamedTuple):
    entity: Message
    spare: bool  # the same as what was taken already, in another form
    decoration: bool  # a picture that belongs to an HTML page


def _leaves(entity: Message, *, spare: bool, related: bool = False) -> Iterator[_Leaf]:
    """Return what is no multipart, in order. Of alternatives, plain text is taken and HTML is spare."""
    inner = _inside(entity)
    if entity.get_content_maintype() != "multipart" or not inner:
        shown = related or ("content-id" in entity and entity.get_content_disposition() != "attachment")
        yield _Leaf(entity, spare, shown and entity.get_content_maintype() == "image")
        return
    kind = entity.get_content_subtype()
    best = _best(inner) if kind == "alternative" else None
    for child in inner:
        other = best is not None and child is not best
        yield from _leaves(child, spare=spare or other, related=related or kind == "related")


def _best(alternatives: list[Message]) -> Message | None:
    """Return the plain text among alternatives that says something; else the first of them that has an HTML page."""
    plain = [a for a in alternatives if a.get_content_type() == "text/plain" and _bytes(a).strip()]
    pages = [a for a in alternatives if any(x.get_content_type() == "text/html" for x in a.walk())]
    return next(iter(plain + pages), None)


def _inside(entity: Message) -> list[Message]:
    inner = entity.get_payload() if entity.is_multipart() else []
    return [part for part in inner if isinstance(part, Message)]


def _is_text(entity: Message) -> bool:
    written = entity.get_content_type() in ("text/plain", "text/html")
    return written and not headers.file_name(entity) and entity.get_content_disposition() != "attachment"


def _bytes(entity: Message) -> bytes:
    data = entity.get_payload(decode=True)  # None for a "message/..." that is no mail
    return data if isinstance(data, bytes) else b""
