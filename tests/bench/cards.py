"""Crowds: N orders at one place, each in conflict with each other, through alerting alone.

Figures are processor time a finding, bytes published and the largest card. Twice as many orders are four times as many
findings on one card; what one of them costs must not follow.
"""

import time
from typing import Final, NamedTuple

from coordinator.core.alerting import Alerting
from coordinator.core.mission import Mission, Participant
from coordinator.core.step import Effect, Logged, render
from schemas import registry, subjects
from schemas.findings import Evidence, Finding, Party
from schemas.time import TimeWindow
from tests.bench.measure import Figure

SIZES: Final = (10, 40, 80, 160)
CONTINGENTS: Final = tuple(f"x{i:02}" for i in range(20))
BEGIN: Final = 1_803_859_200_000_000
MINUTE: Final = 60_000_000


class Cost(NamedTuple):
    """What a crowd cost: findings, mean processor time of one in seconds, bytes, messages, bytes of the largest."""

    findings: int
    mean_s: float
    published: int
    messages: int
    largest: int
    members: int


def mission() -> Mission:
    """Return a mission with one desk above twenty contingents."""
    people = (Participant(id=c, superior="fhq") for c in CONTINGENTS)
    return Mission(name="crowd", participants=(Participant(id="fhq", role="desk"), *people))


def crowd(orders: int) -> list[Finding]:
    """Return the findings between orders, one a minute, that each conflict with all before, in the order of the log."""
    return [
        _finding(a, b, BEGIN + b * MINUTE) for b in range(orders) for a in sorted(range(b), key=lambda a: _name(a, b))
    ]


def _name(a: int, b: int) -> str:
    return subjects.opaque(f"{a} {b}")


def _finding(a: int, b: int, now: int) -> Finding:
    who = [CONTINGENTS[i % len(CONTINGENTS)] for i in (a, b)]
    window = TimeWindow.exact(BEGIN + (300 + a + b) * MINUTE, BEGIN + (400 + a + 2 * b) * MINUTE)
    return Finding(
        id=_name(a, b),
        finding_kind="incompatible-activities",
        severity="HIGH" if (a + b) % 7 else "MEDIUM",
        certainty="definite",
        state="open",
        parties=tuple(Party(id=f"o{i}", issuer=w, units=(w,)) for i, w in zip((a, b), who, strict=True)),
        evidence=Evidence(place="KESSA", at=(-27 + a * 1e-5, 2 + b * 1e-5), overlap=window),
        arbiter="fhq",
        told=tuple(sorted({*who, "fhq"})),
        first_at=now,
        at=now,
    )


def logged(finding: Finding, seq: int) -> Logged:
    """Return a finding as it stands in the log."""
    identity = f"{finding.id}-{seq}"
    envelope = registry.pack(finding, id=identity, originator="coord")
    subject = subjects.finding(finding.finding_kind, finding.id)
    return Logged(seq, subject, identity, finding.at, envelope, finding)


def measured(orders: int, core: Alerting | None = None) -> Cost:
    """Feed a crowd into alerting, timers included, and return what it cost."""
    core = core or Alerting(mission())
    messages = [logged(f, i + 1) for i, f in enumerate(crowd(orders))]
    effects: list[tuple[Effect, int]] = []
    began = time.process_time()
    for message in messages:
        while (due := core.next_wake()) is not None and due <= message.at:
            effects += [(e, due) for e in core.wake(due, message._replace(at=due))]
        effects += [(e, message.at) for e in core.handle(message)]
    spent = time.process_time() - began
    sizes = [len(render(e, "alerting", now)[1]) for e, now in effects]
    members = max((len(e.body.members) for e, _ in effects), default=0)  # type: ignore[attr-defined]  # all are alerts
    return Cost(len(messages), spent / len(messages), sum(sizes), len(sizes), max(sizes), members)


def figures() -> list[Figure]:
    """Return the cost of a finding for each size, beside that in the smallest crowd but one."""
    costs = {n: measured(n) for n in SIZES}
    base = costs[SIZES[1]].mean_s
    return [
        Figure(
            name=f"a finding among {n} orders", value=c.mean_s * 1e6, unit="µs", baseline=base * 1e6,
            against=f"among {SIZES[1]}", high=3 * base * 1e6,
            note=f"{c.findings:,} findings, {c.messages:,} messages of {c.published:,} bytes, the largest {c.largest:,}"
            f" with {c.members} listed",
        )
        for n, c in costs.items()
    ]  # fmt: skip
