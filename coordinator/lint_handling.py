"""What of `[handling]` and of how long an acknowledgement holds cannot be meant."""

from collections.abc import Callable, Iterable, Iterator
from typing import Final

from coordinator.core.mission import Mission
from coordinator.errors import ConfigFinding

PRECEDENCES: Final = ("flash", "immediate", "priority", "routine")


def _handling(mission: Mission) -> Iterator[ConfigFinding]:
    said = mission.handling
    shelves = {name: getattr(said, f"shelve_{name}_s") for name in PRECEDENCES[1:]}
    numbers = {f"shelve_{name}_s": value for name, value in shelves.items()} | {"warn_s": said.warn_s}
    for name, value in numbers.items():
        if value < 0:
            yield ConfigFinding(path=f"handling.{name}", what="is less than nothing", hint="0 is not at all")
    if said.offer_s <= 0:
        what = "an offer would have lapsed before anybody could read it"
        yield ConfigFinding(path="handling.offer_s", what=what, hint='write a time, for example "15m"')
    longest = max(shelves.values())
    if 0 < longest <= said.warn_s:
        what = "no card is put aside for so long: its end would never be announced"
        yield ConfigFinding(path="handling.warn_s", what=what, hint=f"write less than {longest:g}")


def _valid(mission: Mission) -> Iterator[ConfigFinding]:
    for name in PRECEDENCES:
        allowed = getattr(mission.acknowledge, f"{name}_s")
        holds = getattr(mission.acknowledge, f"{name}_valid_s")
        path = f"acknowledge.{name}_valid_s"
        if holds < 0:
            yield ConfigFinding(path=path, what="is less than nothing", hint="0 is for as long as the card is open")
        elif holds and not allowed:
            what = f"an acknowledgement would run out, but nobody is asked for one: {name}_s is 0"
            yield ConfigFinding(path=path, what=what, hint=f"give {name}_s a time, or leave this out")
        elif 0 < holds < allowed:
            what = f"it would run out before others have to give theirs: {name}_s is {allowed:g}"
            yield ConfigFinding(path=path, what=what, hint=f"write {allowed:g} or more")


CHECKS: Final[tuple[Callable[[Mission], Iterable[ConfigFinding]], ...]] = (_handling, _valid)
