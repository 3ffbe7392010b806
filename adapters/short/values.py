"""Values of the short form, written and read: times, places, numbers, words, lists and small tables.

A `Codec` writes a value as text ("" if it cannot) and reads it back. Reading raises `Rejected`; whether that refuses
the message or only leaves the value over is the matter of who asks (`adapters.short.bodies`).
"""

import re
from collections.abc import Callable, Mapping
from datetime import UTC, datetime, timedelta
from functools import cache
from typing import Any, Final, NamedTuple, get_args

import msgspec

from adapters import places, times
from adapters.base import Context, Rejected
from adapters.short.wire import apart, clean, joined
from adapters.words import fold, plain
from schemas.envelope import Reference, UnitRef, Warning
from schemas.geo import Position
from schemas.reports import Confidence, Section
from schemas.time import TimeValue, TimeWindow


class Reading(NamedTuple):
    """What a value is read with: what is known besides it, where it stands, and where doubts are noted."""

    context: Context
    path: str
    warnings: list[Warning]


class Codec(NamedTuple):
    """How values of one type are written and read. ``strict``: a value that cannot be read refuses the message."""

    write: Callable[[Any], str]
    read: Callable[[str, Reading], Any]
    strict: bool = False


def _bad(text: str, at: Reading, what: str, hint: str) -> Rejected:
    return Rejected(at.path, f'"{text[:60]}" is {what}', hint)


# -- words and numbers ------------------------------------------------------------------------------------------------

WORDS: Final = Codec(clean, lambda text, at: " ".join(text.split()))
EXACT: Final = Codec(clean, lambda text, at: " ".join(plain(text).split()))  # ids and codes: in ASCII digits

_NUMBER: Final = re.compile(r"[+-]?\d{1,9}(?:[.,]\d{1,9})?")
_LENGTH: Final = re.compile(r"(?P<n>\d{1,9}(?:[.,]\d{1,9})?)(?P<unit>km|m|ft|nm)?", re.IGNORECASE)
_METRES: Final = {"": 1.0, "m": 1.0, "km": 1000.0, "ft": 0.3048, "nm": 1852.0}


def figures(value: float) -> str:
    """Return a number as short as it goes, to nine decimals."""
    return f"{value:.9f}".rstrip("0").rstrip(".") if abs(value) < 1e9 else ""


def _number(text: str, at: Reading) -> float:
    flat = "".join(plain(text).split())
    if not _NUMBER.fullmatch(flat):
        raise _bad(text, at, "no number", "write digits, with a point before decimals")
    return float(flat.replace(",", "."))


def _count(text: str, at: Reading) -> int:
    value = _number(text, at)
    if value != int(value) or value < 0:
        raise _bad(text, at, "no count", "write a whole number")
    return int(value)


def metres(text: str, at: Reading) -> float:
    """Read a length in metres, or in the unit behind it: km, m, ft, NM.

    Raises:
        Rejected: it is none.
    """
    match = _LENGTH.fullmatch("".join(plain(text).split()))
    if match is None:
        raise _bad(text, at, "no length", "write metres (2000) or a unit behind the number (2km, 500ft)")
    return round(float(match["n"].replace(",", ".")) * _METRES[(match["unit"] or "").lower()], 6)


_YES: Final = {"y": True, "yes": True, "1": True, "n": False, "no": False, "0": False, "": True}


def _yes(text: str, at: Reading) -> bool:
    if (flat := fold(text)) not in _YES:
        raise _bad(text, at, "neither yes nor no", "write Y or N")
    return _YES[flat]


NUMBER: Final = Codec(figures, _number)
COUNT: Final = Codec(str, _count)
LENGTH: Final = Codec(figures, metres, strict=True)
YES: Final = Codec(lambda value: "Y" if value else "N", _yes)


@cache
def choice(struct: type[msgspec.Struct], field: str, strict: bool = True, whole: tuple[str, ...] = ()) -> Codec:
    """Return the codec of a field that holds one of several words; any beginning that only one of them has is read."""
    named = next(f for f in msgspec.structs.fields(struct) if f.name == field)
    return one_of(tuple(w for w in get_args(named.type) if isinstance(w, str) and w), strict, whole)


def one_of(words: tuple[str, ...], strict: bool = True, whole: tuple[str, ...] = ()) -> Codec:
    """Return the codec of these words; any beginning that only one of them has is read.

    Words in ``whole`` came later and are read in full only: what older senders begin alike means what it meant.
    """
    short = tuple(w for w in words if w not in whole)

    def read(text: str, at: Reading) -> str:
        flat = fold(text).replace(" ", "-")
        found = [w for w in words if w.lower() == flat] or [w for w in short if flat and w.lower().startswith(flat)]
        if len(found) != 1:
            raise _bad(text, at, "none of the words that can stand here", f"write one of {', '.join(words)}")
        return found[0]

    return Codec(lambda value: _brief(value, short), read, strict)


def _brief(value: str, words: tuple[str, ...]) -> str:
    """Return a word in capitals, cut to four letters or more where no other begins alike and it saves something."""
    if value not in words or len(value) <= 6:
        return value.upper()
    sizes = range(4, len(value))
    return next(
        (value[:n] for n in sizes if value[n - 1] != "-" and sum(w.startswith(value[:n]) for w in words) == 1), value
    ).upper()


# -- times ------------------------------------------------------------------------------------------------------------


def group(utc: int) -> str:
    """Return an instant as a date-time group in UTC, to the minute or second; in ISO 8601 where that is not exact."""
    at = datetime(1970, 1, 1, tzinfo=UTC) + timedelta(microseconds=utc)
    if at.microsecond:
        return f"{at:%Y-%m-%dT%H:%M:%S.%f}".rjust(26, "0").rstrip("0") + "Z"
    year = f"{at.year % 100:02d}" if 1970 <= at.year < 2070 else f"{at.year:04d}"
    return f"{at:%d%H%M}{f'{at.second:02d}' if at.second else ''}Z{times.NAMES[at.month]}{year}"


def _time(text: str, at: Reading) -> TimeValue:
    value = times.instant(" ".join(text.split()), at.path, at.context)
    at.warnings.extend(times.warnings(value, at.path))
    return value


def _micros(text: str, at: Reading) -> int:
    return _time(text, at).utc or 0


def span(of: TimeWindow) -> str:
    """Return a window as ``142000-142030ZMAR27``; of one with loose ends the longest that it can be."""
    first = of.start_earliest if of.start_earliest is not None else of.start.utc if of.start else None
    last = of.end_latest if of.end_latest is not None else of.end.utc if of.end else None
    if first is None:
        return "" if last is None else f"-{group(last)}"
    if last is None:
        return group(first) + ("-UFN" if of.end and of.end.quality == "open" else "")
    start, end = group(first), group(last)
    same = len(start) == len(end) == 12 and start[6:] == end[6:]
    return f"{start[:6] if same else start}-{end}"


def window(text: str, at: Reading) -> TimeWindow:
    """Read a window, a start alone, or an end alone with a dash in front.

    Raises:
        Rejected: it names no instant, or ends before it starts.
    """
    flat = " ".join(plain(text).split())
    if flat.startswith("-"):
        return TimeWindow.between(None, _time(flat[1:], at))
    if times.read(flat, at.context.received_at, at.context.zone).utc is not None or not _DASH.search(flat[1:]):
        return TimeWindow.between(_time(flat, at), None)
    found = times.span(flat, at.path, at.context)
    at.warnings.extend((*times.warnings(found.start, at.path), *times.warnings(found.end, at.path)))
    return found


_DASH: Final = re.compile(r"[-/]|\sto\s|\suntil\s", re.IGNORECASE)
TIME: Final = Codec(lambda value: "" if value.utc is None else group(value.utc), _time, strict=True)
MICROS: Final = Codec(group, _micros, strict=True)
WINDOW: Final = Codec(span, window, strict=True)


# -- places -----------------------------------------------------------------------------------------------------------

_ERROR: Final = re.compile(r"\s*(?:\+\s?-|\u00b1)\s*")
_GLUED: Final = re.compile(r"([NSns])(?=\d)")


def degrees(lat: float, lon: float, decimals: int = 4) -> str:
    """Return a place with its letters, to at least so many decimals: ``2.2680N27.1690W``."""
    exact = (n for n in range(decimals, 8) if all(round(v, n) == round(v, 8) for v in (lat, lon)))
    n = next(exact, 8)
    return f"{abs(lat):.{n}f}{'S' if lat < 0 else 'N'}{abs(lon):.{n}f}{'W' if lon < 0 else 'E'}"


def place(of: Position) -> str:
    """Return a position, with its error where the digits do not say it: ``2.2680N27.1690W+-50``."""
    text = degrees(of.lat, of.lon)
    usual = places.read(_GLUED.sub(r"\1 ", text)).ce_m
    return text if of.ce_m is None or of.ce_m == usual else f"{text}+-{figures(of.ce_m)}"


def position(text: str, at: Reading) -> Position:
    """Read a position in any of the written forms, with an error behind it if one is given.

    Raises:
        Rejected: it is none.
    """
    flat, *error = _ERROR.split(plain(text).strip(), maxsplit=1)
    try:
        found = places.read(flat, at.context.mgrs_square)
    except places.Unreadable:
        found = places.place(_GLUED.sub(r"\1 ", flat), at.path, at.context)
    at.warnings.extend(places.warnings(found, at.path))
    return msgspec.structs.replace(found, raw=text.strip(), **({"ce_m": metres(error[0], at)} if error else {}))


POSITION: Final = Codec(place, position, strict=True)


# -- several values in one --------------------------------------------------------------------------------------------


def listed(of: Codec, separator: str = ",") -> Codec:
    """Return the codec of a list."""
    return Codec(
        lambda values: joined(filter(None, map(of.write, values)), separator),
        lambda text, at: tuple(of.read(each, at) for each in apart(text, separator) if each),
        of.strict,
    )


@cache
def fields_of(struct: type[msgspec.Struct]) -> tuple[msgspec.structs.FieldInfo, ...]:
    """Return the fields of a struct; msgspec resolves every hint anew each time, which takes longer than to read."""
    return msgspec.structs.fields(struct)


def table(struct: type[msgspec.Struct], columns: Mapping[str, tuple[str, Codec]], separator: str = ",") -> Codec:
    """Return the codec of a struct, written as ``K2,I3``: each value behind its letter; "" names what has none."""
    by_field = {field: (letter, codec) for letter, (field, codec) in columns.items()}

    def write(value: Any) -> str:
        said: list[str] = []
        first = ""
        of: type[msgspec.Struct] = type(value)
        for field in fields_of(of):
            inner = getattr(value, field.name)
            letter, codec = by_field.get(field.name, ("", None))
            if codec is not None and inner is not None and (inner != field.default or letter == ""):
                said.append(letter + codec.write(inner))
                first = said.pop() if not letter else first
        return joined((*([first] if "" in columns else ()), *said), separator)

    def read(text: str, at: Reading) -> Any:
        found: dict[str, Any] = {}
        for n, each in enumerate(apart(text, separator)):
            letter = "" if n == 0 and "" in columns else plain(each[:1]).upper()
            if letter not in columns or columns[letter][0] in found:
                letters = ", ".join(f"{k} ({f})" for k, (f, _) in columns.items() if k)
                raise _bad(each, at, "not what can stand here", f"each value behind its letter: {letters}")
            field, codec = columns[letter]
            if each or letter:
                found[field] = codec.read(each[len(letter) :].strip(), at)
        absent = [f.name for f in fields_of(struct) if f.required and f.name not in found]
        if absent:
            raise _bad(
                text, at, f"nothing without its {absent[0]}", "write that first, then each value behind its letter"
            )
        return struct(**found)

    return Codec(write, read)


def _reference(text: str, at: Reading) -> Reference:
    identity, revision = identified(text)
    if not identity:
        raise _bad(text, at, "no id", "write the id, and the revision behind a colon: FHQ-FRAGO-03-101:2")
    return Reference(id=identity, revision=revision or 0)


def identified(text: str) -> tuple[str, int | None]:
    """Return an id and the revision behind its last colon, if there is one."""
    flat = " ".join(plain(text).split())
    head, colon, tail = flat.rpartition(":")
    if not colon or not tail.strip().isdecimal() or not tail.isascii() or len(tail.strip()) > 18:
        return flat, None
    return head.strip(), int(tail)


def identity(id_: str, revision: int | None) -> str:
    """Return an id with its revision; without it where reading gives the same."""
    said = clean(id_)
    return said if revision is None and identified(said)[1] is None else f"{said}:{revision or 0}"


REFERENCE: Final = Codec(lambda ref: identity(ref.id, ref.revision or None), _reference)
UNIT: Final = table(
    UnitRef,
    {"": ("name", WORDS), "C": ("callsign", WORDS), "I": ("id", EXACT), "P": ("participant", EXACT),
     "S": ("nation", EXACT), "Y": ("sidc", EXACT)},
    ";",
)  # fmt: skip

_GRADE: Final = re.compile(r"([A-F])?([0-6])?([YN])?")


def _confidence(text: str, at: Reading) -> Confidence:
    match = _GRADE.fullmatch("".join(plain(text).split()).upper())
    if match is None or not match[0]:
        raise _bad(text, at, "no grading", "write the source A-F, the content 1-6 and, if checked, Y or N: B2Y")
    verified = None if match[3] is None else match[3] == "Y"
    return Confidence(reliability=match[1] or "", credibility=int(match[2] or 0), verified=verified)  # type: ignore[arg-type]  # A-F


def _graded(value: Confidence) -> str:
    verified = "" if value.verified is None else "Y" if value.verified else "N"
    return f"{value.reliability}{value.credibility or ''}{verified}"


CONFIDENCE: Final = Codec(_graded, _confidence)
_SECTION_KEY: Final = re.compile(r"[a-z][a-z_-]{0,40}")


def _section(text: str, at: Reading) -> Section:
    head, equals, rest = text.partition("=")
    if not equals:
        return Section(key="general", text=" ".join(text.split()))
    key, bar, title = head.partition("|")
    if not bar and not _SECTION_KEY.fullmatch(key.strip().lower()):
        key, title = "", head
    return Section(key=key.strip().lower(), title=" ".join(title.split()), text=" ".join(rest.split()))


def _under_heading(value: Section) -> str:
    title = clean(value.title).replace("=", " ")
    if value.key == "general" and not title and "=" not in value.text:
        return clean(value.text)
    return f"{value.key}|{title}={clean(value.text)}" if title or not value.key else f"{value.key}={clean(value.text)}"


SECTION: Final = Codec(_under_heading, _section)
