"""What the observer of contacts says, and what a restart of it must neither repeat nor forget."""

from collections.abc import Sequence

from hypothesis import given
from hypothesis import strategies as st

from coordinator.core.contact import Contact, observe, remember
from coordinator.core.mission import Mission, Participant
from coordinator.core.mission import Presence as Periods
from schemas.operations import Presence
from tests.support.desk import MINUTE, z

SECOND = 1_000_000
POLL = 15 * SECOND
MISSION = Mission(
    name="m",
    participants=(Participant(id="xar", watched=True), Participant(id="xbl", watched=True), Participant(id="office")),
)


class Observer:
    """Looks every fifteen seconds; what it says goes to a log."""

    def __init__(self, mission: Mission = MISSION, at: str = "140500") -> None:
        self.mission, self.now = mission, z(at)
        self.known: dict[str, Contact] = {}
        self.log: list[Presence] = []

    def look(self, connections: dict[str, int], read: dict[str, int] | None = None) -> list[Presence]:
        """Look once; time goes on afterwards."""
        self.known, said = observe(self.known, connections, read or {}, self.mission, self.now)
        self.log += said
        self.now += POLL
        return said

    def until(self, at: str, connections: dict[str, int]) -> list[Presence]:
        """Look every time until then."""
        before = len(self.log)
        while self.now <= z(at):
            self.look(connections)
        return self.log[before:]

    def restart(self) -> None:
        """Forget everything but the last message of each in the log."""
        self.known = remember({p.participant: p for p in self.log}.values())


def states(said: Sequence[Presence]) -> list[tuple[str, str]]:
    """Who, and what."""
    return [(p.participant, p.state) for p in said]


def test_a_loss_is_dated_from_its_beginning_and_said_once() -> None:
    observer = Observer()
    observer.until("140539", {"xbl": 1})
    observer.now = z("140540")
    said = observer.until("140811", {})
    assert [(p.participant, p.state, p.at) for p in said] == [("xbl", "lost", z("140540"))]
    assert said[0].last_seen is not None
    assert said[0].last_seen < z("140540")


def test_a_return_is_said_once() -> None:
    observer = Observer()
    observer.look({"xbl": 1})
    observer.until("140510", {})
    assert states(observer.until("140520", {"xbl": 2})) == [("xbl", "regained")]


def test_whoever_was_never_seen_is_not_lost() -> None:
    assert Observer().until("140600", {}) == []


def test_whoever_has_no_standing_link_is_not_watched() -> None:
    observer = Observer()
    assert observer.look({"office": 1}) == []
    assert observer.until("140600", {}) == []


def test_a_reconnect_is_no_loss() -> None:
    observer = Observer()
    observer.look({"xbl": 1})
    for _ in range(20):
        observer.look({})
        observer.look({})
        assert observer.look({"xbl": 1}) == []


def test_without_grace_one_look_is_enough() -> None:
    observer = Observer(Mission(name="m", participants=MISSION.participants, presence=Periods(grace_s=0)))
    observer.look({"xbl": 1})
    assert states(observer.look({})) == [("xbl", "lost")]


def test_progress_in_reading_is_said_at_a_bounded_rate() -> None:
    observer = Observer()
    assert [p.read_up_to for p in observer.look({"xbl": 1}, {"xbl": 7})] == [7]
    said = [p for n in range(40) for p in observer.look({"xbl": 1}, {"xbl": 8 + n})]
    assert [p.at for p in said] == [z("140500") + n * MINUTE for n in range(1, 11)]
    assert [p.read_up_to for p in said] == [8 + 4 * n - 1 for n in range(1, 11)]
    assert observer.until("140530", {"xbl": 1}) == []


def test_a_restart_in_a_loss_does_not_repeat_it() -> None:
    observer = Observer()
    observer.look({"xbl": 1}, {"xbl": 3})
    observer.until("140510", {})
    observer.restart()
    assert observer.until("140520", {}) == []
    (back,) = observer.look({"xbl": 1})
    assert (back.state, back.read_up_to) == ("regained", 3)


def test_a_loss_while_the_observer_was_down_is_not_forgotten() -> None:
    observer = Observer()
    observer.look({"xbl": 1})
    observer.restart()
    assert states(observer.until("140510", {})) == [("xbl", "lost")]


@given(st.lists(st.sets(st.sampled_from(["xar", "xbl"])), max_size=60), st.sets(st.integers(0, 59)))
def test_losses_and_returns_take_turns_whenever_it_is_restarted(looks: list[set[str]], restarts: set[int]) -> None:
    observer = Observer()
    for i, connected in enumerate(looks):
        if i in restarts:
            observer.restart()
        observer.look(dict.fromkeys(connected, 1))
    for who in ("xar", "xbl"):
        said = [p.state for p in observer.log if p.participant == who and p.state != "read"]
        assert said == [("lost", "regained")[i % 2] for i in range(len(said))]
        seen = [i for i, connected in enumerate(looks) if who in connected]
        assert bool(seen) == any(p.participant == who for p in observer.log)


@given(st.lists(st.booleans(), max_size=60))
def test_what_it_believes_is_true_once_the_grace_is_over(looks: list[bool]) -> None:
    observer = Observer()
    observer.look({"xbl": 1})
    for connected in looks:
        observer.look({"xbl": int(connected)})
    gone = next((n for n, connected in enumerate(reversed([True, *looks])) if connected), 0)
    assert observer.known["xbl"].lost == (gone >= 3)
