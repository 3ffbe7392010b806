"""K08 and consent at their edges: which nights are looked at, orders without a place, who agreed to what and how far.

Source: reference deconfliction.md §2.3 K05 (valid coordination record), K08; design §4 (suppressors).
"""

from typing import Any, Final

import pytest
from msgspec.structs import replace
from shapely.geometry import Point, box

from coordinator.core.deconfliction import check, sun
from coordinator.core.deconfliction.declared import Declared, declared
from coordinator.core.deconfliction.geometry import Shape, metric, shape
from coordinator.core.deconfliction.ledger import item
from coordinator.core.deconfliction.reading import Part
from coordinator.core.deconfliction.setting import Setting
from coordinator.core.deconfliction.stays import Hit
from coordinator.core.deconfliction.sun import LONGEST
from coordinator.core.deconfliction.verdicts.caveats import FIRST, NOWHERE, WEEK, holding
from coordinator.core.deconfliction.verdicts.consent import Consent, speaks
from coordinator.core.deconfliction.windows import ALWAYS, FAR, UNKNOWN, Span
from schemas import registry
from schemas.directives import Agreement, Directive
from schemas.envelope import Envelope
from schemas.findings import Finding
from schemas.geo import Circle, Named, Position
from tests.core.test_deconfliction_caveats import DAY, INSIDE, THERE, caveat, certainty, found, order
from tests.support.places import area, patrol, within
from tests.support.v1 import HOUR, during, ref, said, z

SETTING: Final = Setting(THERE)
AT: Final = (-27.12, 2.3)
START: Final = z("151200")
DAY_US: Final = 24 * HOUR


def a_caveat(**fields: Any) -> Declared:
    """A caveat for the night as it is held against orders."""
    e = caveat(night=True, **fields)
    made = declared(item(e, registry.body(e), START), SETTING)
    assert made is not None
    return made


def part(span: Span, of: Shape | None = None) -> Part:
    return Part(of or shape(Point(AT)), span, None, False, True, None, "")


# -- nights -----------------------------------------------------------------------------------------------------------


def always() -> Declared:
    return a_caveat()._replace(spans=(ALWAYS,))


@pytest.mark.parametrize("days", [1, 3, 7])
def test_of_a_week_every_night_is_looked_at(days: int) -> None:
    end = START + days * DAY_US
    assert [*holding(part(Span(START, START, end, end)), always())] == sun.nights(START, end, AT[1], AT[0])


@pytest.mark.parametrize("end", [START + WEEK + 1, START + 3 * WEEK, FAR])
def test_of_more_than_a_week_the_first_nights_are_and_all_that_follows_is_possible(end: int) -> None:
    known = START + FIRST
    first = sun.nights(START, known, AT[1], AT[0])
    assert len(first) == 3
    assert [*holding(part(Span(START, START, end, end)), always())] == [*first, Span(known, end, known, end)]


def test_what_has_no_beginning_is_looked_at_for_as_long_as_any_order() -> None:
    end = START
    nights = [*holding(part(Span(-FAR, -FAR, end, end)), always())]
    known = end - LONGEST + FIRST
    assert nights[-1] == Span(known, end, known, end)
    assert nights[:-1] == sun.nights(end - LONGEST, known, AT[1], AT[0])


def test_what_is_always_is_at_night_too_and_what_is_at_an_unknown_time_may_be() -> None:
    assert [*holding(part(ALWAYS), always())] == [ALWAYS]
    assert [*holding(part(UNKNOWN), always())] == [UNKNOWN]
    assert [*holding(part(Span(START, START, START + HOUR, START + HOUR), NOWHERE), always())] == [UNKNOWN]


@pytest.mark.parametrize(
    "area", [box(18.0, 68.0, 22.0, 69.0), box(-27.2, 2.0, -27.0, 2.9), box(18.0, 59.0, 18.1, 59.1)], ids=str
)
def test_a_night_of_a_large_area_is_sure_only_where_it_is_night_everywhere(area: Any) -> None:
    west, south, east, north = area.bounds
    lat, lon = (south + north) / 2, (west + east) / 2
    mx, my = metric(lat)
    spread = max(north - south, (east - west) * mx / my) / 2
    end = START + DAY_US
    [(se, sl, ee, el)] = holding(part(Span(START, START, end, end), shape(area)), always())
    [expected] = sun.nights(START, end, lat, lon, spread)
    assert all(abs(x - y) < 60_000_000 for x, y in zip((se, sl, ee, el), expected, strict=True))
    [narrow] = sun.nights(START, end, lat, lon)
    assert se < narrow.se
    assert sl > narrow.sl


# -- orders without a place, or without a time that can be used -------------------------------------------------------


def test_an_order_that_says_where_but_no_time_is_there_at_any_time() -> None:
    [f] = found(order(windows=()), caveat())
    assert (f.certainty, f.evidence.because) == ("definite", ())
    assert f.evidence.at is not None
    away = Circle(centre=Position(lat=9.0, lon=-27.12), radius_m=50)
    assert found(order(windows=(), area=away), caveat()) == []
    near = Circle(centre=Position(lat=2.31 - 3_030 / 110_574, lon=-27.12), radius_m=50)  # its edge reaches into it
    assert len(found(order(windows=(), area=near), caveat())) == 1


def test_an_order_without_a_place_may_be_anywhere() -> None:
    [f] = found(order(area=None), caveat())
    assert (f.certainty, f.evidence.because, f.evidence.place) == ("possible", ("place",), "")
    [f] = found(order(area=Named(name="nowhere at all")), caveat())
    assert f.evidence.because == ("place",)
    [f] = found(order(area=None), caveat(area=None))
    assert (f.certainty, f.evidence.because) == ("definite", ())


def test_the_place_is_named_by_the_gazetteer() -> None:
    kessa = Circle(centre=Position(lat=2.0, lon=-27.0), radius_m=50)
    [f] = found(order(area=kessa), caveat(area=replace(kessa, radius_m=3000.0)))
    assert f.evidence.place == "KESSA"


# -- who decides, who is told -----------------------------------------------------------------------------------------


def test_who_decides_is_the_lowest_that_may_know_and_stands_above_both() -> None:
    assert [f.arbiter for f in found(order(), caveat())] == ["fhq-u3"]
    hidden = replace(caveat(), label=replace(caveat().label, releasable_to=("fc", "XBL")))
    assert [f.arbiter for f in found(order(), hidden)] == ["fc"]
    own = replace(caveat(), label=replace(caveat().label, releasable_to=("XBL",)))
    assert [f.arbiter for f in found(order(), own)] == [""]


# -- coordination: whose word, for which revision, until when ---------------------------------------------------------


def agreement(identity: str = "AG", by: str = "xbl-nse", **fields: Any) -> Envelope:
    rest = {f: fields.pop(f) for f in ("at",) if f in fields}
    given: dict[str, Any] = {"agreement_kind": "coordination", "orders": (ref("FHQ-110"),), "windows": (DAY,)}
    return said(Agreement(**(given | fields)), identity, by, rest.get("at", "150335"))


@pytest.mark.parametrize(
    ("fields", "lifted"),
    [
        ({}, True),
        ({"orders": (ref("FHQ-110", 1),)}, True),
        ({"orders": (ref("FHQ-110", 2),)}, False),
        ({"orders": (ref("FHQ-111"),)}, False),
        ({"orders": (ref("FHQ-111"), ref("FHQ-110"))}, True),
        ({"agreement_kind": "ceasefire"}, False),
        ({"by": "xar-batt"}, False),
        ({"windows": (during("151200", "151259"),)}, False),
        ({"windows": (during("151159", "151301"),)}, True),
        ({"area": INSIDE}, True),
        ({"area": replace(INSIDE, radius_m=49.0)}, False),
        ({"area": replace(INSIDE, radius_m=49.99)}, False),
        ({"area": Named(name="nowhere at all")}, False),
        ({"permitted": ("xbl-batt",)}, True),
        ({"permitted": ("xar-batt",)}, False),
        ({"permitted": ("armed",)}, True),
        ({"permitted": ("hazard",)}, False),
    ],
)
def test_a_nation_agrees_to_an_order_as_far_as_it_says(fields: dict[str, Any], lifted: bool) -> None:
    assert (certainty(order(), caveat(), agreement(**fields)) is None) is lifted


def test_an_agreement_that_says_no_does_not_hide_one_that_says_yes() -> None:
    no, yes = agreement("A1", agreement_kind="ceasefire"), agreement("A2")
    assert certainty(order(), caveat(), no, yes) is None
    assert certainty(order(), caveat(), agreement("A1", area=Named(name="nowhere")), yes) is None


SQUARE: Final = shape(box(-27.0, 2.0, -26.99, 2.01))
MX, MY = metric(2.005)


def hit(of: Shape, start: int = START, end: int = START + HOUR) -> Hit:
    when = Span(start, start, end, end)
    return Hit("definite", 0.0, when, None, (), part(when, of))


@pytest.mark.parametrize(
    ("inner", "covered"),
    [
        (SQUARE, True),
        (shape(box(-27.0, 2.0, -26.995, 2.005)), True),
        (shape(box(-27.0 - 0.002 / MX, 2.0, -26.99, 2.01)), False),
        (shape(box(-27.0 - 0.0005 / MX, 2.0, -26.99, 2.01)), True),
        (shape(Point(-26.995, 2.005), 100.0), True),
        (shape(Point(-26.995, 2.005), 0.01 / 2 * MY + 0.5), False),
        (shape(Point(-26.995, 2.005), 0.01 / 2 * MY - 0.5), True),
        (shape(Point(-27.0, 2.0)), True),
        (shape(Point(-27.001, 2.0)), False),
        (shape(box(333.0, 2.0, 333.01, 2.01)), True),
        (shape(box(-387.0, 2.0, -386.99, 2.01)), True),
        (shape(box(334.0, 2.0, 334.01, 2.01)), False),
    ],
)
def test_a_consent_covers_what_lies_wholly_in_its_place(inner: Shape, covered: bool) -> None:
    times = (Span(START, START, START + HOUR, START + HOUR),)
    assert Consent(SQUARE, times).covers(hit(inner)) is covered


@pytest.mark.parametrize(
    ("start", "end", "covered"), [(0, 0, True), (-1, 0, False), (0, 1, False), (1, -1, True), (1, 0, True)]
)
def test_a_consent_covers_the_time_that_it_surely_holds(start: int, end: int, covered: bool) -> None:
    sure = Span(START - 5, START, START + HOUR, START + HOUR + 5)
    assert Consent(None, (sure,)).covers(hit(SQUARE, START + start, START + HOUR + end)) is covered


def test_the_consent_of_an_order_holds_where_and_when_that_order_is() -> None:
    beside = shape(box(-26.98, 2.0, -26.97, 2.01))
    whole = Span(START, START, START + HOUR, START + HOUR)
    later = Span(START + HOUR, START + HOUR, START + 2 * HOUR, START + 2 * HOUR)
    for parts, covered in (
        ((), True), ((part(whole, SQUARE),), True), ((part(whole, beside),), False), ((part(later, SQUARE),), False),
        ((part(whole, beside), part(whole, SQUARE)), True),
        ((part(whole, shape(box(-26.99 + 0.5 / MX, 2.0, -26.98, 2.01))),), False),
    ):  # fmt: skip
        assert Consent(None, (whole,), parts).covers(hit(SQUARE)) is covered


@pytest.mark.parametrize(
    ("by", "authority", "may"),
    [
        ("sn-hq", "sn-hq", True),
        ("fhq-u3", "sn-hq", True),
        ("xar-batt", "sn-hq", False),
        ("sn-hq", "fhq-u3", False),
        ("sn-hq", "", False),
    ],
)
def test_an_authority_and_whoever_stands_above_it_may_speak_for_it(by: str, authority: str, may: bool) -> None:
    assert speaks(by, authority, SETTING) is may


# -- the order of the owner that accepts it ---------------------------------------------------------------------------

OURS: Final = ref("HQ-1")
AREAS: Final = within(area("sc-hq"))


def entry(**fields: Any) -> Envelope:
    return patrol(coordinated_with=fields.pop("with_", (OURS,)), **fields)


def accepting(by: str = "sc-hq", **fields: Any) -> Envelope:
    """An order of the owner of the area that names the patrol."""
    given: dict[str, Any] = {
        "directive_kind": "frago", "action": "hold",
        "area": Circle(centre=Position(lat=10.01, lon=20.01), radius_m=500),
        "windows": (during("140900", "141300"),), "coordinated_with": (ref("P"),),
    }  # fmt: skip
    return said(Directive(**(given | fields)), "HQ-1", by, "130000")


@pytest.mark.parametrize(
    ("one", "other", "lifted"),
    [
        (entry(), accepting(), True),
        (entry(), accepting(coordinated_with=()), False),
        (entry(with_=()), accepting(), False),
        (entry(with_=(ref("UNKNOWN"), OURS)), accepting(), True),
        (entry(), accepting(by="xbl-batt"), False),
        (entry(), accepting(windows=(during("140900", "141059"),)), False),
        (entry(), accepting(windows=(during("141000", "141100"),)), True),
        (entry(), accepting(area=Circle(centre=Position(lat=10.05, lon=20.01), radius_m=500)), False),
    ],
)
def test_an_order_of_the_owner_agrees_for_its_own_place_and_time(one: Envelope, other: Envelope, lifted: bool) -> None:
    got = [f for f in found_in(one, other) if f.finding_kind == "uncoordinated-entry" and f.parties[0].id == "P"]
    assert bool(got) is not lifted


def found_in(*envelopes: Envelope) -> list[Finding]:
    return check(envelopes, AREAS, z("140000"))
