"""E-mails (RFC 5322) around a text, and what people add below it: quotes, signatures, disclaimers.

Only the plain text at the top is read. Everything else is a loss with its place.
Source: RFC 5322; RFC 3676 §4.3 (signature), §4.5 (quoting); reference formats.md §2.5.
"""

import re
from collections.abc import Iterator
from email.errors import MessageError
from email.header import decode_header, make_header
from email.message import Message
from email.parser import BytesParser
from email.policy import compat32
from email.utils import parsedate_to_datetime
from functools import cache
from typing import Final, NamedTuple

from adapters import times, vocabulary, words
from adapters.base import Loss, Rejected, sha256
from schemas.envelope import Warning
from schemas.time import TimeValue

_HEADER: Final = re.compile(  # one way to read each line: with two (".*\r?\n"), n lines would be read in 2**n ways
    rb"(?i)\A(?:From |(?:[!-9;-~]+:[^\n]*\n(?:[ \t][^\n]*\n)*)+(?:\r?\n|\Z))"
)
_TELLTALE: Final = re.compile(rb"(?im)^(?:message-id|received|mime-version|subject|return-path):")
_LONGEST: Final = 200  # a line that says who wrote a quote, or begins a disclaimer, is no longer
_WHO: Final = re.compile(r"[<@\d]")  # and names an address or a date
_MAX_PARTS: Final = 50
_PARSER: Final = BytesParser(policy=compat32)


class Mail(NamedTuple):
    """What an e-mail says of itself, its text, and everything else."""

    text: str
    encoding: str = ""
    first_line: int = 0
    message_id: str = ""
    subject: str = ""
    date: TimeValue | None = None
    losses: tuple[Loss, ...] = ()
    warnings: tuple[Warning, ...] = ()


def is_mail(data: bytes) -> bool:
    """Say whether bytes begin with the headers of an e-mail."""
    head = data[:16_384]
    return _TELLTALE.search(head) is not None and _HEADER.match(head) is not None


def opened(data: bytes) -> Mail:
    """Return the text of an e-mail, or of a plain text.

    Raises:
        Rejected: it holds no readable text.
    """
    if not is_mail(data):
        text = words.decoded(data)
        return Mail(text.text, text.encoding, warnings=text.warnings)
    try:
        message = _PARSER.parsebytes(data)
        parts = list(_parts(message))
    except (ValueError, LookupError, TypeError, AttributeError, RecursionError, MessageError) as error:
        raise Rejected("input", f"it is no readable e-mail: {type(error).__name__}", "send the text alone") from None
    if not parts:
        raise Rejected("input", "the e-mail holds no plain text", "send it as plain text, not only as HTML or a file")
    (_, first), *others = parts
    text = words.decoded(first)
    losses = [*_headers(message), *(Loss(path=p, value=f"{len(b)} bytes, sha256 {sha256(b)}") for p, b in others)]
    return Mail(
        text.text,
        text.encoding,
        message_id=_header(message, "Message-ID").strip("<> "),
        subject=_header(message, "Subject"),
        date=_date(_header(message, "Date")),
        losses=tuple(losses),
        warnings=text.warnings,
    )


def _parts(message: Message) -> Iterator[tuple[str, bytes]]:
    """Yield the parts of a message: first the plain text, if there is one, then the others."""
    listed = []
    for n, part in enumerate(message.walk(), 1):
        if n > _MAX_PARTS:
            raise Rejected(f"part {n}", f"it has more than {_MAX_PARTS} parts", "send the text alone")
        if not part.is_multipart():
            payload = part.get_payload(decode=True)
            plain = part.get_content_type() == "text/plain" and not part.get_filename()
            content = payload if isinstance(payload, bytes) else b""
            listed.append((plain, f"part {n} ({part.get_content_type()})", _recoded(content, part)))
    if any(plain for plain, _, _ in listed):
        for wanted in (True, False):
            yield from ((path, content) for plain, path, content in listed if plain is wanted)


def _recoded(content: bytes, part: Message) -> bytes:
    """Return a text part in UTF-8, if it names another encoding and keeps to it."""
    charset = part.get_content_charset("")
    if part.get_content_maintype() != "text" or charset in ("", "utf-8", "us-ascii"):
        return content
    try:
        return content.decode(charset).encode()
    except (LookupError, ValueError):
        return content


def _header(message: Message, name: str) -> str:
    value = message.get(name)
    if value is None:
        return ""
    try:
        return " ".join(str(make_header(decode_header(value))).split())
    except (ValueError, LookupError, MessageError):  # no Base64, or of no encoding that is known: as it is written
        return " ".join(str(value).split())


_READ: Final = frozenset({"message-id", "subject", "date"})


def _headers(message: Message) -> Iterator[Loss]:
    """Yield the headers that no field takes."""
    for n, (name, value) in enumerate(message.items(), 1):
        if name.lower() not in _READ:
            yield Loss(path=f"header {n}: {name}", value=" ".join(str(value).split())[:2_000], why="of the bearer")


def _date(text: str) -> TimeValue | None:
    try:
        at = parsedate_to_datetime(text)
    except (ValueError, TypeError, IndexError, OverflowError):
        return None
    if at.tzinfo is None:
        return None
    try:
        return TimeValue(utc=times.micros(at), raw=text)
    except OverflowError:
        return None


class Line(NamedTuple):
    """A line of the text that is read, with its number (from 1)."""

    number: int
    text: str

    @property
    def path(self) -> str:
        return f"line {self.number}"


@cache
def _phrases(meaning: str) -> tuple[str, ...]:
    """Return the phrases of all languages, as they are compared."""
    listed = (vocabulary.tables(language)["mail"][meaning] for language in vocabulary.LANGUAGES)
    return tuple(words.fold(phrase) for phrases in listed for phrase in phrases)


def _kind(line: str) -> str:
    """Return what begins with a line: a quoted text, a disclaimer, or "" if it is part of the message."""
    if len(line) > _LONGEST:
        line = line[:_LONGEST]
    if line.startswith("_" * 20):
        return "quoted"
    folded = words.fold(line)
    if line.startswith("--") and folded.startswith(_phrases("original")):
        return "quoted"
    if words.plain(line).endswith(":") and _WHO.search(line) and folded.endswith(_phrases("wrote")):
        return "quoted"
    return "disclaimer" if folded.startswith(_phrases("disclaimer")) else ""


def top(text: str) -> tuple[list[Line], list[Loss]]:
    """Return the lines up to the first quote or signature, and what stands below and between as losses."""
    lines: list[Line] = []
    losses: list[Loss] = []
    below = ""
    for number, line in enumerate(text.splitlines(), 1):
        flat = line.strip()
        if not below and (flat in ("--", "-- ") or line.rstrip("\r") == "-- "):
            below = "signature"
        elif not below:
            below = _kind(flat)
        if not flat:
            lines.append(Line(number, ""))
        elif below or flat.startswith(">"):
            losses.append(Loss(path=f"line {number}", value=flat, why=below or "quoted"))
        else:
            lines.append(Line(number, words.printable(line.rstrip())))
    return lines, losses
