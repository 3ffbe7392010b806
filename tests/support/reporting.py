"""Random days of reports, losses of contact and silence, with words and places that nobody else has."""

from typing import Any, NamedTuple

from hypothesis import strategies as st

from coordinator.core.expected import Return, Trunk
from coordinator.core.mission import Mission, Participant, Withheld
from schemas.base import Message
from schemas.geo import Position
from schemas.label import Label
from schemas.liaison import LiaisonRequest
from schemas.notices import RouteState
from schemas.reports import Casualties, IncidentReport, MedevacRequest
from schemas.time import TimeValue, TimeWindow
from tests.support.desk import MINUTE, z
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
START = z("140000")
SILENT = 20 * MINUTE
CUT = 10


class Step(NamedTuple):
    """One thing that happens, so many minutes after what was before."""

    minutes: int
    by: str
    what: int
    label: tuple[str, ...] | None


def days(longest: int) -> st.SearchStrategy[list[Step]]:
    """Return days of so many steps at most."""
    labels = st.none() | st.lists(st.sampled_from(PEOPLE), max_size=3).map(tuple)
    minutes = st.sampled_from((0, 0, 1, 4, 9, 12, 25))
    step = st.builds(Step, minutes, st.sampled_from(UNITS), st.integers(0, 10), labels)
    return st.lists(step, max_size=longest)


def message(step: Step, number: int, now: int) -> Message | None:
    """Return what is reported; None is a change of contact, at the end of all who can still be reached."""
    where = Position(lat=2.0, lon=-28.0 - number / 1000)
    hurt = IncidentReport(
        category="fire",
        position=Position(lat=2.0, lon=-27.0),
        action_requested=f"zqw{number}q",
        casualties=Casualties(injured=number),
        occurred=TimeValue(utc=START),
    )
    made: tuple[Message | None, ...] = (
        None,
        None,
        sitrep(location=where),
        hurt,
        LiaisonRequest(request_kind="assistance", subject=f"zqw{number}q"),
        MedevacRequest(pickup=where),
        RouteState(section="KESSA", trafficable="open"),
        RouteState(section="KESSA", trafficable="closed"),
        sitrep(nothing_to_report=True),
        sitrep(silence=TimeWindow.exact(now, now + SILENT)),
        None,
    )
    return made[step.what]


def play(day: list[Step], *, restarts: bool = False) -> Reports:
    """Play a day and an hour and a half more; with ``restarts``, alerting dies before every step."""
    desk, now, lost = Reports(MISSION), START, set[str]()
    desk.report(now, "fhq", sitrep())
    for number, step in enumerate(day):
        now += step.minutes * MINUTE
        body = message(step, number, now)
        desk.until(now)
        if restarts:
            desk.restart()
        if body is None:
            for who in sorted(set(UNITS) - lost) if step.what == CUT else [step.by]:
                state: Any = "regained" if who in lost else "lost"
                lost ^= {who}
                desk.contact(who, state, now)
        else:
            desk.report(now, step.by, body, f"zqi{number}q", label=Label(releasable_to=step.label))
    if restarts:
        desk.restart()
    desk.until(now + 90 * MINUTE)
    return desk
