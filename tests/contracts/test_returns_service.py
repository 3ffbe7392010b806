"""What is answered about returns and feeds, and to whom; and where somebody was who is lost."""

from collections.abc import AsyncIterator, Sequence
from typing import Any

import msgspec

from coordinator.core.expected import Return
from coordinator.core.mission import Mission, Participant
from coordinator.edges.clock import ManualClock
from coordinator.edges.memory import MemoryBroker
from coordinator.ports import Outgoing
from coordinator.services import presence, reporting
from coordinator.services.alerting import SERVICE
from coordinator.services.base import Question, Runner, stamped
from coordinator.topology import COORD, build
from schemas import registry, subjects
from schemas.base import Message
from schemas.envelope import UnitRef
from schemas.geo import Position
from schemas.label import Label
from schemas.operations import Config, Presence
from schemas.reports import PositionReport
from schemas.time import TimeValue
from tests.contracts.test_service import running, settle
from tests.support.desk import HOUR, z
from tests.support.reports import sitrep

MISSION = Mission(
    name="test",
    participants=(
        Participant(id="fhq", role="hq"),
        Participant(id="joc", role="desk", superior="fhq", operator=True),
        Participant(id="sn", role="hq", superior="fhq"),
        Participant(id="sn-desk", role="desk", superior="sn"),
        Participant(id="sc", role="hq", superior="fhq"),
        Participant(id="xar", superior="sn", watched=True),
        Participant(id="xbl", superior="sn", watched=True),
        Participant(id="xdr", superior="sn", watched=True),
        Participant(id="ngo", role="guest"),
    ),
    returns=(Return(name="daily SITREP", of=("xar", "xbl"), due="1800Z"),),
)


def logged(body: Message, subject: str, by: str, at: str, identity: str, **fields: Any) -> Outgoing:
    envelope = registry.pack(body, id=identity, originator=by, received_at=z(at), **fields)
    headers = {"Logged-At": str(z(at)), "Service": "intake"}
    return stamped(subject, registry.encode(envelope), f"{by}/{identity}", headers)


def config() -> Outgoing:
    body = Config(mission_hash="", code="test", mission=msgspec.Raw(msgspec.json.encode(MISSION)))
    return logged(body, subjects.CONFIG, "coord", "141200", "config")


def report(by: str, at: str, **fields: Any) -> Outgoing:
    return logged(sitrep(), subjects.record("sitrep", by), by, at, f"{by}-{at}", **fields)


def seen(by: str, at: str, **fields: Any) -> Outgoing:
    body = PositionReport(subject=UnitRef(id="A"), position=Position(lat=2, lon=-27), at=TimeValue(utc=z(at)))
    return logged(body, subjects.position(by), by, at, f"p-{by}-{at}", **fields)


def told(participant: str, state: Any, at: str) -> Outgoing:
    body = Presence(participant=participant, state=state, at=z(at))
    return logged(body, subjects.presence(participant), "coord", at, f"{participant}-{state}-{at}")


async def world(messages: Sequence[Outgoing], now: str) -> AsyncIterator[tuple[MemoryBroker, Runner]]:
    """Yield alerting behind a log, at a time."""
    clock = ManualClock(z("141200"))
    found = MemoryBroker(build(p.id for p in MISSION.participants), clock)
    async with found.connect(COORD) as bus:
        await bus.publish(messages)
    await clock.advance(z(now))
    async with running(found, SERVICE, mission=MISSION) as runner:
        await settle(found, runner)
        yield found, runner


async def asked(runner: Runner, by: str, **question: Any) -> tuple[dict[str, Any], dict[str, Any]]:
    """Return the states of the reports that are owed, and the feeds, by participant."""
    body = msgspec.json.encode(question)
    rows = [msgspec.json.decode(part) async for part in reporting.returns(runner, Question(by, "returns", body))]
    owed = {(r["return"]["participant"], r["return"]["due"]): r["return"] for r in rows if "return" in r}
    return owed, {r["feed"]["participant"]: r["feed"] for r in rows if "feed" in r}


DAY = (
    config(),
    report("xar", "141700"),
    seen("xar", "141740"),
    seen("xbl", "141750", label=Label(releasable_to=("xbl",))),
    told("xar", "read", "141201"),
    told("xbl", "lost", "141755"),
)


async def test_whoever_collects_learns_what_came_what_is_missing_and_what_is_awaited() -> None:
    async for _, runner in world(DAY, "141900"):
        owed, feeds = await asked(runner, "sn-desk")
        due, following = z("141800"), z("151800")
        assert {key: row["state"] for key, row in owed.items()} == {
            ("xar", due): "received", ("xbl", due): "missing",
            ("xar", following): "awaited", ("xbl", following): "awaited",
        }  # fmt: skip
        assert owed["xar", due]["report"] == "xar-141700"
        assert owed["xbl", due]["altogether"] == 1
        assert (feeds["xar"]["reachable"], feeds["xbl"]["reachable"], feeds["xdr"]["reachable"]) == (True, False, None)
        assert feeds["xar"]["position_at"] == z("141740")
        assert feeds["xbl"]["position_at"] is None  # it did not let anybody have that


async def test_nobody_learns_of_returns_and_feeds_beside_or_above_himself() -> None:
    async for _, runner in world(DAY, "141900"):
        for stranger in ("ngo", "sc"):
            assert await asked(runner, stranger) == ({}, {})
        owed, feeds = await asked(runner, "xar")
        assert {who for who, _ in owed} == {"xar"}
        assert feeds == {}
        assert {who for who, _ in (await asked(runner, "joc"))[0]} == {"xar", "xbl"}


async def test_a_period_is_named_by_any_time_in_it_and_none_was_owed_before_it_was_expected() -> None:
    async for _, runner in world(DAY, "151900"):
        owed, _ = await asked(runner, "sn", at=z("141800") - HOUR)
        assert set(owed) == {("xar", z("141800")), ("xbl", z("141800"))}
        assert (await asked(runner, "sn", at=z("131000")))[0] == {}


async def test_a_loss_is_logged_with_the_last_position_and_whom_that_may_be_shown_to() -> None:
    async for found, runner in world(DAY, "141900"):
        async with found.connect(COORD):
            for who, label in (("xar", None), ("xbl", ("xbl",))):
                body = Presence(participant=who, state="lost", at=z("141755"))
                placed = await presence.placed(runner, body)
                assert placed.position == (-27.0, 2.0)
                assert placed.position_label is not None
                assert placed.position_label.releasable_to == label
        unknown = Presence(participant="ngo", state="lost", at=z("141755"))
        assert await presence.placed(runner, unknown) == unknown
        regained = Presence(participant="xar", state="regained", at=z("141755"))
        assert await presence.placed(runner, regained) == regained
