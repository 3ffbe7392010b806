"""A small core with state, effects and a timer, to test how services are run."""

from collections.abc import Sequence

import msgspec

from coordinator.core.step import Effect, Logged
from coordinator.services.base import Service, Setting
from schemas import subjects
from schemas.alerts import Alert

MINUTE = 60_000_000


class _State(msgspec.Struct):
    total: int = 0
    due: list[int] = msgspec.field(default_factory=list)


class Counter:
    """Says after each message how many there were, and a minute later that the minute is over."""

    def __init__(self) -> None:
        self.state = _State()

    def handle(self, message: Logged) -> Sequence[Effect]:
        if message.subject == subjects.CONFIG:
            return []
        self.state.total += 1
        self.state.due.append(message.at + MINUTE)
        return [self._effect(f"n{i}-{self.state.total}", message) for i in range(2)]

    def wake(self, now: int, cause: Logged) -> Sequence[Effect]:
        due = [d for d in self.state.due if d <= now]
        self.state.due = [d for d in self.state.due if d > now]
        return [self._effect(f"late-{d}", cause) for d in due[:1]]

    def next_wake(self) -> int | None:
        return min(self.state.due, default=None)

    def _effect(self, name: str, cause: Logged) -> Effect:
        card = Alert(
            id=name, alert_kind="conflict", rev=self.state.total, material_rev=1,
            severity="Minor", urgency="Future", certainty="Likely",
        )  # fmt: skip
        return Effect(subjects.alert(name.replace("_", "-")), card, name, cause.id, cause.seq)

    def snapshot(self) -> bytes:
        return msgspec.json.encode(self.state)

    def restore(self, data: bytes) -> None:
        self.state = msgspec.json.decode(data, type=_State)


def counter(name: str = "counter") -> Service:
    """Return the service around a `Counter`."""
    return Service(
        name=name,
        about="counts",
        reads={"LOG": (subjects.records("message"),)},
        writes=(subjects.ALL_ALERTS,),
        build=lambda _: Counter(),
    )


def setting(mission: object, code: str = "test") -> Setting:
    """Return what services are built from in tests."""
    return Setting(mission=mission, realm="live", code=code)  # type: ignore[arg-type]
