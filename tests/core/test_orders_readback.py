"""A read-back beside its order: what is the same, what is different, and what only people can judge."""

from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from adapters import places
from adapters.times import ZONES
from coordinator.core.orders.readback import Frame, compare
from schemas import registry
from schemas.acknowledgements import ReadBack
from schemas.directives import Directive
from schemas.geo import Circle, Corridor, MultiPolygon, Named, Polygon, Position
from schemas.time import TimeValue, TimeWindow
from tests.support.v1 import MESSAGES, MINUTE, MISSION, by_route, during, z


def locate(text: str) -> Position | None:
    try:
        return places.read(text, "26NNH")
    except places.Unreadable:
        return None


FRAME = Frame(MISSION, locate)


def closure(**fields: Any) -> Directive:
    said: dict[str, Any] = {
        "directive_kind": "frago", "action": "block", "task": "A Coy closes KESSA, checkpoint and search",
        "area": Named(name="KESSA"), "windows": (during("140900", "141300"),),
    }  # fmt: skip
    return Directive(**(said | fields))


def verdicts(said: ReadBack, order: Directive | None = None) -> dict[str, str]:
    return {c.field: c.verdict for c in compare(said, order or closure(), FRAME)}


def raw(start: str, end: str = "", at: str = "", till: str = "") -> ReadBack:
    last = TimeValue(utc=z(till), raw=end) if till else None
    return ReadBack(window=TimeWindow.between(TimeValue(utc=z(at), raw=start), last))


# -- time -------------------------------------------------------------------------------------------------------------


def test_another_zone_letter_is_another_time_and_is_shown_with_its_utc() -> None:
    [time] = compare(raw("0900C", "1300Z", "140600", "141300"), closure(), FRAME)
    assert (time.verdict, time.ordered) == ("different", "140900ZMAR27-141300ZMAR27")
    assert time.read_back == "0900C-1300Z (= 140600ZMAR27-141300ZMAR27)"


@pytest.mark.parametrize(
    ("start", "end", "verdict"),
    [
        ("140900", "141300", "same"),
        ("140900", "", "same"),
        ("140901", "141300", "different"),
        ("140900", "141301", "different"),
        ("150900", "151300", "different"),
        ("141300", "", "different"),  # the end, read back as the start
    ],
)
def test_every_side_that_is_read_back_must_be_that_minute(start: str, end: str, verdict: str) -> None:
    assert verdicts(raw("x", "y", start, end)) == {"time": verdict}


def test_seconds_do_not_count() -> None:
    said = ReadBack(window=TimeWindow(start_earliest=z("140900") + 59_000_000))
    assert verdicts(said) == {"time": "same"}
    assert verdicts(ReadBack(window=TimeWindow(start_earliest=z("140900") + MINUTE))) == {"time": "different"}


def test_the_sides_must_belong_to_one_window() -> None:
    order = closure(windows=(during("140900", "141000"), during("141200", "141300")))
    assert verdicts(raw("", "", "141200", "141300"), order) == {"time": "same"}
    assert verdicts(raw("", "", "140900", "141300"), order) == {"time": "different"}


def test_a_way_that_is_timed_at_a_place_has_times_too() -> None:
    order = Directive(directive_kind="frago", route=by_route("PLUM", "141130", "141230"))
    assert verdicts(ReadBack(text="KESSA 1130Z to 1230Z"), order) == {"time": "same"}
    assert verdicts(ReadBack(text="KESSA 1000Z to 1100Z"), order) == {"time": "different"}


@pytest.mark.parametrize(
    ("text", "verdict"),
    [
        ("close KESSA 0900Z to 1300Z", "same"),
        ("close KESSA 1100B to 1500B", "same"),
        ("close KESSA 140900ZMAR27-141300ZMAR27", "same"),
        ("close KESSA 0900C to 1300C", "different"),
        ("close KESSA 150900Z to 151300Z", "different"),
        ("close KESSA 0900Z to 1330Z", "different"),
    ],
)
def test_times_in_a_text_are_read_by_their_letter(text: str, verdict: str) -> None:
    assert verdicts(ReadBack(text=text))["time"] == verdict


def test_a_group_with_another_zone_says_what_it_is_in_utc() -> None:
    time = compare(ReadBack(text="close KESSA 0900C"), closure(), FRAME)[0]
    assert time.read_back == "0900C (= 0600Z)"


def test_a_day_in_a_text_is_a_day_of_utc() -> None:
    night = closure(windows=(during("142300", "150300"),))
    assert verdicts(ReadBack(text="150100B to 150500B"), night) == {"time": "same"}
    assert verdicts(ReadBack(text="140100B"), night) == {"time": "different"}


def test_heights_numbers_and_grids_in_a_text_are_no_times() -> None:
    assert verdicts(ReadBack(text="1 AMERICAN 6,500 to 8,000 ft, 26N NH 0000 2106, 12 men")) == {}


def test_an_order_without_times_is_not_compared_by_time() -> None:
    assert verdicts(raw("0900Z", at="140900"), closure(windows=())) == {}
    assert verdicts(raw("0900Z", at="140900"), closure(windows=(TimeWindow(trigger="on order"),))) == {
        "time": "unclear"
    }


# -- place ------------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("place", "verdict"),
    [
        ("KESSA", "same"),
        ("kessa", "same"),
        ("pont KESSA", "same"),  # another name of the gazetteer
        ("the crossing at KESSA", "same"),
        ("2.0000N 27.0000W", "same"),
        ("2.0000, -27.0000", "same"),
        ("FORD", "different"),
        ("KOSSA", "different"),
        ("1.9700N 27.0450W", "different"),
        ("2.0000N 27.0000E", "different"),
    ],
)
def test_a_named_place_is_read_back_by_any_name_or_by_where_it_is(place: str, verdict: str) -> None:
    assert verdicts(ReadBack(place=place)) == {"place": verdict}


@pytest.mark.parametrize(("east", "verdict"), [(100, "same"), (350, "different")])
def test_the_precision_of_the_order_counts(east: float, verdict: str) -> None:
    order = closure(area=Circle(centre=Position(lat=2.0, lon=-27.0, ce_m=150), radius_m=2000))
    assert verdicts(ReadBack(place=f"2.000000, {-27 + east / 111_000:.6f}"), order) == {"place": verdict}


def test_a_grid_is_compared_with_degrees() -> None:
    at = places.read("26N NH 00000 21060")
    order = closure(area=Circle(centre=Position(lat=at.lat, lon=at.lon), radius_m=0))
    assert verdicts(ReadBack(place="26N NH 00000 21060"), order) == {"place": "same"}
    assert verdicts(ReadBack(place="26N NH 00 21"), order) == {"place": "same"}  # no more exact than a kilometre
    assert verdicts(ReadBack(place="26N NH 00000 22060"), order) == {"place": "different"}


def test_a_point_in_an_area_and_a_corner_of_a_corridor_are_places_of_the_order() -> None:
    ring = ((-27.0, 2.0), (-26.9, 2.0), (-26.9, 2.1), (-27.0, 2.1), (-27.0, 2.0))
    assert verdicts(ReadBack(place="2.05, -26.95"), closure(area=Polygon(rings=(ring,)))) == {"place": "same"}
    assert verdicts(ReadBack(place="2.15, -26.95"), closure(area=Polygon(rings=(ring,)))) == {"place": "different"}
    way = closure(area=Corridor(points=((-27.0, 2.0), (-26.9, 2.0)), width_m=500))
    assert verdicts(ReadBack(place="2.002, -26.9"), way) == {"place": "same"}


def test_a_name_for_an_order_that_only_has_a_point_is_for_people() -> None:
    order = closure(area=Circle(centre=Position(lat=2.0, lon=-27.0), radius_m=50))
    assert verdicts(ReadBack(place="the old mill"), order) == {"place": "unclear"}
    assert verdicts(ReadBack(place="KESSA"), order) == {"place": "same"}
    assert verdicts(ReadBack(place="FORD"), order) == {"place": "different"}


# -- task -------------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("task", "verdict"),
    [
        ("block", "same"),
        ("close the bridge and search", "same"),
        ("A Coy closes KESSA, checkpoint and search", "same"),
        ("open the bridge", "different"),
        ("escort a convoy over KESSA", "different"),
        ("do not close KESSA", "different"),
        ("fermer le pont", "unclear"),  # no table knows these words: people judge
        ("checkpoint", "unclear"),
    ],
)
def test_a_task_is_the_same_plainly_another_or_for_people(task: str, verdict: str) -> None:
    assert verdicts(ReadBack(task=task)) == {"task": verdict}


# -- laws -------------------------------------------------------------------------------------------------------------


@given(st.text(max_size=200), st.text(max_size=80), st.text(max_size=80))
def test_any_text_is_compared_and_nothing_breaks(text: str, place: str, task: str) -> None:
    found = compare(ReadBack(text=text, place=place, task=task), closure(), FRAME)
    assert len({c.field for c in found}) == len(found)


def test_a_read_back_of_a_million_characters_is_cut_before_it_is_looked_at() -> None:
    flood = "0900Z " * 200_000
    found = compare(ReadBack(text=flood, place=flood, task=flood), closure(), FRAME)
    assert {c.field for c in found} == {"time", "place", "task"}
    assert all(len(c.read_back) <= 200 for c in found)


def test_a_shape_of_nothing_is_no_place() -> None:
    assert verdicts(ReadBack(place="2.0, -27.0"), closure(area=MultiPolygon(polygons=((),)))) == {}


@pytest.mark.parametrize("zone", "ABCDEFGHIKLMNOPQRSTUVWXYZ")
def test_the_same_minute_in_any_zone_is_the_same(zone: str) -> None:
    hour = int((9 + ZONES[zone]) % 24)
    other = int((10 + ZONES[zone]) % 24)
    assert verdicts(ReadBack(text=f"at {hour:02d}00{zone}")) == {"time": "same"}
    assert verdicts(ReadBack(text=f"at {other:02d}00{zone}")) == {"time": "different"}


def test_no_read_back_of_the_first_vignette_is_called_different() -> None:
    closed, convoy = (registry.body(MESSAGES[n]) for n in (7, 9))
    moved = Directive(directive_kind="frago", action="escort", route=by_route("PLUM", "141130", "141230"))
    assert {c.verdict for c in compare(ReadBack(text="close KESSA 0900Z to 1300Z"), closed, FRAME)} == {"same"}
    assert {c.verdict for c in compare(ReadBack(text="KESSA 1130Z to 1230Z"), moved, FRAME)} == {"same"}
    assert "different" in {c.verdict for c in compare(ReadBack(text="KESSA 1130Z to 1230Z"), convoy, FRAME)}
