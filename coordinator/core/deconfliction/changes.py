"""What a way out would make of an order: its body with later windows, another height, channel, route or asset.

Pure: a message and an option in, a message out. Nothing is sent: an owner who likes it issues a revision.
Source: reference deconfliction.md §2.3 (options), §5 (9).
"""

from collections.abc import Callable
from typing import Any, Final

from msgspec.structs import replace

from coordinator.core.deconfliction.areas import Problem
from coordinator.core.deconfliction.aside import moved
from coordinator.core.deconfliction.geometry import length_m
from coordinator.core.deconfliction.reading import Acting
from coordinator.core.deconfliction.routes import corners
from coordinator.core.deconfliction.setting import Setting
from coordinator.core.deconfliction.windows import micros
from schemas.directives import Directive
from schemas.findings import Option
from schemas.geo import Route
from schemas.notices import HazardNotice, MovementNotice
from schemas.time import TimeWindow

MOVABLE: Final = (Directive, MovementNotice, HazardNotice)


def changed(body: Acting, option: Option, setting: Setting, instead: float | str = "") -> Acting | None:
    """Return a message as an option would have it; ``instead`` is the frequency or asset that it replaces.

    None where the option does not fit the message.
    """
    make = _CHANGES.get(option.option)
    return make(body, option, setting, instead) if make and isinstance(body, MOVABLE) else None


def later(body: Any, by: int) -> Any:
    """Return a message with all its windows so many microseconds later."""
    given: dict[str, Any] = {"windows": tuple(_moved(w, by) for w in body.windows)}
    route = getattr(body, "route", None)
    if route is not None:
        given["route"] = replace(
            route,
            points=tuple(replace(p, window=_moved(p.window, by)) if p.window else p for p in route.points),
            legs=tuple(replace(leg, window=_moved(leg.window, by)) for leg in route.legs),
        )
    return replace(body, **given)


def _moved(window: TimeWindow, by: int) -> TimeWindow:
    bounds = (window.start_earliest, window.start_latest, window.end_earliest, window.end_latest)
    se, sl, ee, el = (None if b is None else b + by for b in bounds)
    return TimeWindow(start_earliest=se, start_latest=sl, end_earliest=ee, end_latest=el, trigger=window.trigger)


def _shifted(body: Any, option: Option, _: Setting, __: float | str) -> Any:
    return later(body, micros(option.shift_s)) if option.shift_s is not None else None


def _raised(body: Any, option: Option, _: Setting, __: float | str) -> Any:
    return replace(body, altitude=option.altitude) if option.altitude is not None else None


def _retuned(body: Any, option: Option, _: Setting, instead: float | str) -> Any:
    if option.frequency_mhz is None or instead not in getattr(body, "frequencies_mhz", ()):
        return None
    kept = [option.frequency_mhz if f == instead else f for f in body.frequencies_mhz]
    return replace(body, frequencies_mhz=tuple(dict.fromkeys(kept)))


def _swapped(body: Any, option: Option, setting: Setting, instead: float | str) -> Any:
    demands = getattr(body, "assets", ())
    old = setting.asset(str(instead))
    if not option.asset or old is None or all(setting.asset(d.name) != old for d in demands):
        return None
    names = (replace(d, name=option.asset) if setting.asset(d.name) == old else d for d in demands)
    return replace(body, assets=tuple(names))


def _rerouted(body: Any, option: Option, setting: Setting, __: float | str) -> Any:
    """Return a message on another way of the gazetteer: points of its own only count where that way passes."""
    route: Route | None = getattr(body, "route", None)
    way = setting.mission.route(option.route)
    if route is None or way is None:
        return None
    places = {p.casefold() for p in way.points} | {
        place.name.casefold() for p in way.points if (place := setting.mission.place(p))
    }
    points = tuple(p for p in route.points if p.position is None and p.name.casefold() in places)
    along = replace(route, name=way.name, points=points, legs=(), direction="")
    try:
        start, new = corners(route, setting)[0], corners(along, setting)
    except Problem:
        return None
    back = length_m(new[-1], start) < length_m(new[0], start)
    return replace(body, route=replace(along, direction="reverse") if back else along)


def _aside(body: Any, option: Option, setting: Setting, _: float | str) -> Any:
    if option.distance_m is None or option.bearing_deg is None or body.area is None:
        return None
    area = moved(body.area, option.distance_m, option.bearing_deg, setting)
    return replace(body, area=area) if area is not None else None


def _reduced(body: Any, option: Option, _: Setting, __: float | str) -> Any:
    effect = getattr(body, "buffer_m", None)
    if option.distance_m is None or effect is None or option.distance_m > effect:
        return None
    return replace(body, buffer_m=effect - option.distance_m)


_CHANGES: Final[dict[str, Callable[[Any, Option, Setting, float | str], Any]]] = {
    "shift": _shifted,
    "headway": _shifted,
    "altitude": _raised,
    "channel": _retuned,
    "asset": _swapped,
    "route": _rerouted,
    "move-out": _aside,
    "reduce": _reduced,
}
