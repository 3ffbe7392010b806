"""What waits for a channel goes out most urgent first, and once replaced it goes out no more."""

from typing import Any, get_args

from hypothesis import given
from hypothesis import strategies as st

from coordinator.core.dispatch import Dispatch, Waiting
from schemas import registry
from schemas.reports import TextMessage
from schemas.subjects import Precedence

RANKS: tuple[Precedence, ...] = get_args(Precedence)


def waiting(seq: int, precedence: Precedence = "routine", id_: str = "", revision: int = 1) -> Waiting:
    envelope = registry.pack(TextMessage(text="x"), id=id_ or f"m{seq}", originator="xar", revision=revision)
    return Waiting(seq, precedence, envelope)


def gone_out(*given: Waiting) -> list[tuple[int, bool]]:
    dispatch = Dispatch()
    for one in given:
        dispatch.add(one)
    found = []
    while (taken := dispatch.next()) is not None:
        found.append((taken[0].seq, taken[1]))
    assert not dispatch
    return found


def test_flash_goes_before_what_came_earlier() -> None:
    assert gone_out(waiting(1), waiting(2, "priority"), waiting(3, "flash"), waiting(4, "immediate")) == [
        (3, True), (4, True), (2, True), (1, True),
    ]  # fmt: skip


def test_of_equals_the_first_goes_first() -> None:
    assert gone_out(waiting(2, "flash"), waiting(1, "flash"), waiting(3, "flash")) == [(1, True), (2, True), (3, True)]


def test_an_order_that_was_replaced_while_it_waited_does_not_count() -> None:
    assert gone_out(waiting(1, "flash", "A", 1), waiting(2, "routine", "A", 2)) == [(1, False), (2, True)]


def test_what_went_out_before_is_not_called_replaced() -> None:
    dispatch = Dispatch()
    dispatch.add(waiting(1, "flash", "A", 1))
    assert dispatch.next() == (waiting(1, "flash", "A", 1), True)
    dispatch.add(waiting(2, "flash", "A", 2))
    assert dispatch.next() == (waiting(2, "flash", "A", 2), True)


@given(st.lists(st.tuples(st.sampled_from(RANKS), st.sampled_from("abc")), max_size=30))
def test_nothing_is_lost_and_the_newest_of_each_counts(said: list[tuple[Any, str]]) -> None:
    given = [waiting(n, p, i, n + 1) for n, (p, i) in enumerate(said)]
    out = gone_out(*given)
    assert sorted(seq for seq, _ in out) == list(range(len(said)))
    newest = {w.about: w.seq for w in given}
    assert {seq for seq, counts in out if counts} == set(newest.values())
    ranks = [given[seq].rank for seq, _ in out]
    assert ranks == sorted(ranks)
