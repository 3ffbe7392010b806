"""A ceasefire to two parties, of which one has no link: the whole bus, from the notice to the card and its end.

Source: domain.md R-19, §5.3 (message 1); issue 5.
"""

import msgspec
from msgspec.structs import replace

from coordinator.demo.play import play
from coordinator.demo.vignette import Expected, Step, Vignette, load, moment
from coordinator.edges.clock import ManualClock
from coordinator.services.log import walk
from coordinator.topology import COORD, INBOX, LOG, of
from schemas import registry, subjects
from schemas.alerts import Alert
from tests.support.playing import broker

MINUTE = 60_000_000
SENT = moment("131200ZMAR27")
STEPS = (
    Step(step=9, at="131158ZMAR27", link="party-two", up=False, note="no link"),
    Step(step=1, at="131200ZMAR27", sender="jmc-sec", file="01-ceasefire.ndjson", format="native"),
    Step(step=2, at="131230ZMAR27", note="nothing"),
    Step(step=3, at="131240ZMAR27", link="party-two", up=True, note="link again"),
    Step(step=4, at="131250ZMAR27", note="nothing"),
)


def ceasefire() -> Vignette:
    """The first message of V3 alone, looked after every quarter of a minute."""
    told = load("v3")
    mission = replace(told.mission, presence=replace(told.mission.presence, probe_every_s=15.0))
    return replace(told, mission=mission, script=replace(told.script, steps=STEPS, expect=Expected()))


async def test_a_party_without_a_link_is_said_to_the_issuer_until_it_has_the_same_bytes():
    world = broker(ceasefire(), ManualClock(SENT))
    await play(ceasefire(), speed=None, show=lambda _: None, open_bus=world.connect)
    cards, bodies = [], {}
    async with world.connect(COORD) as bus:
        async for delivery in walk(bus, LOG, (subjects.ALL_ALERTS,)):
            body = registry.body(registry.envelope(delivery.data))
            cards += [body] if isinstance(body, Alert) and body.alert_kind == "imbalance" else []
        for party in ("party-one", "party-two"):
            bodies[party] = [d.data async for d in walk(bus, of(party, INBOX), subjects.EVERYTHING)]
    first, last = cards[0], cards[-1]
    assert {t.participant for t in first.told} == {"jmc-sec"}
    assert (first.args, first.text_key) == ({"notice": "CFA-0315", "whom": "party-two"}, "imbalance-late")
    assert 5 * MINUTE <= first.raised_at - SENT <= 6 * MINUTE + 30_000_000
    assert last.work == "resolved"
    assert moment("131240ZMAR27") <= last.changed_at <= moment("131242ZMAR27")
    assert bodies["party-one"] == bodies["party-two"]
    assert msgspec.json.decode(bodies["party-one"][0])["id"] == "CFA-0315"
