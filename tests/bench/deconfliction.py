"""Verdicts over all pairs of many orders: what the index proposes, against brute force over the same orders.

A pair that the index does not propose has been judged as well: its verdict is "none". Both must find the same.
"""

import random
from typing import Final

from coordinator.core.deconfliction.ledger import Ledger, item
from coordinator.core.deconfliction.picture import Picture
from coordinator.core.deconfliction.setting import Setting
from schemas import registry
from tests.bench import traffic
from tests.bench.measure import Figure, alternately

ORDERS: Final = 400
ROUNDS: Final = 3
NOW: Final = 1_803_859_200_000_000  # 2027-03-01


def figures() -> list[Figure]:
    """Return verdicts per second over all pairs, and how long one more order takes."""
    random_ = random.Random(11)
    messages = [traffic.order(random_, n, NOW + n * traffic.MINUTE) for n in range(ORDERS)]
    ledger = Ledger()
    for message in messages:
        ledger.add(item(message, registry.body(message), NOW))
    setting = Setting(traffic.mission())
    kept: dict[str, Picture] = {}

    def indexed() -> None:
        picture = kept["indexed"] = Picture(ledger, setting)
        picture.judge(picture.update(ledger.acts), NOW)

    def brute() -> None:
        picture = kept["brute"] = Picture(ledger, setting)
        picture.update(ledger.acts)
        picture.judge(picture.everything(), NOW)

    index_s, brute_s = alternately(ROUNDS, indexed, brute)
    quick, slow = kept["indexed"], kept["brute"]
    assert quick.rulings == slow.rulings
    pairs, found = ORDERS * (ORDERS - 1) / 2, sum(map(len, quick.rulings.values()))
    note = f"{ORDERS} orders, {pairs:,.0f} pairs, {found} findings, the same both ways"
    against = "brute force"
    all_at_once = Figure(
        name="deconfliction, all pairs", value=pairs / index_s, unit="verdicts/s", baseline=pairs / brute_s,
        against=against, note=note,
    )  # fmt: skip

    newest = messages[-1].originator, messages[-1].id
    cases = [case for case in slow.everything() if newest in case]
    one_s, one_brute_s = alternately(
        9, lambda: quick.judge(quick.update([newest]), NOW), lambda: (slow.update([newest]), slow.judge(cases, NOW))
    )
    arriving = Figure(
        name="deconfliction, one more order", value=(ORDERS - 1) / one_s, unit="verdicts/s",
        baseline=(ORDERS - 1) / one_brute_s, against=against, note=f"{one_s * 1000:.1f} ms an order",
    )  # fmt: skip
    return [all_at_once, arriving]
