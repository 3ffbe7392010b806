"""Incremental equals brute force: random operations, and after each few dozen the same set judged from the beginning.

Source: reference deconfliction.md §5.1 (a million random operations). `make soak` does the million and says so.
"""

import os
from collections import Counter
from concurrent.futures import ProcessPoolExecutor
from functools import reduce
from multiprocessing import get_context
from operator import add
from typing import Any

import pytest

from coordinator.core.deconfliction import Engine, engine
from tests.support.operations import EVERY, World, run
from tests.support.pool import Pool

MILLION = 1_000_000
CHUNK = 20_000
SMOKE = 1_200


def test_some_thousand_random_operations_end_as_brute_force_does() -> None:
    done = run(2027, SMOKE)
    assert done.total() >= SMOKE
    assert set(done) == {
        "add", "revise", "amend", "supersede", "cancel", "acknowledge", "officer", "report", "copy", "time passes",
        "a day passes", "dry run", "mission change", "restart", "amend and withdraw",
    }  # fmt: skip


@pytest.mark.parametrize(("number", "share"), [(28000282, 28)])
def test_a_world_that_once_differed_does_so_no_more(number: int, share: int) -> None:
    world = World(number, Pool(share))
    for _ in range(EVERY):
        world.step()
    assert world.compare() == []


@pytest.mark.slow
def test_a_million_random_operations_end_as_brute_force_does(capsys: pytest.CaptureFixture[str]) -> None:
    begun = int(os.environ.get("OPERATIONS_SEED", "1"))
    seeds = range(begun, begun + MILLION // CHUNK)
    with ProcessPoolExecutor(os.cpu_count(), mp_context=get_context("spawn")) as workers:
        done = reduce(add, workers.map(run, seeds, [CHUNK] * len(seeds)), Counter[str]())
    with capsys.disabled():
        print(f"\n{done.total():,} operations, seeds {seeds.start}-{seeds.stop - 1}: {dict(done.most_common())}")  # noqa: T201  the count is what was promised
    assert done.total() >= MILLION


def test_an_engine_that_forgets_whom_a_message_touches_is_noticed(monkeypatch: pytest.MonkeyPatch) -> None:
    def itself(ledger: Any, picture: Any, new: Any) -> set[Any]:
        return {new.key} if new.key in ledger.acts else set()

    monkeypatch.setattr(engine, "affected", itself)
    with pytest.raises(AssertionError, match="instead of"):
        run(5, SMOKE)


def test_an_engine_that_does_not_publish_what_time_changes_is_noticed(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(Engine, "wake", lambda self, now, cause: ())
    with pytest.raises(AssertionError, match="published"):
        run(5, SMOKE)
