"""Compares what a vignette left in the log, and on everybody's desk, with what it must and must not leave."""

from collections.abc import Iterable, Iterator, Sequence

import msgspec

from coordinator.demo.vignette import ExpectedAlert, ExpectedFinding, Vignette, moment
from coordinator.demo.world import Link
from schemas.alerts import Alert
from schemas.findings import Finding


class Row(msgspec.Struct, frozen=True, kw_only=True):
    """One expectation and whether it was met."""

    check: str
    met: bool
    detail: str = ""


class Score(msgspec.Struct, frozen=True, kw_only=True):
    """How a vignette went."""

    vignette: str
    rows: tuple[Row, ...]

    @property
    def passed(self) -> bool:
        """Whether every expectation was met, and nothing else happened."""
        return all(row.met for row in self.rows)


Histories = dict[str, list[tuple[int, Finding]]]
Cards = dict[str, list[tuple[int, Alert]]]


def evaluate(
    vignette: Vignette, findings: Histories, cards: Cards, links: Sequence[Link], refused: Iterable[str]
) -> Score:
    """Return the score; ``findings`` and ``cards`` are the states by id, in the order of the log."""
    rows = [
        *_findings(vignette, findings),
        *_waiting(vignette, findings),
        *_cards(vignette, cards),
        *_gap(vignette, links),
        *_secrets(vignette, links),
        *_closed(vignette, findings, cards),
        *(Row(check="every input is accepted", met=False, detail=r) for r in refused),
    ]
    return Score(vignette=vignette.name, rows=tuple(rows))


def _findings(vignette: Vignette, findings: Histories) -> Iterator[Row]:
    unexpected = dict(findings)
    for want in vignette.script.expect.findings:
        found = [i for i, states in findings.items() if _is(want, states[0][1])]
        for identity in found:
            unexpected.pop(identity, None)
        yield from _finding(vignette, want, [findings[i] for i in found])
    for states in unexpected.values():
        body = states[0][1]
        parties = " x ".join(p.id for p in body.parties)
        yield Row(check="no other finding", met=False, detail=f"{body.finding_kind} {parties} {body.severity}")


def _is(want: ExpectedFinding, have: Finding) -> bool:
    return have.finding_kind == want.kind and {p.id for p in have.parties} >= set(want.parties) and _cites(want, have)


def _cites(want: ExpectedFinding, have: Finding) -> bool:
    known = {p.id for p in have.parties} | {c.split(":")[0] for c in have.evidence.cites}
    return not want.cites or want.cites in known


def _finding(vignette: Vignette, want: ExpectedFinding, found: list[list[tuple[int, Finding]]]) -> Iterator[Row]:
    name = f"{want.name} {want.kind} {' x '.join(want.parties)}"
    if len(found) != 1:
        yield Row(check=name, met=False, detail=f"found {len(found)} times")
        return
    [states] = found
    at, first = states[0]
    facts = {
        "severity": (want.severity, first.severity),
        "rule": (want.rule, first.evidence.rule if want.rule else ""),
        "found at": (vignette.step(want.step).time, at),
        "closed at": (vignette.step(want.closed).time, states[-1][0] if states[-1][1].state == "closed" else 0),
    }
    wrong = [f"{what}: expected {a}, was {b}" for what, (a, b) in facts.items() if a != b]
    yield Row(check=name, met=not wrong, detail="; ".join(wrong) or want.severity)


def _waiting(vignette: Vignette, findings: Histories) -> Iterator[Row]:
    expect = vignette.script.expect
    at = vignette.step(expect.waiting.step).time
    wanted = {w.name: w for w in expect.findings}
    for name in expect.waiting.names:
        states = [s for s in findings.values() if _is(wanted[name], s[0][1])]
        met = any(t == at and f.state == "resolved-if-acknowledged" for s in states for t, f in s)
        yield Row(check=f"{name} waits for the acting units from step {expect.waiting.step}", met=met)


def _cards(vignette: Vignette, cards: Cards) -> Iterator[Row]:
    shown = {i: _whole(s, cards) for i, s in cards.items() if not s[-1][1].merged_into}
    for want in vignette.script.expect.alerts:
        found = [i for i, states in shown.items() if _matches(vignette, want, states)]
        for identity in found:
            del shown[identity]
        about = f" about {want.about}" if want.about else ""
        yield Row(check=f"one card: {want.kind}{about}", met=len(found) == 1, detail=f"found {len(found)}")
    for states in shown.values():
        body = states[0][1]
        yield Row(check="no other card", met=False, detail=f"{body.alert_kind} {body.about} {body.why}")


def _whole(states: list[tuple[int, Alert]], cards: Cards) -> list[tuple[int, Alert]]:
    """Return the history of a card behind the histories of the cards that were merged into it."""
    merged = sorted({i for _, a in states for i in a.merged_from if i in cards})
    before = [state for i in merged for state in _whole(cards[i], cards)]
    return [*sorted(before, key=lambda state: state[0]), *states]


def _matches(vignette: Vignette, want: ExpectedAlert, states: list[tuple[int, Alert]]) -> bool:
    at, first = states[0]
    last_at, last = states[-1]
    return (
        first.alert_kind == want.kind
        and (not want.about or first.about == want.about)
        and at == (moment(want.at) if want.at else vignette.step(want.step).time)
        and (not want.told or want.told in {t.participant for t in first.told})
        and (not want.undelivered or first.undelivered == want.undelivered)
        and (not want.severity or first.undelivered_severity == want.severity)
        and (not want.closed or (last.work == "resolved" and last_at == vignette.step(want.closed).time))
    )


def _gap(vignette: Vignette, links: Sequence[Link]) -> Iterator[Row]:
    want = vignette.script.expect.first_after_gap
    link = next(link for link in links if link.participant == want.participant)
    at = vignette.step(want.step).time
    got = [r.envelope for t, r in link.received if t == at]
    ids = tuple(e.id for e in got[: len(want.ids)])
    cards = [e for e in got if e.kind == Alert.KIND]
    check = f"first to {want.participant} after the gap: {', '.join(want.ids)}"
    yield Row(check=check, met=ids == want.ids, detail=", ".join(ids))
    yield Row(check=f"then {want.then_cards} card", met=len(cards) == want.then_cards, detail=f"{len(cards)} came")


def _secrets(vignette: Vignette, links: Sequence[Link]) -> Iterator[Row]:
    for secret in vignette.script.expect.secrets:
        got = [p for p in links if p.participant not in secret.allowed and secret.text.encode() in p.everything]
        yield Row(
            check=f"{secret.text} stays with {', '.join(secret.allowed)}",
            met=not got,
            detail=", ".join(p.participant for p in got),
        )


def _closed(vignette: Vignette, findings: Histories, cards: Cards) -> Iterator[Row]:
    """Nothing is open after the step that says so, and nothing comes up behind it."""
    step = vignette.script.expect.open_after
    at = vignette.step(step).time
    still = [f.id for states in findings.values() for t, f in states[-1:] if f.state != "closed" or t > at]
    still += [a.id for states in cards.values() for t, a in states[-1:] if a.work not in ("resolved", "superseded")]
    yield Row(check=f"nothing is open after step {step}", met=not still, detail=", ".join(still))
