"""Shapes, heights, routes and vehicles of the short form. A shape that has no short form grows, it never shrinks.

::

    C2.1000N26.9000W,R3500          circle                K2.0600N26.9300W,2.0900N26.9000W,W2000   corridor
    G2.0N27.0W,2.1N27.0W,2.1N26.9W  polygon (it closes)   L...                                     line
    NKESSA,R50                      a named place         ...,=Falcon range                        its name

Heights: ``SFC-5500FTAGL``, ``FL180-UNL``, ``1500-3000FTAGL``. Points of a way: ``KESSA@141000-141045ZMAR27#H``.
"""

import re
from typing import Any, Final

import msgspec

from adapters.base import Rejected
from adapters.short.values import (
    WINDOW,
    WORDS,
    Codec,
    Reading,
    degrees,
    figures,
    metres,
    place,
    position,
)
from adapters.short.wire import apart, clean, joined
from adapters.words import plain
from schemas.directives import AssetDemand, Vehicles
from schemas.geo import (
    AltitudeBand,
    AltitudeLimit,
    ArcBand,
    Area,
    Circle,
    Corridor,
    Ellipse,
    Line,
    MultiPolygon,
    Named,
    Pair,
    Polygon,
    RoutePoint,
)

MAX_CORNERS: Final = 60  # more do not fit into nine parts

# -- areas ------------------------------------------------------------------------------------------------------------


def area(of: Area) -> str:
    """Return an area; of a shape that has no short form, one around it."""
    match of:
        case Circle():
            return _shape("C", [place(of.centre), f"R{figures(of.radius_m)}"], of.name)
        case Ellipse():
            return _shape("C", [place(of.centre), f"R{figures(max(of.major_m, of.minor_m))}"], of.name)
        case ArcBand():
            return _shape("C", [place(of.centre), f"R{figures(of.r_max_m)}"], of.name)
        case Corridor():
            return _shape("K", [*map(_corner, of.points), f"W{figures(of.width_m)}"], of.name)
        case Line():
            return _shape("L", [*map(_corner, of.points)], of.name)
        case Named():
            size = () if of.radius_m is None else (f"R{figures(of.radius_m)}",)
            return "N" + joined((clean(of.name), *size), ",")
        case Polygon():
            return _shape("G", [*map(_corner, _outside(of.rings[0]))], of.name)
        case MultiPolygon():
            corners = [pair for polygon in of.polygons for pair in polygon[0]]
            return _shape("G", [*map(_corner, _box(corners))], of.name)


def _shape(letter: str, parts: list[str], name: str) -> str:
    return letter + joined((*parts, *([f"={clean(name)}"] if name else ())), ",")


def _corner(pair: Pair) -> str:
    return degrees(pair[1], pair[0], decimals=4)


def _outside(ring: tuple[Pair, ...]) -> list[Pair]:
    """Return the corners of a ring, the last one not twice; of one with too many the box around it."""
    return list(ring[:-1]) if len(ring) <= MAX_CORNERS else _box(list(ring))


def _box(corners: list[Pair]) -> list[Pair]:
    lons, lats = [c[0] for c in corners], [c[1] for c in corners]
    west, east, south, north = min(lons), max(lons), min(lats), max(lats)
    return [(west, south), (east, south), (east, north), (west, north)]


_AREA_HINT: Final = "begin with C (circle), K (corridor), G (polygon), L (line) or N (name): C2.1000N26.9000W,R3500"


def _area(text: str, at: Reading) -> Area:
    """Read an area.

    Raises:
        Rejected: it is none, or lacks its points or its size.
    """
    letter, parts = plain(text[:1]).upper(), apart(text[1:], ",")
    sizes = {"C": "R", "K": "W", "N": "R"}
    name, size, points = "", None, []
    for n, part in enumerate(parts):
        flat = plain(part)
        if letter == "N" and n == 0:
            name = " ".join(part.split())
        elif flat.startswith("="):
            name = " ".join(part[1:].split())
        elif flat[:1].upper() == sizes.get(letter) and size is None:
            size = metres(flat[1:], at)
        else:
            points.append(flat)
    try:
        return _made(letter, name, size, points, at)
    except (ValueError, msgspec.ValidationError) as error:
        raise Rejected(at.path, f'"{text[:60]}" is no area: {error}', _AREA_HINT) from None


def _made(letter: str, name: str, size: float | None, points: list[str], at: Reading) -> Area:
    found = [position(point, at) for point in points]
    pairs = tuple((p.lon, p.lat) for p in found)
    if letter == "N" and name and not found:
        return Named(name=name, radius_m=size)
    if letter == "C" and len(found) == 1 and size is not None:
        return Circle(centre=found[0], radius_m=size, name=name)
    if letter == "K" and len(found) >= 2 and size is not None:
        return Corridor(points=pairs, width_m=size, name=name)
    if letter == "L" and len(found) >= 2 and size is None:
        return Line(points=pairs, name=name)
    if letter == "G" and len(found) >= 3 and size is None:
        closed = pairs if pairs[0] == pairs[-1] else (*pairs, pairs[0])
        return Polygon(rings=(closed,), name=name)
    needs = {"N": "a name", "C": "a centre and R", "K": "two points and W", "L": "two points", "G": "three points"}
    raise ValueError(f"it needs {needs.get(letter, 'a letter in front')}")


AREA: Final = Codec(area, _area, strict=True)

# -- heights ----------------------------------------------------------------------------------------------------------

_LIMIT: Final = re.compile(
    r"(?P<word>SFC|GND|UNL)|FL(?P<level>\d{1,3})|"
    r"(?P<n>-?\d{1,6}(?:[.,]\d{1,6})?)(?P<unit>FT|M)?(?P<ref>AGL|AMSL|MSL|HAE)?"
)
_FOOT_M: Final = 0.3048


def _limit(of: AltitudeLimit) -> str:
    if of.reference in ("SFC", "UNL"):
        return of.reference
    if of.value_m is None:
        return ""
    feet = of.value_m / _FOOT_M
    if of.reference == "FL":
        return f"FL{round(feet / 100)}" if abs(feet / 100 - round(feet / 100)) < 1e-6 and feet >= 0 else ""
    if of.value_m % 1 and abs(feet - round(feet)) < 1e-6:
        return f"{round(feet)}FT{of.reference}"
    return f"{figures(of.value_m)}M{of.reference}"


def _read_limit(text: str, at: Reading, unit: str = "", reference: str = "") -> AltitudeLimit:
    flat = "".join(plain(text).split()).upper()
    match = _LIMIT.fullmatch(flat)
    if match and match["word"]:
        return AltitudeLimit(reference="UNL" if match["word"] == "UNL" else "SFC", raw=text)
    if match and match["level"]:
        return AltitudeLimit(reference="FL", value_m=round(int(match["level"]) * 100 * _FOOT_M, 6), raw=text)
    unit, reference = (match["unit"] or unit, match["ref"] or reference) if match else ("", "")
    if match is None or not unit or not reference:
        hint = "write heights with unit and reference: SFC-5500FTAGL, 300MMSL, FL180-UNL"
        raise Rejected(at.path, f'"{text[:40]}" is no height', hint)
    value = float(match["n"].replace(",", ".")) * (_FOOT_M if unit == "FT" else 1.0)
    named: Any = "MSL" if reference == "AMSL" else reference
    return AltitudeLimit(reference=named, value_m=round(value, 6), raw=text)


def _band(of: AltitudeBand) -> str:
    low, high = _limit(of.lower) if of.lower else "", _limit(of.upper) if of.upper else ""
    return f"{low}-{high}" if low or high else ""


_ONE: Final = r"(?:SFC|GND|UNL|FL\d{1,3}|-?\d{1,6}(?:[.,]\d{1,6})?(?:FT|M)?(?:AGL|AMSL|MSL|HAE)?)"
_BANDS: Final = tuple(
    re.compile(pattern)
    for pattern in (
        rf"(?P<low>{_ONE})-(?P<high>{_ONE})",
        rf"(?P<low>{_ONE})-?(?P<high>)",
        rf"(?P<low>)-(?P<high>{_ONE})",
    )
)


def _read_band(text: str, at: Reading) -> AltitudeBand:
    """Read a lower and an upper limit; a lower one without a unit has that of the upper one; ``-500FTAGL`` is upper."""
    flat = "".join(plain(text).split()).upper()
    order = (_BANDS[0], _BANDS[2], _BANDS[1]) if not flat.endswith("-") else _BANDS
    match = next((m for pattern in order if (m := pattern.fullmatch(flat))), None)
    if match is None:
        return AltitudeBand(lower=_read_limit(flat, at))
    upper = _read_limit(match["high"], at) if match["high"] else None
    ends = re.fullmatch(r"\S*?(FT|M)(AGL|AMSL|MSL|HAE)", match["high"])
    unit, reference = (ends[1], ends[2]) if ends else ("", "")
    return AltitudeBand(lower=_read_limit(match["low"], at, unit, reference) if match["low"] else None, upper=upper)


LIMIT: Final = Codec(_limit, _read_limit)
BAND: Final = Codec(_band, _read_band, strict=True)

# -- ways and means ---------------------------------------------------------------------------------------------------

_ROLES: Final = {"S": "start", "C": "checkpoint", "H": "halt", "R": "release", "E": "end"}
_POINT: Final = re.compile(r"(?P<where>.*?)(?:@(?P<when>[^@]*?))?\s*(?:#(?P<role>[SCHRE]))?", re.DOTALL | re.IGNORECASE)


def _point(of: RoutePoint) -> str:
    letter = next((k for k, role in _ROLES.items() if role == of.role), "")
    where = place(of.position) if of.position else clean(of.name)
    if of.position and of.name:
        where = f"{where}={clean(of.name)}"
    when = WINDOW.write(of.window) if of.window else ""
    return where + (f"@{when}" if when else "") + (f"#{letter}" if letter else "")


def _read_point(text: str, at: Reading) -> RoutePoint:
    match = _POINT.fullmatch(text)
    if match is None or not match["where"].strip():
        hint = "write KESSA@141000-141045ZMAR27, and a comma between points"
        raise Rejected(at.path, f'"{text[:60]}" is no point of a way', hint)
    role: Any = _ROLES[match["role"].upper()] if match["role"] else "waypoint"
    when = WINDOW.read(match["when"], at) if match["when"] else None
    where, _, name = match["where"].strip().partition("=")
    if re.match(r"[+-]?\d{1,3}[.,]\d|\d{1,3}[.,]?\d*\s?[NS]\s?\d", plain(where), re.IGNORECASE):
        return RoutePoint(position=position(where, at), name=" ".join(name.split()), role=role, window=when)
    return RoutePoint(name=" ".join(match["where"].split()), role=role, window=when)


POINT: Final = Codec(_point, _read_point, strict=True)

_VEHICLES: Final = re.compile(
    r"(?:(?P<n>\d{1,6})\s*x\s*)?(?P<type>.*?)(?::(?P<class>\d{1,3}))?", re.IGNORECASE | re.DOTALL
)


def _vehicles(of: Vehicles) -> str:
    count = "" if of.count is None else f"{of.count}x"
    return f"{count}{clean(of.type)}" + ("" if of.load_class is None else f":{of.load_class}")


def _read_vehicles(text: str, at: Reading) -> Vehicles:
    match = _VEHICLES.fullmatch(plain(text))
    if match is None or not match["type"].strip():
        raise Rejected(at.path, f'"{text[:40]}" are no vehicles', "write count, type and load class: 4xtruck:30")
    return Vehicles(
        type=" ".join(match["type"].split()),
        count=int(match["n"]) if match["n"] else None,
        load_class=int(match["class"]) if match["class"] else None,
    )


VEHICLES: Final = Codec(_vehicles, _read_vehicles)


def _demand(of: AssetDemand) -> str:
    return clean(of.name) + ("" if of.amount == 1.0 else f":{figures(of.amount)}")


def _read_demand(text: str, at: Reading) -> AssetDemand:
    name, colon, amount = text.rpartition(":")
    if not colon:
        return AssetDemand(name=WORDS.read(text, at))
    return AssetDemand(name=WORDS.read(name, at), amount=metres(amount, at))


DEMAND: Final = Codec(_demand, _read_demand)
