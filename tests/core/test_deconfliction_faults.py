"""Faults planted to see that the laws and the second oracle notice them.

The first ten are the list of the issue that asked for them; the others are older. Source: reference deconfliction.md
§5 (3) ("sensitivity shown").
"""

from collections.abc import Callable
from functools import partial
from typing import Any, Final

import pytest
from hypothesis import strategies as st
from msgspec.structs import replace
from shapely import box

from coordinator.core.deconfliction import active, explain, geometry, ledger, marks, meeting, reading, setting, windows
from coordinator.core.deconfliction.setting import Setting
from coordinator.core.mission import MatrixRow
from schemas.envelope import Envelope
from schemas.findings import Finding
from schemas.time import TimeWindow
from tests.support import laws
from tests.support.full import FULL
from tests.support.full_worlds import honest_full_worlds
from tests.support.laws import (
    caught,
    index_is_complete,
    nations_do_not_matter,
    order_does_not_matter,
    sentences_can_be_recomputed,
)  # fmt: skip
from tests.support.oracle import differences
from tests.support.oracle.cases import cases
from tests.support.worlds import amended_worlds, near_worlds, plain_worlds, worlds

Patch = pytest.MonkeyPatch


def by_order() -> bool:
    """Say whether law 3 notices something."""
    return caught(order_does_not_matter, worlds, st.data())


def by_impartiality() -> bool:
    """Say whether law 4 notices something."""
    return caught(partial(nations_do_not_matter, mission=FULL), honest_full_worlds)


def by_the_second_oracle(theme: str, count: int) -> bool:
    """Say whether the second oracle disagrees about a pair of a theme."""
    return bool(differences(cases(7, count, theme), FULL).wrong)


# -- ten faults -------------------------------------------------------------------------------------------------------


def drop_a_tombstone(patch: Patch) -> None:
    real = ledger.Thread.add

    def add(self: ledger.Thread, new: ledger.Item) -> bool:
        return False if new.cancelled and not self.items else real(self, new)

    patch.setattr(ledger.Thread, "add", add)


def closed_instead_of_half_open(patch: Patch) -> None:
    """In whole microseconds, a closed end is one later."""

    def span(of: TimeWindow) -> windows.Span:
        half_open = windows.span(of)
        return half_open._replace(ee=half_open.ee + 1, el=half_open.el + 1)

    patch.setattr(reading, "span", span)


def box_instead_of_geometry(patch: Patch) -> None:
    real = geometry.shape

    def shape(of: Any, reach_m: float = 0.0) -> geometry.Shape:
        return real(box(*of.bounds) if of.geom_type != "Point" else of, reach_m)

    patch.setattr("coordinator.core.deconfliction.areas.shape", shape)


def ignore_height(patch: Patch) -> None:
    patch.setattr(meeting, "heights", lambda a, b, buffer_m: meeting.Heights(False, True, None))


def last_arrival_wins(patch: Patch) -> None:
    def at(self: ledger.Thread, time: int | None = None) -> ledger.Item | None:
        known = [i for i in self.items.values() if time is None or i.issued <= time]
        return known[-1] if known else None

    patch.setattr(ledger.Thread, "at", at)


def hide_one_nations_possible(patch: Patch) -> None:
    real = laws.check

    def check(*arguments: Any, **more: Any) -> list[Finding]:
        found = real(*arguments, **more)
        return [f for f in found if f.certainty != "possible" or not any("xbl-batt" in p.units for p in f.parties)]

    patch.setattr(laws, "check", check)


def skip_the_seam(patch: Patch) -> None:
    patch.setattr(geometry, "_seam", lambda a, b, limit_m: iter((b,)))


def halve_a_clearance(patch: Patch) -> None:
    real = setting.Setting.rows

    def halved(row: MatrixRow) -> MatrixRow:
        return replace(row, gap_s=row.gap_s / 2)

    def rows(self: Setting, a: frozenset[str], b: frozenset[str]) -> list[setting.Rule]:
        return [rule._replace(row=halved(rule.row)) for rule in real(self, a, b)]

    patch.setattr(setting.Setting, "rows", rows)


def only_the_first_window(patch: Patch) -> None:
    real = reading.Reading._spans
    patch.setattr(reading.Reading, "_spans", lambda self, problems: real(self, problems)[:1])


def revive_on_cancel(patch: Patch) -> None:
    real = active._ends

    def ends(kept: ledger.Ledger, item: ledger.Item, key: ledger.Key, by: Setting) -> bool:
        return kept.acts[item.key].withdrawn() is None and real(kept, item, key, by)

    patch.setattr(active, "_ends", ends)


Fault = Callable[[Patch], None]
TEN: Final[tuple[tuple[Fault, Callable[[], bool]], ...]] = (
    (drop_a_tombstone, by_order),
    (closed_instead_of_half_open, partial(by_the_second_oracle, "time", 60)),
    (box_instead_of_geometry, partial(by_the_second_oracle, "place", 80)),
    (ignore_height, partial(by_the_second_oracle, "height", 40)),
    (last_arrival_wins, by_order),
    (hide_one_nations_possible, by_impartiality),
    (skip_the_seam, partial(by_the_second_oracle, "place", 80)),
    (halve_a_clearance, partial(by_the_second_oracle, "time", 60)),
    (only_the_first_window, partial(by_the_second_oracle, "time", 60)),
    (revive_on_cancel, partial(by_the_second_oracle, "life", 80)),
)


@pytest.mark.parametrize(("fault", "noticed"), TEN, ids=[fault.__name__ for fault, _ in TEN])
def test_each_planted_fault_is_caught(fault: Fault, noticed: Callable[[], bool], monkeypatch: Patch) -> None:
    fault(monkeypatch)
    assert noticed()


@pytest.mark.parametrize("theme", ["time", "place", "height", "life"])
def test_without_a_fault_nothing_is_noticed(theme: str) -> None:
    assert not by_the_second_oracle(theme, 40)


# -- others -----------------------------------------------------------------------------------------------------------


def test_an_arbiter_by_name_is_noticed(monkeypatch: Patch) -> None:
    real = setting.Setting.arbiter

    def arbiter(self: Setting, issuers: tuple[str, ...]) -> str:
        return "sn-hq" if "sn-hq" in issuers else real(self, issuers)

    monkeypatch.setattr(setting.Setting, "arbiter", arbiter)
    assert by_impartiality()


def test_an_index_that_looks_too_narrowly_is_noticed(monkeypatch: Patch) -> None:
    real = marks.Marks.reach
    monkeypatch.setattr(marks.Marks, "reach", lambda self, classes: real(self, classes)._replace(metres=0.0, gap=0))
    assert caught(index_is_complete, near_worlds)


def test_an_index_that_asks_for_the_wrong_marks_is_noticed(monkeypatch: Patch) -> None:
    real = marks.Marks.reach
    monkeypatch.setattr(marks.Marks, "reach", lambda self, classes: real(self, classes)._replace(marks=1))
    assert caught(index_is_complete, near_worlds)


def test_an_amendment_taken_by_arrival_is_noticed(monkeypatch: Patch) -> None:
    real = active._changes

    def changes(kept: ledger.Ledger, key: ledger.Key, mission: Setting) -> list[active.Change]:
        arrived = list(kept.acts)
        return sorted(real(kept, key, mission), key=lambda c: arrived.index(c.item.key))

    monkeypatch.setattr(active, "_changes", changes)
    assert caught(order_does_not_matter, amended_worlds, st.data())


def test_a_number_from_nowhere_is_noticed(monkeypatch: Patch) -> None:
    real = explain.sentence
    monkeypatch.setattr(explain, "sentence", lambda f, say: f"{real(f, say)} Wait 45 min.")
    assert caught(sentences_can_be_recomputed, plain_worlds)


def test_a_law_that_holds_catches_nothing() -> None:
    def holds(world: list[Envelope]) -> None:
        assert world

    assert not caught(holds, near_worlds)
