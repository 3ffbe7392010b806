"""Headers of a mail that a stranger wrote: bounded, decoded as far as they can be, and never an error.

`email` reads them as it pleases; what is taken from them here goes into names, logs and answers, so it is one line of
printable characters. Sources: RFC 5322 (message), RFC 2047 (encoded words), RFC 3834 (automatic answers).
"""

import binascii
import codecs
import hashlib
import re
from email.message import Message
from typing import Final, Literal

Kind = Literal["report", "automatic", "echo"]

MAX_VALUE: Final = 2_000  # characters of a header that are looked at
MALFORMED: Final = (TypeError, ValueError, LookupError, AttributeError)  # what `email` raises for RFC 2231 gone wrong
_MAX_FILE: Final = 60
_MESSAGE_ID: Final = re.compile(r"<[!-;=?-~]{1,240}>")
_ENCODED: Final = re.compile(r"=\?([A-Za-z0-9_.:-]+)(?:\*[A-Za-z0-9-]*)?\?([BbQq])\?([^?\s]*)\?=")
_BETWEEN: Final = re.compile(r"(\?=)\s+(?==\?)")
_CHARSETS: Final = re.compile(r"(ascii|utf|iso8859|iso2022|cp\d|koi8|gb|hz|big5|euc|shift|mac|tis|johab|ptcp|kz)")
_LISTS: Final = ("list-id", "list-unsubscribe", "list-post")
_MAILERS: Final = ("mailer-daemon@", "postmaster@")


def values(message: Message, name: str) -> list[str]:
    """Return every value of a header as it was written, unfolded; bytes that are no ASCII are read as UTF-8."""
    found = [v for n, v in message.raw_items() if n.lower() == name]
    return [_plain(str(v)[:MAX_VALUE]) for v in found]


def value(message: Message, name: str) -> str:
    """Return the first value of a header, or ""."""
    return next(iter(values(message, name)), "")


def _plain(raw: str) -> str:
    text = raw.encode("utf-8", "surrogateescape").decode("utf-8", "replace")
    return re.sub(r"[\r\n]+[ \t]*", " ", text).strip()


def words(written: str, limit: int = 200) -> str:
    """Return a header for people: encoded words decoded, one line of printable characters."""
    return line(_ENCODED.sub(_decoded_word, _BETWEEN.sub(r"\1", written[:MAX_VALUE])), limit)


def _decoded_word(found: re.Match[str]) -> str:
    charset, how, text = found.groups()
    try:
        if how in "Bb":
            data = binascii.a2b_base64(text + "=" * (-len(text) % 4))
        else:
            data = binascii.a2b_qp(text.encode(), header=True)
    except ValueError:
        return found.group()
    return data.decode(codec(charset) or "utf-8", "replace")


def codec(charset: str) -> str:
    """Return Python's name of a charset, or "" if it is none that mail is written in (no ``punycode``, no ``hex``)."""
    try:
        name = codecs.lookup(charset.strip()[:40]).name
    except (LookupError, ValueError):
        return ""
    return name if _CHARSETS.match(name) else ""


def line(text: str, limit: int = 200) -> str:
    """Return a text as one line of printable characters: no line break and no change of direction gets through."""
    plain = " ".join("".join(c if c.isprintable() else " " for c in text).split())
    return plain if len(plain) <= limit else plain[: limit - 3] + "..."


def parameter(entity: Message, name: str) -> str:
    """Return a parameter of Content-Type, or ""."""
    try:
        found = entity.get_param(name)
    except MALFORMED:
        return ""
    return line(str((found[2] if isinstance(found, tuple) else found) or ""), 60)


def file_name(entity: Message) -> str:
    """Return an attachment's file name without folders, safe to stand in a name; "" if it has none."""
    try:
        written = entity.get_filename() or ""
    except MALFORMED:
        return ""
    base = re.split(r"[\\/]", words(written, MAX_VALUE))[-1].strip(". ")
    stem, dot, suffix = base.rpartition(".")
    if len(base) <= _MAX_FILE or len(suffix) > _MAX_FILE // 2:
        return base[:_MAX_FILE]
    return stem[: _MAX_FILE - len(suffix) - 1] + dot + suffix


def message_id(message: Message) -> str:
    """Return the Message-ID, or "" if there is none, more than one, or one that is not written as it must be."""
    found = values(message, "message-id")
    return found[0] if len(found) == 1 and _MESSAGE_ID.fullmatch(found[0]) else ""


def references(message: Message) -> tuple[str, ...]:
    """Return the Message-IDs of the thread so far, oldest first; the newest ten."""
    return tuple(_MESSAGE_ID.findall(value(message, "references"))[-10:])


def content_id(message: Message, data: bytes) -> str:
    """Return a name for a mail without Message-ID: the same for every way that its copies took."""
    said = "\n".join(value(message, name) for name in ("from", "date", "subject"))
    body = re.split(rb"\r?\n\r?\n", data, maxsplit=1)[-1]
    return "sha256:" + hashlib.sha256(said.encode() + b"\0" + body).hexdigest()[:32]


def kind(message: Message, own: re.Pattern[str]) -> Kind:
    """Return what a mail is: a person's ``report``, an ``automatic`` one, or an ``echo`` that is no input at all.

    An automatic report and one from a list are taken, and never answered by mail. An echo is a bounce, an answer that a
    machine gave to one of our mails ("out of office"), or one of our own mails (``own`` is what our ids look like).
    """
    said = value(message, "auto-submitted").partition(";")[0].strip().lower()
    sender = value(message, "from").lower()
    report = message.get_content_type() == "multipart/report"
    if said.startswith("auto-replied") or report or own.fullmatch(message_id(message)):
        return "echo"
    if value(message, "x-autoreply") or value(message, "x-autorespond") or any(m in sender for m in _MAILERS):
        return "echo"
    bulk = value(message, "precedence").lower() in ("bulk", "junk", "list")
    listed = bulk or any(value(message, name) for name in _LISTS)
    return "automatic" if listed or said not in ("", "no") else "report"
