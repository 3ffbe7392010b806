"""Law 8 for C2SIM: directives and reports that nobody has written before come back as they were."""

from typing import Any

import msgspec
from hypothesis import given
from hypothesis import strategies as st

from adapters.c2sim import C2SIM
from adapters.c2sim.moments import SIMULATION
from adapters.c2sim.tables import ACTIONS
from schemas import registry
from schemas.acknowledgements import Acknowledgement
from schemas.base import Message
from schemas.directives import Dependency, Directive
from schemas.envelope import Reference, UnitRef
from schemas.geo import AltitudeBand, AltitudeLimit, Circle, Named, Position, Route, RoutePoint
from schemas.liaison import LiaisonRequest, LiaisonResponse
from schemas.reports import Observation, PositionReport
from schemas.time import RelativeTime, TimeValue, TimeWindow
from tests.formats.test_laws import context, meaning, names, words

uuids = st.uuids().map(str)
units = uuids.map(lambda u: UnitRef(id=u, scheme="c2sim_uuid"))
seconds = st.integers(-10_000_000, 4_000_000_000)
instants = seconds.map(lambda s: TimeValue(utc=s * 1_000_000))
positions = st.builds(Position, lat=st.floats(-90, 90), lon=st.floats(-180, 180))
limits = st.builds(AltitudeLimit, reference=st.sampled_from(("MSL", "AGL")), value_m=st.floats(-12_000, 30_000))
bands = st.none() | limits.map(lambda limit: AltitudeBand(lower=limit, upper=limit))
delays = st.builds(
    lambda event, offset, anchor: TimeValue(
        quality="relative", relative=RelativeTime(event=event, offset_s=offset, anchor=anchor)
    ),
    uuids, st.integers(0, 8_639_999).map(float), st.sampled_from(("start", "end")),
)  # fmt: skip
simulated = st.integers(0, 8_639_999).map(
    lambda s: TimeValue(quality="relative", relative=RelativeTime(event=SIMULATION, offset_s=float(s)))
)


@st.composite
def routes(draw: st.DrawFn) -> Route:
    """Return a way of at least two points: one alone is a place."""
    points = draw(st.lists(st.tuples(positions, bands), min_size=2, max_size=5))
    last = len(points) - 1
    roles: list[Any] = ["start", *["waypoint"] * (last - 1), "end"]
    return Route(
        points=tuple(RoutePoint(position=p, altitude=b, role=r) for (p, b), r in zip(points, roles, strict=True))
    )


@st.composite
def windows(draw: st.DrawFn) -> tuple[TimeWindow, ...]:
    start, end = draw(st.none() | instants | delays | simulated), draw(st.none() | instants | delays)
    event = start.relative.event if start and start.relative else ""
    between = TimeWindow.between(start, end)
    window = TimeWindow(
        start_earliest=between.start_earliest, start_latest=between.start_latest, end_earliest=between.end_earliest,
        end_latest=between.end_latest, start=start, end=end, trigger=event,
    )  # fmt: skip
    return () if window == TimeWindow() else (window,)


@st.composite
def directives(draw: st.DrawFn) -> Directive:
    code = draw(st.sampled_from([*sorted(ACTIONS), "REINF", "DEFEND"]))
    when = draw(windows())
    start = when[0].start.relative if when and when[0].start else None
    needs = [] if start is None or start.event == SIMULATION else [start]
    waits = [Dependency(task=n.event, relation=f"after-{n.anchor}", offset_s=n.offset_s) for n in needs]  # type: ignore[arg-type]
    relations: Any = st.sampled_from(("after-start", "after-end", "before-start"))
    offsets = st.integers(0, 8_639_999).map(float)
    others = st.builds(Dependency, task=uuids, relation=relations, offset_s=offsets)
    area, way = draw(
        st.one_of(
            st.tuples(st.builds(Circle, centre=positions, radius_m=st.just(0.0)), st.none()),
            st.tuples(st.none() | st.builds(Named, name=uuids), st.none() | routes()),
        )
    )
    return Directive(
        directive_kind="opord",
        action=ACTIONS.get(code, "other"),
        action_code=code,
        serial=draw(st.just("") | words),
        plan_ref=draw(uuids),
        performers=tuple(draw(st.lists(units, max_size=3))),
        windows=when,
        area=area,
        route=way,
        altitude=draw(bands) if isinstance(area, Circle) else None,
        dependencies=tuple(dict.fromkeys((*waits, *draw(st.lists(others, max_size=3))))),
        constraints=draw(st.sampled_from(("", "ROEHold", "ROEFree, ROETight"))),
        draft=draw(st.booleans()),
    )


reports: st.SearchStrategy[Message] = st.one_of(
    st.builds(PositionReport, subject=units, position=positions, at=instants, altitude=st.none() | limits),
    st.builds(
        Observation, observed=instants, unit=st.just("") | uuids, position=positions, altitude=st.none() | limits
    ),
    st.builds(Observation, observed=instants, unit=st.just("") | uuids, activity=names),
    st.builds(
        Acknowledgement, of=st.builds(Reference, id=uuids), step=st.just("wilco"), by=units, at=st.none() | instants,
        note=st.sampled_from(("TASKSTRT", "TASKINPRG", "TASKCMPLT")),
    ),
    st.builds(LiaisonRequest, request_kind=st.just("information"), subject=names),
    st.builds(LiaisonResponse, request=st.builds(Reference, id=uuids), decision=st.sampled_from(("accept", "decline"))),
)  # fmt: skip


@given(
    bodies=st.lists(directives(), min_size=1, max_size=4, unique_by=id),
    ids=st.lists(uuids, min_size=4, max_size=4, unique=True),
)
def test_an_order_is_read_back_task_by_task(bodies: list[Directive], ids: list[str]) -> None:
    plan = bodies[0].plan_ref
    same = [msgspec.structs.replace(b, plan_ref=plan, draft=bodies[0].draft) for b in bodies]
    sent = [registry.pack(b, id=i, originator="xar-batt") for b, i in zip(same, ids, strict=False)]
    written = C2SIM.encode(sent, {})
    assert {loss.path.partition(": ")[2] for loss in written.losses} <= {"id"}, written.data.decode()
    back = C2SIM.decode(written.data, context()).messages
    assert [meaning(m) for m in back] == [meaning(m) for m in sent], written.data.decode()
    assert [m.id.rpartition("/")[2] for m in back] == ids[: len(sent)]


@given(body=reports, identity=uuids)
def test_a_report_or_an_answer_is_read_back(body: Message, identity: str) -> None:
    sent = registry.pack(body, id=identity, originator="xar-batt")
    written = C2SIM.encode([sent], {})
    assert {loss.path.partition(": ")[2] for loss in written.losses} <= {"id"}, written.data.decode()
    (back,) = C2SIM.decode(written.data, context()).messages
    assert meaning(back) == meaning(sent), written.data.decode()


@given(
    bodies=st.lists(st.builds(PositionReport, subject=units, position=positions, at=instants), min_size=2, max_size=6)
)
def test_several_positions_stand_in_one_report(bodies: list[PositionReport]) -> None:
    sent = [registry.pack(b, id=f"P-{n}", originator="xar-batt") for n, b in enumerate(bodies)]
    back = C2SIM.decode(C2SIM.encode(sent, {}).data, context()).messages
    assert [meaning(m) for m in back] == [meaning(m) for m in sent]
