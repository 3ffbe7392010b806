"""What the second oracle, the laws and the random operations found, each as the smallest case of it."""

from typing import Any, Final

import pytest
from msgspec.structs import replace

from coordinator.core.deconfliction import Engine, check
from schemas.directives import Agreement, Caveat, Dependency, Directive
from schemas.envelope import Envelope, UnitRef
from schemas.findings import Finding
from schemas.geo import Circle, Named, Position
from schemas.notices import Cancellation, MovementNotice
from tests.support.v1 import MISSION, during, logged, ref, said, z

KESSA: Final = Named(name="KESSA")


def order(identity: str, by: str = "sn-hq", at: str = "130000", revision: int = 1, **fields: Any) -> Envelope:
    """An order at the bridge on the morning of the 14th."""
    given: dict[str, Any] = {"area": KESSA, "windows": (during("140900", "141000"),)} | fields
    return said(Directive(directive_kind="frago", **given), identity, by, at, revision)


def of_kind(kind: str, *messages: Envelope, at: str = "140600") -> list[Finding]:
    return [f for f in check(messages, MISSION, z(at)) if f.finding_kind == kind]


# -- what is revised away ---------------------------------------------------------------------------------------------


def agreement(revision: int, at: str, *orders: str) -> Envelope:
    body = Agreement(agreement_kind="coordination", orders=tuple(ref(o) for o in orders))
    return said(body, "A", "fhq-u3", at, revision)


@pytest.mark.parametrize("revision", [1, 2])
@pytest.mark.parametrize("others", ["ST", "UV", "WX", "YZ"])
def test_an_agreement_that_no_longer_names_two_orders_lifts_nothing_between_them(revision: int, others: str) -> None:
    """Of two contents under one revision, the hash decides which counts."""
    both = order("O", exclusive=True, action="block"), order("E", "sc-hq", action="patrol")
    messages = (*both, agreement(1, "130010", "O", "E"), agreement(revision, "130020", *others))
    engine = Engine(MISSION)
    for i, message in enumerate(messages):
        engine.handle(logged(message, i + 1, z("130030")))
    assert engine.findings() == check(messages, MISSION, z("130030"))


# -- time that has passed before its tick -----------------------------------------------------------------------------

ORDER: Final = order("O", at="140000", action="block", performers=(UnitRef(participant="xar-batt"),))
ELSEWHERE: Final = order("E", "sc-hq", "140810", area=Named(name="FORD"), windows=(during("150900", "151000"),))


def waiting() -> Engine:
    """Return an engine whose clock has passed 0800Z, when an answer fell due, while the tick is still on its way."""
    started = Engine(MISSION)
    started.handle(logged(ORDER, 1, z("140000")))
    started.handle(logged(ELSEWHERE, 2, z("140810")))
    return started


def published(by: Engine) -> list[str]:
    """Return the kinds of what is said when the tick comes."""
    effects = by.wake(z("140811"), logged(ORDER, 3, z("140811")))
    return [e.body.finding_kind for e in effects]  # type: ignore[attr-defined]


def test_a_dry_run_does_not_put_off_what_has_fallen_due() -> None:
    started = waiting()
    started.check([replace(ORDER, revision=2)])
    assert started.next_wake() == z("140800")
    assert published(started) == ["not-acknowledged"]


def test_a_restart_does_not_forget_what_has_fallen_due() -> None:
    again = Engine()
    again.restore(waiting().snapshot())
    assert again.next_wake() == z("140800")
    assert published(again) == ["not-acknowledged"]


# -- links ------------------------------------------------------------------------------------------------------------


def test_a_circle_of_orders_is_none_any_more_once_one_of_them_is_withdrawn() -> None:
    circle = order("A", supersedes=(ref("B"),)), order("B", supersedes=(ref("A"),))
    gone = said(Cancellation(), "A", "sn-hq", "130100", kind="directive", status="cancel")
    assert [f.evidence.rule for f in of_kind("stale-order", *circle)] == ["cycle"]
    assert of_kind("stale-order", *circle, gone) == []


def test_an_order_that_depends_on_what_it_cancelled_itself_before_is_stale() -> None:
    first = order("A", cancels=(ref("B"),))
    second = order("A", at="130100", revision=2, dependencies=(Dependency(task="B"),))
    [f] = of_kind("stale-order", first, order("B"), second)
    assert (f.evidence.rule, f.evidence.field) == ("stale", "dependencies")


def test_an_order_that_cites_a_missing_one_twice_is_one_finding_however_it_is_asked_for() -> None:
    engine = Engine(MISSION)
    cites = order("A", permitted=(ref("X"), ref("X", 1)))
    [effect] = [e for e in engine.handle(logged(cites, 1, z("140600"))) if e.body.finding_kind == "stale-order"]  # type: ignore[attr-defined]
    [known] = [f for f in engine.findings() if f.finding_kind == "stale-order"]
    assert effect.body.evidence == known.evidence  # type: ignore[attr-defined]


# -- caveats ----------------------------------------------------------------------------------------------------------

HERE: Final = Circle(centre=Position(lat=2.0, lon=-27.0), radius_m=100.0)
AWAY: Final = Circle(centre=Position(lat=2.1, lon=-27.0), radius_m=100.0)


def restriction(**fields: Any) -> Envelope:
    return said(Caveat(text="not for others", **fields), "V", "xar-batt", "121200")


def test_a_movement_that_is_completed_breaks_no_caveat() -> None:
    planned = MovementNotice(movement_kind="patrol", area=HERE, windows=(during("140900", "141000"),))
    for movement, expected in ((planned, 1), (replace(planned, state="completed"), 0)):
        found = of_kind("caveat", said(movement, "M", "xar-batt", "130000"), restriction(actions=("patrol",)))
        assert len(found) == expected


def test_an_order_without_a_time_is_still_where_it_says_it_is() -> None:
    performers = (UnitRef(participant="xar-batt"),)
    for area, expected in ((HERE, ["definite"]), (AWAY, [])):
        untimed = order("A", area=area, windows=(), performers=performers)
        assert [f.certainty for f in of_kind("caveat", untimed, restriction(area=HERE))] == expected


# -- what is over -----------------------------------------------------------------------------------------------------


def test_a_conflict_that_comes_again_tomorrow_is_not_over_today() -> None:
    """Only one occurrence is shown; when that is over the next one is as bad."""
    days = during("140900", "141000"), during("150900", "151000")
    closed = order("A", action="block", exclusive=True, windows=days)
    used = said(MovementNotice(movement_kind="patrol", area=KESSA, windows=days), "B", "xbl-batt", "130000")
    for at, severity in (("140800", "HIGH"), ("141100", "HIGH"), ("151100", "INFO")):
        assert [f.severity for f in of_kind("incompatible-activities", closed, used, at=at)] == [severity]
