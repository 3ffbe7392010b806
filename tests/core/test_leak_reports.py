"""Law 6 for what is concluded from reports: no card about silence, missing or contradicting reports tells anybody what
stands in a report that he may not read."""

from typing import Any, NamedTuple

from hypothesis import given
from hypothesis import strategies as st

from coordinator.core import audience
from coordinator.core.expected import Return, Trunk
from coordinator.core.mission import Mission, Participant, Withheld
from coordinator.core.recall import Records
from schemas import registry
from schemas.alerts import Alert
from schemas.base import Message
from schemas.geo import Position
from schemas.label import Label
from schemas.liaison import LiaisonRequest
from schemas.notices import RouteState
from schemas.reports import Casualties, IncidentReport, MedevacRequest
from schemas.time import TimeValue
from tests.support.desk import MINUTE, z
from tests.support.examples import times
from tests.support.released import Office
from tests.support.reports import Reports, sitrep

PEOPLE = ("fhq", "joc", "sn", "sn-desk", "sc", "xar", "xbl", "xco", "ngo")
UNITS = ("xar", "xbl", "xco")
MISSION = Mission(
    name="m",
    participants=(
        Participant(id="fhq", role="hq"),
        Participant(id="joc", role="desk", superior="fhq", operator=True),
        Participant(id="sn", role="hq", superior="fhq"),
        Participant(id="sn-desk", role="desk", superior="sn"),
        Participant(id="sc", role="hq", superior="fhq"),
        Participant(id="xar", superior="sn", watched=True),
        Participant(id="xbl", superior="sn", watched=True),
        Participant(id="xco", superior="sc", watched=True),
        Participant(id="ngo", role="guest"),
    ),
    withheld=(Withheld(field="incident.action_requested", to="originator"),),
    bearers=(Trunk(name="VSAT", behind=UNITS),),
    returns=(Return(name="SITREP", of=UNITS, every_s=3600, grace_s=600, severity="HIGH"),),
)


class Step(NamedTuple):
    """One thing that happens, so many minutes after what was before."""

    minutes: int
    by: str
    what: int
    label: tuple[str, ...] | None


steps = st.lists(
    st.builds(
        Step,
        st.integers(0, 25),
        st.sampled_from(UNITS),
        st.integers(0, 8),
        st.none() | st.lists(st.sampled_from(PEOPLE), max_size=3).map(tuple),
    ),
    max_size=9,
)


def message(step: Step, number: int) -> Message | None:
    """Return what is reported, with words and places that nobody else has; None is a change of contact."""
    where = Position(lat=2.0, lon=-28.0 - number / 1000)
    word = f"zqw{number}q"
    hurt = IncidentReport(
        category="fire",
        position=Position(lat=2.0, lon=-27.0),
        action_requested=word,
        casualties=Casualties(injured=number),
        occurred=TimeValue(utc=z("140000")),
    )
    made: tuple[Message | None, ...] = (
        None,
        None,
        sitrep(location=where),
        hurt,
        LiaisonRequest(request_kind="assistance", subject=word),
        MedevacRequest(pickup=where),
        RouteState(section="KESSA", trafficable="open"),
        RouteState(section="KESSA", trafficable="closed"),
        sitrep(nothing_to_report=True),
    )
    return made[step.what]


@times(0.6)
@given(steps)
def test_no_card_tells_what_a_report_said_to_those_who_may_not_read_it(script: list[Step]) -> None:
    desk, office = Reports(MISSION), Office(MISSION)
    now, lost = z("140000"), set[str]()
    secrets: list[tuple[str, frozenset[str]]] = []
    desk.report(now, "fhq", sitrep())
    for number, step in enumerate(script):
        now += step.minutes * MINUTE
        body = message(step, number)
        desk.until(now)
        if body is None:
            state: Any = "regained" if step.by in lost else "lost"
            lost ^= {step.by}
            desk.contact(step.by, state, now)
            continue
        name = f"zqi{number}q"
        desk.report(now, step.by, body, name, label=Label(releasable_to=step.label))
        envelope = registry.pack(body, id=name, originator=step.by, label=Label(releasable_to=step.label))
        readers = audience.decide(envelope, body, MISSION, Records()).readers
        secrets.append((name, readers))
        asked = frozenset({step.by}) if isinstance(body, IncidentReport) else readers
        secrets.append((f"zqw{number}q", asked))
        secrets.append((f"{28.0 + number / 1000:.4f}W", readers))
    desk.until(now + 90 * MINUTE)
    for alert in desk.published:
        assert isinstance(alert, Alert)
        office.alert(alert)
    for participant in PEOPLE:
        got = office.got(participant)
        for word, readers in secrets:
            assert participant in readers or word.encode() not in got, (participant, word)
        if participant == "ngo":
            assert b"alert" not in got
