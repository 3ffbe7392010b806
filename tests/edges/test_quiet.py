"""A peer that is refused again and again fills no log, and hides nobody else."""

from hypothesis import given
from hypothesis import strategies as st

from coordinator.edges import quiet
from coordinator.edges.clock import ManualClock
from coordinator.edges.quiet import EVERY_US, OTHERS, Quiet, host

T0 = 1_800_000_000_000_000


async def test_a_peer_is_told_of_at_once_and_then_once_a_minute_with_how_many_there_were() -> None:
    clock = ManualClock(T0)
    counting = Quiet(clock)
    assert counting.count("a") == ("a", 1)
    assert [counting.count("a")[1] for _ in range(500)] == [0] * 500
    assert counting.count("b") == ("b", 1)
    await clock.advance(T0 + EVERY_US)
    assert counting.count("a") == ("a", 501)


async def test_a_clock_that_is_set_back_silences_nobody() -> None:
    clock = ManualClock(T0)
    counting = Quiet(clock)
    counting.count("a")
    assert Quiet(ManualClock(T0 - EVERY_US)).count("a") == ("a", 1)
    counting._clock = ManualClock(T0 - EVERY_US)
    assert counting.count("a") == ("a", 1)


@given(st.lists(st.integers(0, 50), max_size=300))
def test_very_many_peers_take_no_more_memory_and_few_lines(peers: list[int]) -> None:
    most, quiet.MOST = quiet.MOST, 10
    try:
        counting = Quiet(ManualClock(T0))
        told = [who for who, many in (counting.count(str(peer)) for peer in peers) if many]
    finally:
        quiet.MOST = most
    assert len(counting._held) <= 11
    assert len(told) == len({*told}) <= 11
    assert OTHERS in told or len({*peers}) <= 10


def test_an_address_is_known_without_its_port() -> None:
    assert [host(peer) for peer in ("127.0.0.1:4711", "[::1]:80", "somebody")] == ["127.0.0.1", "[::1]", "somebody"]
