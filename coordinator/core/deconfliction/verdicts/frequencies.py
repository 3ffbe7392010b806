"""K13: two use frequencies that disturb each other, or one uses a frequency that is kept for others.

Frequencies are compared in whole hertz, so that a spacing of 25 kHz is one. Heights separate nothing: radio goes up.
Source: reference deconfliction.md §2.3 K13.
"""

from collections.abc import Iterator
from itertools import product
from typing import Final, NamedTuple

from coordinator.core.deconfliction.meeting import Needs, meeting
from coordinator.core.deconfliction.reading import Reading
from coordinator.core.deconfliction.setting import Setting
from coordinator.core.deconfliction.sides import Accord, Side
from coordinator.core.deconfliction.verdicts.base import Scene, Verdict
from coordinator.core.deconfliction.verdicts.tasks import each, referred
from coordinator.core.deconfliction.windows import Span, definite, overlap, possible, relation, window
from coordinator.core.measures import Band, Guarded
from schemas.directives import Directive
from schemas.findings import SEVERITIES, Certainty, Evidence, Severity
from schemas.geo import Pair
from schemas.notices import MovementNotice

KEPT: Final[dict[str, Severity]] = {"TABOO": "HIGH", "PROTECTED": "HIGH", "GUARDED": "MEDIUM"}
"""Severity of a frequency that is kept for others; §2.3: HIGH for protected (medical, air, distress)."""


MOST_MHZ: Final = 1e9


class Near(NamedTuple):
    """Two users who may be on the air at a time and too near each other."""

    certainty: Certainty
    spans: tuple[Span, Span]
    because: tuple[str, ...]
    distance_m: float | None = None
    at: Pair | None = None
    place: str = ""


class Hit(NamedTuple):
    """Two frequencies closer than a band allows, in hertz, in the order of the parties."""

    band: Band
    apart: int
    a: int
    b: int
    near: Near
    severity: Severity


def hertz(mhz: float) -> int:
    """Return a frequency in whole hertz; far beyond every band there is nothing to tell apart."""
    return round(max(-MOST_MHZ, min(MOST_MHZ, mhz)) * 1_000_000)


def used(of: Reading) -> tuple[int, ...]:
    """Return the frequencies that an order uses, in hertz, ascending."""
    body = of.body
    if not isinstance(body, Directive | MovementNotice) or not body.frequencies_mhz:
        return ()
    if not of.fields.active or of.pure_amendment:
        return ()
    return tuple(sorted({hertz(f) for f in body.frequencies_mhz}))


def inside(frequencies: tuple[int, ...], band: Band) -> list[int]:
    """Return the frequencies that lie in a band, its limits included, ascending."""
    return [f for f in frequencies if hertz(band.lower_mhz) <= f <= hertz(band.upper_mhz)]


def disturbing(a: Side, b: Side, accord: Accord, setting: Setting) -> Verdict | None:
    """K13: frequencies closer than a band's separation, by users who may be nearer than its distance at a time."""
    if a.reading is None or b.reading is None or accord.amends or accord.agreed or (accord.one_unit and accord.cited):
        return None
    hits = list(_hits(a.reading, b.reading, setting))
    if not hits:
        return None
    hit = min(hits, key=lambda h: (SEVERITIES.index(h.severity), h.near.certainty, h.apart, h.band.name))
    near, when = hit.near, overlap(*hit.near.spans)
    evidence = Evidence(
        rule=hit.band.name,
        place=near.place,
        at=near.at,
        overlap=window(when) if when else None,
        relation=relation(*near.spans),
        distance_m=near.distance_m,
        required_m=hit.band.distance_m,
        frequencies_mhz=(hit.a / 1_000_000, hit.b / 1_000_000),
        separation_mhz=hit.apart / 1_000_000,
        required_mhz=hit.band.separation_mhz,
        because=near.because,
        folded=tuple(sorted({h.band.name for h in hits} - {hit.band.name})),
    )
    return Verdict(
        "frequency", near.certainty, hit.severity, evidence, (a.reading.fields.what, b.reading.fields.what), near.spans,
        notice_s=setting.notice_s(),
        offers=(*each("coordinate", a, b), *referred(setting, a.issuer, b.issuer)),
    )  # fmt: skip


def _hits(a: Reading, b: Reading, setting: Setting) -> Iterator[Hit]:
    """Yield, for every band that both use, its closest two frequencies if they are too close, and the users too."""
    for band in setting.mission.bands:
        closest = _closest(inside(used(a), band), inside(used(b), band))
        if closest is None or closest[0] >= hertz(band.separation_mhz):
            continue
        near = _near(a, b, band.distance_m, setting)
        if near:
            yield Hit(band, *closest, near, _severity(band, near.certainty, a.classes | b.classes, setting))


def _severity(band: Band, certainty: Certainty, classes: frozenset[str], setting: Setting) -> Severity:
    protected: Severity = "HIGH" if classes & frozenset(setting.mission.protected) else "MEDIUM"
    return setting.severity(band.severity or setting.default("frequency", protected), certainty, classes)


def _closest(first: list[int], second: list[int]) -> tuple[int, int, int] | None:
    """Return by how much the two closest of two ascending lists differ, and which they are; of equals the lowest."""
    best: tuple[int, int, int] | None = None
    i = j = 0
    while i < len(first) and j < len(second):
        here = abs(first[i] - second[j]), first[i], second[j]
        best = here if best is None or here[0] < best[0] else best
        i, j = (i + 1, j) if first[i] <= second[j] else (i, j + 1)
    return best


def _near(a: Reading, b: Reading, distance_m: float, setting: Setting) -> Near | None:
    """Return when and where two users are too near each other. Whoever says no place may be anywhere."""
    met = meeting(a, b, Needs(distance_m, heights=False))
    if met:
        place = met.a.name if met.a.name == met.b.name else ""
        return Near(met.certainty, (met.a.span, met.b.span), met.because, met.separation.distance_m, met.separation.at,
                    place or setting.place_at(met.separation.at))  # fmt: skip
    if all(r.parts and not r.problems for r in (a, b)):
        return None
    spans = [(p, q) for p, q in product(a.spans, b.spans) if possible(p, q, 0)]
    if not spans:
        return None
    shown = min(spans, key=lambda s: (not definite(s[0], s[1], 0), overlap(*s) or ()))
    because = ("place",) if definite(shown[0], shown[1], 0) else ("place", "times")
    return Near("possible", shown, because)


def kept(of: Side, scene: Scene) -> Iterator[Verdict]:
    """K13: an order uses a frequency that is kept for others: distress, medical, air."""
    if of.reading is None:
        return
    frequencies = used(of.reading)
    for row in scene.setting.mission.guarded if frequencies else ():
        limit, own = hertz(row.separation_mhz), hertz(row.frequency_mhz)
        near = min(frequencies, key=lambda f: (abs(f - own), f))
        if (near == own or abs(near - own) < limit) and not _may(of, row, scene.setting):
            yield _kept(of, of.reading, row, near, scene.setting)


def _may(of: Side, row: Guarded, setting: Setting) -> bool:
    """Say whether everybody who performs an order may use the frequency; who orders, where nobody is named."""
    holders = frozenset[str]().union(*(setting.mission.members(h) for h in row.holders))
    return frozenset(of.version.performers or (of.issuer,)) <= holders


def _kept(of: Side, reading: Reading, row: Guarded, frequency: int, setting: Setting) -> Verdict:
    evidence = Evidence(
        rule=row.kind,
        overlap=window(reading.spans[0]) if len(reading.spans) == 1 else None,
        frequencies_mhz=(frequency / 1_000_000, row.frequency_mhz),
        separation_mhz=abs(frequency - hertz(row.frequency_mhz)) / 1_000_000,
        required_mhz=row.separation_mhz,
        basis=row.name,
    )
    severity = setting.default("frequency", KEPT[row.kind])
    return Verdict(
        "frequency", "definite", severity, evidence, (reading.fields.what,), (), f"kept/{row.name}",
        notice_s=setting.notice_s(), offers=referred(setting, of.issuer),
    )  # fmt: skip
