"""Positions as they are written: decimal, degrees and minutes, MGRS, LATM/LATS. Latitude comes first in all of them.

The error of a position is the size of the cell that its digits name. MGRS names the south-west corner of a cell; the
position is the cell's centre, so that ``ce_m`` around it covers the cell. Nothing is swapped, nothing rounded to fit.
Source: reference formats.md §2.3.
"""

import re
from functools import lru_cache
from typing import Final, NamedTuple

from pygeodesy.mgrs import parseMGRS
from pyproj import Proj

from adapters.base import Context, Rejected
from adapters.words import bare, plain, remembered
from schemas.envelope import Warning
from schemas.geo import PlaceQuality, Position

_DEGREE_M: Final = 111_195.0  # mean length of one degree of a great circle
_MEND: Final = "write decimal degrees (2.0000N 27.0000W) or a grid with its zone and square (26N NH 00000 21060)"

_NUM: Final = r"\d{1,3}(?:[.,]\d+)?"
_NORTH: Final = r"(?:n|north|nord|norte|s|south|sud|sur)"
_EAST: Final = r"(?:e|east|est|este|w|west|o|ouest|oeste)"
_DECIMAL: Final = re.compile(
    rf"(?P<a>[+-]?{_NUM})\s*\u00b0?\s*(?P<ns>{_NORTH})?\b\s*[,;/ ]?\s*(?P<b>[+-]?{_NUM})\s*\u00b0?\s*(?P<ew>{_EAST})?"
)
_PREFIXED: Final = re.compile(rf"(?P<ns>[ns])\s*(?P<a>{_NUM})\s*[,;/ ]?\s*(?P<ew>[eow])\s*(?P<b>{_NUM})")
_ANGLE: Final = r"(\d{1,3})\s*\u00b0\s*(\d{1,2}(?:[.,]\d+)?)\s*'\s*(?:(\d{1,2}(?:[.,]\d+)?)\s*(?:\"|'')\s*)?"
_SEXAGESIMAL: Final = re.compile(rf"{_ANGLE}({_NORTH})\s*[,;/ ]?\s*{_ANGLE}({_EAST})")
_LATM: Final = re.compile(
    r"(?:lat[ms]\s*:?\s*)?(?P<lat>\d{4}|\d{6})(?P<ns>[ns])(?P<check>\d(?=\s*-|\s|$))?\s*-?\s*"
    r"(?P<lon>\d{5}|\d{7})(?P<ew>[ew])\d?"
)
_MGRS: Final = re.compile(r"(?:utm|mgrs|gr|grid)?\s*:?\s*(\d{1,2}\s*[c-hj-np-x])\s*([a-hj-np-z]{2})\s*(\d[\d\s]*)")
_SQUARE: Final = re.compile(r"(?:utm|mgrs|gr|grid)?\s*:?\s*([a-hj-np-z]{2})\s*(\d[\d\s]*)")
_DIGITS: Final = re.compile(r"(?:gr|grid|mgrs)?\s*:?\s*(\d[\d\s]*)")


class Unreadable(ValueError):
    """Raised when a text is no position; ``looks_like`` says that it was meant to be one."""

    def __init__(self, why: str, looks_like: bool = True) -> None:
        super().__init__(why)
        self.looks_like = looks_like


class _Read(NamedTuple):
    lat: float
    lon: float
    ce_m: float
    form: str
    quality: PlaceQuality = "exact"


@remembered(2048)
def read(raw: str, square: str = "") -> Position:
    """Read a position. ``square`` is the mission's zone and 100 km square for grids that are written without one.

    Raises:
        Unreadable: it is none.
    """
    flat = " ".join(bare(plain(raw)).split()).strip(" .;")
    for reader in (_decimal, _sexagesimal, _latm, _mgrs):
        if (found := reader(flat)) is not None:
            return _position(found, raw)
    if (found := _short_grid(flat, square)) is not None:
        return _position(found, raw)
    raise Unreadable(f'"{raw[:80]}" is no position', looks_like=False)


def place(raw: str, path: str, context: Context) -> Position:
    """Read a position that a message cannot do without.

    Raises:
        Rejected: it is none.
    """
    try:
        return read(raw.strip(), context.mgrs_square)
    except Unreadable as error:
        raise Rejected(path, str(error), _MEND) from None


def named(raw: str, path: str, context: Context) -> Position | str:
    """Return the position that a text gives, or the text itself where it is the name of a place.

    Raises:
        Rejected: it is meant to be a position, and is none.
    """
    try:
        return read(raw.strip(), context.mgrs_square)
    except Unreadable as error:
        if error.looks_like:
            raise Rejected(path, str(error), _MEND) from None
    return raw.strip()


def warnings(at: Position | None, path: str) -> tuple[Warning, ...]:
    """Return what should be looked at about the reading of a position."""
    if at is None or at.quality == "exact":
        return ()
    return (Warning(code="square-inferred", path=path, text=f'"{at.raw}" was read in the mission\'s grid square'),)


def latitude(value: float) -> bool:
    """Say whether a number is a latitude; not-a-number is none."""
    return -90.0 <= value <= 90.0


def longitude(value: float) -> bool:
    """Say whether a number is a longitude; not-a-number is none."""
    return -180.0 <= value <= 180.0


def _position(found: _Read, raw: str) -> Position:
    if not latitude(found.lat):
        raise Unreadable(f'latitude {found.lat} in "{raw[:80]}" is outside -90..90')
    if not longitude(found.lon):
        raise Unreadable(f'longitude {found.lon} in "{raw[:80]}" is outside -180..180')
    return Position(
        lat=round(found.lat, 8), lon=round(found.lon, 8), ce_m=round(found.ce_m, 3),
        form=found.form, raw=raw, quality=found.quality,
    )  # fmt: skip


def _number(text: str) -> float:
    return float(text.replace(",", "."))


def _decimals(text: str) -> int:
    return len(re.split("[.,]", text)[1]) if re.search("[.,]", text) else 0


def _decimal(flat: str) -> _Read | None:
    """Two numbers, each with a sign or a letter; at least one has decimals, or it could be a grid."""
    match = _DECIMAL.fullmatch(flat) or _PREFIXED.fullmatch(flat)
    if match is None:
        return None
    a, b = _decimals(match["a"]), _decimals(match["b"])
    if not (match["ns"] or match["ew"] or a or b):
        return None
    lat, lon = _number(match["a"]), _number(match["b"])
    if match["ns"] and match["ns"][0] == "s":
        lat = -abs(lat)
    if match["ew"] and match["ew"][0] in "wo":
        lon = -abs(lon)
    return _Read(lat, lon, _DEGREE_M * 10.0 ** -min(a, b), "decimal")


def _sexagesimal(flat: str) -> _Read | None:
    """Degrees, minutes and, if given, seconds."""
    match = _SEXAGESIMAL.fullmatch(flat)
    if match is None:
        return None
    values = []
    for degrees, minutes, seconds, letter in (match.groups()[:4], match.groups()[4:]):
        if _number(minutes) >= 60 or _number(seconds or "0") >= 60:
            raise Unreadable("minutes and seconds end at 59")
        value = int(degrees) + _number(minutes) / 60 + _number(seconds or "0") / 3600
        values.append(-value if letter[0] in "swo" else value)
    unit = 3600 if match[3] else 60
    digits = _decimals(match[3] or match[2])
    return _Read(values[0], values[1], _DEGREE_M / unit * 10.0**-digits, "dms")


def _latm(flat: str) -> _Read | None:
    """``DDMM[SS]{N|S}DDDMM[SS]{E|W}``, with or without the word in front, a hyphen and check digits."""
    match = _LATM.fullmatch(flat)
    if match is None or len(match["lat"]) + 1 != len(match["lon"]):
        return None
    seconds = len(match["lat"]) == 6
    lat, lon = _packed(match["lat"], 2), _packed(match["lon"], 3)
    return _Read(
        -lat if match["ns"] == "s" else lat,
        -lon if match["ew"] == "w" else lon,
        _DEGREE_M / (3600 if seconds else 60),
        "lats" if seconds else "latm",
    )


def _packed(digits: str, degrees: int) -> float:
    minutes, seconds = int(digits[degrees : degrees + 2]), int(digits[degrees + 2 :] or 0)
    if minutes > 59 or seconds > 59:
        raise Unreadable(f'"{digits}" has {max(minutes, seconds)} minutes or seconds; they end at 59')
    return int(digits[:degrees]) + minutes / 60 + seconds / 3600


def _mgrs(flat: str) -> _Read | None:
    match = _MGRS.fullmatch(flat)
    return _grid(match[1], match[2], match[3]) if match else None


def _short_grid(flat: str, square: str) -> _Read | None:
    """A grid without zone or square, read in the mission's; a bare name or number is no grid."""
    usual = _MGRS.fullmatch(bare(square) + "0000")
    if match := _DIGITS.fullmatch(flat):
        if usual is None:
            raise Unreadable(f'"{flat.upper()}" has no grid zone and square')
        return _grid(usual[1], usual[2], match[1])._replace(quality="zone_inferred")
    if match := _SQUARE.fullmatch(flat):
        digits = re.sub(r"\s", "", match[2])
        if len(digits) < 4 or len(digits) % 2:
            return None  # more likely a name: "OP 4", "HQ 12"
        if usual is None:
            raise Unreadable(f'"{flat.upper()}" has no grid zone')
        return _grid(usual[1], match[1], match[2])._replace(quality="zone_inferred")
    return None


def _grid(zone: str, square: str, figures: str) -> _Read:
    digits = re.sub(r"\s", "", figures)
    half = len(digits) // 2
    if len(digits) % 2 or not 1 <= half <= 5:
        raise Unreadable(f'a grid has 2, 4, 6, 8 or 10 figures, "{figures.strip()}" has {len(digits)}')
    cell = 10.0 ** (5 - half)
    corner = _corner(re.sub(r"\s", "", zone).zfill(3).upper(), square.upper())
    east, north = (int(digits[i : i + half]) * cell + cell / 2 for i in (0, half))
    north += corner.north
    while north < corner.bottom:
        north += _CYCLE_M
    lon, lat = corner.projection(corner.east + east, north, inverse=True)
    return _Read(lat, lon, cell, "mgrs")


class _Corner(NamedTuple):
    """The south-west corner of a 100 km square in metres of its zone's projection, and where its band begins.

    Row letters repeat every 2,000 km; a square may begin below its band, so its own points tell which cycle it is.
    """

    east: float
    north: float  # above the last cycle
    bottom: float  # of the band, down to 100 km
    projection: Proj


@lru_cache(maxsize=512)
def _corner(zone: str, square: str) -> _Corner:
    """Return the corner of a square; pygeodesy knows the lettering, pyproj is a hundred times as fast beyond it."""
    try:
        utm = parseMGRS(f"{zone} {square} 00000 00000").toUtm()
    except (ValueError, TypeError, AssertionError) as error:
        raise Unreadable(f'"{zone} {square}" is no square of the grid') from error
    number, south = int(utm.zone), _BANDS.index(zone[2]) < 10
    projection = Proj(proj="utm", zone=number, south=south, ellps="WGS84")
    _, bottom = projection(number * 6 - 183, _BANDS.index(zone[2]) * 8 - 80)
    return _Corner(float(utm.easting), float(utm.northing) % _CYCLE_M, bottom // 100_000 * 100_000, projection)


_BANDS: Final = "CDEFGHJKLMNPQRSTUVWX"
_CYCLE_M: Final = 2_000_000.0
