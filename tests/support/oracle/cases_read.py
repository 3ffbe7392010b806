"""Cases that are only read, not judged twice: ways and legs, sightings, crowds, places by name.

The second oracle has no tables for them; what is found in them is kept as text (`test_deconfliction_evidence`).
"""

from typing import Any

from msgspec.structs import replace

from schemas import registry
from schemas.directives import Agreement, AssetDemand, Caveat, Dependency, Directive, Vehicles
from schemas.envelope import Envelope, UnitRef
from schemas.geo import Leg, Named, Position, Route, RoutePoint
from schemas.notices import MovementNotice
from schemas.operations import Whereabouts
from schemas.time import RelativeTime, TimeValue
from tests.support.full import FULL, STEP
from tests.support.oracle.making import CLASSES, HQS, NOW, UNITS, Making, ref, two, unit
from tests.support.v1 import HOUR, MINUTE

FAST, SLOW = 16.0, 4.0


def ways(m: Making) -> list[Envelope]:
    """Two that move on ways, or one that moves past something, with times of their own or not."""
    kinds: Any = m.one("patrol", "logistics", "humanitarian", "convoy", "flight")
    when = m.exact(NOW + m.one(0, 2, 5, 12) * HOUR, 200)
    body = MovementNotice(
        movement_kind=kinds, route=_way(m, when.start_earliest or NOW), windows=(when,) if m.chance(0.7) else (),
        vehicles=(Vehicles(type=m.one("truck", "unheard-of"), load_class=m.one(None, 8, 40)),) if m.chance(0.6) else (),
        altitude=m.band() if m.chance(0.2) else None,
    )  # fmt: skip
    messages = [m.said(body, m.one(*UNITS, "ocha-cmc"), "a")]
    if m.chance(0.6):
        near = m.off((-27.0, 2.0), m.random.uniform(0, 2000))
        kind = m.one("closure", "armed", "explosive", "escort", "humanitarian")
        other = CLASSES[kind](area=m.circle(near), windows=(m.beside(when, 600.0) if m.chance(0.4) else when,))
        messages.append(m.said(other, m.issuer(other), "b"))
    if m.chance(0.3):
        second = replace(body, route=_way(m, when.start_earliest or NOW))
        messages.append(m.said(second, m.one(*UNITS), "c"))
    return messages


def _way(m: Making, start: int) -> Route:
    at = start
    points = []
    for _ in range(m.one(2, 3, 4)):
        at += m.one(1, 5, 20, 60) * MINUTE
        lon, lat = m.off((-27.0, 2.0), m.random.uniform(200, 3000))
        window = m.exact(at, 15) if m.chance(0.6) else None
        named = m.chance(0.2)
        points.append(RoutePoint(name="KESSA" if named else "", position=None if named else Position(lon=lon, lat=lat),
                                 window=window))  # fmt: skip
    legs = (Leg(start=0, end=1, window=m.exact(at, 20)),) if m.chance(0.3) else ()
    if m.chance(0.25):
        return Route(name=m.one("LIME", "PLUM"), points=(RoutePoint(name="KESSA", window=m.exact(at, 20)),),
                     method=m.one("vehicle", "foot"), direction=m.one("", "reverse", "southbound"))  # fmt: skip
    return Route(
        points=tuple(points), legs=legs, method=m.one("vehicle", "vehicle", "foot", ""),
        width_m=m.one(None, 30.0), column_length_m=m.one(None, 500.0), speed_min_mps=m.one(None, SLOW),
        speed_max_mps=m.one(None, FAST),
    )  # fmt: skip


def sightings(m: Making) -> list[Envelope]:
    """An order to hold a place, where its units are seen, who else is there, and who relies on it."""
    when = m.exact(NOW - m.one(0, 1, 2) * HOUR, 300)
    performers = m.one((unit("xar-batt"),), (UnitRef(name="A Coy"),), (unit("xar-batt"), unit("xbl-batt")))
    hold = Directive(directive_kind="frago", action=m.one("hold", "observe"), performers=performers, windows=(when,),
                     area=Named(name="KESSA"), draft=m.chance(0.05))  # fmt: skip
    messages = [m.said(hold, m.one(*HQS), "a", NOW - m.one(3, 5) * HOUR)]
    messages += [_seen(m, n) for n in range(m.one(1, 2, 3))]
    if m.chance(0.5):
        relies = MovementNotice(movement_kind=m.one("humanitarian", "logistics"), relies_on=(m.one("KESSA", "FORD"),),
                                area=Named(name="KESSA"), windows=(m.exact(NOW + HOUR),))  # fmt: skip
        messages.append(m.said(relies, m.one("ocha-cmc", "xco-eng"), "b", reality=m.one("real", "real", "exercise")))
    if m.chance(0.4):
        relief = replace(hold, performers=(unit("xbl-batt"),), draft=False, dependencies=(
            Dependency(task="a", relation="relief-of"),) if m.chance(0.6) else ())  # fmt: skip
        messages.append(m.said(relief, m.one(*HQS), "c", NOW - 2 * HOUR))
    return messages


def _seen(m: Making, n: int) -> Envelope:
    who = m.one("xar-batt", "xar-batt", "xbl-batt")
    state: Any = m.one("at", "left", "left", "away")
    body = Whereabouts(
        participant=who, unit=m.one(UnitRef(id="carriers"), UnitRef(name="A Coy", participant=who)), state=state,
        place="KESSA", seen=NOW - m.one(0, 10, 70, 200) * MINUTE, position=n + 1, limit_m=500.0,
        distance_m=0.0 if state == "at" else 670.0, doubtful=m.chance(0.2),
    )  # fmt: skip
    return registry.pack(body, id=f"w{who}{m.one(1, 2)}", originator="coord", revision=n + 1,
                         created=TimeValue(utc=body.seen))  # fmt: skip


def crowds(m: Making) -> list[Envelope]:
    """Many that want a little of one thing at a time: more sets than can be told one by one, or than are counted."""
    when, amount = m.exact(), m.one(30.0, 26.0)
    many = m.one(5, 6, 8, 67)
    wanted = (AssetDemand(name="water", amount=amount),)
    body = MovementNotice(movement_kind="admin", windows=(when,), assets=wanted)
    loose = replace(body, windows=(m.loose(when),))
    bodies = [loose if m.chance(0.2) else body for _ in range(many)]
    return [m.said(b, UNITS[n % 4], f"n{n}") for n, b in enumerate(bodies)]


def by_name(m: Making) -> list[Envelope]:
    """Two at places that have names: the finding says them."""
    row, when = m.one(*FULL.matrix), m.exact()
    near = m.circle(m.off((-27.0, 2.0), 200.0), 60.0)
    a, b = two(m, row, Named(name=m.one("KESSA", "KESSA SCHOOL")), m.one(Named(name="pont KESSA"), near), when, when)
    radio = {"frequencies_mhz": (31.0,)}
    a, b = (replace(x, **radio) if isinstance(x, Directive | MovementNotice) else x for x in (a, b))
    if isinstance(a, Directive):
        start = TimeValue(relative=RelativeTime(event="b", offset_s=600.0, anchor=m.one("start", "end")))
        later = replace(when, start=start) if m.chance(0.5) else when
        needs = (Dependency(task="b", relation=m.one("after-start", "after-end", "covered-by")),)
        a = replace(a, dependencies=needs, windows=(later,), buffer_m=m.one(None, 150.0))
    messages = [m.said(a, m.issuer(a), "a"), m.said(b, m.issuer(b), "b")]
    if m.chance(0.4):
        where = m.one(
            Named(name="KESSA"), m.circle((-27.0 + STEP, 2.0), m.random.uniform(100, 600)), Named(name="nowhere")
        )
        parties = (messages[0].originator, messages[1].originator)
        consent = Agreement(agreement_kind="coordination", area=where, orders=(ref("a"), ref("b")), parties=parties,
                            permitted=m.one((), ("armed",), ("use",)))  # fmt: skip
        messages.append(m.said(consent, m.one("fhq-u3", "joc", "sc-hq", "sn-hq", *parties), "pact"))
    return [*messages, *_caveat(m)] if m.chance(0.3) else messages


def _caveat(m: Making) -> list[Envelope]:
    body = Caveat(vehicles=m.one((), ("truck",), ("wheeled",)), night=m.chance(0.3), methods=m.one((), ("vehicle",)),
                  transport_of_others=m.chance(0.3), area=m.one(None, Named(name="KESSA")), text="secret")  # fmt: skip
    return [m.said(body, m.one("xar-batt", "xbl-batt"), "caveat")]
