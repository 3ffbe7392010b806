"""A mission and small cases as rows of `tables.sql`: what was said, nothing decided yet.

A case (``s``) is a few messages and a time; ``k`` is the place of a message in it.
"""

import sqlite3
from collections.abc import Iterable, Iterator
from typing import Any, Final

from coordinator.core.mission import Mission
from schemas import registry
from schemas.acknowledgements import Acknowledgement
from schemas.directives import Agreement, Caveat, Directive
from schemas.envelope import Envelope, UnitRef
from schemas.findings import SEVERITIES
from schemas.geo import Named
from schemas.notices import Cancellation, HazardNotice, MovementNotice, ProtectedSite, RouteState
from schemas.time import TimeWindow

FAR: Final = 1 << 60
SECOND: Final = 1_000_000


def severity(word: str | None, otherwise: str = "MEDIUM") -> int:
    """Return a severity as a number: 0 is the worst."""
    return SEVERITIES.index(word or otherwise)  # type: ignore[arg-type]


def insert(db: sqlite3.Connection, table: str, rows: Iterable[tuple[Any, ...]]) -> None:
    """Put rows into a table."""
    listed = list(rows)
    if listed:
        db.executemany(f"INSERT INTO {table} VALUES ({','.join('?' * len(listed[0]))})", listed)  # noqa: S608  our own table names


# -- the mission ------------------------------------------------------------------------------------------------------


def load_mission(db: sqlite3.Connection, mission: Mission) -> None:
    """Write down what every mission has; the tables of single kinds are filled by their own files."""
    for a in mission.activities:
        words = (*a.action, *a.movement, *a.hazard, *a.site) or (None,)
        insert(db, "activity", ((c, a.kind, w, a.exclusive, a.armed) for c in a.classes for w in words))
    insert(db, "row", (
        (n, r.name, r.a, r.b, severity(r.severity), r.distance_m, int(r.gap_s * SECOND), r.vertical_m, r.touch,
         r.permit, r.within)
        for n, r in enumerate(mission.matrix)
    ))  # fmt: skip
    if mission.hazards.reach == "plans":  # what the mission leaves open between a hazard and a plan
        insert(db, "row", [(len(mission.matrix), "hazard/plan", "*hazard", "*plan", severity(mission.hazards.severity),
                            0.0, 0, 0.0, True, "none", False)])  # fmt: skip
        plans = (("*plan", kind) for kind in ("directive", "movement", "protected-site"))
        insert(db, "activity", ((c, k, None, None, None) for c, k in (("*hazard", "hazard"), *plans)))
    insert(db, "excuse", ((n, c) for n, r in enumerate(mission.matrix) for c in r.unless))
    insert(db, "protected", ((c,) for c in mission.protected))
    for p in mission.participants:
        chain = [p.id]
        while superior := next(q.superior for q in mission.participants if q.id == chain[-1]):
            chain.append(superior)
        insert(db, "above", ((p.id, q, n) for n, q in enumerate(chain)))
        insert(db, "unit_name", ((n.casefold(), p.id) for n in (p.id, p.name, *p.units) if n))
    insert(db, "vehicle", ((n.casefold(), v.load_class) for v in mission.vehicles for n in (v.type, *v.aliases)))
    insert(db, "section", ((c.name, c.place, c.load_class, c.lanes, c.headway_s) for c in mission.sections))
    rules = {f: getattr(mission.rules, f) for f in mission.rules.__struct_fields__}
    numbers = {f: severity(v) if isinstance(v, str) else v for f, v in rules.items()}
    insert(db, "rule", numbers.items())
    insert(db, "standard", ((k, severity(v)) for k, v in mission.severities.items()))


# -- the messages -----------------------------------------------------------------------------------------------------


def load_case(db: sqlite3.Connection, s: int, now: int, envelopes: list[Envelope]) -> None:
    """Write down the messages of a case."""
    insert(db, "moment", [(s, now)])
    for k, envelope in enumerate(envelopes):
        body = registry.body(envelope)
        assert envelope.created is not None
        assert envelope.created.utc is not None
        _LOADERS[type(body)](db, (s, k), envelope, body, envelope.created.utc)


def _act(db: sqlite3.Connection, at: tuple[int, int], e: Envelope, body: Any, created: int) -> None:
    kind, band = type(body), getattr(body, "altitude", None)
    low, high = (band.lower, band.upper) if band else (None, None)
    word = {Directive: "action", MovementNotice: "movement_kind", HazardNotice: "hazard_kind"}.get(kind, "site_kind")
    insert(db, "act", [(
        *at, e.id, e.originator, e.revision, body.KIND, created, e.reality, getattr(body, word),
        getattr(body, "exclusive", None), getattr(body, "armed", None), getattr(body, "draft", False),
        _on_duty(body), kind is ProtectedSite or getattr(body, "state", "") == "hot", getattr(body, "partial", False),
        bool(getattr(body, "on_order_of", "")), getattr(body, "method", ""),
        low and low.value_m, low and low.reference, high and high.value_m, high and high.reference, band is not None,
    )])  # fmt: skip
    insert(db, "slot", ((*at, i, *_bounds(w), _fault(w)) for i, w in enumerate(body.windows)))
    insert(db, "carries", ((*at, v.type.casefold(), v.load_class) for v in getattr(body, "vehicles", ())))
    insert(db, "wants", ((*at, i, d.name.casefold(), d.amount) for i, d in enumerate(getattr(body, "assets", ()))))
    insert(db, "radio", ((*at, round(f * 1_000_000)) for f in getattr(body, "frequencies_mhz", ())))
    insert(db, "link", ((*at, f, r.id, r.revision) for f in _LINKS for r in getattr(body, f, ())))
    insert(db, "crossing", _crossings(at, body))
    if isinstance(body, Directive):
        insert(db, "performs", ((*at, u.participant, _called(u), i) for i, u in enumerate(body.performers)))
        insert(db, "link", ((*at, "amends", c.order.id, c.order.revision) for c in body.amends))
        insert(db, "needs", ((*at, d.task, d.relation, int(d.offset_s * SECOND)) for d in body.dependencies))
    else:
        insert(db, "performs", [(*at, e.originator, "", -1)])


WAYS: Final = {"LIME": 1, "PLUM": -1}
"""The two ways over the bridge of V1: one goes north over it, the other south."""


def _crossings(at: tuple[int, int], body: Any) -> Iterator[tuple[Any, ...]]:
    """Yield when an act that follows one of the two ways is on the bridge, as it says itself."""
    route = getattr(body, "route", None)
    for point in route.points if route and route.name in WAYS else ():
        turned = -1 if route.direction == "reverse" else 1
        yield (*at, point.name, WAYS[route.name] * turned, *_bounds(point.window))


_LINKS: Final = ("supersedes", "cancels", "permitted", "coordinated_with")


def _on_duty(body: Any) -> bool:
    """Say whether it is there at all: not completed, cold, lifted or removed."""
    off = {MovementNotice: ("completed",), HazardNotice: ("check-fire", "cold", "lifted")}.get(type(body), ())
    return getattr(body, "state", "") not in off and not getattr(body, "removed", False)


def _called(unit: UnitRef) -> str:
    return (unit.id or unit.name or unit.callsign).casefold()


def _bounds(w: TimeWindow) -> Iterator[int]:
    yield from (
        -FAR if w.start_earliest is None else w.start_earliest,
        FAR if w.start_latest is None else w.start_latest,
    )
    yield from (-FAR if w.end_earliest is None else w.end_earliest, FAR if w.end_latest is None else w.end_latest)


def _fault(w: TimeWindow) -> str:
    """Return what is wrong with a window (§2.1: se <= sl, ee <= el, half-open)."""
    se, sl, ee, el = w.start_earliest, w.start_latest, w.end_earliest, w.end_latest
    pairs = ((se, sl), (ee, el), (se, ee), (sl, el), (se, el))
    if any(t is not None and t.utc is None and t.relative is None and t.raw for t in (w.start, w.end)):
        return "unreadable"
    if {se, sl, ee, el} == {None}:
        return "" if w.trigger else "missing"
    if any(a is not None and b is not None and a > b for a, b in pairs):
        return "reversed"
    return "empty" if se is not None and se == el else ""


def _gone(db: sqlite3.Connection, at: tuple[int, int], e: Envelope, body: Any, created: int) -> None:
    insert(db, "gone", [(at[0], e.id, e.originator, created)])


def _answer(db: sqlite3.Connection, at: tuple[int, int], e: Envelope, body: Acknowledgement, created: int) -> None:
    insert(db, "answer", [(at[0], e.originator, body.of.id, body.of.revision, body.step, created)])


def _rating(db: sqlite3.Connection, at: tuple[int, int], e: Envelope, body: RouteState, created: int) -> None:
    closed = body.trafficable == "closed"
    headway = None if body.headway_s is None else int(body.headway_s * SECOND)
    insert(db, "rating", [(at[0], body.section, created, body.load_class, body.lanes, closed, headway)])


def _pact(db: sqlite3.Connection, at: tuple[int, int], e: Envelope, body: Agreement, created: int) -> None:
    insert(db, "pact", [(*at, e.originator, body.agreement_kind, e.reality)])
    insert(db, "pact_permit", ((*at, w) for w in body.permitted))
    insert(db, "pact_party", ((*at, p) for p in body.parties))
    insert(db, "pact_order", ((*at, r.id, r.revision) for r in body.orders))
    insert(db, "pact_slot", ((*at, *_bounds(w)) for w in body.windows))


def _caveat(db: sqlite3.Connection, at: tuple[int, int], e: Envelope, body: Caveat, created: int) -> None:
    said = (body.actions, body.vehicles, body.methods, body.windows, body.area, body.night, body.transport_of_others)
    placed, slots = body.area is not None, [(*_bounds(w),) for w in body.windows] or [(-FAR, -FAR, FAR, FAR)]
    lost = isinstance(body.area, Named) and body.area.name == "nowhere"
    insert(
        db, "caveat", [(*at, e.id, e.revision, e.originator, e.reality, bool(body.units), not any(said), placed, lost)]
    )
    insert(db, "caveat_unit", ((*at, u.participant, _called(u)) for u in body.units))
    insert(db, "caveat_action", ((*at, a) for a in body.actions))
    insert(db, "caveat_method", ((*at, w) for w in body.methods))
    insert(db, "caveat_slot", ((*at, *w) for w in slots))


_LOADERS: Final[dict[type, Any]] = {
    Directive: _act, MovementNotice: _act, HazardNotice: _act, ProtectedSite: _act, Cancellation: _gone,
    Acknowledgement: _answer, RouteState: _rating, Agreement: _pact, Caveat: _caveat,
}  # fmt: skip
