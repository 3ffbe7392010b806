"""Cases judged: which verdicts hold for which versions, and what state follows.

A verdict is asked for every two versions that were in force together, the last ones being those in force now.
Source: design §4; reference deconfliction.md §2.3, §2.4.
"""

from collections import defaultdict
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from typing import Final, NamedTuple

from msgspec.structs import replace

from coordinator.core.deconfliction.active import participant
from coordinator.core.deconfliction.answers import admitted, answer, mistaken, silent, unsure
from coordinator.core.deconfliction.areas import Problem
from coordinator.core.deconfliction.building import Held
from coordinator.core.deconfliction.grouping import Told
from coordinator.core.deconfliction.ledger import Key, Ledger
from coordinator.core.deconfliction.limits import RULE as OVER_CAPACITY
from coordinator.core.deconfliction.links import Fault, ambiguous, cycle, faults, fork
from coordinator.core.deconfliction.reading import Reading
from coordinator.core.deconfliction.sections import Rating, Use
from coordinator.core.deconfliction.setting import Setting, Spot
from coordinator.core.deconfliction.sides import Side, accord
from coordinator.core.deconfliction.states import PAST, Standing, past, turns
from coordinator.core.deconfliction.verdicts import (
    ALONE,
    CROSSING,
    ORDERS,
    PAIR,
    PASSING,
    Passing,
    Scene,
    Verdict,
    assets,
    folded,
    misread,
    outdated,
    stale,
    unanswered,
    undecidable,
    unrated,
)  # fmt: skip
from coordinator.core.deconfliction.verdicts.base import Tagged
from coordinator.core.deconfliction.windows import FAR, micros
from schemas.directives import Directive
from schemas.findings import Finding

Passings = Callable[[Reading], Mapping[str, tuple[Spot, tuple[Use, ...], tuple[Rating, ...]]]]
Sides = tuple[Side, ...]


MOST_PROBLEMS: Final = 50
"""Findings that one order gets because of what cannot be read in it: the first ones say that it was not decided."""


class Ruling(NamedTuple):
    """A finding as it stands, and when time alone may change that."""

    finding: Finding
    due: int | None
    end: int  # when it is over in any case
    reality: str = "real"


class _Together(NamedTuple):
    """A verdict for versions that were in force together from ``since`` on."""

    since: int
    now: bool  # they still are
    held: Held
    sides: Sides
    context: str = ""  # what rated the section, for K04
    until: int = FAR  # when it was rated otherwise


class Judge:
    """Puts the verdicts to versions, and the states to verdicts."""

    def __init__(
        self, ledger: Ledger, setting: Setting, passings: Passings, tagged: Tagged = lambda _: frozenset()
    ) -> None:
        """``tagged`` returns the orders that have a tag of `ties`."""
        self._ledger = ledger
        self._setting = setting
        self._passings = passings
        self._tagged = tagged
        self._keep = micros(setting.rules.keep_s)
        self._notice = micros(setting.rules.notice_s)

    # -- two orders -----------------------------------------------------------------------------------------------

    def together(self, a: Sides, b: Sides, now: int) -> Iterator[Ruling]:
        """Judge two orders."""
        if a[0].reality != b[0].reality or (a[-1].draft and b[-1].draft and a[0].issuer != b[0].issuer):
            return
        if self._left(a) or self._left(b):
            return
        end = min(self.end(a), self.end(b))
        if end <= now:
            return
        held = [
            _Together(max(p.version.since, q.version.since), p is a[-1] and q is b[-1], Held(v, (p, q), self._setting),
                      (p, q))
            for p in a
            for q in b
            if p.version.since < q.until and q.version.since < p.until
            for v in self._pair(p, q)
        ]  # fmt: skip
        yield from self._rulings(held, (a, b), end, now)

    def _left(self, sides: Sides) -> bool:
        """Say whether the issuer has left the mission: what it said stays in the log and is compared no more."""
        return sides[0].issuer in self._setting.left

    def _pair(self, p: Side, q: Side) -> list[Verdict]:
        """Return the verdicts for two versions, what one implies folded into it."""
        if p.reading is None or q.reading is None:
            return []
        found: list[Verdict] = []
        between = accord(self._ledger, p, q, self._setting)
        others = [v for judge in ORDERS if (v := judge(p, q, between, self._setting))]
        if p.reading.judged and q.reading.judged:
            found = [v for judge in PAIR if (v := judge(p.reading, q.reading, between, self._setting))]
        return folded([*found, *self._crossings(p.reading, q.reading), *others])

    def _crossings(self, a: Reading, b: Reading) -> Iterator[Verdict]:
        """Yield what two uses of one section give, as it is rated now."""
        of_a, of_b = self._passings(a), self._passings(b)
        for name in sorted(of_a.keys() & of_b.keys()):
            spot, uses, rated = of_a[name]
            pairs = [(x, y) for x in uses for y in of_b[name][1]]
            for judge in CROSSING:
                met = [judge(Passing(spot, x, rated[-1]), Passing(spot, y, rated[-1]), self._setting) for x, y in pairs]
                yield from sorted((v for v in met if v), key=lambda v: (v.certainty, v.spans))[:1]

    # -- several orders that want one asset ------------------------------------------------------------------------

    def crowd(self, told: Iterable[Told], everyone: Mapping[Key, Sides], now: int) -> Iterator[Ruling]:
        """Judge an order among those who want the same asset."""
        found: defaultdict[tuple[Key, ...], list[_Together]] = defaultdict(list)
        for verdict, sides, current in told:
            since = max(s.version.since for s in sides)
            held = Held(verdict, sides, self._setting)
            found[tuple(s.key for s in sides)].append(_Together(since, current, held, sides))
        for keys, held_of in found.items():
            parties = [everyone[k] for k in keys]
            end = min(self.end(sides) for sides in parties)
            if end > now:
                yield from self._rulings(held_of, parties, end, now)

    # -- one order ------------------------------------------------------------------------------------------------

    def beyond(self, sides: Sides, now: int) -> Iterator[Ruling]:
        """Judge an order that is one too many: nobody knows what it clashes with (`limits`)."""
        side, end = sides[-1], self.end(sides)
        if side.reading is not None and end > now:
            problem = Problem("rules.capacity_orders", OVER_CAPACITY)
            yield self._ruling(
                Held(undecidable(problem, side.reading, self._setting), (side,), self._setting), end, now
            )

    def alone(self, sides: Sides, everyone: Mapping[Key, Sides], now: int) -> Iterator[Ruling]:
        """Judge one order by itself."""
        if self._left(sides):
            return
        end = self.end(sides)
        yield from self._links(sides, everyone, end, now)
        if end <= now:
            return
        yield from self._capacity(sides, end, now)
        yield from self._setting_of(sides, everyone, end, now)
        if sides[-1].reading is not None and not sides[-1].draft:
            yield from self._answers(sides, now)
        if sides[-1].reading is not None:
            yield from (self._ruling(Held(v, sides[-1:], self._setting), end, now) for v in self._unclear(sides[-1]))

    def _setting_of(self, sides: Sides, everyone: Mapping[Key, Sides], end: int, now: int) -> Iterator[Ruling]:
        """Yield what the setting rules out, for the version in force and for earlier ones."""
        scene = Scene(self._ledger, self._setting, everyone, self._tagged)
        held = [
            _Together(
                max(side.version.since, v.since),
                side is sides[-1],
                Held(v, (side, *v.others), self._setting),
                (side,),
            )
            for side in sides
            if side.reading is not None
            for judge in ALONE
            for v in judge(side, scene)
        ]
        yield from self._rulings(held, (sides,), end, now)

    def _capacity(self, sides: Sides, end: int, now: int) -> Iterator[Ruling]:
        """Yield what sections carry too little, now or when an earlier version or rating was in force."""
        held = []
        for side in sides:
            found = self._passings(side.reading) if side.reading else {}
            for spot, uses, rated in found.values():
                for rating, until in zip(rated, [*(r.since for r in rated[1:]), FAR], strict=True):
                    if not (side.version.since < until and rating.since < side.until):
                        continue
                    last = side is sides[-1] and rating is rated[-1]
                    held += [
                        _Together(max(side.version.since, rating.since), last, Held(v, (side,), self._setting), (side,),
                                  rated[-1].news, until)
                        for use in uses
                        for judge in PASSING
                        if side.reading and (v := judge(side.reading, Passing(spot, use, rating), self._setting))
                    ]  # fmt: skip
        yield from self._rulings(held, (sides,), end, now)

    def _links(self, sides: Sides, everyone: Mapping[Key, Sides], end: int, now: int) -> Iterator[Ruling]:
        """Yield K12 for an order in force, for a circle that it begins, and for what several orders replace."""
        side = sides[-1]
        if side.version.body is not None and not side.draft and end > now:
            for fault in faults(self._ledger, side.version.item, self._setting):
                others = [everyone[k][-1] for k in fault.others if everyone.get(k)]
                yield self._ruling(Held(stale(fault, self._setting), [side, *others], self._setting), end, now)
        yield from self._tangles("cycle", cycle(self._ledger, side.key, self._setting), side.key, everyone, now)
        yield from self._tangles("fork", fork(self._ledger, side.key, self._setting), None, everyone, now)

    def _tangles(
        self, rule: str, keys: tuple[Key, ...], begins: Key | None, everyone: Mapping[Key, Sides], now: int
    ) -> Iterator[Ruling]:
        if not keys:
            return
        parties = [s for k in keys if everyone.get(k) and (s := everyone[k][-1]).version.body is not None]
        if len(parties) < len(keys) or (begins and begins != keys[0]):
            return
        end = min(self.end(everyone[k]) for k in keys)
        if end > now:
            fault = Fault("cycle" if rule == "cycle" else "fork", "supersedes", keys[1:], ())
            yield self._ruling(Held(stale(fault, self._setting), parties, self._setting), end, now)

    def _answers(self, sides: Sides, now: int) -> Iterator[Ruling]:
        """Yield K16 and K12(g): who read the order in force back wrong, or has not answered it near its start."""
        version, read = sides[-1].version, sides[-1].reading
        if not isinstance(version.body, Directive) or read is None or not version.performers:
            return
        wrong = mistaken(self._ledger, version, self._setting)
        for unit in wrong:
            only = admitted(self._ledger, version, unit, self._setting)
            yield self._ruling(Held(misread(unit, only, read, self._setting), sides[-1:], self._setting),
                               self.end(sides), now)  # fmt: skip
        if self.notice_at(sides[-1]) > now or self.end(sides) <= now:
            return
        earlier = [s.version for s in sides[:-1]]
        waiting = tuple(p for p in silent(self._ledger, version, self._setting) if p not in wrong)
        old = tuple(p for p in waiting if any(answer(self._ledger, v, p, self._setting) for v in earlier))
        never = tuple(p for p in waiting if p not in old)
        for verdict in (outdated(old, version.named, read, self._setting), unanswered(never, read, self._setting)):
            if verdict:
                yield self._ruling(Held(verdict, sides[-1:], self._setting), self.end(sides), now)

    def notice_at(self, side: Side) -> int:
        """Return from when on a missing answer is a finding: start less notice; for an open start, issue and notice."""
        start = side.reading.extent.se if side.reading else -FAR
        return start - self._notice if start > -FAR else side.version.since + self._notice

    def pending(self, sides: Sides, now: int) -> int | None:
        """Return when a missing answer will become a finding, if one is missing and that is still ahead."""
        side = sides[-1]
        if side.reading is None or side.draft or not isinstance(side.version.body, Directive):
            return None
        at = self.notice_at(side)
        return at if at > now and silent(self._ledger, side.version, self._setting) else None

    def _unclear(self, side: Side) -> Iterator[Verdict]:
        """Yield K18: everything about an order that keeps a test from being made."""
        read = side.reading
        problems = [] if read is None else list(read.problems)
        item = side.version.item
        problems += assets.unclear(read, self._setting) if read else ()
        problems += [Problem(link.field, "ambiguous", link.ref.id) for link in ambiguous(self._ledger, item)]
        problems += [Problem("acknowledgement", "ambiguous", alias) for alias in unsure(self._ledger, side.key)]
        thread = self._ledger.acts[side.key]
        if thread.plain is None and item.revision in thread.doubled():
            problems.append(Problem("revision", "two-contents", item.name))
        body = side.version.body
        if isinstance(body, Directive):
            problems += [Problem(f"performers[{i}]", "unknown-unit", u.name or u.id or u.callsign)
                         for i, u in enumerate(body.performers) if not participant(u, self._setting)]  # fmt: skip
        for spot, uses, rated in (self._passings(read) if read else {}).values():
            found = [unrated(read, Passing(spot, use, rated[-1]), self._setting) for use in uses[:1] if read]
            problems += [p for p in found if p]
        if not problems:
            return
        for problem in list({(p.field, p.what): p for p in problems}.values())[:MOST_PROBLEMS]:
            yield undecidable(problem, read, self._setting)

    # -- states ---------------------------------------------------------------------------------------------------

    def _rulings(self, held: Sequence[_Together], sides: Sequence[Sides], end: int, now: int) -> Iterator[Ruling]:
        """Yield a ruling for every finding among verdicts about versions."""
        if not held:
            return
        by_id: defaultdict[str, list[_Together]] = defaultdict(list)
        for one in held:
            by_id[one.held.id].append(one)
        for group in by_id.values():
            first = min(t.since for t in group)
            present = [t for t in group if t.now]
            if present:
                yield self._ruling(present[0].held, end, now, first)
                continue
            last = max(group, key=lambda t: t.since)
            changed = turns(last.sides, sides, last.until)
            standing = past(self._ledger, self._setting, changed, last.context)
            yield self._stood(last.held, standing, end, first, now)

    def _ruling(self, held: Held, end: int, now: int, first: int | None = None) -> Ruling:
        begun = max(s.version.since for s in held.sides) if first is None else first
        return self._stood(held, held.standing(self._ledger, now), end, begun, now)

    def _stood(self, held: Held, standing: Standing, end: int, first: int, now: int) -> Ruling:
        """Return a ruling; once the time of the conflict is over, it is only worth knowing (§5 (8))."""
        over = held.over_at
        due = min(standing.due or FAR, end, over if over > now else FAR)
        wakes = standing.state != "closed" and due < FAR
        finding = held.finding(standing, first)
        if over <= now and standing.state != "closed":
            finding = replace(finding, severity="INFO", why=finding.why or PAST)
        return Ruling(finding, due if wakes else None, end, held.sides[0].reality)

    def end(self, sides: Sides) -> int:
        """Return when an order is over and no longer compared: its last end and `rules.keep_s` (§2.1, Active)."""
        read = sides[-1].reading or next((s.reading for s in reversed(sides) if s.reading is not None), None)
        if read is None:
            return FAR
        el = read.extent.el
        return el + self._keep if el < FAR else FAR
