"""Nodes that could not hear each other see the same once they do. Source: domain.md §5.4 (9); design §7 law 3."""

import random
from collections.abc import Iterable
from typing import Any

from msgspec.structs import replace

from coordinator.core.deconfliction import Engine
from schemas.envelope import Envelope
from schemas.geo import Circle, Position
from schemas.notices import MovementNotice
from tests.support.v1 import MESSAGES, MINUTE, MISSION, during, logged, said, z

CLOSURE = MESSAGES[7]
NODES, PARTS = 40, 5


def test_forty_nodes_in_five_partitions_for_twelve_hours_agree_after_they_merge():
    """Each part hears its own messages in its own order; then all hear all, and see the same findings."""
    draw = random.Random(7)
    messages = [*MESSAGES.values(), *(patrol(i, draw) for i in range(12))]
    parts = [[m for i, m in enumerate(messages) if i % PARTS == p] for p in range(PARTS)]
    nodes = [Engine(MISSION) for _ in range(NODES)]
    for n, node in enumerate(nodes):
        hear(node, parts[n % PARTS], z("140000"), z("141100"), draw)
    assert len({picture(node) for node in nodes}) > 2  # apart, they see different things
    for n, node in enumerate(nodes):
        missing = [m for p, part in enumerate(parts) if p != n % PARTS for m in part]
        hear(node, missing, z("141100"), z("141200"), draw)
    [agreed] = {picture(node) for node in nodes}
    whole = Engine(MISSION)
    whole.collect([(m, z("141200")) for m in messages])
    assert agreed == picture(whole)
    assert len(agreed) > 5


def patrol(i: int, draw: random.Random) -> Envelope:
    """A patrol or a convoy somewhere around the bridge, some time between 0800Z and 1800Z."""
    start = z("140800") + draw.randrange(36) * 15 * MINUTE
    where = Position(lat=2.0 + draw.uniform(-0.004, 0.004), lon=-27.0 + draw.uniform(-0.004, 0.004))
    kind = draw.choice(("patrol", "convoy", "humanitarian", "logistics"))
    by = draw.choice(("xar-batt", "xbl-batt", "xco-eng", "xga-fpu", "ocha-cmc"))
    body = MovementNotice(
        movement_kind=kind,  # type: ignore[arg-type] # one of the words of the schema
        area=Circle(centre=where, radius_m=draw.choice((0.0, 100.0, 300.0))),
        windows=(replace(during("140800", "140900"), **_window(start, start + draw.randrange(1, 9) * 15 * MINUTE)),),
        method="foot",
    )
    return said(body, f"P-{i}", by, "140001")


def _window(start: int, end: int) -> dict[str, int]:
    return {"start_earliest": start, "start_latest": start, "end_earliest": end, "end_latest": end}


def hear(node: Engine, messages: Iterable[Envelope], begin: int, end: int, draw: random.Random) -> None:
    """Let a node hear messages in an order of its own between two times."""
    order = list(messages)
    draw.shuffle(order)
    for i, message in enumerate(order):
        node.handle(logged(message, i, begin + (end - begin) * i // len(order)))
    node.wake(end, logged(CLOSURE, len(order), end))


def picture(node: Engine) -> frozenset[tuple[Any, ...]]:
    """Return what law 3 compares: kind, parties, severity, window and state of every finding."""
    return frozenset(
        (f.id, f.finding_kind, tuple(p.id for p in f.parties), f.severity, f.evidence.overlap, f.state)
        for f in node.findings()
    )
