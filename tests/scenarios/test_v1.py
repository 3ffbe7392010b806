"""Vignette V1, "KESSA bridge": two contingents, one bridge, one humanitarian convoy. Source: domain.md §5.1."""

import random

import pytest

from coordinator import demo
from coordinator.demo.vignette import load, moment
from tests.support.playing import outcome, scored_in_memory, unmet

SHUFFLED = (1, 2, 3, 4, 5, 6, 7, 8, 9, 11)
FROZEN = moment("140530ZMAR27")


async def test_v1_scores_exactly_in_memory():
    """One card, five findings, one late acknowledgement, one unreachable notice; nothing else, nothing left open."""
    assert unmet(await scored_in_memory(load("v1"))) == []


@pytest.mark.nats
async def test_v1_scores_exactly_on_a_server():
    """The same on a real nats-server, as `make demo` plays it."""
    assert unmet(await demo.score(load("v1"))) == []


async def test_v1_is_the_same_with_the_two_contingents_swapped():
    """Impartial (law 4): XAR and XBL exchange their names everywhere, and nothing changes but names."""
    swapped = {"xar": "xbl", "arvbatt": "belbatt"}
    assert unmet(await scored_in_memory(load("v1", swapped))) == []


@pytest.mark.parametrize("orders", [10, pytest.param(50, marks=pytest.mark.slow)])
async def test_the_order_of_arrival_does_not_matter(orders: int):
    """Law 3: inputs 1-9 and 11 in any random order, at a frozen 140530Z, end in the same findings and card."""
    vignette = load("v1")
    wanted = await outcome(vignette, SHUFFLED, FROZEN)
    assert len(wanted[0]) == 5
    assert len(wanted[1]) == 1
    for seed in range(orders):
        order = list(SHUFFLED)
        random.Random(seed).shuffle(order)
        assert await outcome(vignette, order, FROZEN) == wanted, f"seed {seed}: {order}"
