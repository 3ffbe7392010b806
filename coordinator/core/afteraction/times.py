"""How long things took: findings, cards and orders, each with the time that there was no link named apart."""

from collections.abc import Iterable, Iterator, Sequence
from typing import Final

from coordinator.core.afteraction.facts import Facts, Order, Seen
from coordinator.core.afteraction.figures import Sample
from coordinator.core.cards import OVER
from coordinator.core.correlate import SECOND
from coordinator.core.ladders import DEADLINES
from schemas.acknowledgements import Acknowledgement
from schemas.alerts import Alert, Told
from schemas.findings import Finding
from schemas.subjects import Precedence

Place = Seen[Alert] | Order
State = Seen[Finding] | Seen[Alert]
ORDERED: Final[Precedence] = "priority"  # an order that does not say how urgent it is
FINAL: Final = frozenset({"wilco", "cannot-comply"})


def findings(facts: Facts) -> Iterator[Sample]:
    """Yield how long each finding took from what caused it, and from when it was open until it was closed."""
    for identity, states in facts.findings.items():
        first, by = states[0], frozenset(p for s in states for p in s.body.told)
        only, took = facts.only(states[-1].body), max(0, first.at - first.began)
        yield Sample("detect", identity, by, first.began, took, _from(first), only=only)
        yield from _episodes(facts, identity, states, by)


def _from(seen: Seen[Finding]) -> tuple[int, ...]:
    return (seen.cause, seen.seq) if 0 < seen.cause < seen.seq else (seen.seq,)


def _episodes(facts: Facts, identity: str, states: list[Seen[Finding]], by: frozenset[str]) -> Iterator[Sample]:
    only = facts.only(states[-1].body)
    yield from _open(facts, "resolve", identity, [(s, s.body.state == "closed") for s in states], by, only)


def _open(
    facts: Facts, measure: str, identity: str, states: Sequence[tuple[State, bool]], by: frozenset[str],
    only: tuple[str, ...] | None,
) -> Iterator[Sample]:  # fmt: skip
    """Yield how long something was open, each time that it was; states come with whether they are over."""
    since: State | None = None
    for state, over in states:
        if not over:
            since = since or state
        elif since:
            links, seqs, took = facts.links, (since.seq, state.seq), state.at - since.at
            down, downs = links.down(by, since.at, state.at), links.apart(by, since.at, state.at)
            yield Sample(measure, identity, by, since.at, took, seqs, down, only=only, downs=downs)
            since = None
    if since:
        yield Sample(measure, identity, by, since.at, None, (since.seq,), only=only)


# -- cards ------------------------------------------------------------------------------------------------------------


def cards(facts: Facts) -> Iterator[Sample]:
    """Yield how long each card was open, and for each participant until it was there and until it was acknowledged."""
    for identity, states in facts.cards.items():
        last = states[-1]
        only = facts.only_card(last.body)
        by = frozenset(t.participant for s in states for t in s.body.told)
        if not last.body.merged_into:
            yield from _open(facts, "card", identity, [(s, s.body.work in OVER) for s in states], by, only)
        for participant in sorted(by):
            yield from _asked(facts, identity, participant, states, only)


def _asked(
    facts: Facts, identity: str, who: str, states: list[Seen[Alert]], only: tuple[str, ...] | None
) -> Iterator[Sample]:
    """Yield what one participant was asked by a card: each time that it owed an answer, until it gave it.

    What it did not answer in time, until there was nothing left to answer, stays open.
    """
    by, since, late = frozenset({who}), list[Seen[Alert]](), False
    said = [(s, next((t for t in s.body.told if t.participant == who), None)) for s in states]
    acted = next((s.at for s, t in said if t and t.acknowledged_at is not None), None)
    yield from _delivered(facts, "alert", identity, who, next(s for s, t in said if t), acted, only)
    for state, mine in said:
        late = bool(since) and (late or (mine is not None and mine.late))
        if not since:
            since = [state] if mine and _owes(mine) else []
        elif mine and mine.acknowledged_at is not None:
            took, down = state.at - since[0].at, facts.links.down(by, since[0].at, state.at)
            seqs = (since.pop().seq, state.seq)
            yield Sample("acknowledge", identity, by, state.at - took, took, seqs, down, late, only)
        elif mine is None or not (_owes(mine) or mine.unreachable):
            if late:
                yield Sample("acknowledge", identity, by, since[0].at, None, (since[0].seq,), late=True, only=only)
            since = []  # others answered, or nothing is left to answer
    for one in since:
        yield Sample("acknowledge", identity, by, one.at, None, (one.seq,), late=late, only=only)


def _owes(told: Told) -> bool:
    return told.due is not None and told.acknowledged_at is None


def _delivered(
    facts: Facts, kind: str, identity: str, who: str, sent: Place, acted: int | None, only: tuple[str, ...] | None
) -> Iterator[Sample]:
    """Yield how long something was on its way, as its bearer reported, or as the link lets conclude; or nothing.

    Whoever has acted on it has it; bearers may report that later.
    """
    by, at, report = frozenset({who}), sent.at, facts.arrived.get((kind, identity, who))
    if report and report.at >= at:
        there = report.at if acted is None else min(report.at, acted)
        down = facts.links.down(by, at, there)
        yield Sample("deliver", identity, by, at, there - at, (sent.seq, report.seq), down, only=only)
    elif who in facts.links.known:
        back = facts.links.back(who, at)
        took = None if back is None else back - at
        yield Sample("deliver", identity, by, at, took, (sent.seq,), took or 0, only=only)


def load(facts: Facts) -> Iterator[Sample]:
    """Yield how many cards asked each participant for an answer, for each hour in which any did.

    Those that only some may know of are counted apart: `together` adds up what a reader may know.
    """
    hour = 3_600 * SECOND
    asked: dict[tuple[str, int, tuple[str, ...] | None], list[int]] = {}
    for states in facts.cards.values():
        only = facts.only_card(states[-1].body)
        first: dict[str, Seen[Alert]] = {}
        for state in states:
            for told in state.body.told:
                if _owes(told):
                    first.setdefault(told.participant, state)
        for who, state in first.items():
            asked.setdefault((who, state.at // hour, only), []).append(state.seq)
    for (who, at, only), seqs in sorted(asked.items(), key=lambda one: (*one[0][:2], one[0][2] or ())):
        by, all_ = frozenset({who}), tuple(sorted(seqs))
        yield Sample("cards-per-hour", str(at * hour), by, at * hour, len(seqs), all_, only=only)


def together(found: Iterable[Sample]) -> list[Sample]:
    """Return values with those of one participant and hour that are counted apart as one."""
    whole: dict[tuple[str, frozenset[str]], Sample] = {}
    for s in found:
        key = s.what, s.by
        held = whole.get(key, s._replace(value=0, seqs=(), only=None))
        whole[key] = held._replace(value=(held.value or 0) + (s.value or 0), seqs=tuple(sorted((*held.seqs, *s.seqs))))
    return list(whole.values())


# -- orders -----------------------------------------------------------------------------------------------------------


def orders(facts: Facts) -> Iterator[Sample]:
    """Yield how long each acting unit took to answer each order, how late it was, and how long until all said wilco."""
    said: dict[str, list[tuple[str, Seen[Acknowledgement]]]] = {}
    for by, answer in facts.answers:
        said.setdefault(answer.body.of.id, []).append((by, answer))
    for order, until in facts.overtaken():
        names = _names(order)
        heard = sorted((a for name in names for a in said.get(name, ())), key=lambda a: a[1].seq)
        heard = [(by, a) for by, a in heard if a.seq > order.seq and a.at <= until and _means(a.body, order)]
        yield from _answered(facts, order, heard, until)


def _names(order: Order) -> set[str]:
    """Return the ids by which an order can be answered: its own, and of what it changes."""
    changed = {c.order.id for c in order.body.amends}
    return {order.envelope.id, *order.envelope.aliases, *changed}


def _means(answer: Acknowledgement, order: Order) -> bool:
    return answer.of.id != order.envelope.id or answer.of.revision in (0, order.envelope.revision)


def _answered(
    facts: Facts, order: Order, heard: list[tuple[str, Seen[Acknowledgement]]], until: int
) -> Iterator[Sample]:
    name, wilco = f"{order.envelope.id}:{order.envelope.revision}", dict[str, Seen[Acknowledgement]]()
    stands, only = until >= facts.last_at, facts.only_order(order)
    for who in sorted(order.acting):
        own = [a for by, a in heard if by == who]
        acted = own[0].at if own else None
        yield from _delivered(facts, "directive", order.envelope.id, who, order, acted, only)
        yield from _answer(facts, "answer", name, who, order, own[:1], stands, only)
        final = [a for a in own if a.body.step in FINAL]
        yield from _answer(facts, "decide", name, who, order, final[:1], stands, only)
        if final and final[0].body.step == "wilco":
            wilco[who] = final[0]
    if order.acting and wilco.keys() == order.acting:
        last = max(wilco.values(), key=lambda a: a.seq)
        down = facts.links.down(order.acting, order.at, last.at)
        own_ = frozenset({order.envelope.originator})
        yield Sample(
            "all-wilco", name, own_, order.at, last.at - order.at, (order.seq, last.seq), down, only=only, downs=()
        )


def _answer(
    facts: Facts, measure: str, name: str, who: str, order: Order, given: list[Seen[Acknowledgement]], stands: bool,
    only: tuple[str, ...] | None,
) -> Iterator[Sample]:  # fmt: skip
    """Yield how long an answer took; one that was never given counts as open unless the order was overtaken."""
    by = frozenset({who})
    allowed = int(DEADLINES[order.envelope.precedence or ORDERED](facts.mission.acknowledge) * SECOND)
    for answer in given:
        took, down = answer.at - order.at, facts.links.down(by, order.at, answer.at)
        seqs, over = (order.seq, answer.seq), took - down - allowed
        late = order.envelope.ack_required and allowed > 0 and over > 0
        yield Sample(measure, name, by, order.at, took, seqs, down, late, only)
        if late and measure == "answer":
            yield Sample("late-by", name, by, order.at, over, seqs, down, late, only)
    if not given and stands:
        yield Sample(measure, name, by, order.at, None, (order.seq,), only=only)
