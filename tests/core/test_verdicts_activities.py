"""K01, row by row: whose list of permitted orders lifts a row, which of several rows is shown, and what is said of it.

Source: reference deconfliction.md §2.3 K01; design §4 (suppressors).
"""

from itertools import product
from typing import Any, Final

import pytest
from msgspec.structs import replace

from coordinator.core.mission import MatrixRow, Mission
from schemas.directives import Directive
from schemas.envelope import Envelope
from schemas.findings import Finding
from schemas.geo import Circle, Named, Polygon, Position
from tests.support.bridge import CLASH, ROW, closure, findings, kinds, use
from tests.support.v1 import MISSION, during, ref, said

HERE: Final = Position(lat=2.0, lon=-27.0)


def patrol(identity: str = "P", by: str = "xbl-batt", **fields: Any) -> Envelope:
    """An order to patrol at the bridge: it can permit others, which a notice cannot."""
    given: dict[str, Any] = {"area": Named(name="KESSA"), "windows": (during("141000", "141045"),)}
    return said(Directive(directive_kind="frago", action="patrol", **(given | fields)), identity, by, "130000")


def with_rows(*rows: MatrixRow) -> Mission:
    return replace(MISSION, matrix=rows)


# -- whose list lifts a row -------------------------------------------------------------------------------------------

LIFTS: Final = {
    "either": lambda closed, patrols: closed or patrols,
    "a": lambda closed, patrols: closed,
    "b": lambda closed, patrols: patrols,
    "none": lambda closed, patrols: False,
}


@pytest.mark.parametrize(
    ("permit", "closed", "patrols", "turned", "by"),
    [
        (permit, closed, patrols, turned, by)
        for permit, closed, patrols, turned in product(LIFTS, (False, True), (False, True), (False, True))
        for by in (("sn-hq", "xbl-batt"), ("xbl-batt", "sn-hq"))
    ],
)
def test_a_row_says_whose_permission_lifts_it(
    permit: Any, closed: bool, patrols: bool, turned: bool, by: tuple[str, str]
) -> None:
    row = replace(ROW, permit=permit)
    if turned:  # the same row, its sides named the other way round
        row = replace(row, a=ROW.b, b=ROW.a, permit={"a": "b", "b": "a"}.get(permit, permit))
    first = closure(by=by[0], permitted=(ref("P"),) if closed else ())
    second = patrol(by=by[1], permitted=(ref("C"),) if patrols else ())
    found = [f for f in findings(first, second, mission=with_rows(row)) if f.finding_kind in CLASH]
    assert bool(found) is not LIFTS[permit](closed, patrols)


@pytest.mark.parametrize(
    ("permit", "one", "other", "lifted"),
    [
        ("a", True, False, True),
        ("a", False, True, True),
        ("b", True, False, True),
        ("b", False, True, True),
        ("a", False, False, False),
        ("none", True, True, False),
    ],
)
def test_between_two_of_one_class_either_list_lifts_it(permit: Any, one: bool, other: bool, lifted: bool) -> None:
    row = replace(ROW, name="use/use", a="use", b="use", permit=permit)
    first = patrol("C", "sn-hq", permitted=(ref("P"),) if one else ())
    second = patrol("P", permitted=(ref("C"),) if other else ())
    found = [f for f in findings(first, second, mission=with_rows(row)) if f.finding_kind in CLASH]
    assert bool(found) is not lifted


@pytest.mark.parametrize(
    ("unless", "clash"), [((), True), (("closure",), False), (("use",), False), (("x",), True), (("x", "use"), False)]
)
def test_a_category_of_either_party_lifts_a_row(unless: tuple[str, ...], clash: bool) -> None:
    row = replace(ROW, unless=unless)
    assert ("incompatible-activities" in kinds(closure(), use(), mission=with_rows(row))) is clash


# -- which row is shown -----------------------------------------------------------------------------------------------


def shown(*rows: MatrixRow) -> Finding:
    [found] = [f for f in findings(closure(), use(), mission=with_rows(*rows)) if f.finding_kind in CLASH]
    return found


def test_the_worst_row_is_shown_and_the_others_are_named() -> None:
    low, high, lifted = (
        replace(ROW, name="low", severity="LOW"), replace(ROW, name="high", severity="HIGH"),
        replace(ROW, name="lifted", severity="CRITICAL", unless=("use",)),
    )  # fmt: skip
    for rows in ((low, high, lifted), (lifted, high, low), (high, lifted, low)):
        found = shown(*rows)
        assert (found.evidence.rule, found.severity, found.evidence.folded) == ("high", "HIGH", ("low",))


def test_of_rows_as_bad_as_each_other_the_first_is_shown() -> None:
    first, second = (replace(ROW, name=n, severity="HIGH") for n in ("b row", "a row"))
    assert shown(first, second).evidence.rule == "b row"
    assert shown(second, first).evidence.rule == "a row"
    assert shown(first, second).evidence.folded == ("a row",)


def test_a_certain_clash_is_shown_before_a_possible_one_that_is_as_bad() -> None:
    sure = replace(ROW, name="sure", severity="MEDIUM", distance_m=5_000.0)
    doubtful = replace(ROW, name="doubtful", severity="HIGH", distance_m=0.0)
    far = use(area=Circle(centre=Position(lat=2.0 + 300 / 110_574, lon=-27.0, ce_m=400.0), radius_m=10.0))
    near = closure(area=Circle(centre=HERE, radius_m=10.0))
    [found] = [f for f in findings(near, far, mission=with_rows(doubtful, sure)) if f.finding_kind in CLASH]
    assert (found.evidence.rule, found.certainty, found.severity) == ("sure", "definite", "MEDIUM")
    assert found.evidence.folded == ("doubtful",)


def test_a_row_that_does_not_hold_does_not_hide_the_next() -> None:
    lifted, far = replace(ROW, name="lifted", unless=("use",)), replace(ROW, name="holds")
    assert shown(lifted, far).evidence.rule == "holds"


@pytest.mark.parametrize(("touch", "clash"), [(True, True), (False, False)])
def test_a_row_says_whether_a_shared_border_counts(touch: bool, clash: bool) -> None:
    row = replace(ROW, touch=touch, distance_m=0.0)
    east, west = ((-27.0, -26.99), (-27.01, -27.0))
    one, other = (_box(lon) for lon in (east, west))
    assert (kinds(closure(area=one), use(area=other), mission=with_rows(row)) == CLASH) is clash


def _box(lon: tuple[float, float]) -> Any:
    ring = ((lon[0], 2.0), (lon[1], 2.0), (lon[1], 2.01), (lon[0], 2.01), (lon[0], 2.0))
    return Polygon(rings=(ring,))


# -- where it is said to be -------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("one", "other", "place"),
    [
        (Named(name="KESSA"), Named(name="KESSA"), "KESSA"),
        (Circle(centre=HERE, radius_m=5.0, name="camp"), Circle(centre=HERE, radius_m=5.0, name="camp"), "camp"),
        (Circle(centre=HERE, radius_m=5.0, name="camp"), Circle(centre=HERE, radius_m=5.0, name="post"), "KESSA"),
        (Circle(centre=HERE, radius_m=5.0), Circle(centre=HERE, radius_m=5.0), "KESSA"),
        (Circle(centre=HERE, radius_m=5.0, name="camp"), Circle(centre=HERE, radius_m=5.0), "KESSA"),
    ],
)
def test_the_place_is_what_both_call_it_or_what_the_gazetteer_does(one: Any, other: Any, place: str) -> None:
    [found] = [f for f in findings(closure(area=one), use(area=other)) if f.finding_kind in CLASH]
    assert found.evidence.place == place
