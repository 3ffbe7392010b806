"""What must never happen, each a promise. Source: domain.md §5.4.

(3) is in `test_asking`, (9) in `test_partitions`, (10) belongs to V3.
"""

from collections.abc import AsyncIterator, Sequence
from contextlib import asynccontextmanager
from functools import partial
from typing import Any, Final, NamedTuple

import msgspec
import pytest
from msgspec.structs import replace

from coordinator import app, topology
from coordinator.client import Client, Item
from coordinator.core.mission import Mission
from coordinator.edges.clock import ManualClock
from coordinator.edges.memory import MemoryBroker
from coordinator.errors import BusError, Forbidden, NoAnswer
from coordinator.services.catalogue import chosen
from coordinator.services.judge import Accepted, Input, judge
from coordinator.services.log import Range, verify, walk
from coordinator.topology import COORD, LOG, RAW, TRACKS
from schemas import registry, subjects
from schemas.acknowledgements import Refusal
from schemas.alerts import Alert
from schemas.envelope import Envelope
from schemas.findings import Finding
from schemas.geo import Position
from schemas.reports import Observation
from schemas.time import TimeValue
from tests.support.settling import drained
from tests.support.v1 import MESSAGES, MINUTE, MISSION, wilco, z

CLOSURE, CONVOY, WATER_RUN = MESSAGES[7], MESSAGES[1], MESSAGES[11]
NOW: Final = z("140600")
SEED: Final = app.new_seed()


class World(NamedTuple):
    """A running bus in memory."""

    broker: MemoryBroker
    clock: ManualClock
    runners: Sequence[app.Runner]
    key: str

    @asynccontextmanager
    async def client(self, participant: str) -> AsyncIterator[Client]:
        async with self.broker.connect(participant) as bus:
            yield Client(bus, participant, self.clock)

    async def send(self, *messages: Envelope) -> list[tuple[str, ...]]:
        """Send messages as their originators; return the warnings on each receipt."""
        found = []
        for message in messages:
            async with self.client(message.originator) as client:
                outcome = await client.publish(message)
                assert outcome.accepted, outcome
                found.append(outcome.warnings)
        await drained(self.runners)
        return found

    async def log(self, *patterns: str) -> list[Any]:
        """Return the bodies of the log, in their order."""
        async with self.broker.connect(COORD) as bus:
            data = [d.data async for d in walk(bus, LOG, patterns)]
        return [registry.body(registry.envelope(d)) for d in data]

    async def open_findings(self) -> list[Finding]:
        last = {f.id: f for f in await self.log(subjects.ALL_FINDINGS)}
        return sorted((f for f in last.values() if f.state != "closed"), key=lambda f: f.id)


@asynccontextmanager
async def running(
    mission: Mission = MISSION, at: int = NOW, old: World | None = None, seed: bytes = SEED
) -> AsyncIterator[World]:
    """Run every service but presence under a mission; ``old`` is a world that goes on under this one."""
    clock = old.clock if old else ManualClock(at)
    broker = old.broker if old else MemoryBroker(topology.build(p.id for p in MISSION.participants), clock)
    setting = app.setting_of(mission, "live", seed)
    services = [s for s in chosen() if s.name != "presence"]
    async with app.running(partial(broker.connect, COORD), clock, setting, services) as runners:
        await drained(runners)
        yield World(broker, clock, runners, setting.key)
        await drained(runners)


# -- 1: there is no such product --------------------------------------------------------------------------------------


async def test_nobody_is_told_where_others_are_because_there_is_no_such_question():
    """Query "positions of armed group X": no service knows the verb, and each says what it does answer."""
    async with running() as world, world.client("fhq-u3") as client:
        for service in (s.name for s in chosen() if s.name != "presence"):
            for verb in ("positions", "tracks", "units-near"):
                with pytest.raises(BusError, match=f'"{verb}" is not asked of {service}; it answers: ') as refused:
                    _ = [r async for r in client.rows(service, verb, {"group": "X", "accuracy_m": 10})]
                assert not isinstance(refused.value, NoAnswer)


async def test_a_question_about_armed_groups_is_no_message_either():
    found = judge(raw(b'{"kind": "position-query", "body": {"group": "X"}}'), MISSION, "live", NOW)
    assert isinstance(found, Refusal)
    assert (found.path, found.why) == ("line 1: kind", '"position-query": nobody registered it')
    assert "known kinds: " in found.hint


def raw(data: bytes, participant: str = "xar-batt", format_: str = "native") -> Input:
    return Input(id="i", subject=subjects.raw(participant, format_), data=data, raw_seq=1)


# -- 2: what a guest may ask ------------------------------------------------------------------------------------------


async def test_a_guest_may_not_list_units_or_orders():
    """An NGO asks the log for all that moves, and gets what it sent itself; the rest is refused."""
    async with running() as world, world.client("ocha-cmc") as guest:
        await world.send(CONVOY, CLOSURE, MESSAGES[3])
        for kind in ("directive", "movement", "finding", "position"):
            rows = [r async for r in guest.rows("log", "show", Range(kind=kind))]
            assert {r["data"]["originator"] for r in rows} <= {"ocha-cmc"}
        assert [r async for r in guest.rows("log", "show", Range(stream=TRACKS))] == []
        for service, verb in (("log", "stat"), ("deconfliction", "digest")):
            with pytest.raises(Forbidden):
                _ = [r async for r in guest.rows(service, verb)]


async def test_a_guest_may_ask_whether_its_own_route_is_affected():
    """Yes, where, when and whom to call; not whose order it is, nor what it is for."""
    async with running() as world, world.client("ocha-cmc") as guest:
        await world.send(CLOSURE)
        rows = [r async for r in guest.rows("deconfliction", "check", msgspec.Raw(registry.encode(CONVOY)))]
        [found] = [r["finding"] for r in rows if "finding" in r]
        assert found["evidence"]["place"] == "KESSA"
        assert found["arbiter"] == "fhq-u3"
        assert not [w for w in ("SN-FRAGO-03-017", "sn-hq", "xar-batt", "A Coy", "checkpoint") if w in repr(rows)]
        other = registry.pack(registry.body(MESSAGES[13]), id="HNS-0314-08", originator="ocha-cmc")
        rows = [r async for r in guest.rows("deconfliction", "check", msgspec.Raw(registry.encode(other)))]
        assert [r["found"] for r in rows if "found" in r] == [0]
        assert rows[-1]["scope"]["orders"] == 1  # none found among one order known


# -- 4: copies --------------------------------------------------------------------------------------------------------


async def test_five_hundred_copies_of_one_flash_through_three_gateways_are_one_alert():
    """Every copy is an input with an answer of its own; the log, the card and the desks have it once."""
    flash = registry.encode(replace(CLOSURE, precedence="flash"))
    gateways = ("nats", "smtp", "file")
    async with running() as world:
        await world.send(CONVOY)
        async with world.client("sn-hq") as client:
            for n, channel in enumerate(gateways):
                copies = [Item(data=flash, format="native", name=f"{channel}-{i}") for i in range(n, 500, 3)]
                answers = [o async for o in client.send(copies, channel=channel)]
                assert all(o.accepted and o.ids == ("SN-FRAGO-03-017:1",) for o in answers)
        await drained(world.runners)
        async with world.broker.connect(COORD) as bus:
            kept = [d.subject async for d in walk(bus, RAW, subjects.EVERYTHING)].count("from.sn-hq.raw.native")
        assert kept == 500
        assert len(await world.log(subjects.records("directive"))) == 1
        assert len(await world.log(subjects.ALL_FINDINGS)) == 1
        assert len({a.id for a in await world.log(subjects.ALL_ALERTS)}) == 1
        async with world.client("xar-batt") as client:
            got = [r.envelope.kind async for r in client.receive()]
        assert sorted(got) == ["alert", "directive", "finding"]


# -- 5: a contingent leaves -------------------------------------------------------------------------------------------


async def test_a_contingent_that_withdraws_gets_nothing_more_and_the_history_still_verifies():
    """Its orders are compared no more; what it said stays where it was said, and the seals prove it."""
    without = replace(MISSION, participants=tuple(p for p in MISSION.participants if p.id != "xbl-batt"))
    async with running() as before:
        await before.send(CLOSURE, WATER_RUN)
        assert [f.parties[0].id for f in await before.open_findings()] == ["SN-FRAGO-03-017"]
        had = await delivered(before, "xbl-batt")
        assert had
    async with running(without, old=before) as after:
        assert await after.open_findings() == []
        await after.send(CONVOY, MESSAGES[5])
        [left] = await after.open_findings()
        assert {p.id for p in left.parties} == {"SN-FRAGO-03-017", "HNS-0314-07"}
        assert await delivered(after, "xbl-batt") == had
        await after.clock.advance(after.clock.now() + 2 * MINUTE)
        await drained(after.runners)
        async with after.broker.connect(COORD) as bus:
            for stream in (RAW, LOG):
                walked, wrong = await verify(bus, stream, after.key)
                assert wrong == []
                assert walked.last > 0
    assert "XBL-MOV-0314-3" in await ids(after)


async def delivered(world: World, participant: str) -> list[tuple[str, int]]:
    """Return everything that stands in a participant's streams."""
    async with world.broker.connect(participant) as bus:
        return [(d.subject, d.seq) for s in ("INBOX", "BOARD") async for d in walk(bus, s, subjects.EVERYTHING)]


async def ids(world: World) -> list[str]:
    async with world.broker.connect(COORD) as bus:
        return [registry.envelope(d.data).id async for d in walk(bus, LOG, (subjects.ALL_RECORDS,))]


# -- 6: a clock that is ahead -----------------------------------------------------------------------------------------


def ahead(envelope: Envelope, now: int) -> Envelope:
    """Return a message from a clock that is 17 minutes ahead."""
    return replace(envelope, created=TimeValue(utc=now + 17 * MINUTE, raw=""))


async def test_a_clock_17_minutes_ahead_makes_nobody_late_and_is_shown():
    """The order says 0812Z and came at 0755Z; the unit's wilco of 0756Z is an answer to it, not one before it."""
    async with running(at=z("140755")) as world:
        [warned] = await world.send(ahead(CLOSURE, z("140755")))
        assert warned == (
            "created: written 17 min after it was received: check your clock; it counts from its receipt",
        )
        await world.clock.advance(z("140756"))
        [quiet] = await world.send(wilco("SN-FRAGO-03-017", "xar-batt", "140756"))
        assert quiet == ()
        await world.clock.advance(z("140830"))
        await drained(world.runners)
        assert await world.open_findings() == []
        assert [a.alert_kind for a in await world.log(subjects.ALL_ALERTS) if isinstance(a, Alert)] == []


async def test_without_an_answer_it_is_late_when_it_is_late():
    """The same order, unanswered: found at its notice, so that the silence above is not deafness."""
    async with running(at=z("140750")) as world:
        await world.send(ahead(CLOSURE, z("140750")))
        await world.clock.advance(z("140800"))
        await drained(world.runners)
        assert [f.finding_kind for f in await world.open_findings()] == ["not-acknowledged"]


def test_a_clock_within_the_tolerance_is_no_news():
    assert MISSION.rules.clock_tolerance_s == 300
    for minutes, warned in ((0, 0), (5, 0), (6, 1)):
        late = replace(CLOSURE, created=TimeValue(utc=NOW + minutes * MINUTE, raw=""))
        found = judge(raw(registry.encode(late), "sn-hq"), MISSION, "live", NOW)
        assert isinstance(found, Accepted)
        assert [w.code for w in found.answer.warnings] == ["clock-ahead"] * warned


# -- 7 and 8: times and places as people write them ----------------------------------------------------------------


@pytest.mark.parametrize(
    ("dtg", "why"),
    [
        ("142500ZMAR27", "hour"),
        ("310800ZFEB27", "day"),
        ("140900JMAR27", "zone"),
        ("142500Z", "hour"),
        ("310800ZFEB", "day"),
    ],
)
def test_an_impossible_time_is_refused_with_help(dtg: str, why: str):
    text = f"PATROL PLAN\nReference: P-1\nPlace: KESSA\nFrom: {dtg}\nTo: 142300ZMAR27\n"
    found = judge(raw(text.encode(), format_="text"), MISSION, "live", NOW)
    assert isinstance(found, Refusal)
    assert found.path == "line 4: From"
    assert dtg in found.why
    assert "140700ZMAR27" in found.hint


@pytest.mark.parametrize(
    "written",
    [
        "٢٫٠٦٠٠N ٢٦٫٩٣٠٠W",
        "\u200f٢٫٠٦٠٠\u200eN \u200f٢٦٫٩٣٠٠\u200eW\u200f",
        "\u202b۲٫۰۶۰۰N ۲۶٫۹۳۰۰W\u202c",
        "２.０６００N ２６.９３００W",
    ],
    ids=["Arabic-Indic", "with marks", "Persian, embedded", "full width"],
)
def test_arabic_digits_and_right_to_left_marks_give_the_same_coordinates(written: str):
    def read(position: str) -> Position:
        text = f"SALUTE\nPosition: {position}\nActivity: flares\n"
        found = judge(raw(text.encode(), "xar-batt", "text"), MISSION, "live", NOW)
        assert isinstance(found, Accepted), found
        body = registry.body(registry.envelope(found.messages[0][2]))
        assert isinstance(body, Observation)
        assert body.position is not None
        return replace(body.position, raw="")

    assert read(written) == read("2.0600N 26.9300W")
    assert (read(written).lat, read(written).lon) == (2.06, -26.93)
