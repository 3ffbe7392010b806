"""Two headquarters compare one hash a thousand messages. Source: deconfliction.md §5 (5), §5.1."""

import random

import pytest
from msgspec.structs import replace

from coordinator.core.deconfliction import Engine
from coordinator.core.deconfliction.digests import Block, blocks, differs
from schemas.envelope import Envelope
from tests.support.v1 import MESSAGES, MISSION, logged, z

EVERYTHING = [MESSAGES[n] for n in sorted(MESSAGES)]
NOW = z("140530")


def fed(messages: list[Envelope]) -> Engine:
    engine = Engine(MISSION)
    for seq, message in enumerate(messages, 1):
        engine.handle(logged(message, seq, NOW))
    return engine


def small(engine: Engine) -> list[Block]:
    return blocks(engine._ledger.items(), engine.findings(), size=3)


@pytest.mark.parametrize("seed", range(10))
def test_two_replicas_fed_in_different_orders_have_the_same_digest(seed: int) -> None:
    shuffled = [*EVERYTHING, *EVERYTHING[:4]]
    random.Random(seed).shuffle(shuffled)
    assert small(fed(shuffled)) == small(fed(EVERYTHING))


def test_every_message_and_every_finding_stands_in_a_block() -> None:
    engine = fed(EVERYTHING)
    assert sum(b.count for b in small(engine)) == len(list(engine._ledger.items()))
    nothing = blocks(engine._ledger.items(), [], size=3)
    assert [b.messages for b in nothing] == [b.messages for b in small(engine)]
    assert nothing[-1].head != small(engine)[-1].head


def test_a_message_that_one_side_has_not_shows_in_its_block_and_in_every_later_head() -> None:
    whole, part = fed(EVERYTHING), fed([m for m in EVERYTHING if m.id != "SN-FRAGO-03-017"])
    first = differs(small(whole), small(part))
    assert first is not None
    missing = next(i for i in whole._ledger.items() if i.key[1] == "SN-FRAGO-03-017")
    assert first.first_at <= missing.issued <= first.last_at
    assert [b.head for b in small(whole)[: first.number]] == [b.head for b in small(part)[: first.number]]


def test_the_same_messages_with_another_finding_differ_in_the_findings_only() -> None:
    engine = fed(EVERYTHING)
    changed = [replace(f, severity="LOW") for f in engine.findings()]
    first = differs(small(engine), blocks(engine._ledger.items(), changed, size=3))
    assert first is not None
    same = {b.number: b.messages for b in blocks(engine._ledger.items(), changed, size=3)}
    assert same[first.number] == first.messages


def test_a_longer_side_differs_where_the_shorter_one_ends() -> None:
    here = small(fed(EVERYTHING))
    assert differs(here, here[:-1]) == here[-1]
    assert differs(here, here) is None
    assert differs([], []) is None
