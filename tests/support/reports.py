"""A desk where participants report, and what its cards say to whoever reads them."""

from typing import Any

from coordinator.core.faces import Faces
from coordinator.core.mission import Mission
from coordinator.core.recall import Records
from coordinator.core.step import Logged
from coordinator.core.tearline import Tearline
from coordinator.texts import say
from schemas import registry, subjects
from schemas.alerts import Alert
from schemas.base import Message
from schemas.notices import Cancellation
from schemas.reports import SituationReport
from schemas.time import TimeWindow
from tests.support.desk import Desk, z


class Reports(Desk):
    """Alerting at the end of a log with reports in it."""

    def __init__(self, mission: Mission) -> None:
        super().__init__(mission)
        self.mission = mission

    def report(
        self, at: str | int, by: str, body: Message, identity: str = "", *, revision: int = 1, **fields: Any
    ) -> list[Alert]:
        """Let a report be logged; first everything that falls due before it."""
        self.until(at)
        self.seq += 1
        envelope = registry.pack(body, id=identity or f"{by}-{self.seq}", originator=by, revision=revision, **fields)
        subject = subjects.record(envelope.kind, by)
        return self._take(Logged(self.seq, subject, f"in-{self.seq}", self.now, envelope, body))

    def withdraw(self, at: str | int, by: str, kind: str, identity: str) -> list[Alert]:
        """Let a report be withdrawn."""
        return self.report(at, by, Cancellation(), identity, kind=kind, revision=9, status="cancel")

    def open(self, kind: str) -> list[Alert]:
        """Return the cards of a kind that are not over, by id."""
        return sorted(self.of_kind(kind), key=lambda a: a.id)

    def read(self, alert: Alert, reader: str) -> list[str]:
        """Return what a card says to a reader: the headline, the next step, and what stands below."""
        faces = Faces(Tearline(say, self.mission, Records()), {}, {})
        shown = faces.card(alert, reader)
        return [shown.headline, shown.next_step, *(line.text for line in shown.lines)]


def sitrep(start: str = "", end: str = "", **fields: Any) -> SituationReport:
    """Return a situation report, over a period if one is named."""
    window = TimeWindow(start_earliest=z(start) if start else None, end_latest=z(end) if end else None)
    return SituationReport(**({"period": window} | fields))
