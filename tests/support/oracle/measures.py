"""Command, mandate, means and measures of a mission as rows of `tables.sql`."""

import sqlite3
from collections.abc import Iterable
from datetime import UTC, datetime, timedelta
from typing import Final, get_args

from coordinator.core.measures import Period
from coordinator.core.mission import Mission
from schemas.directives import Action
from tests.support.oracle.tables import FAR, insert, severity

ACTIONS: Final = get_args(Action)
TASKING: Final = ("OPCOM", "OPCON", "TACOM", "TACON")
STAYS: Final = ("hold", "secure", "observe", "block", "control")
"""Actions that keep a unit where it is (§2.3 K02: hold, remain)."""
MILLION: Final = 1_000_000
MOVEMENTS: Final = {
    "patrol": ("patrol", "move"), "recce": ("patrol", "move"), "logistics": ("resupply", "move"),
    "humanitarian": ("aid", "move"), "flight": ("air-mission", "move"), "vessel": ("move",), "convoy": ("move",),
    "admin": ("move",),
}  # fmt: skip
"""Movements in the words of orders, as a caveat on actions means them."""
_EPOCH: Final = datetime(1970, 1, 1, tzinfo=UTC)
Stretch = tuple[int, int]


def load(db: sqlite3.Connection, mission: Mission) -> None:
    """Write down everything but what every mission has."""
    _command(db, mission)
    _mandate(db, mission)
    _means(db, mission)
    _places(db, mission)


def stretches(periods: Iterable[Period]) -> list[Stretch]:
    """Return periods as microseconds; none is always."""
    return [(_micros(p.start, -FAR), _micros(p.end, FAR)) for p in periods] or [(-FAR, FAR)]


def _micros(at: datetime | None, otherwise: int) -> int:
    return otherwise if at is None else (at - _EPOCH) // timedelta(microseconds=1)


def _command(db: sqlite3.Connection, mission: Mission) -> None:
    insert(db, "whole", [("",), *((n.casefold(),) for p in mission.participants for n in (p.id, p.name) if n)])
    insert(db, "contingent", ((p.id,) for p in mission.participants if p.role == "contingent"))
    insert(db, "stays", ((a,) for a in STAYS))
    insert(db, "precedence", ((p.over, p.under) for p in mission.precedence))
    insert(db, "contradiction", ((c.a, c.b, severity(c.severity, "HIGH"), c.elsewhere) for c in mission.contradictions))
    for n, r in enumerate(mission.command):
        insert(db, "relation", [(n, r.unit, r.superior, r.relation in TASKING)])
        insert(db, "relation_action", ((n, a) for a in r.actions))
        insert(db, "relation_period", ((n, *p) for p in stretches(r.periods)))
    for p in mission.participants:
        for action in ACTIONS:
            insert(db, "edge", _edges(mission, p.id, p.superior, action))


def _edges(mission: Mission, unit: str, superior: str, action: str) -> list[tuple[str, str, str, int, int]]:
    """Return who may task a unit for an action, from when to when."""
    rows = [r for r in mission.command if r.unit == unit and (not r.actions or action in r.actions)]
    found = [(r.superior, p) for r in rows if r.relation in TASKING for p in stretches(r.periods)]
    if superior:
        lost = sorted(p for r in rows if r.instead for p in stretches(r.periods))
        found += [(superior, p) for p in _rest(lost)]
    return [(unit, who, action, *p) for who, p in found]


def _rest(lost: list[Stretch]) -> list[Stretch]:
    """Return what is left of all time without some stretches, sorted by start."""
    found, since = [], -FAR
    for start, end in lost:
        if since < start:
            found.append((since, start))
        since = max(since, end)
    return [*found, (since, FAR)] if since < FAR else found


def _mandate(db: sqlite3.Connection, mission: Mission) -> None:
    """Write down clauses by action. Two for one action are more than these rules can judge."""
    known: set[str] = set()
    for row in mission.mandate:
        actions = ACTIONS if "*" in row.actions else row.actions
        assert known.isdisjoint(actions)
        known.update(actions)
        [(start, end)] = stretches(row.periods)
        placed = row.ground is not None
        insert(db, "clause", ((row.clause, a, placed, row.reference, start, end) for a in actions))


def _means(db: sqlite3.Connection, mission: Mission) -> None:
    """Write down shared means, frequencies and speeds: amounts in millionths, frequencies in hertz."""
    for n, a in enumerate(mission.assets):
        worst = severity(a.severity, "HIGH")
        insert(db, "asset", [(n, a.name, round(a.capacity * MILLION), round(a.turnaround_s * MILLION), worst)])
        insert(db, "asset_name", ((name.casefold(), n) for name in (a.name, *a.aliases)))
    for n, b in enumerate(mission.bands):
        limits = (round(x * MILLION) for x in (b.lower_mhz, b.upper_mhz, b.separation_mhz))
        insert(db, "radio_band", [(n, b.name, *limits, b.distance_m, severity(b.severity) if b.severity else None)])
    for n, g in enumerate(mission.guarded):
        hertz = (round(x * MILLION) for x in (g.frequency_mhz, g.separation_mhz))
        insert(db, "guarded", [(n, g.name, g.kind, *hertz)])
        insert(db, "guarded_holder", ((n, who) for word in g.holders for who in meant(mission, word)))
    insert(db, "speed", ((v.method, v.min_mps, v.max_mps) for v in mission.speeds))


def meant(mission: Mission, word: str) -> list[str]:
    """Return the participants that a word means: one of them, a nation, a group."""
    return [p.id for p in mission.participants if word in (p.id, p.nation, *p.groups)]


def _places(db: sqlite3.Connection, mission: Mission) -> None:
    """Write down zones, areas of responsibility, and who belongs together."""
    insert(db, "desk", ((p.id, p.superior) for p in mission.participants if p.role == "desk"))
    insert(db, "compatriot", (
        (p.id, q.id) for p in mission.participants for q in mission.participants
        if p.id == q.id or (p.nation and p.nation == q.nation)
    ))  # fmt: skip
    insert(db, "movement_is", ((movement, a) for movement, actions in MOVEMENTS.items() for a in actions))
    for n, z in enumerate(mission.zones):
        worst = severity(z.severity, "CRITICAL" if z.kind == "prohibited" else "HIGH")
        line = z.ground is not None and bool(z.ground.line) and not z.ground.width_m and not z.standoff_m
        insert(db, "zone", [(n, z.name, z.kind, worst, z.standoff_m, z.touch and not line, z.floor_m, z.ceiling_m,
                             z.reference, z.authority, z.agreement)])  # fmt: skip
        insert(db, "zone_class", ((n, c) for c in z.classes))
        insert(db, "zone_period", ((n, *p) for p in stretches(z.periods)))
        insert(db, "zone_exempt", ((n, e) for e in z.exempt))
    for n, b in enumerate(mission.boundaries):
        insert(db, "boundary", [(n, b.name, b.owner)])
        insert(db, "boundary_class", ((n, c) for c in b.classes))
        insert(db, "boundary_period", ((n, *p) for p in stretches(b.periods)))
        insert(db, "boundary_open", ((n, who) for word in b.open_to for who in meant(mission, word)))
        insert(db, "boundary_severity", ((n, c, severity(v)) for c, v in b.severities.items()))
