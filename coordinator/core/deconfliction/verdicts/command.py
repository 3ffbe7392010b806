"""K02, K11: what two orders want of one unit, and who gives them. Source: reference deconfliction.md §2.3.

What is ordered to a unit is ordered to its parts, unless an order says that it takes only part of it (`partial`). K02
is for tasks at one time, K15 for tasks one after the other.
"""

from collections.abc import Iterator
from typing import Final, NamedTuple

from msgspec.structs import replace

from coordinator.core.deconfliction.places import Apart, Contact, apart
from coordinator.core.deconfliction.reading import Reading
from coordinator.core.deconfliction.relations import chain_of, splits
from coordinator.core.deconfliction.setting import Setting
from coordinator.core.deconfliction.sides import Accord, Side
from coordinator.core.deconfliction.units import Unit, lesser
from coordinator.core.deconfliction.verdicts.base import Verdict
from coordinator.core.deconfliction.verdicts.tasks import (
    DOUBT,
    Pairs,
    When,
    action,
    each,
    evidence,
    overlaps,
    referred,
    shown,
    sure,
    wanted_twice,
)  # fmt: skip
from coordinator.core.deconfliction.windows import FAR, MICROS, Span, overlap
from coordinator.core.measures import UNPLACED
from schemas.directives import Directive
from schemas.findings import SEVERITIES, Certainty, Option, Severity

REMAIN: Final = frozenset(("hold", "secure", "observe", "block", "control"))
"""Actions that keep a unit where it is."""
FRAMES: Final = frozenset(("rules", "airspace-measure"))
"""Directives whose area is where they apply."""
_RANK: Final = {"exclusive": 0, "remain": 1, "travel": 2}
"""Which reason is shown first, of those that weigh the same."""


class Clash(NamedTuple):
    """One reason why two orders contradict each other."""

    rule: str
    certainty: Certainty
    severity: Severity
    when: When
    distance_m: float | None = None
    travel_s: float | None = None
    speed_mps: float | None = None
    gap_s: float | None = None


def contradictory(a: Side, b: Side, accord: Accord, setting: Setting) -> Verdict | None:
    """K02: two orders want one unit to do, at one time, what it cannot do together."""
    units = wanted_twice(a, b, accord, setting)
    if not units or a.reading is None or b.reading is None:
        return None
    found = [*_clashes(a.reading, b.reading, setting)]
    if not found:
        return None
    clash = min(found, key=lambda c: (SEVERITIES.index(c.severity), c.certainty, _RANK[c.rule], overlap(*c.when) or ()))
    proof = replace(
        evidence(a.reading, b.reading, clash.when, units, setting),
        rule=clash.rule, folded=tuple(sorted({c.rule for c in found} - {clash.rule})), because=DOUBT[clash.certainty],
        distance_m=clash.distance_m, travel_s=clash.travel_s, speed_mps=clash.speed_mps, gap_s=clash.gap_s,
        chains=_chains(a, b, units, setting),
    )  # fmt: skip
    return Verdict(
        "contradictory-orders", clash.certainty, clash.severity, proof,
        (a.reading.fields.what, b.reading.fields.what), clash.when, notice_s=setting.notice_s(),
        offers=(*each("withdraw", a, b), *each("split", a, b), *referred(setting, a.issuer, b.issuer)),
    )  # fmt: skip


def _clashes(a: Reading, b: Reading, setting: Setting) -> Iterator[Clash]:
    """Yield every reason, for every two windows that may overlap."""
    met = [*overlaps(a, b)]
    contact = Contact(a, b) if met and _placed(a) and _placed(b) else None
    for when in met:
        places = apart(contact, when) if contact else None
        yield from _exclusive(a, b, when, places, setting)
        if contact and places:
            yield from _in_two_places(a, b, when, contact, places, setting)
        elif _stays_and_goes(a, b):
            yield _clash("remain", sure(when), when, setting)


def _clash(rule: str, certainty: Certainty, when: When, setting: Setting, base: Severity | None = None) -> Clash:
    base = base or setting.default("contradictory-orders", "HIGH")
    return Clash(rule, certainty, setting.severity(base, certainty, frozenset()), when)


def _exclusive(a: Reading, b: Reading, when: When, places: Apart | None, setting: Setting) -> Iterator[Clash]:
    """Yield the pairs of actions that the mission rules out for one unit."""
    for row in setting.mission.contradictions:
        if sorted((row.a, row.b)) != sorted((action(a), action(b))) or (row.elsewhere and not places):
            continue
        certainty = places.certainty if row.elsewhere and places else sure(when)
        distance = places.distance_m if places else None
        yield _clash("exclusive", certainty, when, setting, row.severity)._replace(distance_m=distance)


def _in_two_places(
    a: Reading, b: Reading, when: When, contact: Contact, places: Apart, setting: Setting
) -> Iterator[Clash]:
    """Yield that a unit has to stay here and be there, or cannot be at both whatever times are chosen."""
    speed, gap = _fastest(a, b, setting), _longest_gap(*when)
    travel = round(places.distance_m / speed, 1) if speed else None
    numbers = places.distance_m, travel, speed, gap / MICROS if gap < FAR else None
    if {action(a), action(b)} & REMAIN:
        yield Clash(*_clash("remain", places.certainty, when, setting)[:4], *numbers)
    if speed:
        never = sure(when) == "possible" and contact.always_apart_m / speed * MICROS > gap
        certainty: Certainty = "definite" if never else places.certainty
        yield Clash(*_clash("travel", certainty, when, setting)[:4], *numbers)


def _placed(of: Reading) -> bool:
    """Say whether the unit has to be where the order is."""
    body = of.body
    return isinstance(body, Directive) and body.action not in UNPLACED and body.directive_kind not in FRAMES


def _stays_and_goes(a: Reading, b: Reading) -> bool:
    """Say whether one order keeps the unit where it is and the other moves it, and one of them names no place."""
    actions = {action(a), action(b)}
    unplaced = any(r.fields.area is None and r.fields.route is None for r in (a, b))
    return unplaced and "move" in actions and bool(actions & REMAIN)


def _fastest(a: Reading, b: Reading, setting: Setting) -> float | None:
    """Return the highest speed of the methods that the two orders name, or None if one of them has none."""
    table = {s.method: s.max_mps for s in setting.mission.speeds}
    speeds = [table.get(m) or 0.0 for m in {a.method, b.method} - {""}]
    return max(speeds) if speeds and all(speeds) else None


def _longest_gap(a: Span, b: Span) -> int:
    """Return the longest time between the two that some choice of times leaves, microseconds; 0 if all overlap."""
    return max(b.sl - a.ee, a.sl - b.ee, 0)


# -- K11 --------------------------------------------------------------------------------------------------------------


def forked(a: Side, b: Side, accord: Accord, setting: Setting) -> Verdict | None:
    """K11: two issuers, neither above the other, task one unit at one time, and nobody said who goes first."""
    units = () if setting.chain(a.issuer, b.issuer) else wanted_twice(a, b, accord, setting)
    if not units or a.reading is None or b.reading is None or _ranked(a.reading, b.reading, setting):
        return None
    met = [w for w in overlaps(a.reading, b.reading) if not all(_split(a, b, u, w, setting) for u in units)]
    if not met:
        return None
    when = shown(met)
    proof = replace(
        evidence(a.reading, b.reading, when, units, setting),
        rule="command-fork", because=DOUBT[sure(when)], chains=_chains(a, b, units, setting),
    )  # fmt: skip
    talk = tuple(Option(option="liaison", party="", who=who) for who in sorted((a.issuer, b.issuer)))
    severity = setting.severity(setting.default("command-fork", "MEDIUM"), sure(when), frozenset())
    return Verdict(
        "command-fork", sure(when), severity, proof, (a.reading.fields.what, b.reading.fields.what), when,
        notice_s=setting.notice_s(), offers=(*referred(setting, a.issuer, b.issuer), *talk),
    )  # fmt: skip


def _ranked(a: Reading, b: Reading, setting: Setting) -> bool:
    """Say whether a published rule puts one activity before the other."""
    return bool(setting.goes_first(a.classes, b.classes))


def _split(a: Side, b: Side, units: tuple[Unit, Unit], when: When, setting: Setting) -> bool:
    """Say whether a command relation gives one issuer its action and not the other's, for the whole of its task."""
    if a.reading is None or b.reading is None:
        return False
    unit, x, y = lesser(units, setting).participant, action(a.reading), action(b.reading)
    tasks = ((a.issuer, x, y, when[0]), (b.issuer, y, x, when[1]))
    return any(
        row.unit == unit and theirs not in row.actions and splits(row, issuer, own, span, setting)
        for row in setting.mission.command
        for issuer, own, theirs, span in tasks
    )


def _chains(a: Side, b: Side, units: Pairs, setting: Setting) -> tuple[str, ...]:
    """Return the relations from both issuers to the units, and from both to who stands above them."""
    issuers = tuple(sorted((a.issuer, b.issuer)))
    top = setting.arbiter(issuers)
    tasked = {u.participant for pair in units for u in pair}
    found = {r for i in issuers for u in tasked for r in chain_of(i, u, setting)}
    found |= {r for i in issuers for r in chain_of(top, i, setting)}
    return tuple(sorted(map(str, found)))
