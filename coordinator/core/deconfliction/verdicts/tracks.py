"""K19: where units are seen contradicts what they are to do; whoever relies on the place is told the effect, no more.

A unit deviates if it is seen outside the place of its task while the task certainly runs, or if it leaves the place a
short time before the start, having been there. A sighting from before the order was issued never counts. It is only
possible where just part of the unit is gone, where nobody knows that it is the part that was tasked, or where the
position's own error reaches across the limit. The verdict ends by itself when the unit is back, or somebody is there
who was declared to relieve it. Source: domain.md §4.2 (TASK-DEVIATION, COVERAGE-NOT-ASSURED); design §4 K19.
"""

from collections.abc import Iterable, Iterator
from typing import Final, NamedTuple

from msgspec.structs import replace

from coordinator.core.deconfliction import posts
from coordinator.core.deconfliction.posts import Post
from coordinator.core.deconfliction.sides import Side, accord
from coordinator.core.deconfliction.units import unit_of
from coordinator.core.deconfliction.verdicts.base import Scene, Verdict
from coordinator.core.deconfliction.windows import FAR, Span, fault, micros, span, window
from schemas.directives import Directive
from schemas.findings import Certainty, Evidence, Option
from schemas.geo import Pair
from schemas.operations import Whereabouts

COVERAGE: Final = "coverage-not-assured"


class Departure(NamedTuple):
    """How a participant's units contradict a task: the sighting that says it, the window of the task, how certain."""

    seen: Whereabouts
    task: Span
    doubts: tuple[str, ...] = ()

    @property
    def certainty(self) -> Certainty:
        """Definite if nothing speaks against it."""
        return "possible" if self.doubts else "definite"


def deviation(side: Side, scene: Scene) -> Iterable[Verdict]:
    """K19: a performing unit is not where the order has it be, and who relies on the place cannot count on it."""
    held = posts.post(side.version.body, scene.setting)
    if held is None or side.draft:
        return
    seen = scene.ledger.seen.of(held.name, side.reality)
    gone = {p: d for p in side.version.performers if (d := _departure(side, held, p, seen, scene))}
    gone = {p: d for p, d in gone.items() if not _relieved(side, held, p, seen, scene)}
    for performer, departure in gone.items():
        yield _task(side, held, performer, departure, scene)
    if gone and not _manned(side, held, gone.keys(), seen, scene):
        yield from _coverage(side, held, list(gone.values()), scene)


# -- who is gone ------------------------------------------------------------------------------------------------------


def _departure(side: Side, held: Post, performer: str, seen: list[Whereabouts], scene: Scene) -> Departure | None:
    """Return how one performer's units contradict the order, if they do."""
    own = [w for w in seen if w.participant == performer]
    tasked = [w for w in own if _is_tasked(w, side, performer, scene)]
    own = tasked or own
    there = any(w.state == "at" for w in own)
    found = []
    for w in own:
        when = _contradicted(w, side, held, scene)
        if when is None or (there and w.state == "away"):  # another part of it, which is somewhere else
            continue
        task, certain = when
        doubts = {
            "unit": there or (w.state == "away" and not tasked),
            "position": w.doubtful,
            "times": not certain,
        }
        found.append(Departure(w, task, tuple(word for word, doubted in doubts.items() if doubted)))
    return min(found, key=lambda d: (d.certainty, -d.seen.seen, -d.seen.position), default=None)


def _is_tasked(w: Whereabouts, side: Side, performer: str, scene: Scene) -> bool:
    """Say whether the unit that was seen is, by name, the part that the order tasks."""
    units = side.reading.units if side.reading else ()
    named = frozenset[str]().union(*(u.names for u in units if u.participant == performer))
    words = {x.casefold() for x in (w.unit.name, w.unit.callsign, w.unit.id)}
    mine = unit_of(replace(w.unit, participant=performer), scene.setting)
    return bool(named & words) or (mine is not None and bool(named & mine.names))


def _contradicted(w: Whereabouts, side: Side, held: Post, scene: Scene) -> tuple[Span, bool] | None:
    """Return the window of the task that a sighting contradicts, and whether certainly."""
    since = _since(side, held, scene)
    if w.state == "at" or w.seen < since:
        return None
    rules = scene.setting.rules
    lead = micros(rules.deviation_lead_s) if w.state == "left" else 0
    first = since + micros(rules.coverage_grace_s) if w.state == "away" else since
    body = side.version.body
    spans = [span(x) for x in body.windows if not fault(x)] if isinstance(body, Directive) else []
    for s in spans:
        if max(s.sl - lead, first) <= w.seen < s.ee:
            return s, True
    for s in spans:
        if w.state == "left" and s.se - lead <= w.seen < s.el:
            return s, False
    return None


def _since(side: Side, held: Post, scene: Scene) -> int:
    """Return since when the order has its performers be at that place, over its versions."""
    versions = (s.version for s in scene.everyone[side.key])
    return min(v.since for v in versions if posts.post(v.body, scene.setting) == held)


# -- who is there instead ---------------------------------------------------------------------------------------------


def _others(side: Side, held: Post, scene: Scene) -> Iterator[Side]:
    """Yield the versions of other orders in force together with this one that hold the same place."""
    for key in sorted(scene.tagged(posts.manned(held.name))):
        for other in scene.everyone[key] if key != side.key else ():
            together = other.version.since < side.until and side.version.since < other.until
            here = posts.post(other.version.body, scene.setting)
            if together and here and here.name == held.name and not other.draft and other.reality == side.reality:
                yield other


def _relieved(side: Side, held: Post, performer: str, seen: list[Whereabouts], scene: Scene) -> bool:
    """Say whether somebody else was declared to be there instead: by another order, or within this one."""
    for other in _others(side, held, scene):
        agreed = accord(scene.ledger, side, other, scene.setting).agreed
        if agreed and set(other.version.performers) - {performer}:
            return True
    body = side.version.body
    within = isinstance(body, Directive) and any(d.relation == "relief-of" for d in body.dependencies)
    return within and _present(set(side.version.performers) - {performer}, seen)


def _manned(side: Side, held: Post, gone: Iterable[str], seen: list[Whereabouts], scene: Scene) -> bool:
    """Say whether another unit that is tasked there is present."""
    tasked = {p for s in (side, *_others(side, held, scene)) for p in s.version.performers}
    return _present(tasked - set(gone), seen)


def _present(participants: set[str], seen: list[Whereabouts]) -> bool:
    return any(w.state == "at" and w.participant in participants for w in seen)


# -- what is said -----------------------------------------------------------------------------------------------------


def _task(side: Side, held: Post, performer: str, gone: Departure, scene: Scene) -> Verdict:
    setting, w = scene.setting, gone.seen
    above = setting.mission.superiors(performer)
    between = above[: above.index(side.issuer)] if side.issuer in above else ()
    evidence = Evidence(
        rule="left" if w.state == "left" else "outside",
        place=held.name,
        at=_middle(held),
        overlap=window(gone.task),
        distance_m=w.distance_m,
        required_m=w.limit_m,
        observed=w.seen,
        units=(performer,),
        because=gone.doubts,
    )
    offers = (
        Option(option="liaison", party="", who=performer),
        Option(option="cover", party=side.key[1]),
        Option(option="re-issue", party=side.key[1]),
    )
    return _verdict(side, scene, gone, evidence, f"deviation/{held.name}/{performer}")._replace(
        told=between, offers=offers
    )


def _coverage(side: Side, held: Post, gone: list[Departure], scene: Scene) -> Iterator[Verdict]:
    """Yield the effect for whoever relies on the place: where and from when, and nothing of who or why."""
    setting = scene.setting
    last = max(gone, key=lambda d: (d.seen.seen, d.doubts))  # it is covered until the last one leaves
    open_from = last.seen.seen + micros(setting.rules.coverage_grace_s)
    relying = tuple(_relying(side, held, open_from, scene))
    told = posts.dependants(held.name, setting)
    if not relying and not told:
        return
    when = window(Span(open_from, open_from, FAR, FAR))
    evidence = Evidence(rule=COVERAGE, place=held.name, at=_middle(held), overlap=when)
    offers = tuple(Option(option="cover", party=r.key[1]) for r in relying)
    yield _verdict(side, scene, last, evidence, f"coverage/{held.name}")._replace(
        instead=relying, told=told, offers=offers,
        arbiter=setting.arbiter((side.issuer, *side.version.performers)),
    )  # fmt: skip


def _relying(side: Side, held: Post, open_from: int, scene: Scene) -> Iterator[Side]:
    """Yield the messages in force that rely on a place at a time from which it is not assured."""
    for key in sorted(scene.tagged(posts.needed(held.name))):
        relies = scene.everyone[key][-1]
        body = relies.version.body
        if relies.draft or relies.reality != side.reality or held.name not in posts.relied_on(body, scene.setting):
            continue
        if relies.reading is None or relies.reading.extent.el > open_from:
            yield relies


def _verdict(side: Side, scene: Scene, gone: Departure, evidence: Evidence, key: str) -> Verdict:
    setting = scene.setting
    base = setting.default("task-deviation", "MEDIUM")
    classes = side.reading.classes if side.reading else frozenset[str]()
    severity = setting.severity(base, gone.certainty, classes)
    return Verdict("task-deviation", gone.certainty, severity, evidence, key=key, since=gone.seen.seen)


def _middle(held: Post) -> Pair:
    return held.place.lon, held.place.lat
