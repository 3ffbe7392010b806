"""A hazard notice is delivered to everybody whose plan it crosses, in words of their own. domain.md R-16, F11."""

from msgspec.structs import replace

from coordinator.client import Client, Item
from coordinator.demo.vignette import Vignette, load, moment
from coordinator.texts import say
from schemas import registry
from schemas.alerts import Alert
from schemas.geo import Circle, Position
from schemas.notices import HazardNotice, MovementNotice
from tests.support.playing import frozen_world
from tests.support.settling import drained
from tests.support.v1 import during, said


async def test_who_subscribed_to_nothing_gets_a_card_in_its_language_with_what_crosses_what():
    """V2's mission names no mines: the patrol of the Arabic-speaking battalion is told of one all the same."""
    vignette: Vignette = load("v2")
    place = Position(lat=2.3, lon=-26.8)
    when = (during("142000", "142100"),)
    mine = said(HazardNotice(hazard_kind="mine", area=Circle(centre=place, radius_m=200), windows=when), "MINE-1",
                "xar-batt", "141900")  # fmt: skip
    walk = said(MovementNotice(movement_kind="patrol", method="foot", windows=when,
                               area=Circle(centre=replace(place, lat=2.303), radius_m=150)), "WALK-1", "xfa-batt",
                "141900")  # fmt: skip
    async with frozen_world(vignette, moment("141905ZMAR27")) as (world, runners, clock):
        for message in (walk, mine):
            async with world.connect(message.originator) as bus:
                item = Item(data=registry.encode(message), format="native", name=message.id)
                assert [o.accepted async for o in Client(bus, message.originator, clock).send([item])] == [True]
        await drained(runners)
        told = {}
        for who in vignette.mission.by_id:
            async with world.connect(who) as bus:
                got = [registry.body(r.envelope) async for r in Client(bus, who, clock).receive()]
                told[who] = [b for b in got if isinstance(b, Alert)]
    assert {who for who, cards in told.items() if cards} >= {"xar-batt", "xfa-batt"}
    assert told["xga-fpu"] == []
    [card] = told["xfa-batt"]
    assert "MINE-1" in card.headline
    assert "WALK-1" in card.headline
    assert card.headline != say("card-conflict", "en", scene="", parties="MINE-1, WALK-1")
