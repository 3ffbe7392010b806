"""The report, as one reader may see it: its own values with where they come from, the others as one figure.

An operator of the mission sees totals, nobody a list of participants: a figure says how the mission did, not who did
worst. What only some may know of, or what a label keeps to some, is in no figure of anybody else. The same log gives
the same report, whoever computes it.
"""

from collections.abc import Iterable, Sequence
from typing import Final, Literal, NamedTuple

import msgspec

from coordinator.core.afteraction.facts import HOUR, Facts, Seen
from coordinator.core.afteraction.figures import Figure, Sample, Value, aggregate, figure
from coordinator.core.afteraction.measures import LOAD, MEASURES, Unit, samples
from coordinator.core.afteraction.times import together
from coordinator.core.tearline import Tearline
from schemas.findings import Finding

REPLY: Final = 500  # characters of one
NAMED_AT_MOST: Final = 1_000  # sequences of one repeat
NAMED: Final = frozenset({"detect", "resolve"})  # measures of findings: what they are about has names of its own


class Reader(NamedTuple):
    """Whoever reads a report: itself and whom it stands for, and whether it sees totals."""

    id: str
    mine: frozenset[str]
    operator: bool


class Line(msgspec.Struct, frozen=True, kw_only=True, omit_defaults=True):
    """One measure. ``withheld``: fewer than three others have values; whether any has is not said."""

    section: str
    measure: str
    unit: Unit
    own: Figure | None = None
    others: Figure | None = None
    total: Figure | None = None
    withheld: bool = False


class Repeat(msgspec.Struct, frozen=True, kw_only=True):
    """What was found more than once at a place, between a pair of issuers, or by a rule.

    ``seqs`` are the findings, of very many the first.
    """

    by: Literal["place", "pair", "rule"]
    what: tuple[str, ...]
    count: int
    seqs: tuple[int, ...]


class Reply(msgspec.Struct, frozen=True, kw_only=True):
    """What a participant wrote on a card: its side of what the figures say."""

    by: str
    card: str
    note: str
    seq: int


class Load(msgspec.Struct, frozen=True, kw_only=True):
    """Cards that ask for an answer, beside the budget of the mission: an hour's average, and hours over it."""

    per_hour: float
    budget: float
    crisis_budget: float
    hours: int
    hours_over: int
    hours_over_crisis: int


class Report(msgspec.Struct, frozen=True, kw_only=True, omit_defaults=True):
    """An after-action report over what began in a period (microseconds UTC), from a log up to a sequence."""

    mission: str
    reader: str
    scope: Literal["own", "total"]
    since: int
    until: int
    messages: int
    last_seq: int
    language: str = "en"  # of the reader
    lines: tuple[Line, ...] = ()
    repeats: tuple[Repeat, ...] = ()
    load: Load | None = None
    replies: tuple[Reply, ...] = ()


def period(facts: Facts, since: int, until: int) -> tuple[int, int]:
    """Return a period within the log; 0 is its beginning, or its end."""
    return max(since, facts.first_at), min(until or facts.last_at, facts.last_at)


def report(facts: Facts, reader: str, since: int = 0, until: int = 0) -> Report:
    """Return the report for a reader; 0 is the beginning, or the end, of the log."""
    since, until = period(facts, since, until)
    return shown(facts, list(samples(facts, since, until)), reader, since, until)


def shown(facts: Facts, found: Sequence[Sample], reader: str, since: int, until: int) -> Report:
    """Return what a reader may see of all values of a period, as `period` says it."""
    known = facts.mission.by_id.get(reader)
    who = Reader(reader, frozenset({reader, facts.mission.stands_for(reader)}), known is not None and known.operator)
    known_of = [s for s in found if s.only is None or reader in s.only]
    among = [s for s in known_of if s.measure != LOAD] + together([s for s in known_of if s.measure == LOAD])
    lines = (_line(facts, m, [s for s in among if s.measure == m], who) for m in MEASURES)
    return Report(
        mission=facts.mission.name,
        reader=reader,
        scope="total" if who.operator else "own",
        since=since,
        until=until,
        messages=facts.count,
        last_seq=facts.last_seq,
        language=known.language if known else "en",
        lines=tuple(line for line in lines if line.own or line.others or line.total),
        repeats=tuple(_repeats(facts, who, since, until)),
        load=_load(facts, among, who, since, until),
        replies=tuple(_replies(facts, who, since, until)),
    )


def _line(facts: Facts, measure: str, found: list[Sample], who: Reader) -> Line:
    own = [s.seen_by(who.mine) for s in found if s.by & who.mine]
    rest = [s for s in found if not s.by & who.mine]
    of = MEASURES[measure]
    low = of.unit == "percent"
    others = None if who.operator else aggregate(rest, who.mine, low=low)
    return Line(
        section=of.section,
        measure=measure,
        unit=of.unit,
        own=_named(facts, figure(own, low=low), measure, who),
        others=others,
        total=_named(facts, figure(found, low=low), measure, who) if who.operator else None,
        withheld=others is None and not who.operator,
    )


# -- names ------------------------------------------------------------------------------------------------------------


def _named(facts: Facts, shown: Figure | None, measure: str, who: Reader) -> Figure | None:
    """Give what a reader sees of findings the names of their parties, as far as it may know all of them."""
    if shown is None or measure not in NAMED:
        return shown

    def name(value: Value | None) -> Value | None:
        return value and msgspec.structs.replace(value, what=_name(facts, value.what, who))

    values = tuple(named for v in shown.values if (named := name(v)))
    return msgspec.structs.replace(
        shown, median=name(shown.median), p90=name(shown.p90), worst=name(shown.worst), values=values
    )


def _name(facts: Facts, identity: str, who: Reader) -> str:
    finding = facts.findings[identity][-1].body
    return " x ".join(p.id for p in finding.parties) if who.operator or _sees_all(facts, finding, who) else identity


def _sees_all(facts: Facts, finding: Finding, who: Reader) -> bool:
    sight = Tearline(_silent, facts.mission, facts.records).sight(finding, who.id)
    return bool(who.mine & {*finding.told}) and sight.full


def _silent(key: str, lang: str = "en", **_: str | int) -> str:
    """Stand in for the texts: nothing is rendered here."""
    return key


# -- repeats ----------------------------------------------------------------------------------------------------------


def _repeats(facts: Facts, who: Reader, since: int, until: int) -> Iterable[Repeat]:
    """Yield what came more than once among the findings that a reader knows all of; never in the order of how often."""
    groups: dict[tuple[Literal["place", "pair", "rule"], tuple[str, ...]], list[int]] = {}
    for states in facts.findings.values():
        first = states[0]
        if since <= first.at <= until and _knows(facts, first, who):
            for key in _keys(first.body):
                groups.setdefault(key, []).append(first.seq)
    order = ("place", "pair", "rule")
    for (by, what), seqs in sorted(groups.items(), key=lambda g: (order.index(g[0][0]), g[1])):
        if len(seqs) > 1:
            yield Repeat(by=by, what=what, count=len(seqs), seqs=tuple(seqs[:NAMED_AT_MOST]))


def _knows(facts: Facts, seen: Seen[Finding], who: Reader) -> bool:
    only = facts.only(seen.body)
    if only is not None and who.id not in only:
        return False
    return who.operator or _sees_all(facts, seen.body, who)


def _keys(finding: Finding) -> Iterable[tuple[Literal["place", "pair", "rule"], tuple[str, ...]]]:
    issuers = tuple(sorted({p.issuer for p in finding.parties if p.issuer}))
    rule = finding.evidence.rule
    if finding.evidence.place:
        yield "place", (finding.evidence.place,)
    if len(issuers) > 1:
        yield "pair", issuers
    yield "rule", (finding.finding_kind, rule) if rule else (finding.finding_kind,)


# -- replies ----------------------------------------------------------------------------------------------------------


def _replies(facts: Facts, who: Reader, since: int, until: int) -> Iterable[Reply]:
    """Yield what a reader wrote on cards itself; an operator, what anybody wrote on cards that it may know of."""
    for by, note in facts.notes:
        states = facts.cards.get(note.body.alert)
        only = facts.only_card(states[-1].body) if states else ()
        allowed = by == who.id or (who.operator and (only is None or who.id in only))
        if allowed and since <= note.at <= until:
            yield Reply(by=by, card=note.body.alert, note=note.body.note[:REPLY], seq=note.seq)


# -- load -------------------------------------------------------------------------------------------------------------


def _load(facts: Facts, among: list[Sample], who: Reader, since: int, until: int) -> Load | None:
    """Return how many cards an hour asked one participant: this one, or on average each that was asked at all."""
    asked = [s for s in among if s.measure == LOAD and (who.operator or s.by & who.mine)]
    hours = max(1, until // HOUR - since // HOUR + 1)
    desks = len({p for s in asked for p in s.by})
    if not desks:
        return None
    budget, counts = facts.mission.budget, [s.value or 0 for s in asked]
    return Load(
        per_hour=round(sum(counts) / (hours * desks), 2),
        budget=budget.cards_per_hour,
        crisis_budget=budget.crisis_per_hour,
        hours=hours * desks,
        hours_over=sum(n > budget.cards_per_hour for n in counts),
        hours_over_crisis=sum(n > budget.crisis_per_hour for n in counts),
    )
