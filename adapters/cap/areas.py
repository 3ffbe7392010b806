"""The areas of an alert as one place: polygons, circles, heights; and a place as areas.

An alert may name many areas, a message holds one: polygons are put together, a circle beside them is outlined. Heights
are feet above mean sea level; where areas differ, the band that covers all of them holds.
Source: OASIS CAP 1.2 §3.2.4; reference formats.md §2.3, §2.4, §6.1.
"""

from collections.abc import Iterable, Sequence
from typing import Final, NamedTuple

import msgspec

from adapters import outlines
from adapters.base import Rejected
from adapters.branches import Branch
from schemas.envelope import Warning
from schemas.geo import AltitudeBand, AltitudeLimit, Area, Circle, MultiPolygon, Named, Polygon, Position

FOOT_M: Final = 0.3048
_MAX_POLYGONS: Final = 200
_MAX_RADIUS_M: Final = 20_040_000.0  # half way around the earth
_MEND: Final = "write the corners as latitude,longitude with a blank between two of them, the last equal to the first"


class Place(NamedTuple):
    """Where an alert is about. ``name`` is what its areas are called; ``area`` is None if they have no shape."""

    area: Area | None = None
    altitude: AltitudeBand | None = None
    name: str = ""

    @property
    def named(self) -> Area | None:
        """The area, or where there is none its name, to be looked up in the mission's gazetteer."""
        return self.area or (Named(name=self.name) if self.name else None)

    @property
    def point(self) -> Position | None:
        """The centre of a circle without radius."""
        return self.area.centre if isinstance(self.area, Circle) and not self.area.radius_m else None


def read(blocks: Sequence[Branch], warnings: list[Warning]) -> Place:
    """Take the areas of the blocks of an alert; the areas of a translation that are those of the first are one.

    Raises:
        Rejected: a polygon or a circle cannot be read: a danger is not left out.
    """
    rings: dict[int, outlines.Points] = {}  # by their identity: a translation repeats them
    circles: dict[tuple[float, float, float], Circle] = {}
    bands: list[AltitudeBand | None] = []
    names: dict[str, None] = {}
    unplaced: list[Branch] = []
    given: dict[str, str] = {}
    known: dict[str, outlines.Points] = {}
    for area in [a for block in blocks for a in block.each("area")]:
        found = [ring for p in area.each("polygon") for ring in _polygon(p, known, warnings)]
        rings.update({id(ring): ring for ring in found})
        drawn: list[Circle] = []
        if round_ones := area.each("circle"):
            given |= {c.path: area.leaves[c.path] for c in round_ones if area.leaves.get(c.path, "").strip()}
            drawn = [c for b in round_ones if (c := _circle(b)) is not None]
            circles.update({(c.centre.lat, c.centre.lon, c.radius_m): c for c in drawn})
        if found or drawn:
            bands.append(_band(area, warnings))
            _take_name(area, names, first=area.path.startswith(f"{blocks[0].path}/"))
        else:
            unplaced.append(area)
    if len(circles) > 1 or (circles and rings):
        blocks[0].leaves.update(given)  # outlined below: as they were given they are not carried
    shape = _shape(tuple(dict.fromkeys(rings.values())), tuple(circles.values()), blocks, warnings)
    _unplaced(unplaced, shape, names, blocks[0].path if blocks else "", warnings)
    name = "; ".join(names)
    return Place(_called(shape, name), _hull(bands, warnings), name)


def _take_name(area: Branch, names: dict[str, None], *, first: bool) -> None:
    """Take the name of an area; in a translation only if it is the same."""
    name = area.peek("areaDesc")
    if first or name in names:
        area.text("areaDesc")
        if name:
            names[name] = None


def _unplaced(
    areas: list[Branch], shape: Area | None, names: dict[str, None], first: str, warnings: list[Warning]
) -> None:
    """Take the names of areas without a shape if no area has one; otherwise say that nobody can look there."""
    for area in areas:
        if shape is None:
            _take_name(area, names, first=area.path.startswith(f"{first}/"))
        text = f'"{area.peek("areaDesc") or "; ".join(names)}" has no polygon or circle'
        warnings.append(Warning(code="no-shape", path=area.path, text=text))


def _called(shape: Area | None, name: str) -> Area | None:
    return msgspec.structs.replace(shape, name=name) if shape is not None and name else shape


def _shape(
    rings: tuple[outlines.Points, ...], circles: tuple[Circle, ...], blocks: Sequence[Branch], warnings: list[Warning]
) -> Area | None:
    if not rings and len(circles) == 1:
        return circles[0]
    if circles:
        path = blocks[0].path
        text = f"{len(circles)} circle(s) beside other shapes: outlined by polygons around them"
        warnings.append(Warning(code="circle-outlined", path=f"{path}/area", text=text))
        rings = (*rings, *map(outlines.around, circles))
    if len(rings) > _MAX_POLYGONS:
        raise Rejected(blocks[0].path, f"it has {len(rings)} polygons", f"an alert has at most {_MAX_POLYGONS}")
    if len(rings) > 1:
        return MultiPolygon(polygons=tuple((ring,) for ring in rings))
    return Polygon(rings=rings) if rings else None


def _polygon(
    branch: Branch, known: dict[str, outlines.Points], warnings: list[Warning]
) -> tuple[outlines.Points, ...]:  # fmt: skip
    """Return the rings of a polygon: one, none if it is empty, two if it crosses the 180th meridian.

    ``known`` are the rings of the alert so far, by their texts: a translation repeats them.
    """
    path = branch.path
    text = branch.own()
    before = len(warnings)
    if text in known:
        return (known[text],)
    if not text:
        warnings.append(Warning(code="empty", path=path, text="the polygon has no corners"))
        return ()
    if ", " in text or text.endswith(","):
        warnings.append(Warning(code="stray-comma", path=path, text="a comma after a corner was left out"))
    points = outlines.pairs(text, path)
    if points[0] != points[-1]:
        warnings.append(Warning(code="unclosed", path=path, text="the polygon did not end where it began: closed"))
    closed = outlines.ring(points, path)
    if not outlines.crosses_dateline(closed):
        if len(warnings) == before:
            known[text] = closed
        return (closed,)
    warnings.append(Warning(code="dateline", path=path, text="it crosses the 180th meridian: cut there"))
    return outlines.cut(closed)


def _circle(branch: Branch) -> Circle | None:
    """Return a circle from ``lat,lon radius``, its radius in kilometres."""
    text = branch.own()
    centre, _, radius = text.partition(" ")
    if not text:
        return None
    if not radius.strip():
        raise Rejected(branch.path, f'"{text[:80]}" has no radius', "write latitude,longitude, a blank, kilometres")
    lon, lat = outlines.pair(centre, branch.path)
    metres = round(outlines.number(radius.strip(), branch.path) * 1000, 6)
    if not 0 <= metres <= _MAX_RADIUS_M:
        raise Rejected(branch.path, f"a radius of {radius.strip()[:40]} km", "write the radius in kilometres, from 0")
    return Circle(centre=Position(lat=lat, lon=lon, form="decimal", raw=centre), radius_m=metres)


def _band(area: Branch, warnings: list[Warning]) -> AltitudeBand | None:
    """Take the heights of an area; an altitude alone is that level. What cannot be read means every height."""
    if "altitude" not in area.names and "ceiling" not in area.names:
        return None
    low, high = area.peek("altitude"), area.peek("ceiling")
    if not low and not high:
        area.text("altitude"), area.text("ceiling")
        return None
    limits = [_limit(low), _limit(high)]
    if (low and limits[0] is None) or (high and limits[1] is None):
        _no_band(area, f'"{low}" to "{high}" are no heights in feet', warnings)
        return None
    bottom, top = limits
    if bottom and top and (bottom.value_m or 0) > (top.value_m or 0):
        _no_band(area, f"the ceiling {high} is below the altitude {low}", warnings)
        return None
    if bottom is None:
        text = "a ceiling without an altitude: from the ground up to it"
        warnings.append(Warning(code="no-altitude", path=f"{area.path}/ceiling", text=text))
    area.text("altitude"), area.text("ceiling")
    return AltitudeBand(lower=bottom, upper=top or bottom)


def _no_band(area: Branch, why: str, warnings: list[Warning]) -> None:
    warnings.append(Warning(code="height-unread", path=f"{area.path}/altitude", text=f"{why}: every height counts"))


def _limit(text: str) -> AltitudeLimit | None:
    if not text:
        return None
    try:
        feet = outlines.number(text, "")
    except Rejected:
        return None
    return AltitudeLimit(reference="MSL", value_m=round(feet * FOOT_M, 9), raw=f"{text} ft")


def _hull(bands: list[AltitudeBand | None], warnings: list[Warning]) -> AltitudeBand | None:
    """Return the band that covers all; one without a band covers every height."""
    if None in bands or not bands:
        if any(bands):
            text = "one area has heights and another has none: every height counts"
            warnings.append(Warning(code="heights-merged", path="alert/info/area", text=text))
        return None
    known = [b for b in bands if b is not None]
    if all(b == known[0] for b in known):
        return known[0]
    text = "the areas have different heights: the band that covers them all counts"
    warnings.append(Warning(code="heights-merged", path="alert/info/area", text=text))
    lowers = [b.lower for b in known if b.lower is not None]
    uppers = [b.upper for b in known if b.upper is not None]
    lowest = min(lowers, key=_height) if len(lowers) == len(known) else None
    return AltitudeBand(lower=lowest, upper=max(uppers, key=_height))


def _height(limit: AltitudeLimit) -> float:
    return limit.value_m or 0.0


# -- writing ----------------------------------------------------------------------------------------------------------


def write(area: Area | None, altitude: AltitudeBand | None, name: str) -> Iterable[tuple[str, str]]:
    """Yield the leaves of the one area of an info block, by their path below it."""
    if area is None and not name:
        return
    yield "areaDesc", getattr(area, "name", "") or name or "Area"
    if isinstance(area, Circle):
        yield "circle", f"{plain(area.centre.lat)},{plain(area.centre.lon)} {plain(area.radius_m / 1000, 10)}"
    elif area is not None:
        for n, polygon in enumerate(outlines.rings(area), 1):
            yield f"polygon[{n}]", " ".join(f"{plain(lat)},{plain(lon)}" for lon, lat in polygon[0])
    if (lower := _feet(altitude.lower if altitude else None)) and altitude and (upper := _feet(altitude.upper)):
        yield "altitude", lower
        if upper != lower:
            yield "ceiling", upper


def _feet(limit: AltitudeLimit | None) -> str:
    """Return a height above mean sea level in feet; any other reference has no place in an alert."""
    if limit is None or limit.reference != "MSL" or limit.value_m is None:
        return ""
    return plain(limit.value_m / FOOT_M, 8)


def plain(value: float, digits: int = 7) -> str:
    """Return a number without exponent and closing zeros."""
    text = f"{value:.{digits}f}".rstrip("0").rstrip(".")
    return "0" if text in ("-0", "") else text
