"""Cases for the second oracle, by theme: pairs that meet or just miss each other, on one axis at a time or on several.

Source of the idea: reference deconfliction.md §1.1 (monitoring#697: also what must not be found; dss#633: one axis).
"""

from collections.abc import Callable, Iterator
from typing import Any, Final

from msgspec.structs import replace

from schemas import registry
from schemas.acknowledgements import Acknowledgement
from schemas.directives import Agreement, AssetDemand, Caveat, Dependency, Directive, OrderChange, Vehicles
from schemas.envelope import Envelope, UnitRef
from schemas.geo import Named, Polygon, Route, RoutePoint
from schemas.notices import MovementNotice, RouteState
from schemas.time import TimeValue, TimeWindow
from tests.support.full import FULL, STEP
from tests.support.oracle import Case
from tests.support.oracle.making import ANCHORS, CLASSES, EARLY, HQS, NOW, UNITS, Making, ref, unit
from tests.support.v1 import DAY, HOUR, MINUTE

Pair = tuple[Any, Any]


def place(m: Making) -> list[Envelope]:
    """Two activities of a row at about the distance that it asks for, at the same time."""
    row, when = m.one(*FULL.matrix), m.exact()
    at = m.one(*ANCHORS)
    there = m.off(at, m.random.uniform(0, 900) + m.one(0.0, row.distance_m))
    a, b = _two(m, row, m.shape(at), m.shape(there), when, when)
    return _sent(m, a, b)


def border(m: Making) -> list[Envelope]:
    """Two rectangles that share a border, overlap by a hair, or leave one between them."""
    row, when, size = m.one(*FULL.matrix), m.exact(), 0.004
    lon, lat = m.one(*ANCHORS[2:])
    lon = round(lon + 0.01, 7)
    move = m.one(size, size, round(size - 1e-6, 7), round(size + 1e-6, 7))
    east, north = m.one((move, 0.0), (0.0, move), (move, move), (-move, 0.0))
    there = (round(lon + east, 7), round(lat + north, 7))
    a, b = _two(m, row, m.rectangle((lon, lat), size, size), m.rectangle(there, size, size), when, when)
    return _sent(m, a, b)


def time(m: Making) -> list[Envelope]:
    """Two activities at one place that overlap, touch, or keep a gap; exact or not; in one window or several."""
    row, when, at = m.one(*FULL.matrix), m.exact(), m.one(*ANCHORS)
    other = m.beside(when, row.gap_s)
    a, b = _two(m, row, m.circle(at), m.circle(at), when, other)
    if m.chance(0.4):
        a = replace(a, windows=(m.loose(when),))
    if m.chance(0.3):
        b = replace(b, windows=(m.loose(other),))
    if m.chance(0.3):
        earlier = m.exact(NOW + 6 * HOUR, 120)
        b = replace(b, windows=(earlier, *b.windows) if m.chance(0.5) else (*b.windows, earlier))
    return _sent(m, a, b)


def height(m: Making) -> list[Envelope]:
    """Two activities at one place and time in bands of heights."""
    row, when, at = m.one(*(r for r in FULL.matrix if "protected" not in (r.a, r.b))), m.exact(), m.one(*ANCHORS)
    a, b = _two(m, row, m.circle(at), m.circle(at), when, when)
    return _sent(m, replace(a, altitude=m.band()), replace(b, altitude=m.band()) if m.chance(0.9) else b)


def accord(m: Making) -> list[Envelope]:
    """Two activities that would clash, and something that may lift the rule."""
    row, when, at = m.one(*FULL.matrix[:3]), m.exact(), m.one(*ANCHORS)
    a, b = _two(m, row, m.circle(at), m.circle(at), when, when)
    given = [ref("b", m.one(0, 0, 1, 2)), ref("a", m.one(0, 0, 1, 2))]
    if isinstance(a, Directive):
        a = replace(a, **{m.one("permitted", "coordinated_with", "supersedes", "cancels"): (given[0],)})
    if m.chance(0.5):
        b = replace(b, coordinated_with=(given[1],))
    if isinstance(a, Directive) and isinstance(b, Directive) and m.chance(0.5):
        who = m.one(*UNITS)
        a, b = replace(a, performers=(unit(who),)), replace(b, performers=(unit(who), unit(m.one(*UNITS))))
    if isinstance(a, Directive) and m.chance(0.2):
        a = replace(a, dependencies=(Dependency(task="b", relation="relief-of"),))
    messages = _sent(m, a, b)
    if m.chance(0.4):
        kind: Any = m.one("coordination", "relief", "silence")
        parties = (m.one(*HQS, messages[0].originator), m.one(*UNITS, messages[1].originator))
        body = Agreement(agreement_kind=kind, parties=parties, orders=(ref("a"), ref(m.one("b", "b", "c"))))
        by = m.one("fhq-u3", "joc", messages[0].originator, messages[1].originator)
        messages.append(m.said(body, by, "pact"))
    return messages


def life(m: Making) -> list[Envelope]:
    """A clash, and what may have become of it: revised, withdrawn, replaced, over, a draft, an exercise."""
    messages = time(m)
    a, b = messages
    body = registry.body(a)
    for what in {m.random.randrange(7), m.random.randrange(7)}:
        match what:
            case 0:
                moved = replace(body, **_elsewhere(m, body))
                messages.append(m.said(moved, a.originator, a.id, EARLY + HOUR, revision=2))
            case 1:
                messages.append(m.cancelled(m.one(a, b)))
            case 2 | 3 if len(messages) == 2:
                messages += _replaced(m, m.one(a, b))
            case 4:
                messages[1] = b = replace(b, reality="exercise")
            case 5 if isinstance(body, Directive):
                messages[0] = a = m.said(replace(body, draft=True), a.originator, a.id)
            case 6:
                when = TimeWindow.exact(NOW - 30 * HOUR, NOW - m.one(23, 24, 25) * HOUR)
                messages[0] = a = m.said(replace(body, windows=(when,)), a.originator, a.id, EARLY - DAY)
    return messages


def notice(m: Making) -> list[Envelope]:
    """A clash whose newest party came shortly before the start."""
    row, at = m.one(*FULL.matrix), m.one(*ANCHORS)
    when = m.exact(NOW + 5 * HOUR)
    a, b = _two(m, row, m.circle(at), m.circle(at), when, m.beside(when, row.gap_s))
    messages = _sent(m, a, b)
    late = NOW + m.one(239, 240, 241, 290) * MINUTE
    return [messages[0], replace(messages[1], created=TimeValue(utc=late))]


# -- helpers ----------------------------------------------------------------------------------------------------------


def _two(m: Making, row: Any, one: Any, other: Any, when: TimeWindow, then: TimeWindow) -> Pair:
    """Return the bodies of the two sides of a row, either one first."""
    a = CLASSES[row.a](area=one, windows=(when,))
    b = CLASSES[m.one("escort", row.b) if row.b == "use" else row.b](area=other, windows=(then,))
    return (a, b) if m.chance(0.5) else (b, a)


def _sent(m: Making, a: Any, b: Any) -> list[Envelope]:
    return [m.said(a, m.issuer(a), "a"), m.said(b, m.issuer(b), "b", EARLY + m.one(-1, 0, 1) * MINUTE)]


def _elsewhere(m: Making, body: Any) -> dict[str, Any]:
    field = "footprint" if body.KIND == "protected-site" else "area"
    return {field: m.circle(m.off(m.one(*ANCHORS), 5000))}


def _replaced(m: Making, old: Envelope) -> list[Envelope]:
    """Return an order that replaces one, and now and then its withdrawal, which revives nothing."""
    field = m.one("supersedes", "cancels")
    body = Directive(directive_kind="frago", draft=m.chance(0.1), **{field: (ref(old.id, m.one(0, 1)),)})
    new = m.said(body, m.one(old.originator, "fhq-u3", "sn-hq"), "c", EARLY + HOUR)
    return [new, m.cancelled(new, EARLY + 2 * HOUR)] if m.chance(0.5) else [new]


# -- sections, links, answers, what cannot be read --------------------------------------------------------------------


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
    a, b = _two(m, row, m.circle(at), m.circle(at), when, when)
    unread, reversed_ = replace(when, start=TimeValue(raw="25 o'clock")), TimeWindow.exact(NOW + DAY, NOW + HOUR)
    wrong: dict[str, Any] = m.one(
        {"area": crossed}, {"area": Named(name="nowhere")}, {"area": None}, {"windows": ()}, {"windows": (unread,)},
        {"windows": (when, reversed_)}, {"windows": (TimeWindow.exact(NOW, NOW),)}, {"windows": (TimeWindow(),)},
        {"windows": (TimeWindow(trigger="on order"),)},
    )  # fmt: skip
    messages = _sent(m, replace(a, **wrong), b)
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
    messages = [m.said(_task(m, when, where), by, name) for name, by, when, where in pairs]
    return [*messages, *_pact(m, messages)] if m.chance(0.15) else messages


def _task(m: Making, when: TimeWindow, where: Any) -> Directive:
    action: Any = m.one("block", "escort", "observe", "search", "hold", "move", "patrol", "other", "block", "escort")
    performers = [m.one(*(unit(u) for u in UNITS[:3]), unit("xar-batt"), UnitRef(name="A Coy"), unit("sn-hq"))]
    if m.chance(0.15):
        performers.append(unit(m.one(*UNITS)))
    return Directive(
        directive_kind="frago", action=action, performers=tuple(dict.fromkeys(performers)),
        windows=(m.loose(when) if m.chance(0.2) else when,) if m.chance(0.95) else (),
        area=where if m.chance(0.9) else None, partial=m.chance(0.1), on_order_of=m.one("", "FHQ OPORD 1"),
        coordinated_with=(ref(m.one("a", "b")),) if m.chance(0.1) else (),
        dependencies=(Dependency(task=m.one("a", "b"), relation="relief-of"),) if m.chance(0.1) else (),
    )  # fmt: skip


def _pact(m: Making, messages: list[Envelope]) -> list[Envelope]:
    parties = tuple(e.originator for e in messages)
    body = Agreement(agreement_kind="coordination", parties=parties, orders=(ref("a"), ref("b")))
    return [m.said(body, m.one("joc", *parties), "pact")]


def mandate(m: Making) -> list[Envelope]:
    """An order at the border, or near the end, of what the mandate covers."""
    edge = m.off((-27.0, 2.0), m.random.uniform(900, 2000), m.one(0.0, 1.5707963, 3.1415927))
    when = m.one(m.exact(NOW + 9 * HOUR, 120), m.loose(m.exact(NOW + 9 * HOUR, 120)), m.exact(NOW + 10 * HOUR))
    action: Any = m.one("observe", "observe", "search", "other", "aid", "hold")
    body = Directive(directive_kind="frago", action=action, windows=(when,), area=m.shape(edge),
                     on_order_of=m.one("", "FHQ OPORD 1"))  # fmt: skip
    return [m.said(body, m.one(*HQS), "a")]


def assets(m: Making) -> list[Envelope]:
    """Two or three that want the same means, at one time, one after the other, or apart."""
    first = m.exact()
    messages = []
    for name in m.one("ab", "ab", "abc"):
        when = m.one(first, m.beside(first, 900.0), m.exact())
        wanted = tuple(m.one(*DEMANDS) for _ in range(m.one(1, 1, 2)))
        fields: Any = {"windows": (m.loose(when) if m.chance(0.25) else when,), "assets": wanted}
        if m.chance(0.2):
            fields["coordinated_with"] = (ref(m.one("a", "b", "c")),)
        body = m.one(Directive(directive_kind="frago", action="hold", **fields),
                     MovementNotice(movement_kind=m.one("admin", "humanitarian"), **fields))  # fmt: skip
        if isinstance(body, Directive) and m.chance(0.2):
            body = replace(body, permitted=(ref(m.one("a", "b")),), draft=m.chance(0.2))
        messages.append(m.said(body, m.issuer(body), name))
    return [*messages, *_pact(m, messages)] if m.chance(0.15) else messages


DEMANDS: Final = tuple(
    AssetDemand(name=n, amount=a)
    for n, a in (("crane", 1.0), ("grue", 1.0), ("crane 2", 0.5), ("water", 60.0), ("water", 40.0), ("water", 40.1),
                 ("water", 100.0), ("water", 101.0), ("ferry", 1.0), ("water", 0.0))
)  # fmt: skip


def radio(m: Making) -> list[Envelope]:
    """Two on frequencies near each other, or near one that is kept, at about the distance that counts."""
    first, at = m.exact(), m.one(*ANCHORS)
    there = m.off(at, m.random.uniform(0, 700) + m.one(0.0, 300.0, 900.0))
    messages = []
    for name, where, when in (("a", at, first), ("b", there, m.one(first, m.beside(first, 0.0)))):
        on = tuple(m.one(31.0, 31.02, 31.025, 31.024999, 40.5, 40.46, 243.0, 300.0, 300.099999, 87.99, 88.0, 88.01)
                   for _ in range(m.one(1, 1, 2)))  # fmt: skip
        fields: Any = {"windows": (m.loose(when) if m.chance(0.2) else when,), "frequencies_mhz": on,
                       "area": m.shape(where) if m.chance(0.9) else None}  # fmt: skip
        performers = (unit(m.one(*UNITS, "ocha-cmc")),) if m.chance(0.5) else ()
        order = Directive(directive_kind="frago", action="comms", performers=performers, **fields)
        body = m.one(order, MovementNotice(movement_kind=m.one("logistics", "humanitarian"), **fields))
        messages.append(m.said(body, m.issuer(body), name))
    return [*messages, *_pact(m, messages)] if m.chance(0.1) else messages


def needs(m: Making) -> list[Envelope]:
    """An order that hangs on another one, in time or in place."""
    first, at = m.exact(), m.one(*ANCHORS)
    relation: Any = m.one("after-start", "after-end", "before-start", "relief-of", "covered-by", "covered-by")
    offset = m.one(0.0, 0.0, 600.0, -600.0)
    cover = relation == "covered-by"
    second = m.exact(m.one(first.start_earliest), 400) if cover else m.beside(first, offset)
    own = first if cover or m.chance(0.7) else m.loose(first)
    there = m.off(at, m.random.uniform(0, 500))
    hangs = Directive(
        directive_kind="frago", action="escort", windows=(own,), area=m.circle(at, 100.0),
        dependencies=(Dependency(task="b", relation=relation, offset_s=offset),),
    )  # fmt: skip
    other = Directive(directive_kind="frago", action="hold", windows=(m.loose(second) if m.chance(0.3) else second,),
                      area=m.circle(there, m.random.uniform(50, 500)) if m.chance(0.9) else None)  # fmt: skip
    messages = [m.said(hangs, m.one(*HQS), "a"), m.said(other, m.one(*HQS), "b")]
    return [*messages, m.cancelled(messages[1])] if m.chance(0.1) else messages


def travel(m: Making) -> list[Envelope]:
    """Two tasks of one unit, one soon after the other, some way apart."""
    first, at = m.exact(longest=60), m.one(*ANCHORS)
    assert first.end_latest is not None
    rest = m.one(0, 1799, 1800, 1801, 2000, 2400, 3600, 6 * 3600, 6 * 3600 + 1) * 1_000_000
    second = m.exact(first.end_latest + rest)
    there = m.off(at, m.one(0.0, 1000.0, 3000.0, 8000.0, 30_000.0))
    drives = (Vehicles(type="truck", load_class=8),)
    who = m.one(*UNITS[:2])
    messages = []
    for name, where, when in (("a", at, first), ("b", there, second)):
        body = Directive(
            directive_kind="frago", action="hold", windows=(m.loose(when) if m.chance(0.2) else when,), vehicles=drives,
            area=m.circle(where, 50.0) if m.chance(0.95) else None, partial=m.chance(0.05),
            performers=(unit(who if m.chance(0.9) else m.one(*UNITS)),),
        )  # fmt: skip
        messages.append(m.said(body, m.one(*HQS), name))
    return messages if m.chance(0.5) else messages[::-1]


def ground(m: Making) -> list[Envelope]:
    """An activity in or near a zone, a line or another's area, and what may permit it."""
    at = m.off(m.one(*SPOTS), m.random.uniform(0, 700))
    when = m.exact(NOW + m.one(0, 1, 2, 4, 6, 13, 22) * HOUR + m.one(0, 0, -MINUTE, 1, -1), 300)
    fields: Any = {"windows": (m.loose(when) if m.chance(0.2) else when,), "area": m.shape(at)}
    kind = m.one("armed", "closure", "use", "air", "humanitarian", "explosive", "escort", "protected")
    body = CLASSES[kind](**fields)
    if m.chance(0.4) and kind != "protected":
        body = replace(body, altitude=m.band())
    if isinstance(body, Directive) and m.chance(0.6):
        body = replace(body, performers=(unit(m.one(*UNITS)),))
    name = m.one("a", "a", "o1")
    messages = [m.said(body, m.issuer(body), name, revision=m.one(1, 1, 2))]
    if m.chance(0.35):
        messages.append(_permission(m, name, messages[0].originator))
    if m.chance(0.3):
        messages.append(_truce(m, at))
    return [*messages, *_host(m, messages[0], fields)] if kind != "protected" and m.chance(0.15) else messages


SPOTS: Final = (
    (-27.0 + 3 * STEP, 2.0 + 3 * STEP), (-27.0 + 2 * STEP, 2.0 - 2 * STEP), (-27.0 - 2 * STEP, 2.0 - 2 * STEP),
    (-27.0, 2.0 + 3 * STEP), (-27.0, 2.0), (-27.0 + 5 * STEP, 2.0), (-27.0 - 5 * STEP, 2.0),
)  # fmt: skip
"""Near the measures of `full`."""


def _permission(m: Making, name: str, by: str) -> Envelope:
    """Return an agreement on an order: by its authority, its owner, somebody else or the order's own issuer."""
    whole = TimeWindow.exact(NOW - HOUR, NOW + 3 * DAY)
    windows = m.one((), (whole,), (m.exact(NOW + HOUR, 240),))
    body = Agreement(agreement_kind=m.one("coordination", "coordination", "relief"), windows=windows,
                     orders=(ref(name, m.one(0, 1, 2)), ref("other")), parties=(by, m.one("sn-hq", "sc-hq")))  # fmt: skip
    return m.said(body, m.one("fhq-u3", "joc", "sn-hq", "sc-hq", by), "permission")


def _truce(m: Making, at: Any) -> Envelope:
    where = m.circle(m.off(at, m.random.uniform(0, 500)))
    permitted = m.one((), (), ("armed",))
    windows = m.one((), (m.exact(NOW + HOUR, 300),))
    kind: Any = m.one("ceasefire", "ceasefire", "silence")
    body = Agreement(agreement_kind=kind, area=where, windows=windows, permitted=permitted, parties=("sn-hq",))
    return m.said(body, "sn-hq", "truce")


def _host(m: Making, guest: Envelope, fields: Any) -> list[Envelope]:
    """Return the guest's order once more, coordinated with one of the owner that accepts it."""
    body = registry.body(guest)
    if not isinstance(body, Directive | MovementNotice):
        return []
    again = m.said(replace(body, coordinated_with=(ref("host"),)), guest.originator, guest.id, EARLY + HOUR,
                   revision=guest.revision + 1)  # fmt: skip
    host = Directive(directive_kind="frago", action="other", coordinated_with=(ref(guest.id),), **fields)
    return [again, m.said(host, m.one("sn-hq", "sc-hq"), "host")]


def caveat(m: Making) -> list[Envelope]:
    """An order or a movement, and what a nation has declared of its units."""
    at, when = m.one(*ANCHORS), m.exact()
    who = m.one("xar-batt", "xbl-batt")
    fields: Any = {"windows": (m.loose(when) if m.chance(0.2) else when,) if m.chance(0.95) else (),
                   "area": m.circle(at) if m.chance(0.9) else None}  # fmt: skip
    action: Any = m.one("escort", "search", "patrol", "move")
    performers = (m.one(unit(who), unit(who), UnitRef(name="A Coy", participant="xar-batt")),)
    order = Directive(directive_kind="frago", action=action, performers=performers, on_order_of="FHQ", **fields)
    movement: Any = m.one("patrol", "logistics", "humanitarian", "flight")
    state: Any = m.one("planned", "planned", "completed")
    moving = MovementNotice(movement_kind=movement, method=m.one("", "vehicle"), state=state, **fields)
    messages = [m.said(order, m.one(*HQS), "a") if m.chance(0.6) else m.said(moving, who, "a")]
    for n in range(m.one(1, 1, 2)):
        holds = m.one((), (when,), (m.beside(when, 0.0),), (m.loose(when),))
        there = m.one(None, m.circle(m.off(at, m.random.uniform(0, 700))), Named(name="nowhere"))
        units = m.one((), (unit(who),), (unit("xbl-batt"),), (UnitRef(name="A Coy", participant="xar-batt"),))
        methods: Any = m.one((), (), ("vehicle",), ("air",))
        body = Caveat(units=units, actions=m.one((), ("escort",), ("search", "patrol")), area=there, windows=holds,
                      methods=methods, text="not for others")  # fmt: skip
        messages.append(m.said(body, m.one(who, who, "xar-batt"), f"caveat{n}"))
    return messages


Theme = Callable[[Making], list[Envelope]]
THEMES: Final[dict[str, tuple[int, Theme]]] = {
    "place": (6, place), "border": (2, border), "time": (4, time), "height": (2, height), "accord": (3, accord),
    "life": (4, life), "notice": (1, notice), "section": (4, section), "links": (4, links), "answers": (2, answers),
    "unclear": (2, unclear), "command": (6, command), "mandate": (2, mandate),
    "assets": (4, assets), "radio": (4, radio), "needs": (3, needs), "travel": (3, travel),
    "ground": (6, ground), "caveat": (4, caveat),
}  # fmt: skip
"""Each theme with its weight."""


def cases(seed: int, count: int, *themes: str) -> Iterator[Case]:
    """Yield so many cases, of these themes or of all."""
    m = Making(seed)
    chosen = themes or tuple(THEMES)
    weights = [THEMES[t][0] for t in chosen]
    for _ in range(count):
        theme = m.random.choices(chosen, weights)[0]
        now = NOW + (4 * HOUR + 50 * MINUTE if theme == "notice" else 0)
        yield Case(theme, now, THEMES[theme][1](m))
