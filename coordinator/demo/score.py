"""Compares what a vignette left in the log, and on everybody's desk, with what it must and must not leave."""

import re
from collections.abc import Iterator, Sequence
from typing import Final

import msgspec

from coordinator.client import Outcome
from coordinator.core.deconfliction import explain
from coordinator.demo.vignette import AfterGap, ExpectedAlert, ExpectedFinding, Vignette, moment
from coordinator.demo.world import Link
from coordinator.texts import say
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


_ISOLATES: Final = re.compile("[\u2066-\u2069]")  # what keeps a value whole in a text from right to left
Histories = dict[str, list[tuple[int, Finding]]]
Cards = dict[str, list[tuple[int, Alert]]]


Refused = Sequence[tuple[int, Outcome]]
"""Answers that were no, by the step that sent the input."""


def evaluate(vignette: Vignette, findings: Histories, cards: Cards, links: Sequence[Link], refused: Refused) -> Score:
    """Return the score; ``findings`` and ``cards`` are the states by id, in the order of the log."""
    rows = [
        *_findings(vignette, findings),
        *_waiting(vignette, findings),
        *_acknowledged(vignette, findings),
        *_cards(vignette, cards),
        *_gaps(vignette, links),
        *_secrets(vignette, links),
        *_seen(vignette, links),
        *_closed(vignette, findings, cards),
        *_refused(vignette, refused),
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
    known = {p for _, f in states for p in f.told}
    facts: dict[str, tuple[object, object]] = {
        "severity": (want.severity, first.severity),
        "rule": (want.rule, first.evidence.rule if want.rule else ""),
        "found at": (vignette.step(want.step).time, at),
        "closed at": (
            vignette.step(want.closed).time if want.closed else 0,
            states[-1][0] if states[-1][1].state == "closed" else 0,
        ),
        "not told": ([], sorted({*want.told} - known)),
        "told besides": ([], sorted(known - {*want.only}) if want.only else []),
        "does not say": ([], [w for w in want.says if w not in explain.sentence(first, say)]),
    }
    wrong = [f"{what}: expected {a}, was {b}" for what, (a, b) in facts.items() if a != b]
    yield Row(check=name, met=not wrong, detail="; ".join(wrong) or want.severity)


def _named(vignette: Vignette, name: str, findings: Histories) -> list[tuple[int, Finding]]:
    """Return the states of a finding that the script names, in the order of the log."""
    want = next(w for w in vignette.script.expect.findings if w.name == name)
    return [state for states in findings.values() if _is(want, states[0][1]) for state in states]


def _waiting(vignette: Vignette, findings: Histories) -> Iterator[Row]:
    for want in vignette.script.expect.waits:
        at = vignette.step(want.step).time
        for name in want.names:
            then = [f for t, f in _named(vignette, name, findings) if t == at and f.state == "resolved-if-acknowledged"]
            met = any(not want.by or f.waits_for == tuple(sorted(want.by)) for f in then)
            whom = ", ".join(want.by) or "the acting units"
            yield Row(check=f"{name} waits for {whom} from step {want.step}", met=met)


def _acknowledged(vignette: Vignette, findings: Histories) -> Iterator[Row]:
    for want in vignette.script.expect.acknowledged:
        at = vignette.step(want.step).time
        last = [f.state for t, f in _named(vignette, want.name, findings) if t <= at][-1:]
        check = f"{want.name} is acknowledged at step {want.step}"
        yield Row(check=check, met=last == ["acknowledged"], detail=", ".join(last))


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


def _gaps(vignette: Vignette, links: Sequence[Link]) -> Iterator[Row]:
    for want in vignette.script.expect.gaps:
        yield from _gap(vignette, want, links)


def _gap(vignette: Vignette, want: AfterGap, links: Sequence[Link]) -> Iterator[Row]:
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


def _seen(vignette: Vignette, links: Sequence[Link]) -> Iterator[Row]:
    for want in vignette.script.expect.seen:
        words = (want.text, *want.beside)
        got = {p.participant for p in links if any(all(w in one for w in words) for one in _messages(p))}
        missing = [p for p in want.by if p not in got]
        yield Row(check=f"{', '.join(want.by)} can read: {want.text}", met=not missing, detail=", ".join(missing))


def _messages(link: Link) -> list[str]:
    """Return what reached a participant, message by message, as a reader sees it."""
    return _ISOLATES.sub("", link.everything.decode(errors="replace")).split("\n")


def _refused(vignette: Vignette, refused: Refused) -> Iterator[Row]:
    """Every input is accepted, but for those that must not be."""
    unexpected = list(refused)
    for want in vignette.script.expect.refused:
        got = [r for r in unexpected if r[0] == want.step and r[1].path == want.path and want.says in r[1].why]
        for one in got[:1]:
            unexpected.remove(one)
        detail = got[0][1].why if got else "it was accepted, or refused for another reason"
        yield Row(check=f"step {want.step} is refused: {want.path}", met=bool(got), detail=detail)
    for step, outcome in unexpected:
        yield Row(check="every input is accepted", met=False, detail=f"step {step}: {outcome.path}: {outcome.why}")


def _closed(vignette: Vignette, findings: Histories, cards: Cards) -> Iterator[Row]:
    """Nothing is open after the step that says so, and nothing comes up behind it."""
    step = vignette.script.expect.open_after
    if not step:
        return
    at = vignette.step(step).time
    still = [f.id for states in findings.values() for t, f in states[-1:] if f.state != "closed" or t > at]
    stay = {want.kind for want in vignette.script.expect.alerts if want.stays}
    last = [states[-1][1] for states in cards.values()]
    still += [a.id for a in last if a.work not in ("resolved", "superseded") and a.alert_kind not in stay]
    yield Row(check=f"nothing is open after step {step}", met=not still, detail=", ".join(still))
