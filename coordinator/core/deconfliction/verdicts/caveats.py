"""K08: an order asks a nation's unit for what that nation has declared that it may not do.

Whoever may not know of the caveat may not know of the finding, and the finding says nothing of what the caveat says.
Source: reference deconfliction.md §2.3 K08, §5 (6); domain.md R-11, R-14.
"""

import math
from collections.abc import Iterator
from typing import Final

from shapely import Point

from coordinator.core.deconfliction.areas import Problem, region
from coordinator.core.deconfliction.declared import Declared, actions, declared, doubts
from coordinator.core.deconfliction.geometry import Shape, shape
from coordinator.core.deconfliction.ledger import Item
from coordinator.core.deconfliction.reading import Part, Reading
from coordinator.core.deconfliction.setting import Setting
from coordinator.core.deconfliction.sides import Side
from coordinator.core.deconfliction.stays import Stay, Where, best, hits
from coordinator.core.deconfliction.sun import LONGEST, nights
from coordinator.core.deconfliction.verdicts.base import Scene, Verdict
from coordinator.core.deconfliction.verdicts.consent import agreements, left
from coordinator.core.deconfliction.windows import ALWAYS, FAR, MICROS, UNKNOWN, Span, fault, overlap, span, window
from schemas.directives import Agreement, Directive
from schemas.findings import Certainty, Evidence, Option
from schemas.notices import MovementNotice

BASIS: Final = "a declared restriction"
WEEK: Final = 7 * 86_400 * MICROS
FIRST: Final = 3 * 86_400 * MICROS
NOWHERE: Final = shape(Point(0.0, 0.0))
"""Stands for a place that is not known."""


def restricted(of: Side, scene: Scene) -> Iterator[Verdict]:
    """K08: what an order asks of a unit, surely or possibly, is what a caveat of its nation is about."""
    threads = scene.ledger.threads["caveat"]
    if not threads or not isinstance(of.version.body, Directive | MovementNotice):
        return
    for item in scene.ledger.current("caveat", set(threads)):
        caveat = declared(item, scene.setting)
        if caveat and item.issued < of.until and item.envelope.reality == of.reality:
            verdict = _against(of, caveat, scene)
            if verdict:
                yield verdict


# -- where and when ---------------------------------------------------------------------------------------------------


def _against(of: Side, caveat: Declared, scene: Scene) -> Verdict | None:
    read, setting = of.reading, scene.setting
    asked = None if read is None or not read.fields.active else doubts(of, read, caveat, setting)
    if read is None or asked is None:
        return None

    def signed(item: Item, _: Agreement) -> bool:
        return item.key[0] == caveat.item.key[0]  # the nation's own word, and nobody else's

    parts, placeless = _parts(read, caveat, setting)
    where = Where(None if placeless else caveat.place)
    found = hits(parts, where, lambda part: holding(part, caveat))
    stay = best(left(found, agreements(of, scene, signed)))
    if stay is None:
        return None
    unplaced = ("place",) if caveat.lost or (placeless and caveat.body.area) else ()
    dark = tuple("night" if b == "times" and caveat.body.night else b for b in stay.because)
    because = tuple(dict.fromkeys((*asked, *unplaced, *dark)))
    return _verdict(of, caveat, stay._replace(because=because), setting)


def _parts(read: Reading, caveat: Declared, setting: Setting) -> tuple[tuple[Part, ...], bool]:
    """Return the parts of an order; one that says no place is anywhere, in its windows, and no time at any time."""
    if read.occupied:
        return read.occupied, False
    there = _area(read, setting)
    spans = [span(w) for w in read.fields.windows if not fault(w)] or [UNKNOWN]
    where = there or caveat.place or NOWHERE
    return tuple(Part(where, s, None, False, True, None, "") for s in spans), there is None


def _area(read: Reading, setting: Setting) -> Shape | None:
    """Return the area of an order that says no time that can be used, or None."""
    try:
        return region(read.fields.area, setting, "area", read.fields.reach_m).shape if read.fields.area else None
    except Problem:  # said by K18
        return None


def holding(part: Part, caveat: Declared) -> Iterator[Span]:
    """Yield when a caveat holds at a part: its windows, and of them the nights if it is about nights."""
    for holds in caveat.spans:
        if not caveat.body.night:
            yield holds
        elif common := overlap(part.span, holds):
            yield from (both for n in _nights(part, common) if (both := overlap(holds, n)))


def _nights(part: Part, when: Span) -> list[Span]:
    """Return the nights at a part within a time; of more than a week the first ones, and all that follows as possible.

    Each part of a long way is asked, and what stands open has no end: a year of nights each would take minutes.
    """
    if part.shape is NOWHERE:
        return [UNKNOWN]
    if when.se <= -FAR and when.el >= FAR:
        return [ALWAYS] if when.certain else [UNKNOWN]
    start = when.se if when.se > -FAR else when.el - LONGEST
    west, south, east, north = part.shape.box
    lat, lon = (south + north) / 2, (west + east) / 2
    across = (east - west) * math.cos(math.radians(lat))
    spread = max(north - south, across) / 2
    if when.el - start <= WEEK:
        return nights(start, when.el, lat, lon, spread)
    known = start + FIRST
    return [*nights(start, known, lat, lon, spread), Span(known, when.el, known, when.el)]


# -- what is said of it -----------------------------------------------------------------------------------------------


def _verdict(of: Side, caveat: Declared, stay: Stay, setting: Setting) -> Verdict:
    certainty: Certainty = "possible" if stay.because else "definite"
    classes = of.reading.classes if of.reading else frozenset[str]()
    arbiter, nation = _arbiter(of, caveat, setting), caveat.item.key[0]
    above = (s for p in of.version.performers if p in caveat.binds for s in setting.mission.superiors(p))
    return Verdict(
        "caveat", certainty, setting.severity(setting.default("caveat", "HIGH"), certainty, classes),
        _evidence(of, caveat, stay, setting), (), (stay.when,), caveat.name, only=caveat.admits,
        arbiter=arbiter, told=(*above, *(a.to for a in caveat.item.envelope.addressees)), notice_s=setting.notice_s(),
        offers=(Option(option="permission", party=of.key[1], who=nation),), since=caveat.item.issued,
    )  # fmt: skip


def _arbiter(of: Side, caveat: Declared, setting: Setting) -> str:
    """Return the lowest who may know of it and stands above who ordered and who is bound."""
    bound = caveat.binds.intersection(of.version.performers)
    lowest = setting.arbiter(tuple(sorted({of.issuer, *bound}))) or of.issuer
    return next((p for p in (lowest, *setting.mission.superiors(lowest)) if p in caveat.admits), "")


def _evidence(of: Side, caveat: Declared, stay: Stay, setting: Setting) -> Evidence:
    """Return whose restriction it is and what it meets; nothing of what it says."""
    said = actions(of.version.body) if of.version.body else ()
    return Evidence(
        rule=caveat.item.name,
        place=setting.place_at(stay.at) if stay.at else "",
        at=stay.at,
        overlap=window(stay.when),
        cites=(caveat.item.name,),
        authority=caveat.item.key[0],
        basis=BASIS,
        actions=said[:1],
        because=stay.because,
    )
