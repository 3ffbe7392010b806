"""A second oracle, in SQL and by formula, says the same of random pairs of orders, over all kinds.

Source: reference deconfliction.md §0 (10), §5.1. `make soak` does 100,000 pairs and prints how many of what it found.
Compared are all findings of each pair: kind, parties, certainty, severity, and the rule where it is not a choice among
equals; nearer than a millimetre to a limit (for what a circle holds: a thousandth of its radius) nothing is.
"""

import os
from collections import Counter
from concurrent.futures import ProcessPoolExecutor
from multiprocessing import get_context

import pytest

from tests.support.full import FULL
from tests.support.oracle import KINDS, Outcome, differences
from tests.support.oracle.cases import THEMES, cases

SMOKE = 45
PAIRS = 100_000
BATCH = 1_000


def judged(seed: int, count: int, *themes: str) -> Outcome:
    """Judge so many pairs twice."""
    return differences(cases(seed, count, *themes), FULL)


@pytest.mark.parametrize("theme", THEMES)
def test_a_second_oracle_agrees_on_pairs_about(theme: str) -> None:
    outcome = judged(2027, SMOKE, theme)
    assert outcome.wrong == []
    assert outcome.findings
    assert outcome.cases.total() + outcome.skipped == SMOKE


@pytest.mark.slow
def test_a_second_oracle_agrees_on_a_hundred_thousand_pairs(capsys: pytest.CaptureFixture[str]) -> None:
    begun = int(os.environ.get("ORACLE_SEED", "1"))
    seeds = range(begun, begun + PAIRS // BATCH)
    total = Outcome(Counter(), Counter(), Counter(), 0, [])
    with ProcessPoolExecutor(os.cpu_count(), mp_context=get_context("spawn")) as workers:
        for seed, one in zip(seeds, workers.map(judged, seeds, [BATCH] * len(seeds)), strict=True):
            total.cases.update(one.cases)
            total.findings.update(one.findings)
            total.nothing.update(one.nothing)
            total.wrong.extend(f"seed {seed}: {line}" for line in one.wrong)
            total = total._replace(skipped=total.skipped + one.skipped)
    with capsys.disabled():
        print(_table(total, seeds))  # noqa: T201  the counts are what was promised
    assert total.wrong == []
    assert total.cases.total() + total.skipped == PAIRS
    assert total.skipped < PAIRS // 100
    assert {kind for kind, _ in total.findings} == KINDS
    assert all(total.nothing[theme] >= 20 for theme in THEMES if theme not in ("answers", "unclear"))


def _table(total: Outcome, seeds: range) -> str:
    found = [f"  {kind:26} {certainty:9} {n:7,}" for (kind, certainty), n in sorted(total.findings.items())]
    missed = ", ".join(f"{theme} {n:,}" for theme, n in sorted(total.nothing.items()))
    head = f"{total.cases.total():,} pairs, seeds {seeds.start}-{seeds.stop - 1}, {total.skipped} within the band"
    return "\n".join(("", head, *found, f"  nothing to find in: {missed}", *total.wrong[:20]))
