"""Vignette V3, "OP 4-7": order, capital, silence, liaison, ceasefire. Source: domain.md §5.3."""

import pytest

from coordinator import demo
from coordinator.demo.vignette import load
from tests.scenarios.test_v1 import scored_in_memory, unmet


async def test_v3_scores_exactly_in_memory():
    """Order, caveat, silence, departure, coverage, danger: found, shown to whom they concern, closed; nothing else."""
    assert unmet(await scored_in_memory(load("v3"))) == []


@pytest.mark.nats
async def test_v3_scores_exactly_on_a_server():
    """The same on a real nats-server, as `make demo` plays it."""
    assert unmet(await demo.score(load("v3"))) == []


async def test_v3_is_the_same_with_the_two_contingents_swapped():
    """Impartial (law 4): XAR and XBL exchange their names everywhere, and nothing changes but names."""
    swapped = {"xar": "xbl", "arvbatt": "belbatt"}
    assert unmet(await scored_in_memory(load("v3", swapped))) == []
