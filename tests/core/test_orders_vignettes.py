"""The three vignettes, as their messages say it: which orders end coordinated, and how far the call for help came."""

from functools import cache

import pytest

from adapters import places
from coordinator.core.deconfliction.ledger import FAMILIES, Item, Ledger, item
from coordinator.core.deconfliction.setting import Setting
from coordinator.core.mission import Mission
from coordinator.core.orders.readback import Frame
from coordinator.core.orders.requests import Request, ledger
from coordinator.core.orders.standing import OrderState, order_state
from coordinator.demo import vignette
from coordinator.services.judge import Accepted, Input, judge
from schemas import registry, subjects
from schemas.acknowledgements import Acknowledgement
from schemas.directives import Directive
from schemas.geo import Position


@cache
def played(name: str) -> tuple[Mission, tuple[tuple[int, Item], ...]]:
    """Every message of a vignette that intake accepts, with its step, in their order."""
    known, found = vignette.load(name), []
    for step in known.script.steps:
        for file in step.sends:
            subject = subjects.raw(step.sender, step.format)
            put = Input(f"i-{file}", subject, known.files[file], 1, on_behalf_of=step.behalf)
            told = judge(put, known.mission, "live", step.time)
            for _, _, data in told.messages if isinstance(told, Accepted) else ():
                envelope = registry.envelope(data)
                found.append((step.step, item(envelope, registry.body(envelope), step.time)))
    return known.mission, tuple(found)


def until(name: str, step: int) -> tuple[Mission, list[Item]]:
    """The messages of a vignette up to a step, all for 0; numbers only name steps."""
    mission, found = played(name)
    last = max((n for n, (number, _) in enumerate(found) if number == step), default=len(found))
    return mission, [i for _, i in found[: last + 1]]


def order(name: str, identity: str, step: int = 0) -> OrderState:
    mission, items = until(name, step)
    known = Ledger()
    for one in items:
        if one.envelope.kind in FAMILIES:
            known.add(one)
    [key] = [k for k in known.acts if k[1] == identity]
    found = order_state(known, key, Setting(mission), Frame(mission, _located))
    assert found
    return found


def casevac(step: int) -> Request:
    mission, items = until("v2", step)
    [found] = ledger(items, mission)
    return found


def _located(text: str) -> Position | None:
    try:
        return places.read(text)
    except places.Unreadable:
        return None


@pytest.mark.parametrize("name", ["v1", "v2", "v3"])
def test_nobody_in_the_vignettes_is_told_that_it_read_back_wrong(name: str) -> None:
    _, items = until(name, 0)
    answered = {i.body.of.id for i in items if isinstance(i.body, Acknowledgement)}
    ours = {i.key[1] for i in items if isinstance(i.body, Directive)}
    assert answered & ours
    assert not [s for i in sorted(answered & ours) for s in order(name, i).performers if s.state == "misread"]


def test_the_bridge_is_coordinated_when_both_acting_units_have_said_so() -> None:
    before, after = (order("v1", "SC-FRAGO-03-022", step) for step in (16, 18))
    assert (before.coordinated, after.coordinated) == (False, True)


def test_the_sector_does_not_answer_for_the_battalion_and_the_battalion_may_say_no() -> None:
    sector = order("v3", "FHQ-FRAGO-03-110", 4)
    assert (sector.coordinated, [s.state for s in sector.performers if s.participant == "xbl-batt"]) == (
        False,
        ["sent"],
    )
    [refused] = [s for s in order("v3", "FHQ-FRAGO-03-110", 9).performers if s.participant == "xbl-batt"]
    assert (refused.state, refused.code) == ("cannot-comply", "NATIONAL-RESTRICTION")


def test_a_helicopter_that_is_planned_ordered_and_in_the_air_are_three_different_states() -> None:
    states = [casevac(step).state for step in (8, 9, 16, 17, 19)]
    assert states == ["asked", "planned", "ordered", "in-motion", "done"]
    assert [casevac(step).owner for step in (9, 17, 19)] == ["fhq-maoc", "xdr-avn", ""]
