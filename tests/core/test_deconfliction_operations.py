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
from msgspec.structs import replace

from coordinator.core.deconfliction import Engine, engine
from coordinator.core.deconfliction.setting import Setting
from schemas.directives import Directive
from schemas.envelope import UnitRef
from schemas.geo import Named
from tests.support.brute import everything
from tests.support.operations import run
from tests.support.v1 import MINUTE, MISSION, during, logged, said, z

MILLION = 1_000_000
CHUNK = 20_000
SMOKE = 2_400


def test_some_thousand_random_operations_end_as_brute_force_does() -> None:
    done = run(2027, SMOKE)
    assert done.total() >= SMOKE
    assert set(done) == {
        "add", "revise", "amend", "supersede", "cancel", "acknowledge", "officer", "report", "copy", "time passes",
        "a day passes", "dry run", "mission change", "restart", "amend and withdraw",
    }  # fmt: skip


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


# -- what the operations found ----------------------------------------------------------------------------------------

ORDER = said(
    Directive(directive_kind="frago", action="block", performers=(UnitRef(participant="xar-batt"),),
              area=Named(name="KESSA"), windows=(during("140900", "141000"),)),
    "O", "sn-hq", "140000",
)  # fmt: skip
ELSEWHERE = said(
    Directive(directive_kind="frago", area=Named(name="FORD"), windows=(during("150900", "151000"),)),
    "E", "sc-hq", "140810",
)  # fmt: skip


def waiting() -> Engine:
    """Return an engine whose clock has passed 0800Z, when an answer fell due, while the tick is still on its way."""
    started = Engine(MISSION)
    started.handle(logged(ORDER, 1, z("140000")))
    started.handle(logged(ELSEWHERE, 2, z("140810")))
    return started


def published(by: Engine) -> list[str]:
    """Return the kinds of what is said when the tick comes."""
    effects = by.wake(z("140811"), logged(ORDER, 3, z("140811")))
    return [e.body.finding_kind for e in effects]  # type: ignore[attr-defined]


def test_a_dry_run_does_not_put_off_what_has_fallen_due() -> None:
    started = waiting()
    started.check([replace(ORDER, revision=2)])
    assert started.next_wake() == z("140800")
    assert published(started) == ["not-acknowledged"]


def test_a_restart_does_not_forget_what_has_fallen_due() -> None:
    again = Engine()
    again.restore(waiting().snapshot())
    assert again.next_wake() == z("140800")
    assert published(again) == ["not-acknowledged"]


def test_brute_force_knows_of_what_is_missing() -> None:
    """What everything is compared with finds something itself."""
    late = waiting()
    found = everything(late._ledger, Setting(MISSION), z("140000") + 501 * MINUTE)
    assert [f.finding_kind for f in found.values()] == ["not-acknowledged"]
