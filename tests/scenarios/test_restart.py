"""Stopping, starting, doubling, cutting off: whoever comes back finds everything once, and nothing twice."""

from functools import partial
from pathlib import Path

import msgspec
import pytest

from coordinator import app
from coordinator.client import Client, Item, Outcome, Received
from coordinator.edges.clock import ManualClock, SystemClock, monotonic
from coordinator.edges.memory import MemoryBroker
from coordinator.services.catalogue import chosen
from coordinator.topology import COORD, LOG, build
from schemas import registry, subjects
from schemas.acknowledgements import Answer, Receipt
from schemas.operations import Config, Presence
from tests.support import chaos
from tests.support.chaos import MISSION, Facts, Sending, until
from tests.support.house import house, settle
from tests.support.released import Office

pytestmark = pytest.mark.nats


async def send(client: Client, sendings: list[Sending], timeout_s: float = 20) -> list[Outcome]:
    """Send inputs in one call and return what became of them."""
    return [o async for o in client.send([s.item for s in sendings], timeout_s=timeout_s)]


def flow_of(participant: str, seed: int = 1, count: int = 120) -> list[Sending]:
    """Return one participant's share of a flow, each input once."""
    mine = [s for s in chaos.flow(seed, count) if s.by == participant]
    return list({chaos.input_id(s.item): s for s in mine}.values())


async def say_all(home, sendings: list[Sending]) -> None:  # type: ignore[no-untyped-def]
    """Send a whole flow, each input by its sender."""
    for participant in sorted({s.by for s in sendings}):
        mine = [s for s in sendings if s.by == participant]
        assert all(o.accepted is not None for o in await send(await home.client(participant), mine))


def counts(found: Facts) -> dict[str, int]:
    """Return how much stands everywhere, but for what an observer saw."""
    log = [d for d in found.log if not d.subject.startswith("presence.")]
    streams = {"RAW": found.raw, "LOG": log, "TRACKS": found.tracks, **found.inboxes}
    return {n: len(s) for n, s in streams.items()} | {f"{p} board": len(b) for p, b in found.boards.items()}


async def test_two_instances_of_every_service_conclude_and_deliver_everything_once(tmp_path: Path) -> None:
    """Both owe the same ids: each finding, card, delivery and tick stands there once, and nothing is missing."""
    sendings = chaos.flow(3, 80)
    async with house(tmp_path, MISSION) as home, home.services() as one, home.services() as two:
        await say_all(home, sendings)
        await settle([*one, *two])
        found = await chaos.facts(await home.bus())
        assert list(chaos.law_1(sendings, found, home.setting)) == []
        assert list(chaos.law_2(found, home.setting)) == []
        assert await chaos.integrity(await home.bus(), home.setting.key) == []


async def test_a_clean_stop_and_a_start_change_nothing(tmp_path: Path) -> None:
    """Nothing is delivered twice and nothing is lost; what is sent then is handled as ever."""
    sendings = chaos.flow(4, 60)
    before: dict[str, int] = {}
    for start in (1, 2):
        async with house(tmp_path, MISSION) as home:
            async with home.services() as runners:
                if start == 2:
                    await settle(runners)
                    assert counts(await chaos.facts(await home.bus())) == before
                    sendings += chaos.flow(5, 30)
                await say_all(home, sendings)
                await settle(runners)
            found = await chaos.facts(await home.bus())
            before = counts(found)
            assert list(chaos.law_1(sendings, found, home.setting)) == []
            assert list(chaos.law_2(found, home.setting)) == []


async def test_services_that_lost_their_snapshots_deliver_nothing_again(tmp_path: Path) -> None:
    """Without a snapshot everything is read again, and nothing is said again."""
    async with house(tmp_path, MISSION) as home:
        async with home.services() as runners:
            await say_all(home, chaos.flow(6, 60))
            await settle(runners)
        bus = await home.bus()
        before = await chaos.facts(bus)
        for service in chosen():
            await bus.save(service.name, b"lost")
        async with home.services() as runners:
            await settle(runners)
            after = await chaos.facts(bus)
        assert [d.subject for d in after.log[len(before.log) :] if not d.subject.startswith("presence.")] == []
        assert counts(after) == counts(before)


async def test_a_core_that_was_restored_concludes_what_it_would_have_concluded(tmp_path: Path) -> None:
    """A snapshot is the whole state, also the order in which things came."""
    async with house(tmp_path, MISSION) as home, home.services() as runners:
        await say_all(home, chaos.flow(9, 50))
        await settle(runners)
        found = await chaos.facts(await home.bus())
    for service in chosen(("deconfliction", "alerting", "release")):
        plain = [m.id for m in chaos.refold(service, found.log, home.setting)]
        assert [m.id for m in chaos.refold(service, found.log, home.setting, restore_every=3)] == plain


async def test_a_start_after_a_long_silence_delivers_nothing_again() -> None:
    """The streams forget ids after 72 hours, release does not forget what it delivered last."""
    clock = ManualClock(SystemClock().now())
    broker = MemoryBroker(build(p.id for p in MISSION.participants), clock)
    setting = app.setting_of(MISSION, "live", app.new_seed())
    async with broker.connect(COORD) as bus:
        for start in (1, 2):
            async with app.running(partial(broker.connect, COORD), clock, setting, chosen()) as runners:
                for s in chaos.flow(10, 60) if start == 1 else ():
                    async with broker.connect(s.by) as mine:
                        await send(Client(mine, s.by, clock), [s])
                await settle(runners)
            broker.snapshots.clear()
            await clock.advance(clock.now() + 80 * 3_600_000_000)
        found = await chaos.facts(bus)
    assert sum(map(len, found.inboxes.values())) > 100
    assert [i for stream in found.inboxes.values() for i in chaos.twice(stream)] == []


def test_a_restored_release_goes_on_in_the_order_in_which_things_came() -> None:
    """The answers of a batch stand in the order in which they were given, whether or not release was restored."""
    office = Office()
    subject = subjects.record(Receipt.KIND, "xar-batt")
    for given in ("z", "m", "a"):
        office.core.restore(office.core.snapshot())
        [item] = office.log(Receipt(answers=(Answer(input=given),), batch="b"), subject)
    assert [a.input for a in item.body.answers] == ["z", "m", "a"]


async def test_a_changed_mission_is_announced_and_judges_what_comes_after(tmp_path: Path) -> None:
    """`config.mission` is logged once a change; the findings that follow from it are written, old messages are not."""
    sendings = chaos.flow(7, 50)
    gentler = msgspec.structs.replace(
        MISSION, matrix=tuple(msgspec.structs.replace(row, severity="LOW") for row in MISSION.matrix)
    )
    missions = (MISSION, MISSION, gentler, gentler)
    for mission in missions:
        async with house(tmp_path, mission) as home, home.services() as runners:
            await say_all(home, sendings)
            await settle(runners)
            bus = await home.bus()
            last = await bus.last(LOG, subjects.CONFIG)
            assert last is not None
            body = registry.body(registry.envelope(last.data))
            assert isinstance(body, Config)
            found = await chaos.facts(bus, mission)
            assert list(chaos.law_2(found, home.setting, mission)) == []
    assert len([d for d in found.log if d.subject == subjects.CONFIG]) == 2
    quiet = await chaos.undisturbed(found.raw, home.setting)
    assert list(chaos.law_3(chaos.picture(found), chaos.picture(quiet))) == []


# -- asking again -----------------------------------------------------------------------------------------------------


async def test_what_is_sent_again_gets_its_first_answers_at_once(tmp_path: Path) -> None:
    """The same inputs, in the same call, one by one, and together with others: the same answers, soon."""
    mine = flow_of("xar-batt")
    async with house(tmp_path, MISSION) as home, home.services() as runners:
        client = await home.client("xar-batt")
        first = {o.input: o for o in await send(client, mine)}
        await settle(runners)
        began = monotonic()
        again = await send(client, mine)
        single = [o for s in mine[:10] for o in await send(client, [s])]
        other = await send(client, [*mine[5:], *flow_of("xar-batt", seed=99, count=20)])
        assert monotonic() - began < 5
        for outcome in (*again, *single, *other[: len(mine) - 5]):
            assert msgspec.structs.replace(outcome, duplicate=False) == first[outcome.input]
            assert outcome.duplicate


async def test_an_input_that_the_server_took_for_new_again_gets_its_first_answer(tmp_path: Path) -> None:
    """RAW forgets ids after ten minutes; intake's second receipt is a duplicate, so the first one answers."""
    [mine, *_] = flow_of("xga-fpu")
    async with house(tmp_path, MISSION) as home, home.services() as runners:
        client = await home.client("xga-fpu")
        [first] = await send(client, [mine])
        await settle(runners)
        publish = client.bus.publish

        async def forgetful(messages, **options):  # type: ignore[no-untyped-def]
            return [s._replace(duplicate=False) for s in await publish(messages, **options)]

        client.bus.publish = forgetful  # type: ignore[method-assign]
        [again] = await send(client, [mine], timeout_s=10)
        assert again == first


async def test_an_input_that_was_mended_by_saying_whose_it_is_is_another_input(tmp_path: Path) -> None:
    """Refused as one's own, then sent on behalf of its author: it is not answered with the old refusal."""
    line = b'{"id": "HNS-1", "originator": "ocha-cmc", "kind": "sitrep", "body": {"period": {}}}'
    async with house(tmp_path, MISSION) as home, home.services():
        xar, joc = await home.client("xar-batt"), await home.client("joc")
        item = Item(data=line, format="native", name="a")
        assert [o.accepted async for o in xar.send([item])] == [False]
        assert [o.accepted async for o in joc.send([item], on_behalf_of="ocha-cmc")] == [True]
        assert [o.accepted async for o in joc.send([item])] == [True]
        ids = {o.input async for o in joc.send([item])} | {
            o.input async for o in joc.send([item], on_behalf_of="sn-hq")
        }
        assert len(ids) == 2


# -- a gap ------------------------------------------------------------------------------------------------------------


async def test_whoever_was_unreachable_gets_what_waited_once_and_by_precedence(tmp_path: Path) -> None:
    """Contact is lost and regained as the server sees connections; orders come first, nothing comes twice."""
    quick = msgspec.structs.replace(MISSION.presence, probe_every_s=0.2, grace_s=0.3)
    mission = msgspec.structs.replace(MISSION, presence=quick)
    async with house(tmp_path, mission) as home, home.services() as runners:
        bus = await home.bus()

        async def contact() -> str:
            last = await bus.last(LOG, subjects.presence("xbl-batt"))
            body = registry.body(registry.envelope(last.data)) if last else None
            return body.state if isinstance(body, Presence) else ""

        async def is_lost() -> bool:
            return await contact() == "lost"

        async def is_back() -> bool:
            return await contact() == "regained"

        async def is_seen() -> bool:
            return await contact() == "read"

        async with chaos.client_of(home.server, "xbl-batt"):
            await until("xbl-batt was seen", is_seen, 10)
        await until("xbl-batt is lost", is_lost, 10)
        await say_all(home, [s for s in chaos.flow(8, 150) if s.by != "xbl-batt"])
        order = (
            b'{"id": "SC-1", "kind": "directive", "precedence": "immediate", "addressees": [{"to": "xbl-batt"}], '
            b'"body": {"directive_kind": "frago", "task": "come back"}}'
        )
        sc = await home.client("sc-hq")
        assert [o.accepted async for o in sc.send([Item(data=order, format="native", name="sc")])] == [True]
        await settle(runners)
        assert (await chaos.facts(bus, mission)).inboxes["xbl-batt"] == []
        async with chaos.client_of(home.server, "xbl-batt") as xbl:
            await until("xbl-batt is back", is_back, 10)
            await settle(runners)
            got: list[Received] = [r async for r in xbl.receive()]
        found = await chaos.facts(bus, mission)
        assert got[0].envelope.id == "SC-1"
        ranks = [subjects.PRECEDENCES.index(r.precedence) for r in got]  # type: ignore[arg-type]
        assert ranks == sorted(ranks)
        assert len(got) == len(found.inboxes["xbl-batt"]) > 20
        assert list(chaos.law_2(found, home.setting, mission)) == []


async def test_who_has_left_the_mission_gets_nothing_and_holds_up_nobody(tmp_path: Path) -> None:
    """Everything is read again under the new mission, also what was for somebody who has no streams any more."""
    order = b'{"id": "%b", "kind": "sitrep", "body": {"period": {}}}'
    leaving, staying = MISSION.participants[-1].id, MISSION.participants[0].id
    async with house(tmp_path, MISSION) as home, home.services() as runners:
        for who in (leaving, staying):
            [said] = [o async for o in (await home.client(who)).send([Item(data=order % b"before", format="native")])]
            assert said.accepted
        await settle(runners)
    smaller = msgspec.structs.replace(MISSION, participants=MISSION.participants[:-1])
    async with house(tmp_path, smaller) as home:
        home.setting = home.setting._replace(code="later")  # so no snapshot is used
        async with home.services() as runners:
            [said] = [
                o async for o in (await home.client(staying)).send([Item(data=order % b"after", format="native")])
            ]
            assert said.accepted
            await settle(runners)
