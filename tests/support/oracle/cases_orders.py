"""Cases about orders as such: links, answers, units, mandate, what cannot be read; and vehicles on a bridge."""

from typing import Any

from msgspec.structs import replace

from schemas import registry
from schemas.acknowledgements import Acknowledgement
from schemas.directives import Dependency, Directive, OrderChange, Vehicles
from schemas.envelope import Envelope, UnitRef
from schemas.geo import Named, Polygon, Route, RoutePoint
from schemas.notices import MovementNotice, RouteState
from schemas.time import TimeValue, TimeWindow
from tests.support.full import FULL
from tests.support.oracle.making import ANCHORS, EARLY, HQS, NOW, UNITS, Making, pact, ref, sent, two, unit
from tests.support.v1 import DAY, HOUR, MINUTE


def section(m: Making) -> list[Envelope]:
    """Vehicles at a bridge that is rated, and two that cross it."""
    messages = [_crossing(m, n) for n in "ab"]
    if m.chance(0.8):
        messages.append(_rated(m, EARLY + 30 * MINUTE))
    if m.chance(0.3):
        messages.append(_rated(m, EARLY + m.one(20, 40) * MINUTE))
    return messages


def _crossing(m: Making, name: str) -> Envelope:
    load = m.one(None, 8, 20, 30, 40)
    vehicles = (Vehicles(type=m.one("truck", "tanker", "unheard-of"), load_class=load),) if m.chance(0.9) else ()
    when = m.exact(NOW + 12 * HOUR + m.random.randrange(60) * MINUTE, 60)
    when = m.loose(when) if m.chance(0.2) else when
    if m.chance(0.6):
        way = Route(name=m.one("LIME", "PLUM"), points=(RoutePoint(name="KESSA", window=when),), method="vehicle",
                    direction=m.one("", "", "reverse"))  # fmt: skip
        body = MovementNotice(
            movement_kind="logistics", route=way, vehicles=vehicles, windows=(when,), method="vehicle"
        )
    else:
        near = m.circle(m.off((-27.0, 2.0), m.random.uniform(0, 300)), 60.0)
        where = m.one(Named(name="KESSA"), Named(name="pont KESSA"), near)
        body = MovementNotice(movement_kind="logistics", area=where, vehicles=vehicles, windows=(when,),
                              method=m.one("vehicle", "foot"))  # fmt: skip
    return m.said(body, m.one(*UNITS), name)


def _rated(m: Making, at: int) -> Envelope:
    state: Any = m.one("open", "open", "open", "closed")
    body = RouteState(section="KESSA", load_class=m.one(None, 10, 20, 30), lanes=m.one(None, 1, 2), trafficable=state,
                      headway_s=m.one(None, None, 600.0))  # fmt: skip
    return m.said(body, "xco-eng", f"state{at}", at)


def links(m: Making) -> list[Envelope]:
    """Orders that point at each other, rightly or wrongly."""
    messages = [m.said(_pointing(m, names), m.one(*HQS), name) for name, names in (("a", "bx"), ("b", "ax"))]
    if m.chance(0.4):
        messages.append(m.said(_pointing(m, "ab"), m.one(*HQS), "c", EARLY + HOUR))
    if m.chance(0.3):
        old = messages[0]
        messages.append(m.said(_pointing(m, "bx"), old.originator, "a", EARLY + 2 * HOUR, revision=2))
    if m.chance(0.3):
        messages.append(m.cancelled(m.one(*messages[:2]), EARLY + m.one(-1, 1, 3) * HOUR))
    return messages


def _pointing(m: Making, names: str) -> Directive:
    field = m.one("supersedes", "cancels", "permitted", "coordinated_with", "amends", "dependencies", "supersedes")
    name, revision = m.one(*names), m.one(0, 0, 1, 2, 3)
    made: dict[str, Any] = {
        "amends": lambda: (OrderChange(order=ref(name, revision)),),
        "dependencies": lambda: (Dependency(task=name),),
    }  # fmt: skip
    value = made.get(field, lambda: (ref(name, revision),))()
    away = m.circle(m.off(m.one(*ANCHORS), 5000))
    return Directive(directive_kind="frago", area=away, windows=(m.exact(),), **{field: value})


def answers(m: Making) -> list[Envelope]:
    """An order near its start, its revision, and what its units said to which of them."""
    start = NOW + m.one(30, 59, 60, 61, 300) * MINUTE
    when = m.exact(start) if m.chance(0.9) else TimeWindow(end_earliest=start, end_latest=start)
    performers = tuple(
        m.one(unit(m.one(*UNITS)), UnitRef(name="A Coy"), UnitRef(name="nobody")) for _ in range(m.one(1, 2))
    )
    body = Directive(directive_kind="frago", performers=performers, windows=(when,), area=m.circle(ANCHORS[0]))
    by = m.one("sn-hq", "sc-hq", "xar-batt")
    messages = [m.said(body, by, "a")]
    if m.chance(0.5):
        messages.append(m.said(replace(body, task="as before"), by, "a", EARLY + HOUR, revision=2))
    for _ in range(m.one(0, 1, 2, 3)):
        step: Any = m.one("wilco", "wilco", "cannot-comply", "received")
        said = Acknowledgement(of=ref("a", m.one(0, 1, 2)), step=step)
        at = EARLY + m.one(-10, 0, 10, 60, 70) * MINUTE
        messages.append(m.said(said, m.one(*UNITS), f"ack{m.random.random()}", at))
    return messages


def unclear(m: Making) -> list[Envelope]:
    """An order with something that cannot be read, next to one that it may clash with."""
    when, at = m.exact(), m.one(*ANCHORS[3:])
    (w, s), d = at, 0.003
    crossed = Polygon(rings=(((w, s), (w + d, s + d), (w + d, s), (w, s + d), (w, s)),))
    row = m.one(*FULL.matrix[:3])
    a, b = two(m, row, m.circle(at), m.circle(at), when, when)
    unread, reversed_ = replace(when, start=TimeValue(raw="25 o'clock")), TimeWindow.exact(NOW + DAY, NOW + HOUR)
    wrong: dict[str, Any] = m.one(
        {"area": crossed}, {"area": Named(name="nowhere")}, {"area": None}, {"windows": ()}, {"windows": (unread,)},
        {"windows": (when, reversed_)}, {"windows": (TimeWindow.exact(NOW, NOW),)}, {"windows": (TimeWindow(),)},
        {"windows": (TimeWindow(trigger="on order"),)},
    )  # fmt: skip
    messages = sent(m, replace(a, **wrong), b)
    if m.chance(0.3):
        messages[0] = replace(messages[0], reality="test")
    return messages


def command(m: Making) -> list[Envelope]:
    """Two orders to one unit, or to one and what it belongs to: what, where, when, by whom."""
    start, at = NOW + m.random.randrange(0, 20) * 30 * MINUTE, m.one((-27.0, 2.0), ANCHORS[0])
    first, there = m.exact(start), m.off(at, m.one(0.0, 20.0, 90.0, 110.0, 900.0))
    second = m.one(first, m.beside(first, 0.0), m.exact(start))
    radius, issuers = m.one(50.0, 60.0, 120.0), (m.one(*HQS), m.one(*HQS))
    pairs = zip("ab", issuers, (first, second), (m.circle(at, 50.0), m.circle(there, radius)), strict=True)
    whom = m.one((), (), (unit(m.one(*UNITS[:2])),))
    messages = [m.said(_task(m, when, where, whom), by, name) for name, by, when, where in pairs]
    if m.chance(0.2):  # twins: the same for another contingent
        twin = replace(registry.body(messages[0]), performers=(unit("xco-eng"),), area=m.circle(there, radius))
        messages[1] = m.said(twin, issuers[1], "b")
    return [*messages, *pact(m, messages)] if m.chance(0.15) else messages


def _task(m: Making, when: TimeWindow, where: Any, whom: tuple[UnitRef, ...]) -> Directive:
    action: Any = m.one("block", "escort", "observe", "search", "hold", "move", "patrol", "other", "block", "escort")
    performers = [m.one(*(unit(u) for u in UNITS[:3]), unit("xar-batt"), UnitRef(name="A Coy"), unit("sn-hq"))]
    if m.chance(0.15):
        performers.append(unit(m.one(*UNITS)))
    return Directive(
        directive_kind="frago", action=action, performers=whom or tuple(dict.fromkeys(performers)),
        windows=(m.loose(when) if m.chance(0.2) else when,) if m.chance(0.95) else (),
        area=where if m.chance(0.9) else None, partial=m.chance(0.1), on_order_of=m.one("", "FHQ OPORD 1"),
        coordinated_with=(ref(m.one("a", "b")),) if m.chance(0.1) else (),
        dependencies=(Dependency(task=m.one("a", "b"), relation="relief-of"),) if m.chance(0.1) else (),
    )  # fmt: skip


def mandate(m: Making) -> list[Envelope]:
    """An order at the border, or near the end, of what the mandate covers."""
    edge = m.off((-27.0, 2.0), m.random.uniform(900, 2000), m.one(0.0, 1.5707963, 3.1415927))
    when = m.one(m.exact(NOW + 9 * HOUR, 120), m.loose(m.exact(NOW + 9 * HOUR, 120)), m.exact(NOW + 10 * HOUR))
    action: Any = m.one("observe", "observe", "search", "other", "aid", "hold")
    body = Directive(directive_kind="frago", action=action, windows=(when,), area=m.shape(edge),
                     on_order_of=m.one("", "FHQ OPORD 1"))  # fmt: skip
    return [m.said(body, m.one(*HQS), "a")]
