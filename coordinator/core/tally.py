"""What the findings of one card say together, counted as they come and go: nothing is gone through twice.

A card lists at most ``LISTED`` findings, the unsettled, worst and oldest; the rest is counted exactly. So a card of
thousands of findings costs no more to keep, and weighs no more on the bus, than one of some dozens.
"""

from bisect import bisect_left, insort
from collections import Counter
from collections.abc import Iterable, Mapping
from math import isfinite
from typing import Any, Final, NamedTuple

from coordinator.core import correlate, repeats, routing
from coordinator.core.cards import CERTAINTY, DONE, Face, View
from coordinator.core.mission import Mission
from schemas.alerts import CAP_SEVERITY, Member, Rest
from schemas.findings import SEVERITIES, Finding, FindingState, Severity
from schemas.geo import Pair
from schemas.subjects import opaque

LISTED: Final = 24
_WORDS: Final = tuple(CERTAINTY)


class _Row(NamedTuple):
    """What is counted of a finding."""

    finding: Finding
    active: bool
    worst: tuple[int, str]
    turn: tuple[bool, int, int, str]  # the order in which findings are listed
    start: float
    end: float
    parties: frozenset[str]
    told: frozenset[str]


class _Sums:
    """Counts of some findings of a card."""

    def __init__(self) -> None:
        self.worst: list[tuple[int, str]] = []
        self.starts: list[float] = []
        self.ends: list[float] = []
        self.certainty: Counter[str] = Counter()
        self.parties: Counter[str] = Counter()
        self.told: Counter[str] = Counter()
        self.places: Counter[Pair] = Counter()

    def put(self, row: _Row) -> None:
        insort(self.worst, row.worst)
        for pile, at in ((self.starts, row.start), (self.ends, row.end)):
            if isfinite(at):
                insort(pile, at)
        for counter, keys in self._counted(row):
            for key in keys:
                counter[key] += 1

    def drop(self, row: _Row) -> None:
        _remove(self.worst, row.worst)
        for pile, at in ((self.starts, row.start), (self.ends, row.end)):
            if isfinite(at):
                _remove(pile, at)
        for counter, keys in self._counted(row):
            for key in keys:
                _less(counter, key)

    def _counted(self, row: _Row) -> tuple[tuple[Counter[Any], Iterable[Any]], ...]:
        at = row.finding.evidence.at
        return (
            (self.certainty, (row.finding.certainty,)),
            (self.parties, row.parties),
            (self.told, row.told),
            (self.places, ((round(at[0], 3), round(at[1], 3)),) if at else ()),  # about 100 m: nearer is no other place
        )

    def window(self) -> tuple[int | None, int | None]:
        """Return when the first conflict begins and the last one ends, of those that say so; microseconds."""
        return int(self.starts[0]) if self.starts else None, int(self.ends[-1]) if self.ends else None


class Tally:
    """The findings of one card."""

    def __init__(self, findings: Iterable[Finding] = ()) -> None:
        self.rows: dict[str, _Row] = {}
        self._all, self._active = _Sums(), _Sums()
        self._turns: list[tuple[bool, int, int, str]] = []
        self._arbiters: Counter[str] = Counter()
        self._messages: Counter[str] = Counter()
        self._states: Counter[tuple[FindingState, Severity]] = Counter()
        self._print: str | None = None
        for finding in findings:
            self.put(finding)

    def put(self, finding: Finding) -> None:
        """Count a finding as it is now."""
        if finding.id in self.rows:
            self._drop(self.rows.pop(finding.id))
        row = self.rows[finding.id] = _row(finding)
        for sums in self._sums(row):
            sums.put(row)
        insort(self._turns, row.turn)
        self._arbiters[finding.arbiter] += 1
        self._states[finding.state, finding.severity] += 1
        for party in {p.id for p in finding.parties}:
            self._print = self._print if party in self._messages else None
            self._messages[party] += 1

    def _drop(self, row: _Row) -> None:
        for sums in self._sums(row):
            sums.drop(row)
        _remove(self._turns, row.turn)
        _less(self._arbiters, row.finding.arbiter)
        _less(self._states, (row.finding.state, row.finding.severity))
        for party in {p.id for p in row.finding.parties}:
            _less(self._messages, party)
            self._print = self._print if party in self._messages else None

    def _sums(self, row: _Row) -> tuple[_Sums, ...]:
        return (self._all, self._active) if row.active else (self._all,)

    @property
    def open(self) -> bool:
        """Whether any finding is not closed yet."""
        return any(state != "closed" for state, _ in self._states)

    def view(self, mission: Mission) -> View:
        """Return what the findings say together; when all of them are done, what they said."""
        counted = self._active if self._active.worst else self._all
        leading = self.rows[counted.worst[0][1]].finding
        arbiter = routing.decides(mission, self._arbiters, leading.only)
        listed, rest = self._listed()
        start, end = counted.window()
        face = Face(
            members=listed,
            rest=rest,
            severity=CAP_SEVERITY[leading.severity],
            certainty=CERTAINTY[next(w for w in _WORDS if w in counted.certainty)],
            place=leading.evidence.place,
            at=leading.evidence.at,
            event_from=start,
            event_to=end,
            parties=tuple(sorted(counted.parties)),
            arbiter=arbiter,
            fingerprint=repeats.fingerprint(
                "conflict", counted.parties, leading.evidence.place, (self._documents(),), leading.only
            ),
            only=leading.only,  # findings of one card are for the same eyes: see `correlate`
        )
        return View(face, bool(self._active.worst), counted.places.keys(), self._told(arbiter))

    def _told(self, arbiter: str) -> dict[str, bool]:
        """Return everybody that any finding concerns; only those of active ones owe an acknowledgement."""
        owing, everybody = self._active.told.keys(), self._all.told.keys()
        active = bool(self._active.worst)
        told = {p: p in owing or (active and p == arbiter) for p in everybody}
        if arbiter:
            told[arbiter] = active or arbiter in owing
        return dict(sorted(told.items()))

    def _listed(self) -> tuple[tuple[Member, ...], Rest | None]:
        """Return the findings that are listed, by id, and the counts of the others."""
        chosen = [self.rows[turn[3]].finding for turn in self._turns[:LISTED]]
        listed = tuple(members(sorted(chosen, key=lambda f: f.id)))
        if len(self._turns) <= LISTED:
            return listed, None
        return listed, rest(self._states - Counter((f.state, f.severity) for f in chosen))

    def _documents(self) -> str:
        """Return one word for all messages that the findings are about."""
        if self._print is None:
            self._print = opaque("\0".join(sorted(self._messages)))
        return self._print


class Tallies(dict[str, Tally]):
    """The tally of each card. What a snapshot holds is counted when it is asked for: most of it never is."""

    def __init__(self, home: Mapping[str, str], findings: Mapping[str, Finding]) -> None:
        super().__init__()
        self._findings, self._waiting = findings, dict[str, list[str]]()
        for finding, card in home.items():
            self._waiting.setdefault(card, []).append(finding)

    def __missing__(self, card: str) -> Tally:
        tally = self[card] = Tally(self._findings[f] for f in self._waiting.pop(card))
        return tally

    def __contains__(self, card: object) -> bool:
        return card in self._waiting or super().__contains__(card)

    def take(self, card: str) -> Tally:
        """Return the tally of a card and forget it; an empty one if there is none."""
        tally = self[card] if card in self else Tally()
        self.pop(card, None)
        return tally


def turn(finding: Finding) -> tuple[bool, int, int, str]:
    """Return what sorts findings for a list: the unsettled first, then the worst, then the oldest."""
    return finding.state in DONE, SEVERITIES.index(finding.severity), finding.first_at, finding.id


def rest(counts: Counter[tuple[FindingState, Severity]]) -> Rest | None:
    """Return counts by state and severity as a card says them, or None if there is nothing to count."""
    states: Counter[str] = Counter()
    severities: Counter[str] = Counter()
    for (state, severity), count in counts.items():
        states[state] += count
        severities[severity] += count
    return Rest(count=states.total(), states=_by_name(states), severities=_by_name(severities)) if states else None


def members(findings: Iterable[Finding]) -> Iterable[Member]:
    """Yield findings as a card lists them; release adds the sentences."""
    for f in findings:
        yield Member(finding=f.id, finding_kind=f.finding_kind, severity=f.severity, state=f.state)


def _row(finding: Finding) -> _Row:
    active, rank = finding.state not in DONE, SEVERITIES.index(finding.severity)
    start, end = correlate.window(finding)
    return _Row(
        finding=finding,
        active=active,
        worst=(rank, finding.id),
        turn=turn(finding),
        start=start,
        end=end,
        parties=frozenset(u for p in finding.parties for u in (p.issuer, *p.units) if u),
        told=frozenset(routing.told(finding)),
    )


def _remove(pile: list[Any], entry: Any) -> None:
    del pile[bisect_left(pile, entry)]


def _less(counter: Counter[Any], key: Any) -> None:
    counter[key] -= 1
    if not counter[key]:
        del counter[key]


def _by_name(counter: Counter[str]) -> dict[str, int]:
    return dict(sorted(counter.items()))
