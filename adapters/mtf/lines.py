"""Sets on lines of at most 69 characters, and values as fields: positions, times, lengths, levels.

A fold stands inside a set: the next line is indented by one blank, which reading drops, and never begins with a slash.
What a field cannot hold (a slash, a line end) becomes a blank, and is found as a loss when it is read again.
Source: reference formats.md §5.1, §2.3.
"""

import textwrap
from collections.abc import Iterable, Sequence
from datetime import UTC, datetime, timedelta
from typing import Final

from adapters.mtf.header import MONTHS
from adapters.mtf.shapes import FOOT_M
from adapters.words import printable
from schemas.geo import AltitudeBand, AltitudeLimit, Position
from schemas.time import TimeValue, TimeWindow

COLUMNS: Final = 69
_NEVER: Final = " /"
_WIDEST: Final = 24  # a column is padded up to here; a longer cell stands out of line
_EPOCH: Final = datetime(1970, 1, 1, tzinfo=UTC)


def linear(name: str, *fields: str) -> list[str]:
    """Return the lines of a set, "-" for each empty field; nothing if all are."""
    values = [field(text) for text in fields]
    while values and values[-1] == "-":
        values.pop()
    return folded(f"{name}/{'/'.join(values)}//") if values else []


def free(name: str, *fields: str) -> list[str]:
    """Return the lines of a free text behind its heading; nothing if the text is empty."""
    *before, text = fields
    text = printable(text).replace("://", "\0").replace("//", "/ /").replace("\0", "://").strip()
    if not text:
        return []
    end = " //" if text.endswith((":", "/")) else "//"
    whole = "/".join((name, *(field(b) for b in before), text)) + end
    lines: list[str] = []
    for line in whole.splitlines():
        width = COLUMNS - 1 if lines else COLUMNS
        parts = textwrap.wrap(line, width, break_long_words=False, break_on_hyphens=False) or [""]
        for part in parts:
            lines += folded(part) if not lines else [" " + p.strip() for p in folded(part)] if part else [""]
    return lines


def table(name: str, rows: Sequence[Sequence[str]]) -> list[str]:
    """Return the lines of a columnar set, the first row its titles; columns that are empty throughout are left out."""
    used = [c for c in range(len(rows[0])) if any(row[c].strip() for row in rows[1:])]
    cells = [[field(row[c]) for c in used] for row in rows]
    if len(rows) < 2 or not used:
        return []
    widths = [min(_WIDEST, max(len(row[c]) for row in cells)) for c in range(len(used))]
    lines = ["".join(f"/{cell:<{w}}" for cell, w in zip(row, widths, strict=True)).rstrip() for row in cells]
    lines[-1] += "//"
    return [name, *(part for line in lines for part in folded(line))]


def field(text: str) -> str:
    """Return a text as one field."""
    return " ".join(printable(text).replace("/", " ").split()) or "-"


def folded(text: str) -> list[str]:
    """Break a line that is too long: behind a slash or a blank if there is one, never before one."""
    lines: list[str] = []
    while len(text) > COLUMNS:
        at = max(text.rfind("/", 1, COLUMNS), text.rfind(" ", 1, COLUMNS)) + 1
        at = at if at > COLUMNS // 2 else COLUMNS
        while at > COLUMNS // 2 and text[at] in _NEVER:
            at -= 1
        if text[at] in _NEVER:  # nothing but blanks and slashes: no place to break
            break
        lines.append(text[:at])
        text = " " + text[at:]
    return [*lines, text]


def dtg(value: TimeValue | None) -> str:
    """Return a time as a date-time group in UTC, to the minute or second; one that names no instant as it was said."""
    if value is None:
        return ""
    return value.raw if value.utc is None else group(value.utc)


def group(utc: int) -> str:
    """Return microseconds as a date-time group."""
    at = _EPOCH + timedelta(microseconds=utc)
    return f"{at:%d%H%M}{f'{at.second:02d}' if at.second else ''}Z{MONTHS[at.month - 1]}{at:%Y}"


def sides(window: TimeWindow) -> tuple[str, ...]:
    """Return start and stop of a window as fields: a time, a word for an open side, a word before a loose one."""
    start = _side(window.start_earliest, window.start_latest, window.start, "ASAP")
    stop = _side(window.end_earliest, window.end_latest, window.end, "UFN")
    return ("ONCALL" if window.trigger and start == "ASAP" else start), stop


def _side(earliest: int | None, latest: int | None, said: TimeValue | None, unsaid: str) -> str:
    if earliest is not None and earliest == latest:
        return group(earliest)
    if earliest is not None:
        return f"NET {group(earliest)}"
    if latest is not None:
        return f"NLT {group(latest)}"
    return said.raw if said is not None and said.raw else unsaid


def position(at: Position | None) -> str:
    """Return a position as it was written, or as `point` does where that would not be read alike."""
    if at is None:
        return ""
    return at.raw if at.raw and at.quality == "exact" and "/" not in at.raw else point(at.lon, at.lat)


def point(lon: float, lat: float) -> str:
    """Return a point in minutes or seconds if that is exactly where it is, else in decimal degrees."""
    for name, parts in (("LATM", 60), ("LATS", 3600)):
        north, east = lat * parts, lon * parts
        if abs(north - round(north)) < 1e-4 and abs(east - round(east)) < 1e-4:
            return f"{name}:{_angle(round(north), parts, 2, 'NS')}{_angle(round(east), parts, 3, 'EW')}"
    return f"{abs(lat):.8f}{'S' if lat < 0 else 'N'} {abs(lon):.8f}{'W' if lon < 0 else 'E'}"


def _angle(units: int, parts: int, digits: int, letters: str) -> str:
    degrees, rest = divmod(abs(units), parts)
    packed = f"{rest:02d}" if parts == 60 else f"{rest // 60:02d}{rest % 60:02d}"
    return f"{degrees:0{digits}d}{packed}{letters[units < 0]}"


def length(metres: float | None) -> str:
    """Return a length in nautical miles if it is a whole number of them, else in metres."""
    if metres is None:
        return ""
    miles = metres / 1852
    return f"{miles:.0f}NM" if metres and abs(miles - round(miles)) < 1e-9 else f"{number(metres)}M"


def number(value: float | None) -> str:
    """Return a number without an exponent or closing noughts."""
    return "" if value is None else f"{value:.6f}".rstrip("0").rstrip(".")


def levels(band: AltitudeBand | None) -> str:
    """Return a band with the prefix that says its references; "" if one of its levels has no form."""
    if band is None:
        return ""
    limits = [_level(band.lower), _level(band.upper)]
    if None in limits or limits == ["", ""]:
        return ""
    upper = "FL" if band.upper and band.upper.reference == "FL" else "RA"
    lower = "FL" if band.lower and band.lower.reference == "FL" else "RA"
    if band.lower and band.lower.value_m is None:
        lower = "BR"
    return f"{'RARA' if (lower, upper) == ('FL', 'RA') else lower + upper}:{limits[0]}-{limits[1]}"


def _level(limit: AltitudeLimit | None) -> str | None:
    """Return one level, "" for one that was not said, None for one that slant text has no form for."""
    if limit is None:
        return ""
    if limit.reference in ("SFC", "UNL"):
        return {"SFC": "GL", "UNL": "UNL"}[limit.reference]
    if limit.value_m is None or limit.value_m < 0 or limit.reference == "HAE":
        return None
    feet = round(limit.value_m / FOOT_M)
    if limit.reference == "FL":
        return f"FL{round(feet / 100):03d}"
    suffix = "AGL" if limit.reference == "AGL" else "AMSL"
    return f"{feet // 100:03d}{suffix}" if feet % 100 == 0 else f"{feet}FT{suffix}"


def joined(parts: Iterable[list[str]]) -> list[str]:
    """Return the lines of several sets."""
    return [line for part in parts for line in part]
