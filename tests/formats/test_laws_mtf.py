"""Law 8 for slant text: what was written is read back the same, for every kind that it writes."""

from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from adapters.mtf import MTF
from schemas import registry
from schemas.acknowledgements import Acknowledgement
from schemas.base import Message
from schemas.directives import Directive, Vehicles
from schemas.envelope import Contact, Reference, UnitRef
from schemas.geo import (
    AltitudeBand,
    AltitudeLimit,
    ArcBand,
    Circle,
    Corridor,
    Line,
    Named,
    Polygon,
    Position,
    Route,
    RoutePoint,
)
from schemas.notices import MovementNotice
from schemas.reports import (
    LogisticsStatus,
    MedevacRequest,
    Patients,
    PatrolLine,
    Precedences,
    Section,
    SituationReport,
    StockLine,
    TextMessage,
)
from schemas.time import TimeValue, TimeWindow
from tests.formats.cases import RECEIVED_AT
from tests.formats.test_laws import context, meaning

words = st.text("abcdefghij éñKLM", min_size=1, max_size=30).map(lambda t: " ".join(t.split())).filter(bool)
names = st.from_regex(r"[A-Z]{3,8}", fullmatch=True)
minutes = st.integers(-10_000, 15_000).map(lambda n: RECEIVED_AT + n * 60_000_000)
instants = minutes.map(lambda utc: TimeValue(utc=utc))
windows = st.tuples(minutes, st.integers(1, 900)).map(
    lambda p: TimeWindow.between(TimeValue(utc=p[0]), TimeValue(utc=p[0] + p[1] * 60_000_000))
)
pairs = st.tuples(st.integers(-17_000_000, 17_000_000), st.integers(-8_000_000, 8_000_000)).map(
    lambda p: (p[0] / 1e5, p[1] / 1e5)
)
positions = pairs.map(lambda p: Position(lon=p[0], lat=p[1]))
counts = st.integers(0, 9_999)
lengths = st.integers(1, 99_999).map(float)
vehicles = st.builds(Vehicles, type=names, count=st.none() | counts, load_class=st.none() | st.integers(0, 150))
units = st.builds(UnitRef, name=names, callsign=st.just("") | names, scheme=st.just("mtf_unit"))
contacts = st.builds(Contact, name=names, role=st.just("") | names, phone=st.just("+999 555 0100"))


@st.composite
def bands(draw: st.DrawFn) -> AltitudeBand:
    feet = draw(st.integers(1, 400))
    low: Any = draw(st.sampled_from(("AGL", "MSL", "FL")))
    high: Any = draw(st.sampled_from(("AGL", "MSL", "FL")))
    lower = AltitudeLimit(reference=low, value_m=round(feet * 100 * 0.3048, 4))
    upper = AltitudeLimit(reference=high, value_m=round((feet + 10) * 100 * 0.3048, 4))
    return draw(
        st.sampled_from(
            (
                AltitudeBand(lower=lower, upper=upper),
                AltitudeBand(lower=AltitudeLimit(reference="SFC"), upper=upper),
                AltitudeBand(lower=lower, upper=AltitudeLimit(reference="UNL")),
                AltitudeBand(upper=upper),
            )
        )
    )


@st.composite
def areas(draw: st.DrawFn, name: str = "") -> Any:
    path = tuple(draw(st.lists(pairs, min_size=3, max_size=6, unique=True)))
    start, end = draw(st.integers(0, 359)), draw(st.integers(0, 359))
    near = draw(lengths)
    return draw(
        st.sampled_from(
            (
                Polygon(rings=((*path, path[0]),), name=name),
                Circle(centre=draw(positions), radius_m=near, name=name),
                Circle(centre=draw(positions), radius_m=0.0, name=name),
                Corridor(points=path, width_m=near, name=name),
                Line(points=path, name=name),
                ArcBand(
                    centre=draw(positions), r_min_m=near, r_max_m=near + draw(lengths), start_deg=float(start),
                    end_deg=float(end), name=name,
                ),
                Named(name=name or draw(names), radius_m=near),
            )
        )
    )  # fmt: skip


@st.composite
def measures(draw: st.DrawFn) -> Directive:
    name = draw(names)
    return Directive(
        directive_kind="airspace-measure",
        action="airspace",
        action_code=draw(st.sampled_from(("ROZ", "ROZ UAV", "ROZ UAV RANGE"))),
        serial=name,
        windows=tuple(draw(st.lists(windows, min_size=1, max_size=3))),
        area=draw(st.none() | areas(name)),
        altitude=draw(st.none() | bands()),
        exclusive=True,
    )


@st.composite
def orders(draw: st.DrawFn) -> Directive:
    kind: Any = draw(st.sampled_from(("opord", "warno", "frago", "taskord", "restriction", "rules", "movement-order")))
    action: Any = draw(st.sampled_from(("move", "use-of-force", "air-mission", "block", "secure")))
    point = RoutePoint(name=draw(names), position=draw(st.none() | positions), window=draw(windows), role="halt")
    return Directive(
        directive_kind=kind,
        action=action,
        action_code=draw(st.just("") | names),
        serial=draw(st.just("") | names),
        task=draw(words),
        performers=tuple(draw(st.lists(units, max_size=2))),
        supporting=tuple(draw(st.lists(units, max_size=2))),
        windows=tuple(draw(st.lists(windows, max_size=3))),
        area=draw(st.none() | areas()),
        route=draw(st.none() | st.just(Route(name="LIME", points=(point,), method="vehicle"))),
        altitude=draw(st.none() | bands()),
        buffer_m=draw(st.none() | lengths),
        exclusive=draw(st.booleans()),
        draft=draw(st.booleans()),
        vehicles=tuple(draw(st.lists(vehicles, max_size=2))),
        strength=draw(st.none() | counts),
        permitted=draw(st.just(()) | names.map(lambda n: (Reference(id=n, revision=2),))),
        cancels=draw(st.just(()) | names.map(lambda n: (Reference(id=f"FRAGO/{n}/014/MAR"),))),
        frequencies_mhz=draw(st.just(()) | st.just((34.55, 241.8))),
        constraints=draw(st.just("") | words),
        contact=draw(st.none() | contacts),
    )


@st.composite
def movements(draw: st.DrawFn) -> MovementNotice:
    kind: Any = draw(st.sampled_from(("patrol", "humanitarian", "convoy", "recce", "flight")))
    method: Any = draw(st.sampled_from(("", "foot", "vehicle", "air", "boat")))
    point = RoutePoint(name=draw(names), position=draw(st.none() | positions), window=draw(st.none() | windows))
    return MovementNotice(
        movement_kind=kind,
        route=Route(name=draw(st.just("") | names), points=(point,), method=method),
        windows=(draw(windows),),
        method=method,
        armed=draw(st.none() | st.booleans()),
        escorted=draw(st.none() | st.booleans()),
        vehicles=tuple(draw(st.lists(vehicles, max_size=2))),
        strength=draw(st.none() | counts),
        purpose=draw(words),
        organisation=draw(st.just("") | names),
        cargo=draw(st.just("") | words),
        contact=draw(st.none() | contacts),
    )


sections = st.builds(
    Section, key=st.just("logistics"), title=st.just("LOGISTICS"), text=words
) | st.builds(Section, key=st.just(""), title=st.just("KITCHEN"), text=words)  # fmt: skip
patrols = st.builds(
    PatrolLine, id=names, places=names.map(lambda n: (n,)), window=windows, note=st.just("") | words
)  # fmt: skip
reports = st.builds(
    SituationReport, period=windows, report_type=st.sampled_from(("daily", "intsum", "intrep", "assessment")),
    sections=st.lists(sections, max_size=3).map(tuple), patrols=st.lists(patrols, max_size=3).map(tuple),
    location=st.none() | positions, place_name=st.just("") | names, nothing_to_report=st.booleans(),
)  # fmt: skip
amounts = st.none() | st.integers(0, 99_999).map(lambda n: n / 4)
stock = st.builds(
    StockLine, item=names.filter(lambda n: n not in ("TOTAL", "TOTALS")), supply_class=st.sampled_from(("", "I")),
    unit=st.sampled_from(("", "L", "EA")), authorised=amounts, on_hand=amounts, days_of_supply=amounts,
)  # fmt: skip
states = st.builds(
    LogisticsStatus, as_of=instants, unit=st.none() | names.map(lambda n: UnitRef(name=n)),
    lines=st.lists(stock, max_size=4).map(tuple), remarks=st.just("") | words,
)  # fmt: skip
requests = st.builds(
    MedevacRequest, pickup=positions, pickup_name=names, mission_kind=st.sampled_from(("medevac", "casevac")),
    callsign=names, frequency=st.just("34.55"), requested_at=instants, injured_at=st.none() | instants,
    precedences=st.builds(Precedences, urgent=st.integers(0, 9), routine=st.integers(0, 9)),
    patients=st.builds(Patients, litter=st.integers(0, 9), ambulatory=st.integers(0, 9)), nationality=words,
    contact=st.none() | contacts,
)  # fmt: skip
acknowledgements = st.builds(
    Acknowledgement, of=st.builds(Reference, id=names, revision=st.integers(0, 5)),
    step=st.sampled_from(("delivered", "received", "understood", "wilco", "cannot-comply")),
    code=st.just("") | names, note=st.just("") | words, at=st.none() | instants,
)  # fmt: skip
texts = st.builds(TextMessage, text=words, at=st.none() | instants, contact=st.none() | contacts)
KINDS: list[st.SearchStrategy[Any]] = [
    measures(), orders(), movements(), reports, states, requests, acknowledgements, texts,
]  # fmt: skip


@pytest.mark.parametrize("messages", KINDS, ids=lambda m: repr(m)[:12])
@given(data=st.data(), revision=st.integers(1, 9), identity=st.sampled_from(("XAR-1", "a/b", "SN-FRAGO-03-017")))
def test_what_was_written_is_read_back_with_its_id(
    messages: st.SearchStrategy[Message], data: st.DataObject, revision: int, identity: str
) -> None:
    sent = registry.pack(
        data.draw(messages), id=identity, originator="xar-batt", revision=revision, received_at=RECEIVED_AT
    )
    written = MTF.encode([sent], {})
    text = written.data.decode()
    assert all(len(line) <= 69 for line in text.splitlines()), text
    (back,) = MTF.decode(written.data, context()).messages
    assert not written.losses, (written.losses, text)
    assert (back.id, back.revision, back.status) == (identity, revision, "new"), text
    assert meaning(back) == meaning(sent), text
