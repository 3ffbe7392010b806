"""What goes over the air: a head, fields between slashes, a check; in one part of at most 270 bytes or in several.

::

    CFV CFV-0315-1:2/T150605ZMAR27/P2.2680N27.1690W/R2000*5C0D
    1/2 CFV-0315-1:2 CFV CFV-0315-1:2/T150605ZMAR27/P2.2680N27.1690W/R2000/W3 impac
    2/2 CFV-0315-1:2 ts*9A41

1. A slash ends a field; two slashes stand for one in its value. All our signs are ASCII, and one septet of GSM-7.
2. A field is a letter and its value; letters X and Y begin a code of two. So a value may begin with any letter.
3. The check is the CRC-16 of the message without blanks, in capitals and ASCII digits: phones may change those.
4. A part names its number, how many there are, and the message. Parts are joined in any order.

Source: domain.md §6.4 (270 bytes down, 160 septets); the check is CRC-16/XMODEM.
"""

import re
import unicodedata
from binascii import crc_hqx
from collections.abc import Iterable, Iterator, Sequence
from typing import Final, NamedTuple

from adapters.base import Rejected, sha256
from adapters.words import plain, printable

MAX_PART: Final = 270  # bytes: one satellite burst down, two joined SMS of GSM-7
MAX_PARTS: Final = 9
MAX_INPUT: Final = 32_000  # bytes of one input: all parts of a dozen messages
MAX_FIELDS: Final = 300

_FIELD: Final = re.compile(r"(?:[^/]|//)+")
_SEAL: Final = re.compile(r"[*\uff0a]\s*([^\W_]{4})[\s.\u200e\u200f]*$")
_HEX: Final = frozenset("0123456789ABCDEF")
_PART: Final = re.compile(r"\s*([1-9])\s?/\s?([1-9])\s+(\S+)(?:\s|$)")
_KEY: Final = re.compile(r"[A-Za-z0-9._:-]{1,44}")
_TRIM: Final = " \t\r\n\f\u00a0\u200e\u200f\u061c\u202a\u202b\u202c\u202d\u202e\u2066\u2067\u2068\u2069\ufeff"


class Field(NamedTuple):
    """A field as it was written: its place behind the head, its code, its value."""

    path: str
    code: str
    text: str


class Chunk(NamedTuple):
    """The text of one message without its check, and whether the check was there."""

    text: str
    checked: bool


# -- values -----------------------------------------------------------------------------------------------------------


def clean(text: str) -> str:
    """Return a value as it is sent: on one line, single blanks, nothing that cannot be printed."""
    return " ".join(printable(text).split())


def joined(parts: Iterable[str], separator: str) -> str:
    """Return a list as one value; a separator inside of an element is doubled."""
    escaped = (part.replace(separator, separator * 2) for part in parts)
    return separator.join(" " + part if part.startswith(separator) else part for part in escaped)


def apart(text: str, separator: str) -> list[str]:
    """Return the elements of a list; the opposite of `joined`."""
    found: list[list[str]] = [[]]
    i = 0
    while i < len(text):
        if text[i] != separator:
            found[-1].append(text[i])
        elif text[i + 1 : i + 2] == separator:
            found[-1].append(separator)
            i += 1
        else:
            found.append([])
        i += 1
    return ["".join(each).strip(_TRIM) for each in found]


# -- messages ---------------------------------------------------------------------------------------------------------


def message(head: str, fields: Iterable[tuple[str, str]]) -> str:
    """Return a message: its head, its fields, its check."""
    text = "/".join((head.replace("/", "//"), *(code + value.replace("/", "//") for code, value in fields)))
    return f"{text}*{check(text)}"


def check(text: str) -> str:
    """Return the check of a message: four hexadecimal digits."""
    flat = "".join(plain(unicodedata.normalize("NFC", text)).split()).upper()
    return f"{crc_hqx(flat.encode('utf-8', 'replace'), 0):04X}"


def fields(text: str) -> tuple[str, list[Field]]:
    """Return what stands before the first slash, and the fields behind it.

    Raises:
        Rejected: a field has no letter in front, or there are too many.
    """
    pieces = [piece.replace("//", "/") for piece in _FIELD.findall(text.replace("\uff0f", "/"))]
    if len(pieces) > MAX_FIELDS:
        raise Rejected("input", f"it has more than {MAX_FIELDS} fields", "split it")
    head = plain(pieces[0]).strip() if pieces else ""
    return head, [_field(n, piece.strip(_TRIM)) for n, piece in enumerate(pieces[1:], 1) if piece.strip(_TRIM)]


def _field(number: int, text: str) -> Field:
    flat = plain(text[:2]).upper()
    size = 2 if flat[:1] in ("X", "Y") else 1
    code = flat[:size]
    if len(code) < size or not (code.isascii() and code.isalpha()):
        hint = "begin each field with its letter, as in /T150605ZMAR27; write a slash inside of a value twice"
        raise Rejected(f"field {number}", f'"{text[:40]}" does not begin with the letter of a field', hint)
    return Field(f"field {number} ({code})", code, " ".join(text[size:].split()).strip(_TRIM))


# -- parts ------------------------------------------------------------------------------------------------------------


def key_of(identity: str) -> str:
    """Return by which name the parts of a message are known: its id and revision, or a hash where they are too long."""
    return identity if _KEY.fullmatch(identity) else "#" + sha256(identity.encode("utf-8", "replace"))[:8]


def parts(text: str, key: str) -> list[str]:
    """Return a message as parts of at most 270 bytes; none if it takes more than nine."""
    if len(text.encode()) <= MAX_PART:
        return [text]
    room = MAX_PART - len(f"9/9 {key} ".encode())
    pieces: list[str] = []
    while text and len(pieces) <= MAX_PARTS:
        end = _cut(text, room)
        pieces.append(text[:end])
        text = text[end:]
    if len(pieces) > MAX_PARTS:
        return []
    return [f"{n}/{len(pieces)} {key} {piece}" for n, piece in enumerate(pieces, 1)]


def _cut(text: str, room: int) -> int:
    """Return where to cut: at most so many bytes, and not beside a blank, which a phone might drop."""
    end = len(text.encode()[:room].decode(errors="ignore"))
    if end == len(text):
        return end
    back = range(end, max(0, end - 40), -1)
    return next((n for n in back if not text[n - 1].isspace() and not text[n].isspace()), end)


class Part(NamedTuple):
    """One part as it came."""

    number: int
    of: int
    key: str
    text: str


def part(text: str) -> Part | None:
    """Return what a text says of itself if it is one part of several."""
    match = _PART.match(plain(text))
    if match is None or int(match[1]) > int(match[2]) or int(match[2]) < 2 or not is_key(match[3]):
        return None
    lead = _PART_LEAD.match(text)
    return Part(int(match[1]), int(match[2]), match[3], text[lead.end() :] if lead else "")


_PART_LEAD: Final = re.compile(r"[\s\u200e\u200f\u202a-\u202e\u2066-\u2069\ufeff]*\S\s?[/\uff0f]\s?\S+\s+\S+\s?")


def is_key(text: str) -> bool:
    """Say whether parts can be known by this name."""
    return bool(_KEY.fullmatch(text.removeprefix("#")))


def join(found: Sequence[Part]) -> str:
    """Return the message of all these parts of one key, in whatever order they came.

    Raises:
        Rejected: one is missing, two differ, or they do not agree how many there are.
    """
    key, of = found[0].key, found[0].of
    texts: dict[int, str] = {}
    for each in found:
        if each.of != of:
            why = f'the parts of "{key}" say {of} and {each.of} of themselves'
            raise Rejected(f"part {each.number}/{each.of}", why, "send all parts of one message again")
        if each.number in texts and _flat(texts[each.number]) != _flat(each.text):
            why = f'part {each.number} of "{key}" came twice and differs'
            raise Rejected(f"part {each.number}/{of}", why, "send all parts again")
        texts[each.number] = each.text
    if absent := missing(found):
        raise Rejected(
            "parts", absent, f"send {', '.join(f'{n}/{of}' for n in range(1, of + 1) if n not in texts)} again"
        )
    return "".join(texts[n] for n in sorted(texts))


def missing(found: Sequence[Part]) -> str:
    """Return which parts are missing, in a sentence; "" if none is."""
    there, of = {each.number for each in found}, found[0].of
    absent = [str(n) for n in range(1, of + 1) if n not in there]
    if not absent:
        return ""
    several = len(absent) > 1
    said = f"parts {', '.join(absent)} of {of}" if several else f"part {absent[0]} of {of}"
    return f'{said} of "{found[0].key}" {"are" if several else "is"} missing'


def _flat(text: str) -> str:
    return "".join(text.split())


# -- inputs -----------------------------------------------------------------------------------------------------------


def chunks(text: str, begins: re.Pattern[str]) -> Iterator[Chunk]:
    """Yield the messages of an input: its parts joined, its lines put together where a phone broke them.

    ``begins`` matches a line (in ASCII digits) that begins a message.

    Raises:
        Rejected: parts are missing, or a check is wrong.
    """
    for whole in _wholes(text, begins):
        text_, said = _sealed(whole)
        if not said:
            yield Chunk(whole.strip(_TRIM), False)
            continue
        right = check(text_)
        if said != right:
            why = f'its check is "*{said}" and should be "*{right}": it was changed on the way'
            raise Rejected("check", why, "send it again, or leave out the * and the four characters behind it")
        yield Chunk(text_.strip(_TRIM), True)


def _sealed(text: str) -> tuple[str, str]:
    """Return a text without the check at its end, and that check in capitals, "" if there is none."""
    tail = text[-40:]
    match = _SEAL.search(tail)
    said = plain(match[1]).upper() if match else ""
    if match is None or not _HEX.issuperset(said):
        return text, ""
    return text[: len(text) - len(tail) + match.start()], said


def _wholes(text: str, begins: re.Pattern[str]) -> list[str]:
    """Return the texts of the messages, each with its check, in the order in which they begin."""
    order: list[list[str] | str] = []  # lines of a message, or the key of one in parts
    split: dict[str, list[Part]] = {}
    current = ""  # key of the part that the line above belongs to
    for line in text.splitlines():
        if (found := part(line)) is not None:
            if found.key not in split:
                order.append(found.key)
            split.setdefault(found.key, []).append(found)
            current = found.key
        elif begins.match(plain(line)):
            order.append([line])
            current = ""
        elif line.strip(_TRIM):
            _goes_on(line, order, split.get(current))
    texts = [join(split[each]) if isinstance(each, str) else "\n".join(each) for each in order]
    return _whole_again(texts)


def _goes_on(line: str, order: list[list[str] | str], parts_: list[Part] | None) -> None:
    """Put a line below what it goes on with."""
    last = order[-1] if order else None
    if parts_:
        parts_[-1] = parts_[-1]._replace(text=f"{parts_[-1].text}\n{line}")
    elif isinstance(last, list):
        last.append(line)
    else:
        order.append([line])


def _whole_again(texts: list[str]) -> list[str]:
    """Put together what only looks like two messages, because a line of the first one begins like a second."""
    found: list[str] = []
    for text in texts:
        rest, said = _sealed(text)
        if found and said and not _sealed(found[-1])[1] and check(f"{found[-1]}\n{rest}") == said:
            found[-1] = f"{found[-1]}\n{text}"
            continue
        found.append(text)
    return found
