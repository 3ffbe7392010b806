"""Law 6 for what is concluded from reports: no card about silence, missing or contradicting reports tells anybody what
stands in a report that he may not read."""

from collections.abc import Iterator

from hypothesis import given

from coordinator.core import audience
from coordinator.core.recall import Records
from schemas import registry
from schemas.label import Label
from schemas.reports import IncidentReport
from tests.support.examples import times
from tests.support.released import Office
from tests.support.reporting import MISSION, PEOPLE, START, Step, days, message, play


def secrets(day: list[Step]) -> Iterator[tuple[str, frozenset[str]]]:
    """Yield every word that only some may read, with those."""
    for number, step in enumerate(day):
        body = message(step, number, START)
        if body is None:
            continue
        envelope = registry.pack(body, id="x", originator=step.by, label=Label(releasable_to=step.label))
        readers = audience.decide(envelope, body, MISSION, Records()).readers
        yield f"zqi{number}q", readers
        yield f"{28.0 + number / 1000:.4f}W", readers
        yield f"zqw{number}q", frozenset({step.by}) if isinstance(body, IncidentReport) else readers


@times(0.6)
@given(days(9))
def test_no_card_tells_what_a_report_said_to_those_who_may_not_read_it(day: list[Step]) -> None:
    office = Office(MISSION)
    for alert in play(day).published:
        office.alert(alert)
    for participant in PEOPLE:
        got = office.got(participant)
        for word, readers in secrets(day):
            assert participant in readers or word.encode() not in got, (participant, word)
    assert b"alert" not in office.got("ngo")
